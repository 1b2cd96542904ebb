"""The side menu: apps add their pages in ``apps.ready``; a member sees those their role may open."""
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS = {"": "", "tiering": _("分级"), "keep": _("留住"), "serve": _("服务"), "care": _("活动和礼遇"), "manage": _("管理"),
          "settings": _("设置")}


@dataclass(order=True)
class Item:
    order: int
    group: str
    title: Any
    url_name: str
    right: str
    icon: str
    within: str = ""  # a pattern of further addresses that belong here
    key: str = ""  # after G it leads here


_items: list[Item] = []


def add(group: str, order: int, title: Any, url_name: str, right: str, icon: str, within: str = "", key: str = "") -> None:
    item = Item(order, group, title, url_name, right, icon, within, key)
    if all(known.url_name != url_name for known in _items):
        _items.append(item)
        _items.sort(key=lambda i: (list(GROUPS).index(i.group), i.order))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    member = getattr(request, "member", None)
    seen = [item for item in _items if member is not None and member.may(item.right)]
    here = _here(seen, request.path)
    return [{"title": GROUPS[group], "separator": False, "collapsible": False,
             "items": [_entry(item, here) for item in seen if item.group == group]}
            for group in GROUPS if any(item.group == group for item in seen)]


def shortcuts(member: Any) -> list[dict[str, Any]]:
    """Where G and a key lead, of what the member may open."""
    return [{"key": item.key, "title": item.title, "link": reverse(item.url_name)} for item in _items
            if item.key and member is not None and member.may(item.right)]


def _here(seen: list[Item], path: str) -> Item | None:
    """Where the page belongs: to whom its address is promised, else to the longest address it begins with."""
    promised = next((item for item in seen if item.within and re.search(item.within, path)), None)
    links = [(len(link), number) for number, item in enumerate(seen)
             for link in [reverse(item.url_name)] if path == link or (link.count("/") > 3 and path.startswith(link))]
    return promised or (seen[max(links)[1]] if links else None)


def _entry(item: Item, here: Item | None) -> dict[str, Any]:
    return {"title": item.title, "icon": item.icon, "link": reverse(item.url_name), "active": item is here}

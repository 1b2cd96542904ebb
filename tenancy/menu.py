"""The side menu: apps add their pages in ``apps.ready``; a member sees those their role may open."""
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS = {"": "", "tiering": _("分级"), "keep": _("留住"), "manage": _("管理"), "settings": _("设置")}


@dataclass(order=True)
class Item:
    order: int
    group: str
    title: Any
    url_name: str
    right: str
    icon: str


_items: list[Item] = []


def add(group: str, order: int, title: Any, url_name: str, right: str, icon: str) -> None:
    item = Item(order, group, title, url_name, right, icon)
    if all(known.url_name != url_name for known in _items):
        _items.append(item)
        _items.sort(key=lambda i: (list(GROUPS).index(i.group), i.order))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    member = getattr(request, "member", None)
    seen = [item for item in _items if member is not None and member.may(item.right)]
    return [{"title": GROUPS[group], "separator": False, "collapsible": False,
             "items": [_entry(item, request) for item in seen if item.group == group]}
            for group in GROUPS if any(item.group == group for item in seen)]


def _entry(item: Item, request: HttpRequest) -> dict[str, Any]:
    link = reverse(item.url_name)
    here = request.path == link if link.count("/") <= 3 else request.path.startswith(link)
    return {"title": item.title, "icon": item.icon, "link": link, "active": here}

"""One thing done with one row, on a page that shows it again as it was typed where a rule says no."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tenancy.refusals import Refused, Telling

Act = Callable[[HttpRequest, Any, Any], str]
Typed = Callable[[HttpRequest, Any], Any]


@dataclass(frozen=True)
class Page:
    """What can be done on a page: by verb the act and, where something is typed, its form.

    ``shown(request, row, form=…, filled=…, refused=…)`` answers the page again with what was wrong; ``place`` names its address.
    """

    place: str
    shown: Callable[..., HttpResponse]
    acts: Mapping[str, Act]
    forms: Mapping[str, Typed] = field(default_factory=dict)


def do(request: HttpRequest, page: Page, row: Any, verb: str) -> HttpResponse:
    """Back to the page when it is done; the page as it was typed when it is refused; who may not is told so with 403."""
    if verb not in page.acts:
        raise Refused(_("没有这个操作。"))
    filled = page.forms[verb](request, row) if verb in page.forms else None
    if filled is not None and not filled.is_valid():
        return page.shown(request, row, form=verb, filled=filled)
    told: list[Refused] = []
    with Telling(told.append):
        messages.success(request, page.acts[verb](request, row, filled))
        return redirect(page.place, row.pk)
    if filled is None:
        return page.shown(request, row, refused=told[0].message)
    filled.refuse(told[0])
    return page.shown(request, row, form=verb, filled=filled)


def typed(form: Any) -> Any:
    """What was typed in a small form without room for errors beside its fields. Raises Refused with the first of them."""
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    return form

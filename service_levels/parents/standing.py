"""What a family is told of its own request: where it stands, by when, and what was said; never a tier, a priority or a word among
colleagues.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.models import Channel
from service_levels.models import Clock, RequestEvent, ServiceRequest
from service_levels.requests import files, timing

ONLINE = Channel.ONLINE
Verb = RequestEvent.Verb
THEIRS = (Verb.OPENED, Verb.HEARD, Verb.REOPENED, Verb.CONFIRMED)  # of these what the family itself has said


@dataclass(frozen=True)
class Stand:
    """Where it stands in one sentence; ``due`` is until when something will have happened, ``opens`` when the school opens again."""

    title: str
    due: datetime | None = None
    opens: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Line:
    """Something that was said or done, as the family reads it."""

    at: datetime
    who: str
    text: str
    mine: bool
    files: Sequence[Any]


def of(row: ServiceRequest, at: datetime) -> Stand:
    """Where a request stands."""
    if row.resolved_at:
        return Stand(_("谢谢您，记下了") if row.confirmed_at else _("办好了"))
    if row.paused_at and not row.awaits_resuming:
        return Stand(_("在等您回话"), why=row.pause_why)
    kind = Clock.Kind.RESOLUTION if row.replied_at else Clock.Kind.FIRST_REPLY
    due = row.clocks.filter(kind=kind).values_list("due_at", flat=True).first()
    opens = timing.calendar_of(row).next_open(at)
    if due is None or due <= at:
        return Stand(_("比说好的晚了，园里在催"), opens=opens if opens > at else None)
    return Stand(_("正在办") if row.replied_at else _("收到了"), due, opens if opens > at else None)


def lines(row: ServiceRequest) -> list[Line]:
    """What was said, in order. Of what was spoken on the telephone the family reads that it was, not what a colleague noted of it."""
    kept: dict[int, list[Any]] = {}
    for file in files.of(row):
        kept.setdefault(file.event_id, []).append(file)
    return list(_read(row.events.select_related("by"), kept))


def _read(events: Iterable[RequestEvent], kept: dict[int, list[Any]]) -> Iterable[Line]:
    for event in events:
        way = event.get_channel_display() or _("电话")
        if event.verb in THEIRS and event.by is None:
            if event.text:
                yield Line(event.at, _("您"), event.text, True, kept.get(event.pk, ()))
        elif event.verb in (Verb.OPENED, Verb.HEARD):
            yield Line(event.at, _("您"), _("用%(way)s跟园里说过") % {"way": way}, True, kept.get(event.pk, ()))
        elif event.verb == Verb.RESOLVED or event.verb == Verb.REPLIED and event.channel == ONLINE:
            yield Line(event.at, _("园里"), event.text, False, ())
        elif event.verb == Verb.REPLIED:
            yield Line(event.at, _("园里"), _("用%(way)s答复过您") % {"way": way}, False, ())
        elif event.verb == Verb.REOPENED:
            yield Line(event.at, _("园里"), _("这件事又打开了，接着办"), False, ())

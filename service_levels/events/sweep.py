"""每天夜里: who came yesterday is thanked; who prepares something is reminded; who planned is asked to look back (K35b–d)."""
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from notifications.actions import Notice, tell_each
from service_levels.events import telling
from service_levels.models import Event, EventTask

SOON, LOOK_BACK = timedelta(days=2), timedelta(days=2)


def nightly(day: date, *, at: datetime) -> None:
    """Running twice changes nothing more."""
    for event in Event.objects.held(at).filter(thanked_at=None).order_by("pk"):
        if Event.objects.filter(pk=event.pk, thanked_at=None).update(thanked_at=at):
            telling.thank(event, at=at)
    tell_each([*_to_prepare(day), *_to_look_back(at)], at=at)


def _to_prepare(day: date) -> Iterator[Notice]:
    """Once an item; whoever sees to it, else whoever planned the event."""
    rows = EventTask.objects.filter(done_at=None, due_on__lte=day + SOON, event__in=Event.objects.open())
    for row in rows.select_related("event__owner", "member").order_by("pk"):
        yield Notice(row.member or row.event.owner, _("“%(title)s”还要准备：%(what)s") % {"title": row.event.title, "what": row.what},
                     f"event-{row.event_id}-task-{row.pk}", f"service/events/{row.event_id}/")


def _to_look_back(at: datetime) -> Iterator[Notice]:
    for event in Event.objects.open().held(at).filter(ends_at__lte=at - LOOK_BACK).select_related("owner").order_by("pk"):
        yield Notice(event.owner, _("“%(title)s”办完了，写一句下次怎么做") % {"title": event.title}, f"event-{event.pk}-look-back",
                     f"service/events/{event.pk}/")

"""留位: how many seats are taken, and who of those that wait is let in when some are free (S12e)."""
from datetime import datetime

from django.db.models import Sum

from service_levels.events import telling
from service_levels.events.seating import Wish, moving_up
from service_levels.models import Event, Invitation


def taken_in(event: Event, besides: int | None = None) -> int:
    """How many people said that they come, without one family if it is named."""
    rows = Invitation.objects.coming().filter(event=event).exclude(pk=besides)
    return rows.aggregate(n=Sum("people"))["n"] or 0


def move_up(event: Event, *, at: datetime, knows: int | None = None) -> int:
    """Who waits and finds room now; whoever chooses first goes first. How many families; each is told but the one that ``knows``.

    The caller holds the event, so that no seat is given twice.
    """
    waiting = Invitation.objects.filter(event=event, answer=Invitation.Answer.WAIT).order_by("-first", "answered_at", "pk")
    ids = moving_up([Wish(row.pk, row.people) for row in waiting], taken_in(event), event.seats)
    Invitation.objects.filter(pk__in=ids).update(answer=Invitation.Answer.YES)
    telling.seated(event, [pk for pk in ids if pk != knows], at=at)
    return len(ids)

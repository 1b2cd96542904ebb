"""到访的进行: taking a step, taking it back, putting its time right, leaving with a reason, the areas shown. One writer of a visit.

A tap says from which step it goes on. Whoever taps on a picture that is out of date is refused and told what has happened;
a tap that was sent twice counts once, so a tablet may keep its taps while there is no network.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from reception import booking as bookings
from reception import flow, following, stages, stopwatch, surveying
from reception.models import Area, AreaShown, Booking, Visit, VisitStep
from reception.models.visits import STEP_WORDS
from reception.stages import Step
from tenancy.models import Membership
from tenancy.refusals import Refused

EARLIER = timedelta(hours=12)  # how long a tap may have waited for the network


@dataclass(frozen=True)
class Tap:
    """One tap on the board: to which step, from which, when, and the tap's own key."""

    to: str
    seen: str
    at: datetime
    key: str


class Moved(Refused):
    """Somebody was faster: 409, with what they did."""

    def __init__(self, visit: Visit) -> None:
        last = visit.steps.select_related("by").order_by("-at", "-id").first()
        said = _("这一组刚刚有变化，现在是“%(step)s”。") % {"step": visit.get_step_display()}
        if last is not None and last.by is not None and last.step == visit.step:
            said = _("%(who)s %(time)s 已经点了“%(step)s”。") % {
                "who": last.by.name, "time": f"{timezone.localtime(last.at):%H:%M}", "step": visit.get_step_display()}
        super().__init__(said, code="changed")


def visit_of(booking: Booking) -> Visit:
    return Visit.objects.get_or_create(booking=booking)[0]


@transaction.atomic
def take_step(booking: Booking, tap: Tap, *, by: Membership | None, now: datetime) -> Visit:
    """The visit goes on. Arriving makes the booking one that came; a step before it is not known of says so."""
    visit = _held(booking)
    if VisitStep.objects.filter(key=tap.key).exists():
        return visit  # sent once before
    if visit.step != tap.seen:
        raise Moved(visit)
    if not stages.may_follow(tap.to, visit.step) or visit.exit:
        raise Refused(_("这一步走不过去了。点错的话先撤回。"), code="changed")
    at = min(max(tap.at, now - EARLIER), now)
    marks = marks_of(visit)
    at = max([at, *marks.values()])  # a tablet's clock that is behind does not turn the order round
    _come(booking, tap.to, by, now)
    VisitStep.objects.create(visit=visit, step=tap.to, at=at, by=by, key=tap.key)
    record(by, "reception.step_taken", visit, step=tap.to)
    if tap.to == Step.LEFT:
        following.plan(booking, following.after_of(booking, marks), by=by, at=now)
        surveying.ask_after_visit(booking, by=by, at=now)
    return _now(visit, step=tap.to)


@transaction.atomic
def take_back(booking: Booking, *, seen: str, by: Membership, now: datetime) -> Visit:
    """The last step was a wrong tap."""
    visit = _held(booking)
    if visit.step != seen:
        raise Moved(visit)
    marks = marks_of(visit)
    if not marks:
        raise Refused(_("没有可以撤回的步骤。"), code="changed")
    to = stages.before_last(marks)
    VisitStep.objects.filter(visit=visit, step=visit.step).delete()
    if stages.place(to) < stages.place(Step.ARRIVED) <= stages.place(visit.step) and booking.state == flow.State.ARRIVED:
        bookings.come(booking, "recall", by=by, at=now)
    if visit.step == Step.LEFT:
        following.unplan(booking)
        surveying.take_back(booking, at=now)
    record(by, "reception.step_taken_back", visit, step=visit.step)
    return _now(visit, step=to, exit="", exit_note="")


@transaction.atomic
def put_right(booking: Booking, step: str, at: datetime, *, by: Membership, now: datetime) -> Visit:
    """The step was at another time. It stays between its neighbours, and nothing is in the future."""
    visit = _held(booking)
    marks = marks_of(visit)
    if step not in marks or at > now or not stopwatch.fits(step, at, marks):
        raise Refused(_("时间要在前后两步之间，也不能在将来。"), "at")
    VisitStep.objects.filter(visit=visit, step=step).update(at=at)
    record(by, "reception.step_put_right", visit, step=step)
    return _now(visit)


@transaction.atomic
def leave(booking: Booking, exit_reason: str, note: str, tap: Tap, *, by: Membership, now: datetime) -> Visit:
    """The family leaves and why it goes no further is written down."""
    visit = _held(booking)
    if visit.exit:
        raise Moved(visit)
    if stages.place(visit.step) < stages.place(Step.LEFT):
        take_step(booking, tap, by=by, now=now)
    record(by, "reception.exit_noted", visit)
    return _now(visit, exit=exit_reason, exit_note=note.strip()[:120])


@transaction.atomic
def show_area(booking: Booking, area: Area, *, seen: bool, by: Membership, at: datetime) -> Visit:
    """An area was shown, or was ticked by mistake. Ticking twice is ticking once."""
    visit = _held(booking)
    if seen:
        AreaShown.objects.get_or_create(visit=visit, area=area, defaults={"by": by, "at": at})
    else:
        AreaShown.objects.filter(visit=visit, area=area).delete()
    return _now(visit)


@transaction.atomic
def took_part(booking: Booking, how: str, words: str, *, by: Membership) -> Visit:
    """How the child took part in the trial class (R20)."""
    if not booking.slot.type.is_trial:
        raise Refused(_("这次到访不是体验课。"), "took_part")
    visit = _held(booking)
    record(by, "reception.took_part", visit)
    return _now(visit, took_part=how, took_part_note=words.strip()[:200])


def marks_of(visit: Visit) -> dict[str, datetime]:
    return dict(VisitStep.objects.filter(visit=visit).values_list("step", "at"))


def words_of(step: str) -> str:
    return str(STEP_WORDS[Step(step)])


def _held(booking: Booking) -> Visit:
    """The visit's row until the end of the transaction, made if need be."""
    return Visit.objects.select_for_update().get(pk=visit_of(booking).pk)


def _come(booking: Booking, to: str, by: Membership | None, now: datetime) -> None:
    """Whoever is in the house has come."""
    if stages.place(to) >= stages.place(Step.ARRIVED) and booking.state != flow.State.ARRIVED:
        bookings.come(booking, "arrive", by=by, at=now)


def _now(visit: Visit, **changes: str) -> Visit:
    Visit.objects.filter(pk=visit.pk).update(version=F("version") + 1, **changes)
    visit.refresh_from_db()
    return visit

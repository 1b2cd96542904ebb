"""问卷什么时候发 (R31, R32): after a visit when the family has left, some days after signing. An answer is the last step of a visit."""
from datetime import datetime, time, timedelta

from django.utils import timezone

from crm.models import Occasion, SurveyResponse
from crm.opening import quiet_hours, zone
from crm.surveys import asking
from crm.surveys.asking import Subject
from crm.surveys.writing import survey_for
from reception.models import Booking, Contract, VisitStep
from reception.stages import Step
from tenancy.models import Membership

APART = timedelta(days=7)   # a family that comes twice in a week is asked once
REST = timedelta(hours=2)   # a family is at home before it is asked
MISSED = timedelta(days=3)  # how far back the morning looks
BOOKED = ("lead__customer", "lead__child", "host", "slot__type", "slot__campus")
MORNING = time(10)          # the hour at which a survey of another day is sent


def key_of(booking: Booking) -> str:
    return f"visit-{booking.pk}"


def ask_after_visit(booking: Booking, *, by: Membership | None, at: datetime) -> SurveyResponse | None:
    """The family has left: its sheet lies ready at once, for the tablet at the door; the link is sent when it is at home."""
    survey, lead = survey_for(Occasion.VISIT), booking.lead
    if survey is None or lead is None or lead.customer is None:
        return None
    lately = SurveyResponse.objects.filter(customer=lead.customer, version__survey=survey, asked_at__gt=at - APART)
    if lately.exclude(key=key_of(booking)).exists():
        return None
    when = due(at, survey.after_days)
    subject = Subject(key_of(booking), booking.slot.campus, booking.host, lead.child, lead.told().get("language", ""))
    return asking.ask(survey, lead.customer, subject, by=by, at=when)


def take_back(booking: Booking, *, at: datetime) -> None:
    """The family has not left after all."""
    asking.withdraw(key_of(booking), at=at)


def ask_after_signing(contract: Contract, *, at: datetime) -> SurveyResponse | None:
    """So many days after signing, how the first time was."""
    survey = survey_for(Occasion.SIGNED)
    if survey is None:
        return None
    subject = Subject(f"contract-{contract.pk}", contract.campus, contract.by, contract.child)
    return asking.ask(survey, contract.customer, subject, by=None, at=due(at, survey.after_days))


def forget_signing(contract: Contract, *, at: datetime) -> None:
    """The contract is void: nobody is asked how the first time was."""
    asking.withdraw(f"contract-{contract.pk}", at=at)


def ask_missed(*, at: datetime) -> int:
    """Every morning: families that were filed only after they had left are asked all the same."""
    left = VisitStep.objects.filter(step=Step.LEFT, at__gt=at - MISSED, visit__booking__lead__customer__isnull=False)
    rows = [step.visit.booking for step in left.select_related(*(f"visit__booking__{name}" for name in BOOKED))]
    return sum(ask_after_visit(row, by=None, at=at) is not None for row in rows)


def sheet_of(booking: Booking) -> SurveyResponse | None:
    """The sheet of a visit, for the board."""
    return SurveyResponse.objects.filter(key=key_of(booking)).first()


def booking_of(row: SurveyResponse) -> Booking | None:
    """The visit that a sheet is about, if it is about one."""
    head, _dash, pk = row.key.partition("-")
    return Booking.objects.select_related(*BOOKED).filter(pk=pk).first() if head == "visit" else None


def due(at: datetime, days: int) -> datetime:
    """Today two hours from now, another day in the morning; never in quiet hours."""
    here = at.astimezone(zone())
    when = at + REST if not days else timezone.make_aware(datetime.combine(here.date() + timedelta(days=days), MORNING), zone())
    return quiet_hours().over(when, zone())

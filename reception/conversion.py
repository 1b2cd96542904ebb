"""转化 (R39b): the facts of the funnel, read for a period and a member's campuses; and why families went no further."""
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import Enrolment
from crm.models.leads import LeadChannel
from crm.opening import day_begins
from reception import funnel
from reception.access import bookings
from reception.flow import State
from reception.funnel import Booked, Line
from reception.models import Contract, Visit
from reception.models.types import is_trial
from reception.models.visits import Exit
from reception.stages import Step
from tenancy.models import Campus, Membership

COUNTED = (State.BOOKED, State.CONFIRMED, State.ARRIVED, State.NO_SHOW, State.CANCELLED)
BY = {"channel": gettext_lazy("渠道"), "source": gettext_lazy("来源"), "campus": gettext_lazy("园所"), "host": gettext_lazy("接待人")}
COLUMNS = {"channel": "channel", "source": "lead__source", "campus": "slot__campus__name", "host": "host__name"}
WORDS = {"booked": gettext_lazy("预约"), "came": gettext_lazy("到访"), "trial": gettext_lazy("试听"), "signed": gettext_lazy("签约"),
         "enrolled": gettext_lazy("在读")}


def conversion(member: Membership, first: date, last: date, campus: Campus | None, by: str) -> tuple[Line, list[Line]]:
    """The funnel of the families whose visits lie in a period; both days counted."""
    rows = of_period(member, first, last, campus)
    read = rows.values_list("lead__customer", "lead", COLUMNS[by], "state", "slot__type__code")
    visits = [Booked(customer or -lead, line or "", state == State.ARRIVED, state == State.NO_SHOW, is_trial(code))
              for customer, lead, line, state, code in read.order_by("starts_at", "pk")]
    since = day_begins(first)
    signed = set(Contract.objects.filter(state=Contract.State.SIGNED, signed_at__gte=since).values_list("customer", flat=True))
    signed |= set(rows.filter(visit__steps__step=Step.SIGNING).values_list("lead__customer", flat=True))
    return funnel.funnel(visits, signed, _enrolled_since(first))


def exits(member: Membership, first: date, last: date, campus: Campus | None) -> list[tuple[str, int]]:
    """Why families left without going on, the commonest first."""
    rows = Visit.objects.filter(booking__in=of_period(member, first, last, campus)).exclude(exit="")
    return [(str(Exit(code).label), count) for code, count in Counter(rows.values_list("exit", flat=True)).most_common()]


def trials(member: Membership, first: date, last: date, campus: Campus | None) -> list[tuple[str, int, int]]:
    """体验课 and what came of it (R20): how the child took part, how many families, how many of them enrolled since."""
    rows = Visit.objects.filter(booking__in=of_period(member, first, last, campus)).exclude(took_part="")
    enrolled = _enrolled_since(first)
    families = Counter[str]()
    stayed = Counter[str]()
    for how, customer in set(rows.values_list("took_part", "booking__lead__customer")):
        families[how] += 1
        stayed[how] += customer in enrolled
    words = dict(Visit._meta.get_field("took_part").flatchoices)
    return [(str(words[how]), count, stayed[how]) for how, count in families.most_common()]


def of_period(member: Membership, first: date, last: date, campus: Campus | None) -> Any:
    """The bookings that begin in a period and were a family's: made, come to, missed or called off."""
    rows = bookings(member).filter(starts_at__gte=day_begins(first), starts_at__lt=day_begins(last + timedelta(days=1)), state__in=COUNTED)
    return rows.filter(slot__campus=campus) if campus else rows


def name_of(line: Line, by: str) -> str:
    """A line in words."""
    if not line.name:
        return _("没有写")
    return str(LeadChannel(str(line.name)).label) if by == "channel" else str(line.name)


def _enrolled_since(day: date) -> set[int]:
    """Customers with a child that began on or after a day."""
    return set(Enrolment.objects.filter(from_on__gte=day).values_list("child__family__customer", flat=True))

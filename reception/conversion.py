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
from reception.funnel import Line, Visit
from reception.models import Contract
from reception.models import Visit as Kept
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
    visits = [Visit(customer or -lead, line or "", state == State.ARRIVED, state == State.NO_SHOW, code.split("-")[0] == "trial")
              for customer, lead, line, state, code in read.order_by("starts_at", "pk")]
    since = day_begins(first)
    signed = set(Contract.objects.filter(state=Contract.State.SIGNED, signed_at__gte=since).values_list("customer", flat=True))
    signed |= set(rows.filter(visit__steps__step=Step.SIGNING).values_list("lead__customer", flat=True))
    enrolled = set(Enrolment.objects.filter(from_on__gte=first).values_list("child__family__customer", flat=True))
    return funnel.funnel(visits, signed, enrolled)


def exits(member: Membership, first: date, last: date, campus: Campus | None) -> list[tuple[str, int]]:
    """Why families left without going on, the commonest first."""
    found = Counter(Kept.objects.filter(booking__in=of_period(member, first, last, campus)).exclude(exit="").values_list("exit", flat=True))
    return [(str(Exit(code).label), count) for code, count in found.most_common()]


def trials(member: Membership, first: date, last: date, campus: Campus | None) -> list[tuple[str, int, int]]:
    """体验课 and what came of it (R20): how the child took part, how many families, how many of them enrolled since."""
    rows = Kept.objects.filter(booking__in=of_period(member, first, last, campus)).exclude(took_part="")
    enrolled = set(Enrolment.objects.filter(from_on__gte=first).values_list("child__family__customer", flat=True))
    families = Counter[str]()
    stayed = Counter[str]()
    for how, customer in set(rows.values_list("took_part", "booking__lead__customer")):
        families[how] += 1
        stayed[how] += customer in enrolled
    words = dict(Kept._meta.get_field("took_part").flatchoices)
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

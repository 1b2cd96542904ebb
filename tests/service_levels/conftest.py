"""What the tests of service levels share: families that hold a tier and stand at a risk, and a derivation of the day."""
from datetime import timedelta

import pytest

from churn.models import RiskStanding
from service_levels import nightly
from service_levels.models import Entitlement, Touch
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tiering.models import Scheme, Standing

ONE = timedelta(days=1)
LABELS = {"kg-ad": "ABCD", "svc-14": "1234"}


def rated(customer, label: str, code: str = "kg-ad", *, since=DAY - 50 * ONE):
    """Hold a tier of a scheme; a former one ends."""
    Standing.objects.now().filter(customer=customer).update(until_on=since)
    Standing.objects.create(scheme=Scheme.objects.get(code=code), customer=customer, tier=LABELS[code].index(label), label=label,
                            score=5000, from_on=since)
    return customer


def at_risk(customer, band: str = "low", *, since=DAY - 50 * ONE):
    """Stand at a risk; a former one ends."""
    RiskStanding.objects.filter(customer=customer, from_on__gte=since).delete()
    RiskStanding.objects.now().filter(customer=customer).update(until_on=since)
    score = {"low": 0, "watch": 30, "high": 70}[band]
    RiskStanding.objects.create(customer=customer, from_on=since, score=score, band=band, points=[score])
    return customer


def family(number: int, label: str = "", band: str = "", **more):
    """A family with a tier and a risk, where any is given."""
    customer = makers.family(f"孩{number}", f"138001380{number:02d}", **more)
    if label:
        rated(customer, label)
    if band:
        at_risk(customer, band)
    return customer


def derive(day=DAY) -> int:
    return rederive(day, at=AT)


def owe(day=DAY) -> None:
    """A night: who is served by which plan, and what that makes somebody owe. Whoever is new to plans has long been served."""
    rederive(day, at=AT)
    before = Entitlement.objects.exclude(until_on=None).values("customer")
    Entitlement.objects.filter(from_on=day).exclude(customer__in=before).update(from_on=day - 60 * ONE)
    nightly.derive(day, at=AT)


def owed(customer, day=DAY) -> list[tuple[str, str]]:
    """(what, by when) of all that a family is owed now, whether it is time for it or not."""
    rows = Touch.objects.open().filter(customer=customer).order_by("due_on", "line")
    return [(row.line, row.due_on.isoformat()) for row in rows]


def plan_of(customer) -> str:
    """The code of the plan by which a customer is served now, or nothing."""
    return Entitlement.objects.now().filter(customer=customer).values_list("plan", flat=True).first() or ""


@pytest.fixture
def boss(school, head):
    return signed_in(head)


@pytest.fixture
def desk(school):
    return signed_in(make_member(school, "frontdesk", "小周"))


@pytest.fixture
def three(school, head, on_the_day):
    """A dedicated family, one that is to be won back, and one not rated, as the day left them."""
    with tenant_scope(school):
        rows = family(1, "A", "low"), family(2, "B", "high"), family(3, "", "watch")
        derive()
        return rows

"""What the tests of churn share: a day, families with signs, and the night that has judged them."""
from datetime import UTC, date, datetime, timedelta

import pytest

from churn.risk.sweep import rederive
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)  # three in the morning of the day, at the campus
ONE = timedelta(days=1)


def night(day: date = DAY, today: date | None = None) -> int:
    return rederive(day, today=today or day, at=AT)


def signalled(customer, *, transfer: int = 0, complaints: int = 0, day: date = DAY):
    """A family of which one has heard so often that they want to go, or complain."""
    for kind, times in (("transfer_signal", transfer), ("complaint", complaints)):
        for _n in range(times):
            makers.entry(customer, kind, day - 3 * ONE)
    makers.entry(customer, "contact", day - 2 * ONE)
    return customer


def home(number: int, **signs):
    """A family that has long been here and of which only these signs are known."""
    return signalled(makers.family(f"孩{number}", f"138001380{number:02d}", since=date(2025, 9, 1)), **signs)


@pytest.fixture
def marketing(school):
    return make_member(school, "marketing")


@pytest.fixture
def relations(school):
    return make_member(school, "relations")


@pytest.fixture
def judged(school, head, on_the_day):
    """Three families, one of each band, as the night of the day left them: (low, watch, high)."""
    with tenant_scope(school):
        families = home(1), home(2, complaints=2, transfer=0), home(3, transfer=1, complaints=1)
        makers.entry(families[1], "promise_broken", DAY - 4 * ONE)
        night()
        return families


@pytest.fixture
def boss(school, head):
    return signed_in(head)

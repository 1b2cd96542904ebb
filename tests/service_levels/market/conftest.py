"""What the tests of market notes share: a training centre in the last fortnight of a quarter, and one family of its first level."""
from datetime import UTC, date, datetime

import pytest
import time_machine

from service_levels.models import MarketNote
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import family, owe, rated

DAY = date(2026, 12, 21)
AT = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def december():
    with time_machine.travel(AT, tick=True):
        yield


@pytest.fixture
def writer(december, other_school):
    return make_member(other_school, "marketing", "市场小林")


@pytest.fixture
def inside(writer, other_school):
    with tenant_scope(other_school):
        yield other_school


@pytest.fixture
def first_level(inside):
    customer = rated(family(1), "1", "svc-14")
    owe(DAY)
    return customer


@pytest.fixture
def theirs(writer):
    return signed_in(writer)


def written(by, title: str = "今年冬天的行情", on: date = DAY) -> MarketNote:
    return MarketNote.objects.create(title=title, text="一句话", on=on, edited_by=by, edited_at=AT)

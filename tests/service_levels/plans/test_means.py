"""人手和预算: one row a school, by who writes plans."""
import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from service_levels.models import ServiceMeans
from service_levels.plans.forms import MeansForm
from service_levels.plans.means import keep
from tenancy.refusals import Forbidden
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import AT


def test_it_is_kept_and_changed_in_one_row(miao):
    first = keep(40, 500_000, by=miao.head, at=AT)
    second = keep(60, 0, by=miao.head, at=AT)

    assert (first.pk, second.hours_week, second.budget_fen) == (second.pk, 60, 0)
    assert ServiceMeans.objects.count() == 1
    assert str(second) == "60"


def test_what_was_entered_is_on_record(miao):
    keep(40, 500_000, by=miao.head, at=AT)

    assert Entry.objects.get(verb="service.means_kept").data == {"hours": 40, "fen": 500_000}


def test_who_writes_no_plans_enters_nothing(school, head):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school), pytest.raises(Forbidden):
        keep(40, 0, by=desk, at=AT)


def test_a_school_has_one_row_even_where_two_come_at_once(miao):
    keep(40, 0, by=miao.head, at=AT)
    with pytest.raises(IntegrityError, match="service_means_one"), transaction.atomic():
        ServiceMeans.objects.create(hours_week=1, budget_fen=0, by=miao.head, at=AT)


def test_nobody_has_more_hours_than_there_are(miao):
    with pytest.raises(IntegrityError, match="service_means_hours"), transaction.atomic():
        ServiceMeans.objects.create(hours_week=100_001, budget_fen=0, by=miao.head, at=AT)


def test_equipment_is_kept_by_its_name(miao):
    row = keep(40, 0, {"检测仪": 10}, by=miao.head, at=AT)

    assert ServiceMeans.objects.get().tools == {"检测仪": 10}
    assert keep(40, 0, by=miao.head, at=AT).tools == {} and row.pk == ServiceMeans.objects.get().pk


@pytest.mark.parametrize(("typed", "tools"), [
    ("", {}),
    ("检测仪 10", {"检测仪": 10}),
    ("视力 检测仪 10\n\n 轮椅　２ ", {"视力 检测仪": 10, "轮椅": 2}),
    ("a 0", {"a": 0}),
])
def test_equipment_is_read_line_by_line(miao, typed, tools):
    form = MeansForm({"hours_week": "1", "budget_fen": "0", "tools": typed})

    assert form.is_valid() and form.cleaned_data["tools"] == tools


@pytest.mark.parametrize("typed", ["检测仪", "10", "检测仪 很多", "检测仪 -1", "检测仪 999999"])
def test_a_line_that_says_nothing_is_named(miao, typed):
    form = MeansForm({"hours_week": "1", "budget_fen": "0", "tools": typed})

    assert typed in form.errors["tools"][0]

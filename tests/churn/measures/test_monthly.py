"""What the management learns on the first of a month (C6d)."""
from datetime import date

import pytest

from churn.measures import monthly
from notifications.models import Message
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final
from tests.conftest import make_member

FIRST = date(2026, 12, 1)


@pytest.fixture
def two(miao, head, on_the_day):
    return [measure(head, DAY - 9 * ONE, title=title) for title in "一二"]


def test_the_management_learns_once_what_last_months_measures_came_to(school, head, on_the_day):
    deputy = make_member(school, "deputy", "副")
    make_member(school, "operations", "运")
    with tenant_scope(school):
        rows = [measure(head, DAY - 9 * ONE, title=title) for title in "一二"]
        final(rows[0], "effective")
        final(rows[1], "too_few")
        for _n in range(2):
            monthly.tell(FIRST, at=AT)

        assert sorted((m.member_id, m.title, m.link) for m in Message.objects.all()) == sorted(
            (one.pk, "上个月的措施效果：有效 1 项，样本不足 1 项",
                    "churn/effects/?from=2026-11-01&to=2026-11-30") for one in (head, deputy))


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 2)])
def test_no_other_day_tells_anything(two, day):
    final(two[0])
    monthly.tell(day, at=AT)

    assert not Message.objects.exists()


def test_a_month_without_a_last_word_is_not_told(two):
    final(two[0], is_final=False)
    final(two[1], on=date(2026, 10, 31))
    monthly.tell(FIRST, at=AT)

    assert not Message.objects.exists()

"""Reads of 原因和改进: the tabs, where somebody should look, and what is common; each by campus."""
import pytest
from django.db import IntegrityError, transaction

from churn.models import Cause
from crm.duplicates import merge, undo
from service_levels.findings import panels, queries, working
from service_levels.findings.queries import Common
from service_levels.models import Finding
from tenancy.models import Campus
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.findings.makers import ONE, changed, changing, cooler, found


def names(rows) -> list[str]:
    return [row.name for row in rows]


@pytest.fixture
def four(gao):
    """One that waits for a change, one that is being changed, one done, one told."""
    rows = found(cooler(1), gao), changing(cooler(2), gao), changed(cooler(3), gao), changed(cooler(4), gao)
    working.tell_back(rows[3], "phone", by=gao, at=AT)
    return rows


@pytest.mark.parametrize(("tab", "numbers"), [("open", [1]), ("doing", [2]), ("tell", [3]), ("told", [4]), ("all", [1, 2, 3, 4]), ("x", [1])])
def test_each_tab_has_its_own(gao, four, tab, numbers):
    assert sorted(row.customer.name for row in queries.listed(gao, tab)) == [f"孩{number}一家" for number in numbers]


def test_the_tabs_say_how_many(gao, four):
    assert queries.counts(gao) == {"open": 1, "doing": 1, "tell": 1, "told": 1, "all": 4}
    assert Finding.objects.open().count() == 3


@pytest.mark.parametrize(("words", "count"), [("孩1", 1), ("13800138001", 1), ("孩2", 0), ("", 1)])
def test_words_narrow_it(gao, four, words, count):
    assert queries.listed(gao, "open", words).count() == count


def test_a_campus_has_its_own(gao, four):
    west = Campus.objects.create(name="西园", code="west")
    other = colleague("agent", "西园的", [west])

    assert (queries.listed(other, "all").count(), queries.to_look_at(other, DAY).count(), queries.common(other, DAY)) == (0, 0, [])


# -- where somebody should look ------------------------------------------------------------------------------------------------------------
def test_families_whose_plan_asks_for_the_reason(gao):
    cooler(1), family(2, "A", "low"), family(3)
    derive()

    assert names(queries.to_look_at(gao, DAY)) == ["孩1一家"]


@pytest.mark.parametrize(("days", "there"), [(0, False), (91, False), (92, True)])
def test_again_after_a_quarter(gao, days, there):
    found(cooler(), gao)
    Finding.objects.update(on=DAY - days * ONE)

    assert (names(queries.to_look_at(gao, DAY)) == ["孩1一家"]) is there


# -- what is common ------------------------------------------------------------------------------------------------------------------------
def test_the_causes_that_were_found_most_often(gao):
    first, second = Cause.objects.order_by("pk")[:2]
    homes = [cooler(number) for number in (1, 2, 3)]
    for home in homes:
        found(home, gao, second)
    found(homes[0], gao, second), found(homes[0], gao, first)
    Finding.objects.filter(cause=first).update(kind="other", change="x", member=gao, due_on=DAY, done_on=DAY, result="x")

    assert queries.common(gao, DAY) == [Common(second, 3, 0), Common(first, 1, 1)]


def test_what_is_longer_ago_than_a_year_is_not(gao):
    found(cooler(), gao)
    Finding.objects.update(on=DAY - 365 * ONE)

    assert queries.common(gao, DAY) == []


# -- a family's page -----------------------------------------------------------------------------------------------------------------------
def test_a_family_whose_plan_asks_shows_where_to_write(gao):
    told = panels.of_family(gao, cooler(), DAY)

    assert (told["rows"], told["may_log"]) == ([], True)


def test_and_one_that_had_a_reason(gao):
    home = family(1)
    row = found(home, gao)

    assert panels.of_family(gao, home, DAY)["rows"] == [row]
    assert panels.of_family(gao, home, DAY + ONE)["may_log"] is False
    assert panels.of_family(gao, home, DAY - ONE) is None


def test_every_other_family_has_no_card(gao):
    assert panels.of_family(gao, family(1), DAY) is None


def test_two_families_that_are_one_keep_both_reasons(chief, gao):
    first, second = cooler(1), cooler(2)
    found(first, gao), found(second, gao)

    made = merge(first, second, take=[], by=chief, at=AT)
    assert Finding.objects.filter(customer=first).count() == 2

    undo(made, by=chief, at=AT)
    assert Finding.objects.filter(customer=second).count() == 1


# -- what the database keeps out -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [{"kind": "other"}, {"change": "x"}, {"kind": "other", "change": "x"}, {"done_on": DAY}, {"told_on": DAY},
                                  {"done_on": DAY, "result": "x"}])
def test_a_step_without_the_one_before_it(gao, more):
    found(cooler(), gao)

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(**more)

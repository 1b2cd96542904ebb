"""Which note is told now, and to how many it went."""
from datetime import timedelta

import pytest

from service_levels.market.queries import Reach, reach, told
from service_levels.models import Touch
from service_levels.touches.settling import excuse, sent
from tenancy.models import Campus
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family, owe, rated
from tests.service_levels.market.conftest import AT, DAY, written

ONE = timedelta(days=1)


def news(customer):
    return Touch.objects.get(customer=customer, line="S11(c)")


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (1, True), (99, True), (100, False)])
def test_a_note_is_told_from_its_day_on_until_it_is_old(inside, writer, days, is_told):
    row = written(writer)

    assert told(DAY + days * ONE) == (row if is_told else None)


def test_the_newest_is_told(inside, writer):
    written(writer, "上一份", DAY - 60 * ONE)
    newest = written(writer, "这一份", DAY - ONE)
    written(writer, "下一份", DAY + ONE)

    assert told(DAY) == newest


def test_whose_plan_promises_it_is_owed_it_by_the_end_of_the_quarter(first_level):
    assert (news(first_level).due_on.isoformat(), news(first_level).occasion) == ("2026-12-31", "news")


def test_no_other_level_is(inside):
    rows = [rated(family(number), str(number), "svc-14") for number in (2, 3, 4)]
    owe(DAY)

    assert not Touch.objects.filter(customer__in=rows, occasion="news").exists()


def test_it_counts_to_whom_it_went(first_level, writer):
    assert reach(writer, DAY) == Reach(owed=1, sent=0, late=0) and reach(writer, DAY).waiting == 1

    sent(first_level, news(first_level), by=writer, at=AT)

    assert reach(writer, DAY) == Reach(owed=1, sent=1, late=0) and reach(writer, DAY).waiting == 0


def test_late_is_late(first_level, writer):
    touch = news(first_level)
    Touch.objects.filter(pk=touch.pk).update(due_on=DAY - ONE)
    touch.refresh_from_db()
    sent(first_level, touch, by=writer, at=AT)

    assert reach(writer, DAY) == Reach(owed=1, sent=1, late=1)


def test_of_whom_it_was_not_needed_nothing_is_counted(first_level, writer):
    excuse(first_level, [news(first_level)], why="家长不想收", by=writer, at=AT)

    assert reach(writer, DAY) == Reach(0, 0, 0)


def test_another_quarter_has_its_own(first_level, writer):
    assert reach(writer, DAY + 30 * ONE) == Reach(0, 0, 0)


def test_each_counts_the_families_they_work_for(first_level, inside):
    place = Campus.objects.create(code="far", name="远园")

    assert reach(colleague("relations", "外园", [place]), DAY) == Reach(0, 0, 0)

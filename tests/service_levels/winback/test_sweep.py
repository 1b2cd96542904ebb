"""每天夜里: whoever leads the group hears of families without a plan, and whoever does something of what is due; each once."""
from datetime import timedelta

import pytest

from notifications.models import Message
from service_levels import nightly
from service_levels.winback import sweep, working
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.winback.makers import KEPT, begun, lost_heart, step, together

ONE = timedelta(days=1)


def lines(key: str) -> list[tuple[str, str]]:
    """(who, what) of the messages whose key has this in it and that nobody has read."""
    rows = Message.objects.filter(key__contains=key, read_at=None).select_related("member").order_by("pk")
    return [(row.member.name, row.title) for row in rows]


def test_how_many_families_have_no_plan_is_told_to_who_leads(lead):
    lost_heart(1), lost_heart(2)

    sweep.nightly(DAY, at=AT)

    assert lines("-owed-") == [("高敏", "2 户归挽回小组，还没有计划")]


def test_once_a_week(lead):
    lost_heart()

    for days in range(14):
        sweep.nightly(DAY + days * ONE, at=AT + days * ONE)

    assert len(lines("-owed-")) == 3, "the rest of this week, the next, and the first day of the one after"


def test_when_everybody_has_begun_nobody_hears(lead):
    begun(lost_heart(), lead)

    sweep.nightly(DAY, at=AT)

    assert lines("-owed-") == []


def test_to_the_leader_that_the_school_chose(chief, lead):
    together(lead, leader=chief)
    lost_heart()

    sweep.nightly(DAY, at=AT)

    assert [who for who, _what in lines("-owed-")] == ["head"]


def test_without_a_leader_to_nobody(inside):
    lost_heart()

    sweep.nightly(DAY, at=AT)

    assert lines("-owed-") == []


@pytest.mark.parametrize(("days", "told"), [(1, 0), (0, 1), (-3, 1)])
def test_a_measure_that_is_due_is_told_to_who_does_it(lead, days, told):
    teacher = colleague("teacher", "梁老师")
    step(begun(lost_heart(), lead), teacher, by=lead, due_on=DAY + days * ONE)

    sweep.nightly(DAY, at=AT)

    assert lines("-due-") == [("梁老师", "一件挽回的措施今天到期")] * told


def test_what_is_done_or_over_is_not(lead):
    first, second = begun(lost_heart(1), lead), begun(lost_heart(2), lead)
    working.done(step(first, lead, due_on=DAY), "好了", by=lead, at=AT)
    step(second, lead, due_on=DAY)
    working.close(second, KEPT, by=lead, at=AT)

    sweep.nightly(DAY, at=AT)

    assert lines("-due-") == []


def test_the_night_of_the_school_does_it(lead):
    lost_heart()

    nightly.derive(DAY, at=AT)

    assert len(lines("-owed-")) == 1


def test_a_message_says_nothing_of_the_family(lead):
    lost_heart()

    sweep.nightly(DAY, at=AT)

    assert all("孩1" not in what for _who, what in lines("-"))

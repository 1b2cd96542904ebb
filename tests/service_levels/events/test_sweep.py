"""每天夜里: who came is thanked, who prepares is reminded, who planned is asked to look back; each once."""
from datetime import timedelta

import pytest

from notifications.models import Message
from service_levels import nightly
from service_levels.events import coming, planning, sweep
from service_levels.models import Event, EventTask
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.events.makers import AFTER, ENDS, STARTS, TEN, came, opened, planned, work

ONE, MINUTE = timedelta(days=1), timedelta(minutes=1)


def lines(key: str) -> list[tuple[str, str]]:
    """(who, what) of the messages whose key has this in it."""
    rows = Message.objects.filter(key__contains=key).select_related("member").order_by("pk")
    return [(row.member.name, row.title) for row in rows]


# -- thanks ----------------------------------------------------------------------------------------------------------------------------
def test_who_came_is_thanked_that_night(chief):
    came(chief, 2)
    work()

    sweep.nightly(DAY + 15 * ONE, at=ENDS + MINUTE)

    assert work() == ["thanks", "thanks"]


def test_once(chief):
    came(chief)
    work()
    sweep.nightly(DAY + 15 * ONE, at=AFTER)
    work()

    sweep.nightly(DAY + 16 * ONE, at=AFTER + ONE)

    assert work() == []


def test_not_while_it_goes_on(chief):
    came(chief)
    work()

    sweep.nightly(DAY + 15 * ONE, at=ENDS - MINUTE)

    assert work() == [] and Event.objects.get().thanked_at is None


def test_who_did_not_come_is_not(chief):
    first, second = opened(chief, 2)
    work()
    coming.sign_in(first, by=chief, at=STARTS)

    sweep.nightly(DAY + 15 * ONE, at=AFTER)

    assert work() == ["thanks"]


def test_nor_anybody_of_what_was_called_off(chief):
    event = opened(chief)[0].event
    planning.cancel(event, "下暴雨", by=chief, at=TEN)
    work()

    sweep.nightly(DAY + 15 * ONE, at=AFTER)

    assert work() == [] and Event.objects.get().thanked_at is None


def test_the_night_of_the_school_does_it(chief):
    came(chief)
    work()

    nightly.derive(DAY + 15 * ONE, at=AFTER)

    assert work() == ["thanks"]


# -- to prepare ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "told"), [(3, 0), (2, 1), (0, 1), (-4, 1)])
def test_two_days_before_an_item_is_due_somebody_hears(chief, days, told):
    EventTask.objects.create(event=planned(chief), what="地垫", due_on=DAY + days * ONE)

    sweep.nightly(DAY, at=TEN)

    assert lines("-task-") == [("head", "“亲子阅读会”还要准备：地垫")] * told


def test_whoever_prepares_it_hears(chief):
    EventTask.objects.create(event=planned(chief), what="地垫", due_on=DAY, member=colleague("agent", "高敏"))

    sweep.nightly(DAY, at=TEN)

    assert lines("-task-") == [("高敏", "“亲子阅读会”还要准备：地垫")]


def test_once_an_item(chief):
    EventTask.objects.create(event=planned(chief), what="地垫", due_on=DAY)

    for days in range(3):
        sweep.nightly(DAY + days * ONE, at=TEN + days * ONE)

    assert len(lines("-task-")) == 1


@pytest.mark.parametrize("more", [{"done_at": TEN}, {}])
def test_what_is_there_is_not_asked_for(chief, more):
    EventTask.objects.create(event=planned(chief), what="地垫", due_on=DAY, **more)

    sweep.nightly(DAY, at=TEN)

    assert len(lines("-task-")) == (0 if more else 1)


def test_nor_what_an_event_needs_that_was_called_off(chief):
    event = opened(chief)[0].event
    EventTask.objects.create(event=event, what="地垫", due_on=DAY)
    planning.cancel(event, "下暴雨", by=chief, at=TEN)

    sweep.nightly(DAY, at=TEN)

    assert lines("-task-") == []


# -- to look back ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "told"), [(1, 0), (2, 1), (9, 1)])
def test_two_days_after_whoever_planned_is_asked_what_was_learnt(chief, days, told):
    came(chief)

    sweep.nightly(DAY, at=ENDS + days * ONE)

    assert lines("-look-back") == [("head", "“亲子阅读会”办完了，写一句下次怎么做")] * told


def test_once_an_event(chief):
    came(chief)

    for days in (3, 4, 5):
        sweep.nightly(DAY, at=ENDS + days * ONE)

    assert len(lines("-look-back")) == 1


def test_what_was_looked_back_upon_is_not_asked_for(chief):
    event = came(chief)[0].event
    planning.close(event, "", "分两场", by=chief, at=AFTER)

    sweep.nightly(DAY, at=AFTER + 5 * ONE)

    assert lines("-look-back") == []

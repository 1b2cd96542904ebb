"""筹备: a list that begins with what is usual or with last time's, and who may tick what."""
from datetime import date, timedelta

import pytest

from audit.models import Entry
from service_levels.events import planning, preparing
from service_levels.events.checklists import usual
from service_levels.models import Event, EventTask
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.events.makers import AFTER, ENDS, STARTS, TEN, came, opened, planned

ONE = timedelta(days=1)
OF_THE_EVENT = date(2026, 12, 5)


def lines(event) -> list[tuple[str, str]]:
    return [(task.what, task.due_on.isoformat()) for task in event.tasks.order_by("due_on", "pk")]


# -- the list ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", Event.Kind.values)
def test_every_kind_of_event_needs_a_place_things_and_people(kind):
    kinds = {what for what, _words, _days in usual(kind)}

    assert kinds == {"venue", "material", "people"}


@pytest.mark.parametrize("kind", Event.Kind.values)
def test_no_item_is_named_twice(kind):
    words = [words for _what, words, _days in usual(kind)]

    assert len(words) == len(set(words)) >= 6


@pytest.mark.parametrize(("kind", "words"), [("lecture", "请主讲人，对好内容"), ("training", "讲义"), ("seminar", "投影、话筒、座位"),
                                             ("festival", "节日布置和小礼物"), ("small", "每家安排一位熟悉的老师"),
                                             ("parent_child", "活动材料，按人数备"), ("promotion", "每组一位带组的老师")])
def test_a_kind_has_what_is_its_own(kind, words):
    assert words in [words for _what, words, _days in usual(kind)]


def test_the_first_event_of_a_kind_begins_with_the_usual_list(chief):
    event = planned(chief)

    assert preparing.begin(event, by=chief, at=TEN) == 6

    assert lines(event)[0] == ("定场地，看安全和通风，雨天换到哪里", "2026-11-21"), "a fortnight before"
    assert lines(event)[-1] == ("签到台、二维码、饮水", "2026-12-03")


def test_the_next_begins_with_the_list_of_the_last(chief):
    first = came(chief)[0].event
    EventTask.objects.create(event=first, kind="material", what="地垫十二块", due_on=date(2026, 12, 1), fen=24_000, member=chief,
                             done_at=STARTS, done_by=chief)
    second = planned(chief, AFTER, starts_at=STARTS + 28 * ONE, ends_at=ENDS + 28 * ONE)

    preparing.begin(second, by=chief, at=AFTER)

    task = second.tasks.get()
    assert (task.what, task.due_on, task.fen, task.member, task.done_at) == ("地垫十二块", date(2026, 12, 29), 24_000, chief, None)


def test_a_colleague_who_left_prepares_nothing_any_more(chief):
    gone = colleague("agent", "走了的")
    first = came(chief)[0].event
    EventTask.objects.create(event=first, what="地垫", due_on=date(2026, 12, 1), member=gone)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    second = planned(chief, AFTER, starts_at=STARTS + 28 * ONE, ends_at=ENDS + 28 * ONE)

    preparing.begin(second, by=chief, at=AFTER)

    assert second.tasks.get().member is None


@pytest.mark.parametrize("what", ["other kind", "cancelled", "never opened", "later"])
def test_not_every_event_is_one_to_learn_from(chief, what):
    first = came(chief)[0].event
    changes = {"other kind": {"kind": "lecture"}, "cancelled": {"cancelled_at": TEN}, "never opened": {"opened_at": None},
               "later": {"starts_at": STARTS + 60 * ONE, "ends_at": ENDS + 60 * ONE}}
    Event.objects.filter(pk=first.pk).update(**changes[what])
    second = planned(chief, AFTER, starts_at=STARTS + 28 * ONE, ends_at=ENDS + 28 * ONE)

    assert preparing.last_alike(second) is None


def test_the_last_is_the_last_of_several(chief):
    rows = [planned(chief, TEN, starts_at=STARTS + n * 7 * ONE, ends_at=ENDS + n * 7 * ONE, title=f"第{n}场") for n in range(3)]
    Event.objects.update(opened_at=TEN)

    assert preparing.last_alike(rows[2]).title == "第1场"


def test_what_is_planned_late_is_due_today_and_not_yesterday(chief):
    event = planned(chief, starts_at=TEN + 3 * ONE, ends_at=TEN + 3 * ONE + timedelta(hours=1))

    preparing.begin(event, by=chief, at=TEN)

    assert min(task.due_on for task in event.tasks.all()) == DAY


def test_a_list_is_begun_once(chief):
    event = planned(chief)
    preparing.begin(event, by=chief, at=TEN)

    with pytest.raises(Refused) as told:
        preparing.begin(event, by=chief, at=TEN)

    assert told.value.code == "begun" and event.tasks.count() == 6


# -- items -------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def task(chief):
    return preparing.keep(EventTask(event=planned(chief), what="地垫", due_on=DAY), by=chief, at=TEN)


def test_an_item_is_written_down_with_who_did(task, chief):
    assert Entry.objects.filter(verb="service.event_task_kept", actor=chief, object_id=task.pk).count() == 1


def test_whoever_sees_that_it_is_there_says_so(task):
    agent = colleague("agent", "高敏")

    preparing.done(task, by=agent, at=TEN)

    kept = EventTask.objects.get()
    assert (kept.done_at, kept.done_by) == (TEN, agent)


def test_two_say_so_once(task, chief):
    preparing.done(task, by=chief, at=TEN)

    with pytest.raises(Refused) as told:
        preparing.done(task, by=chief, at=TEN)

    assert told.value.code == "changed"


def test_it_can_be_missing_after_all(task, chief):
    preparing.done(task, by=chief, at=TEN)

    preparing.not_done(task, by=chief, at=TEN)

    kept = EventTask.objects.get()
    assert (kept.done_at, kept.done_by) == (None, None)


def test_what_is_not_needed_goes(task, chief):
    preparing.remove(task, by=chief, at=TEN)

    assert EventTask.objects.count() == 0 and Entry.objects.filter(verb="service.event_task_removed").count() == 1


def test_only_who_organises_writes_the_list(task):
    agent = colleague("agent", "高敏")

    for act in (lambda: preparing.keep(task, by=agent, at=TEN), lambda: preparing.remove(task, by=agent, at=TEN),
                lambda: preparing.begin(task.event, by=agent, at=TEN)):
        with pytest.raises(Forbidden):
            act()


def test_whoever_only_looks_ticks_nothing(task):
    watcher = colleague("inspector")

    for act in (preparing.done, preparing.not_done):
        with pytest.raises(Forbidden):
            act(task, by=watcher, at=TEN)


@pytest.mark.parametrize("how", ["cancelled", "closed"])
def test_of_what_is_over_the_list_stays_as_it_was(chief, how):
    event = opened(chief)[0].event
    row = EventTask.objects.create(event=event, what="地垫", due_on=DAY)
    if how == "cancelled":
        planning.cancel(event, "下暴雨", by=chief, at=TEN)
    else:
        planning.close(event, "", "分两场", by=chief, at=AFTER)
    row = EventTask.objects.select_related("event").get()

    for act in (preparing.keep, preparing.done, preparing.not_done, preparing.remove):
        with pytest.raises(Refused) as told:
            act(row, by=chief, at=AFTER)
        assert told.value.code == "over"

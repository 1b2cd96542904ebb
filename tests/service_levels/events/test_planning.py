"""策划: an event from the first word to the look back, and what is refused on the way."""
from datetime import timedelta

import pytest

from audit.models import Entry
from notifications.models import Message, ParentMessage
from service_levels.events import coming, inviting, planning, sweep
from service_levels.events.inviting import Reply
from service_levels.models import Event, EventTask, Invitation
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import AFTER, ENDS, HOUR, NO, STARTS, TEN, YES, again, asked, came, opened, planned, work

ONE = timedelta(days=1)


# -- written down ------------------------------------------------------------------------------------------------------------------
def test_whoever_writes_it_down_plans_it(inside):
    planner = colleague("planner", "苏晴")

    row = planned(planner)

    assert (row.owner, row.stands(TEN), bool(row.door_hash)) == (planner, "planned", True)
    assert Entry.objects.filter(verb="service.event_kept", actor=planner).count() == 1


def test_changing_it_keeps_who_planned_it(chief):
    row = planned(colleague("planner", "苏晴"))
    row.title = "冬天的阅读会"

    planning.keep(row, by=chief, at=TEN)

    assert Event.objects.get().owner.name == "苏晴" and Event.objects.get().title == "冬天的阅读会"


def test_who_does_not_organise_plans_nothing(inside):
    with pytest.raises(Forbidden):
        planned(colleague("agent", "高敏"))


@pytest.mark.parametrize("field", ["title", "about", "place"])
@pytest.mark.parametrize("words", ["A类家长茶话会", "给高风险家庭", "挽留座谈", "3级客户"])
def test_what_families_read_names_no_label(chief, field, words):
    with pytest.raises(Refused) as told:
        planned(chief, **{field: words})

    assert (told.value.field, told.value.message) == (field, "家长会看到这里，不能写等级、风险或挽留。")
    assert Event.objects.count() == 0


@pytest.mark.parametrize("at", [STARTS, STARTS + HOUR])
def test_it_begins_in_the_future(chief, at):
    with pytest.raises(Refused) as told:
        planned(chief, at)

    assert told.value.field == "starts_at"


def test_what_is_over_is_not_planned_anew(chief):
    row = planned(chief)
    row.starts_at = AFTER + ONE
    row.ends_at = AFTER + ONE + HOUR

    with pytest.raises(Refused) as told:
        planning.keep(row, by=chief, at=AFTER)

    assert told.value.code == "over" and Event.objects.get().starts_at == STARTS


def test_seats_are_not_taken_from_who_comes(chief):
    rows = opened(chief, 2, seats=10)
    for row in rows:
        inviting.answer(row, Reply("yes", 3), by=None, at=TEN)
    event = Event.objects.get()
    event.seats = 5

    with pytest.raises(Refused) as told:
        planning.keep(event, by=chief, at=TEN)

    assert (told.value.field, told.value.message) == ("seats", "已经有 6 个人说要来，不能少于这个数。")


def test_as_many_seats_as_are_taken_may_be_left(chief):
    (row,) = opened(chief, seats=10)
    inviting.answer(row, Reply("yes", 3), by=None, at=TEN)
    event = Event.objects.get()
    event.seats = 3

    planning.keep(event, by=chief, at=TEN)

    assert Event.objects.get().seats == 3


# -- the invitations go out --------------------------------------------------------------------------------------------------------
def test_whoever_is_on_the_list_is_written_to(chief):
    event = planned(chief)
    asked(event, chief, family(1), family(2))

    assert planning.open_invitations(event, by=chief, at=TEN) == 2

    assert event.opened_at == TEN and work() == ["invited", "invited"]
    assert Invitation.objects.filter(told_at=None).count() == 0


def test_before_that_nobody_is(chief):
    asked(planned(chief), chief, family(1))

    assert work() == [] and ParentMessage.objects.count() == 0


def test_without_anybody_there_is_nothing_to_send(chief):
    event = planned(chief)

    with pytest.raises(Refused) as told:
        planning.open_invitations(event, by=chief, at=TEN)

    assert told.value.code == "nobody" and event.opened_at is None


def test_they_go_out_once(chief):
    event = opened(chief)[0].event

    with pytest.raises(Refused) as told:
        planning.open_invitations(event, by=chief, at=TEN)

    assert told.value.code == "changed"


def test_they_do_not_go_out_when_it_has_begun(chief):
    event = planned(chief)
    asked(event, chief, family(1))

    with pytest.raises(Refused) as told:
        planning.open_invitations(event, by=chief, at=STARTS)

    assert told.value.code == "over"


def test_who_does_not_organise_sends_none(chief):
    event = planned(chief)
    asked(event, chief, family(1))

    with pytest.raises(Forbidden):
        planning.open_invitations(event, by=colleague("agent"), at=TEN)


# -- moved -------------------------------------------------------------------------------------------------------------------------
def moved(event, chief, **more) -> Event:
    for name, value in more.items():
        setattr(event, name, value)
    return planning.keep(event, by=chief, at=TEN)


def test_of_another_time_whoever_may_come_is_told(chief):
    yes, no, silent = opened(chief, 3)
    inviting.answer(yes, YES, by=None, at=TEN)
    inviting.answer(no, NO, by=None, at=TEN)
    work()

    moved(yes.event, chief, starts_at=STARTS + ONE, ends_at=ENDS + ONE)

    assert work() == ["moved", "moved"]
    texts = set(ParentMessage.objects.filter(kind="service.event_moved").values_list("about", flat=True))
    assert texts == {f"event-{yes.event_id}"}


def test_of_another_place_too(chief):
    (row,) = opened(chief)
    work()

    moved(row.event, chief, place="操场")

    assert work() == ["moved"]
    assert "操场" in ParentMessage.objects.get(kind="service.event_moved").text


@pytest.mark.parametrize("more", [{"title": "阅读会"}, {"about": "别的"}, {"seats": 30}, {"ends_at": ENDS + HOUR}])
def test_of_anything_else_nobody_is(chief, more):
    (row,) = opened(chief)
    work()

    moved(row.event, chief, **more)

    assert work() == []


def test_what_nobody_knows_of_moves_silently(chief):
    event = planned(chief)
    asked(event, chief, family(1))

    moved(event, chief, place="操场")

    assert work() == []


# -- called off --------------------------------------------------------------------------------------------------------------------
def test_of_what_is_called_off_whoever_may_come_hears(chief):
    yes, no, silent = opened(chief, 3)
    inviting.answer(yes, YES, by=None, at=TEN)
    inviting.answer(no, NO, by=None, at=TEN)
    work()

    assert planning.cancel(yes.event, "下暴雨", by=chief, at=TEN) == 2

    assert work() == ["off", "off"]
    assert yes.event.stands(TEN) == "cancelled" and yes.event.cancel_why == "下暴雨"
    assert "下暴雨" not in " ".join(row.text for row in ParentMessage.objects.all()), "the reason is for colleagues"


def test_an_invitation_that_waits_is_not_sent_any_more(chief):
    event = planned(chief)
    asked(event, chief, family(1))
    planning.open_invitations(event, by=chief, at=TEN)

    assert planning.cancel(event, "下暴雨", by=chief, at=TEN) == 0
    assert work() == []


def test_what_lies_with_a_colleague_to_send_is_dropped(chief):
    event = opened(chief)[0].event
    ParentMessage.objects.all().delete()
    Invitation.objects.update(told_at=None)
    work()
    ParentMessage.objects.update(state="by_hand")

    planning.cancel(event, "下暴雨", by=chief, at=TEN)

    assert set(ParentMessage.objects.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.parametrize("why", ["", "  "])
def test_a_reason_is_needed(chief, why):
    event = opened(chief)[0].event

    with pytest.raises(Refused) as told:
        planning.cancel(event, why, by=chief, at=TEN)

    assert told.value.field == "why" and Event.objects.get().cancelled_at is None


def test_what_was_held_is_not_called_off(chief):
    event = opened(chief)[0].event

    with pytest.raises(Refused) as told:
        planning.cancel(event, "下暴雨", by=chief, at=ENDS)

    assert told.value.code == "over"


def test_two_call_it_off_once(chief):
    event = opened(chief)[0].event
    stale = Event.objects.get()
    planning.cancel(event, "下暴雨", by=chief, at=TEN)

    with pytest.raises(Refused) as told:
        planning.cancel(stale, "停电", by=chief, at=TEN)

    assert told.value.code == "changed" and Event.objects.get().cancel_why == "下暴雨"


def test_what_was_called_off_is_not_changed(chief):
    event = opened(chief)[0].event
    planning.cancel(event, "下暴雨", by=chief, at=TEN)
    event.title = "还是办"

    with pytest.raises(Refused) as told:
        planning.keep(event, by=chief, at=TEN)

    assert told.value.code == "over"


# -- looked back upon --------------------------------------------------------------------------------------------------------------
def test_what_was_learnt_is_kept(chief):
    event = came(chief)[0].event

    planning.close(event, "大多满意", "分两场", by=chief, at=AFTER)

    assert (event.stands(AFTER), event.effect, event.lessons) == ("closed", "大多满意", "分两场")
    assert Entry.objects.filter(verb="service.event_closed").count() == 1


@pytest.mark.parametrize(("at", "code"), [(TEN, "not_over"), (ENDS - HOUR, "not_over")])
def test_not_before_it_is_over(chief, at, code):
    event = opened(chief)[0].event

    with pytest.raises(Refused) as told:
        planning.close(event, "", "分两场", by=chief, at=at)

    assert told.value.code == code


@pytest.mark.parametrize("lessons", ["", "  "])
def test_not_without_a_lesson(chief, lessons):
    event = came(chief)[0].event

    with pytest.raises(Refused) as told:
        planning.close(event, "很好", lessons, by=chief, at=AFTER)

    assert told.value.field == "lessons" and Event.objects.get().closed_at is None


def test_it_can_be_looked_at_again(chief):
    event = came(chief)[0].event
    planning.close(event, "很好", "分两场", by=chief, at=AFTER)

    planning.look_again(event, by=chief)

    assert event.stands(AFTER) == "over" and event.lessons == "分两场", "the words stay for the form"
    with pytest.raises(Refused):
        planning.look_again(event, by=chief)


def test_who_does_not_organise_does_none_of_it(chief):
    event, agent = came(chief)[0].event, colleague("agent")

    for act in (lambda: planning.close(event, "", "x", by=agent, at=AFTER), lambda: planning.look_again(event, by=agent),
                lambda: planning.cancel(event, "x", by=agent, at=TEN)):
        with pytest.raises(Forbidden):
            act()


def test_what_was_asked_of_a_colleague_is_settled_with_it(chief):
    event = came(chief)[0].event
    EventTask.objects.create(event=event, what="收拾", due_on=DAY + 14 * ONE)
    sweep.nightly(DAY + 18 * ONE, at=AFTER + 2 * ONE)
    assert Message.objects.filter(read_at=None, key__startswith=f"event-{event.pk}-").count() == 2

    planning.close(event, "", "分两场", by=chief, at=AFTER + 2 * ONE)

    assert Message.objects.filter(read_at=None, key__startswith=f"event-{event.pk}-").count() == 0


def test_who_came_stays_on_the_timeline_when_it_is_closed(chief):
    (row,) = came(chief)

    planning.close(row.event, "", "分两场", by=chief, at=AFTER)

    assert again([row])[0].entry.title == "亲子阅读会"
    with pytest.raises(Refused):
        coming.sign_in(row, by=chief, at=AFTER)

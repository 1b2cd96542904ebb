"""邀请: who is asked and hears when, what they answer, who waits for a seat, and what is refused."""
from datetime import timedelta

import pytest

from audit.models import Entry
from service_levels.events import coming, inviting, planning
from service_levels.events.inviting import Reply, chooses_first
from service_levels.models import Event, Invitation
from service_levels.plans.book import Line, Section, Unit
from service_levels.plans.presets import KINDERGARTEN
from tenancy.refusals import Forbidden, Refused
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import ENDS, NO, STARTS, TEN, YES, again, answers, asked, came, opened, planned, work

ONE, MINUTE = timedelta(days=1), timedelta(minutes=1)


def say(row, reply=YES, after=0, by=None) -> str:
    """What a family says so many minutes after ten; what becomes of it."""
    return inviting.answer(row, reply, by=by, at=TEN + after * MINUTE).answer


# -- who is asked ------------------------------------------------------------------------------------------------------------------
def test_a_family_is_asked_once(chief):
    event, home = planned(chief), family(1)

    assert inviting.invite(event, [home, home], by=chief, at=TEN) == 1
    assert inviting.invite(event, [home, family(2)], by=chief, at=TEN) == 1
    assert Invitation.objects.filter(event=event).count() == 2


def test_who_asked_and_when_stays(chief):
    (row,) = asked(planned(chief), chief, family(1))

    assert (row.by, row.invited_on.isoformat(), row.told_at, row.answer) == (chief, "2026-11-20", None, "")
    assert Entry.objects.get(verb="service.event_invited").data == {"families": 1}


def test_the_same_family_may_be_asked_to_another_event(chief):
    home = family(1)
    asked(planned(chief), chief, home)

    assert inviting.invite(planned(chief, title="别的"), [home], by=chief, at=TEN) == 1


def test_once_the_invitations_are_out_the_next_hear_at_once(chief):
    event = opened(chief)[0].event
    work()

    inviting.invite(event, [family(2)], by=chief, at=TEN)

    assert work() == ["invited"]


def test_there_is_an_end_to_how_many_at_once(chief, monkeypatch):
    monkeypatch.setattr(inviting, "AT_ONCE", 1)
    event = planned(chief)

    with pytest.raises(Refused) as told:
        inviting.invite(event, [family(1), family(2)], by=chief, at=TEN)

    assert told.value.code == "too_many" and Invitation.objects.count() == 0


def test_and_to_how_many_at_all(chief, monkeypatch):
    monkeypatch.setattr(inviting, "MOST", 1)
    event = planned(chief)
    inviting.invite(event, [family(1)], by=chief, at=TEN)

    with pytest.raises(Refused):
        inviting.invite(event, [family(2)], by=chief, at=TEN)


@pytest.mark.parametrize("at", [ENDS, ENDS + ONE])
def test_to_what_is_over_nobody_is_asked(chief, at):
    event = planned(chief)

    with pytest.raises(Refused) as told:
        inviting.invite(event, [family(1)], by=chief, at=at)

    assert told.value.code == "over"


def test_to_what_was_called_off_neither(chief):
    event = opened(chief)[0].event
    planning.cancel(event, "下暴雨", by=chief, at=TEN)

    with pytest.raises(Refused):
        inviting.invite(event, [family(2)], by=chief, at=TEN)


def test_only_who_organises_asks(chief):
    with pytest.raises(Forbidden):
        inviting.invite(planned(chief), [family(1)], by=colleague("agent"), at=TEN)


# -- who chooses first -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("section", "source", "first"), [
    (Section.EVENT, "K17(a)", True), (Section.EVENT, "K17(d)", True), (Section.EVENT, "S11(b)", True), (Section.EVENT, "S12(e)", True),
    (Section.EVENT, "K22(a)", False), (Section.EVENT, "K27", False), (Section.EVENT, "K31(c)", False), (Section.BENEFIT, "K17(a)", False)])
def test_some_lines_of_a_plan_let_a_family_choose_first(section, source, first):
    assert chooses_first(Line(section, "x", source, Unit.QUARTER)) is first


def test_the_ready_made_plan_of_the_best_families_lets_them():
    firsts = [plan.code for plan in KINDERGARTEN.plans if any(map(chooses_first, plan.lines))]

    assert firsts[0] == "dedicated" and "quality" not in firsts


def test_a_family_chooses_first_as_its_plan_says(chief):
    best, other, unrated = family(1, "A", "low"), family(2, "C", "low"), family(3)
    derive()

    rows = asked(planned(chief), chief, best, other, unrated)

    assert [row.first for row in rows] == [True, False, False]


def test_those_hear_first_and_the_others_days_later(chief):
    best, other = family(1, "A", "low"), family(2, "C", "low")
    derive()
    event = planned(chief, priority_days=3)
    asked(event, chief, best, other)

    planning.open_invitations(event, by=chief, at=TEN)

    assert work(until=TEN + 2 * ONE) == ["invited"]
    assert [row.told_at is not None for row in Invitation.objects.order_by("pk")] == [True, False]
    assert work(until=TEN + 3 * ONE) == ["invited"]


def test_who_is_put_on_the_list_later_waits_no_longer_than_the_others(chief):
    event = opened(chief, priority_days=3)[0].event
    work()

    inviting.invite(event, [family(2)], by=chief, at=TEN + ONE)

    assert work(until=TEN + 2 * ONE) == [] and work(until=TEN + 3 * ONE) == ["invited"]


def test_and_after_those_days_not_at_all(chief):
    event = opened(chief, priority_days=3)[0].event
    work()

    inviting.invite(event, [family(2)], by=chief, at=TEN + 4 * ONE)

    assert work(until=TEN + 4 * ONE) == ["invited"]


# -- a part of one's own -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("part", "topic"), [("speaker", "怎么讲绘本"), ("segment", "一起做陶泥")])
def test_a_family_is_asked_for_something_of_its_own(chief, part, topic):
    (row,) = opened(chief)

    inviting.ask_for(row, part, f" {topic} ", by=chief)

    assert (row.part, row.topic) == (part, topic)


def test_or_only_to_come_after_all(chief):
    (row,) = opened(chief)
    inviting.ask_for(row, "speaker", "怎么讲绘本", by=chief)

    inviting.ask_for(row, "", "忘了的字", by=chief)

    assert (row.part, row.topic) == ("", "")


@pytest.mark.parametrize(("part", "topic", "field"), [
    ("speaker", "", "topic"), ("segment", "  ", "topic"), ("king", "x", "part"), ("speaker", "A类家长代表", "topic")])
def test_what_makes_no_sense_is_refused(chief, part, topic, field):
    (row,) = opened(chief)

    with pytest.raises(Refused) as told:
        inviting.ask_for(row, part, topic, by=chief)

    assert told.value.field == field and again([row])[0].part == ""


# -- asked in person ---------------------------------------------------------------------------------------------------------------
def test_a_colleague_asks_who_has_no_number(chief):
    (row,) = asked(planned(chief), chief, family(1))
    agent = colleague("agent", "高敏")

    inviting.told(row, by=agent, at=TEN)

    assert row.told_at == TEN and Entry.objects.filter(verb="service.event_told", actor=agent).count() == 1


def test_nobody_is_told_twice(chief):
    (row,) = opened(chief)

    with pytest.raises(Refused) as told:
        inviting.told(row, by=chief, at=TEN)

    assert told.value.code == "changed"


def test_who_knows_nothing_can_be_taken_off_the_list(chief):
    (row,) = asked(planned(chief), chief, family(1))

    inviting.withdraw(row, by=chief)

    assert Invitation.objects.count() == 0 and Entry.objects.filter(verb="service.event_uninvited").count() == 1
    with pytest.raises(Refused) as told:
        inviting.withdraw(row, by=chief)
    assert told.value.code == "changed"


def test_who_knows_cannot(chief):
    (row,) = opened(chief)

    with pytest.raises(Refused) as told:
        inviting.withdraw(row, by=chief)

    assert told.value.code == "told" and Invitation.objects.count() == 1


# -- answers -----------------------------------------------------------------------------------------------------------------------
def test_a_family_says_that_it_comes(chief):
    (row,) = opened(chief)

    inviting.answer(row, Reply("yes", 3, " 奶奶也来 "), by=None, at=TEN)

    assert (row.answer, row.people, row.words, row.answered_at) == ("yes", 3, "奶奶也来", TEN)
    entry = Entry.objects.get(verb="service.event_answered")
    assert (entry.actor, entry.data) == (None, {"answer": "yes"})


def test_or_that_it_does_not(chief):
    (row,) = opened(chief)

    assert say(row, NO) == "no"
    assert planning.taken_in(row.event) == 0


def test_it_may_change_its_mind(chief):
    (row,) = opened(chief)

    assert [say(row), say(row, NO, 1), say(row, YES, 2)] == ["yes", "no", "yes"]


@pytest.mark.parametrize("word", ["", "wait", "perhaps"])
def test_it_says_yes_or_no(chief, word):
    (row,) = opened(chief)

    with pytest.raises(Refused) as told:
        say(row, Reply(word))

    assert told.value.field == "answer" and again([row])[0].answer == ""


def test_an_answer_to_a_colleague_is_one_that_was_asked_for(chief):
    (row,) = asked(planned(chief), chief, family(1))

    say(row, by=colleague("agent", "高敏"))

    assert again([row])[0].told_at == TEN


def test_whoever_only_looks_answers_for_nobody(chief):
    (row,) = opened(chief)

    with pytest.raises(Forbidden):
        say(row, by=colleague("inspector"))


def test_after_it_was_here_there_is_nothing_to_answer(chief):
    (row,) = came(chief)

    with pytest.raises(Refused) as told:
        inviting.answer(row, NO, by=None, at=STARTS)

    assert told.value.code == "came"


def test_nor_when_it_is_over_or_called_off(chief):
    first, second = opened(chief, 2)

    with pytest.raises(Refused):
        inviting.answer(first, YES, by=None, at=ENDS)
    planning.cancel(first.event, "下暴雨", by=chief, at=TEN)
    with pytest.raises(Refused) as told:
        say(second)

    assert told.value.code == "over"


# -- seats -------------------------------------------------------------------------------------------------------------------------
def test_who_finds_no_room_waits(chief):
    rows = opened(chief, 3, seats=5)

    assert [say(row, Reply("yes", 2), n) for n, row in enumerate(rows)] == ["yes", "yes", "wait"]
    assert planning.taken_in(rows[0].event) == 4


def test_somebody_stays_away_and_the_first_in_line_moves_up(chief):
    rows = opened(chief, 4, seats=4)
    for number, row in enumerate(rows):
        say(row, Reply("yes", 2), number)
    work()

    say(rows[0], NO, 9)

    assert answers(rows[0].event) == ["no", "yes", "yes", "wait"]
    assert work() == ["seat"]


def test_who_moves_up_by_its_own_answer_reads_so_and_is_not_written_to(chief):
    rows = opened(chief, 3, seats=5)
    say(rows[0], Reply("yes", 4))
    say(rows[1], Reply("yes", 3), 1)
    work()

    assert say(rows[2], Reply("yes", 1), 2) == "yes", "the one before it is too large for the last seat"
    assert answers(rows[0].event) == ["yes", "wait", "yes"] and work() == []


def test_nobody_goes_ahead_of_who_waits_and_would_fit(chief):
    rows = opened(chief, 3, seats=4)
    say(rows[0], Reply("yes", 4))
    say(rows[1], Reply("yes", 2), 1)
    Event.objects.update(seats=6)

    assert say(rows[2], Reply("yes", 2), 2) == "wait"
    assert answers(rows[0].event) == ["yes", "yes", "wait"]


def test_among_those_that_wait_who_chooses_first_goes_first(chief):
    rows = opened(chief, 3, seats=2)
    Invitation.objects.filter(pk=rows[2].pk).update(first=True)
    for number, row in enumerate(again(rows)):
        say(row, Reply("yes", 2), number)

    say(rows[0], NO, 9)

    assert answers(rows[0].event) == ["no", "wait", "yes"]


def test_asking_for_fewer_seats_frees_them(chief):
    rows = opened(chief, 2, seats=4)
    say(rows[0], Reply("yes", 4))
    say(rows[1], Reply("yes", 2), 1)

    say(rows[0], Reply("yes", 2), 2)

    assert answers(rows[0].event) == ["yes", "yes"]


def test_asking_for_more_than_there_are_loses_none(chief):
    rows = opened(chief, 2, seats=4)
    say(rows[0], Reply("yes", 2))
    say(rows[1], Reply("yes", 2), 1)

    with pytest.raises(Refused) as told:
        say(rows[0], Reply("yes", 3), 2)

    assert (told.value.code, told.value.message) == ("full", "没有多的位置了，还是按 2 个人留着。")
    assert again(rows)[0].people == 2 and answers(rows[0].event) == ["yes", "yes"]


@pytest.mark.parametrize(("people", "kept"), [(2, True), (1, True), (3, False)])
def test_the_place_in_the_line_is_kept_by_who_asks_for_no_more(chief, people, kept):
    rows = opened(chief, 2, seats=2)
    say(rows[0], Reply("yes", 2))
    say(rows[1], Reply("yes", 2), 1)

    say(rows[1], Reply("yes", people), 5)

    assert (again(rows)[1].answered_at == TEN + MINUTE) is kept


def test_coming_takes_no_seat_from_anybody(chief):
    rows = opened(chief, 2, seats=2)
    say(rows[0], Reply("yes", 2))
    say(rows[1], Reply("yes", 2), 1)

    coming.sign_in(rows[1], by=chief, at=STARTS)

    assert answers(rows[0].event) == ["yes", "wait"], "it stood in the door, and was let in"

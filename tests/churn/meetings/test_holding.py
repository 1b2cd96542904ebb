"""How a meeting is held: begun once a week, item by item, with who came, what was said and decided, and ended with its minutes."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from churn.meetings import holding
from churn.models import Department, Item, Measure, Meeting, MeetingNote, MeetingPresence
from crm.days import monday
from notifications.models import Message
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause, opened
from tests.churn.conftest import AT, DAY, ONE, home

MINUTE = timedelta(minutes=1)


@pytest.fixture
def held(meeting, miao):
    return Meeting.objects.get()


def refusal(do) -> Refused:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_week_begins_on_its_monday(day):
    found = monday(day)

    assert found.weekday() == 0 and 0 <= (day - found).days <= 6


# -- beginning ---------------------------------------------------------------------------------------------------------------------
def test_a_meeting_expects_everybody_of_the_group_and_knows_who_holds_it(held, sitting):
    assert (held.week_on, held.host_id, held.item, held.ended_at) == (date(2026, 11, 16), sitting["marketing"].pk,
            "decided", None)
    assert dict(MeetingPresence.objects.values_list("member__role", "state")) == {"marketing": "here",
            "teacher": "missing", "agent": "missing", "admin": "missing"}


def test_there_is_one_meeting_a_week(held, head):
    assert refusal(lambda: holding.begin(by=head, at=AT)).code == "open_already"
    assert holding.begin(by=head, at=AT + 7 * timedelta(days=1)).week_on == date(2026, 11, 23)


def test_who_only_sits_in_the_group_does_not_begin_it(sitting, miao, on_the_day):
    with pytest.raises(Forbidden):
        holding.begin(by=sitting["teacher"], at=AT)


def test_whoever_begins_it_is_here_even_from_outside_the_group(sitting, head, miao, on_the_day):
    holding.begin(by=head, at=AT)

    assert MeetingPresence.objects.get(member=head).state == "here"
    assert MeetingPresence.objects.count() == 5


# -- items and their time ----------------------------------------------------------------------------------------------------------
def test_each_item_adds_up_the_time_that_was_spent_on_it(held, sitting):
    by = sitting["marketing"]
    for item, minutes in (("cases", 8), ("decided", 20), ("causes", 25)):
        holding.go_to(held, item, by=by, at=AT + minutes * MINUTE)

    assert held.item == "causes" and held.spent == {"decided": (8 + 5) * 60, "cases": 12 * 60}


def test_items_follow_each_other_to_the_last(held):
    chain, item = [], "decided"
    while item:
        chain.append(item)
        item = holding.after(item)

    assert chain == list(Item.values) and sum(holding.MINUTES.values()) == 45


def test_an_item_that_is_not_on_the_agenda_is_refused(held, sitting):
    assert refusal(lambda: holding.go_to(held, "x", by=sitting["marketing"], at=AT)).field == "item"
    with pytest.raises(Forbidden):
        holding.go_to(held, "cases", by=sitting["teacher"], at=AT)


# -- who came ----------------------------------------------------------------------------------------------------------------------
def test_presence_is_marked_and_a_guest_is_added(held, sitting, head):
    by = sitting["marketing"]
    holding.mark(held, sitting["teacher"], "here", by=by)
    holding.mark(held, sitting["agent"], "excused", by=by)
    holding.mark(held, head, "here", by=by)

    assert dict(MeetingPresence.objects.values_list("member__role", "state")) == {
        "marketing": "here", "teacher": "here", "agent": "excused", "admin": "missing", "head": "here"}
    assert holding.lacking(MeetingPresence.objects.select_related("member")) == [Department.SERVICE,
            Department.ADMINISTRATION]
    assert refusal(lambda: holding.mark(held, head, "x", by=by)).field == "state"


# -- what was said -----------------------------------------------------------------------------------------------------------------
def test_everybody_who_works_on_cases_may_say_something_and_take_it_back(held, sitting, head):
    row = holding.note(held, "cases", "  妈妈说换了三位老师 ", by=sitting["teacher"], at=AT)

    assert (row.text, row.item, row.case) == ("妈妈说换了三位老师", "cases", None)
    with pytest.raises(Forbidden):
        holding.drop_note(row, by=sitting["agent"])
    holding.drop_note(row, by=sitting["teacher"])
    assert not MeetingNote.objects.exists()


def test_who_holds_the_meeting_may_take_any_line_back(held, sitting):
    holding.drop_note(holding.note(held, "cases", "x", by=sitting["teacher"], at=AT), by=sitting["marketing"])

    assert not MeetingNote.objects.exists()


def test_a_line_may_be_about_a_case_and_the_record_names_it(held, sitting):
    case = opened(home(1), sitting["marketing"])
    holding.note(held, "cases", "x", case=case, by=sitting["agent"], at=AT)

    assert MeetingNote.objects.get().case_id == case.pk
    assert Entry.objects.get(verb="churn.meeting_noted").data["case"] == case.pk


@pytest.mark.parametrize(("item", "text", "field"), [("x", "x", "item"), ("cases", "  ", "text")])
def test_a_line_without_words_or_item_is_refused(held, sitting, item, text, field):
    assert refusal(lambda: holding.note(held, item, text, by=sitting["agent"], at=AT)).field == field


# -- what was decided --------------------------------------------------------------------------------------------------------------
def decided(held, sitting, line, **more):
    return holding.decide(held, line, sitting.values(), by=sitting["marketing"], at=AT, **more)


def test_a_line_becomes_a_measure_with_its_owner_and_its_day(held, sitting):
    row = decided(held, sitting, "停车：谈一小时免费，admin，12-16", cause=cause("停车难"))

    assert (row.title, row.owner, row.due_on, row.department, row.meeting, row.cause.name) == (
        "停车：谈一小时免费", sitting["admin"], date(2026, 12, 16), "admin", held, "停车难")
    assert Message.objects.get(member=sitting["admin"]).title == "有一项改进措施交给您，最晚 2026-12-16"


def test_without_a_day_it_is_due_in_two_weeks(held, sitting):
    assert decided(held, sitting, "先告诉家长，teacher").due_on == DAY + 14 * ONE


@pytest.mark.parametrize(("line", "said"), [
    ("", "请写决定什么"),
    ("  12-16 ", "没看出谁负责"),
    ("停车，谁也不是，12-16", "没看出谁负责"),
    ("停车", "没看出谁负责"),
])
def test_a_decision_without_an_owner_is_no_decision(held, sitting, line, said):
    refused = refusal(lambda: decided(held, sitting, line))

    assert refused.field == "line" and said in refused.message and not Measure.objects.exists()


def test_a_long_decision_keeps_all_of_its_words(held, sitting):
    row = decided(held, sitting, "停" * 90 + "，admin，12-16")

    assert row.title + row.why == "停" * 90


# -- the end -----------------------------------------------------------------------------------------------------------------------
def test_the_end_keeps_figures_and_time_and_the_group_learns_of_the_minutes(held, sitting):
    holding.end(held, figures={"decided": "2 件没完"}, summary=" 先管停车 ", by=sitting["marketing"], at=AT + 40 * MINUTE)

    assert (held.figures, held.summary, held.spent, held.ended_at) == ({"decided": "2 件没完"}, "先管停车",
            {"decided": 2400}, AT + 40 * MINUTE)
    assert sorted(m.member.role for m in Message.objects.filter(title="11-16 那一周的流失例会出纪要了").select_related("member")) == ["admin", "agent", "teacher"]


def test_what_has_ended_takes_nothing_more_until_it_is_reopened(held, sitting):
    by = sitting["marketing"]
    line = holding.note(held, "cases", "x", by=by, at=AT)
    holding.end(held, figures={}, summary="", by=by, at=AT)
    for do in (lambda: holding.go_to(held, "cases", by=by, at=AT),
            lambda: holding.note(held, "cases", "y", by=by, at=AT), lambda: decided(held, sitting, "x，admin"),
               lambda: holding.mark(held, by, "here", by=by), lambda: holding.end(held, figures={}, summary="", by=by,
                       at=AT), lambda: holding.drop_note(line, by=by)):
        assert refusal(do).code == "changed"
    holding.reopen(held, by=by, at=AT + 9 * MINUTE)

    assert holding.note(held, "cases", "y", by=by, at=AT).pk
    assert (held.ended_at, held.figures, held.item_at) == (None, {}, AT + 9 * MINUTE)
    assert refusal(lambda: holding.reopen(held, by=by, at=AT)).code == "changed"


def test_minutes_of_a_week_gone_by_stay_as_they_are(held, sitting):
    holding.end(held, figures={}, summary="", by=sitting["marketing"], at=AT)

    assert refusal(lambda: holding.reopen(held, by=sitting["marketing"], at=AT + timedelta(days=7))).code == "past"


def test_another_school_has_its_own_week(school, other_school, meeting):
    with tenant_scope(other_school):
        assert not Meeting.objects.exists()

"""The agenda that builds itself: what happened since the last meeting, what is open, what waits for a decision."""
from datetime import date, timedelta

import pytest

from churn.cases.working import End, close, mark_typical, name_cause
from churn.measures.working import decide, finish
from churn.meetings import agenda, holding
from churn.models import ChurnCase, Item, Measure, Meeting
from notifications.models import Message
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.cases.conftest import cause, opened
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final
from tests.conftest import make_member

MONDAY = date(2026, 11, 23)


@pytest.fixture
def held(meeting, miao):
    return Meeting.objects.get()


def found(member, meeting=None, today=DAY):
    return agenda.agenda(member, meeting, today)


def case(number, head, **fields) -> ChurnCase:
    made = opened(home(number), head)
    ChurnCase.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def test_an_empty_school_has_an_agenda_that_says_nothing_happened(held, head):
    one = found(head, held)

    assert [one.said(item) for item in Item.values] == ["0 件没完，0 件逾期，0 件完成",
            "0 个，0 个自然流失，0 个典型", "本季 0 个，0.0 万元", "0 项到了该定的时候", "已记 0 件"]
    assert one.since == DAY - 7 * ONE


def test_it_begins_on_the_day_of_the_last_meeting(held, head):
    later = holding.begin(by=head, at=AT + timedelta(days=7))

    assert (found(head, later, DAY + 7 * ONE).since, found(head, held).since, found(head, None, DAY).since) == (DAY,
            DAY - 7 * ONE, DAY)


def test_what_was_decided_and_is_open_comes_back_with_what_is_late(held, head):
    open_one, late, done = (measure(head, DAY - 20 * ONE, title=title) for title in ("开", "迟", "完"))
    Measure.objects.filter(pk=late.pk).update(due_on=DAY - 2 * ONE)
    finish(done, by=head, at=AT)
    one = found(head, held)

    assert [row.title for row in one.carried] == ["迟", "开"]
    assert [row.title for row in one.late] == ["迟"]
    assert [row.title for row in one.finished] == ["完"]
    assert one.said("decided") == "2 件没完，1 件逾期，1 件完成" and open_one.pk


def test_what_this_meeting_decides_is_its_own_and_no_carry_over(held, sitting, head):
    holding.decide(held, "停车位，admin，12-16", sitting.values(), by=head, at=AT)
    later = holding.begin(by=head, at=AT + timedelta(days=7))
    now, next_week = found(head, held), found(head, later, DAY + 7 * ONE)

    assert ([row.title for row in now.decided], now.carried) == (["停车位"], [])
    assert (next_week.decided, [row.title for row in next_week.carried]) == ([], ["停车位"])


def test_new_cases_natural_ones_among_them_and_typical_ones_of_before(held, head):
    case(1, head, opened_on=DAY - 2 * ONE)
    close(case(2, head, opened_on=DAY - 3 * ONE), End("natural", natural="moved"), by=head, at=AT)
    mark_typical(case(3, head, opened_on=DAY - 40 * ONE), True, by=head)
    case(4, head, opened_on=DAY - 40 * ONE)
    one = found(head, held)

    assert [row.customer.name for row in one.cases] == ["孩2一家", "孩1一家"]
    assert [row.customer.name for row in one.natural] == ["孩2一家"]
    assert [row.customer.name for row in one.typical] == ["孩3一家"]
    assert one.said("cases") == "2 个，1 个自然流失，1 个典型"


def test_causes_are_those_of_the_quarter(held, head):
    lost = opened(home(1), head)
    ChurnCase.objects.update(revenue_fen=2_500_000)
    name_cause(lost, cause(), weight=10, evidence="x", by=head)
    close(ChurnCase.objects.get(), End("lost"), by=head, at=AT)

    assert found(head, held).said("causes") == "本季 1 个，2.5 万元"


def test_what_the_rule_has_spoken_on_waits_until_it_is_decided_whatever_it_said(held, head):
    rows = {verdict: measure(head, DAY - 20 * ONE, title=verdict) for verdict in ("effective", "ineffective", "too_few")}
    for verdict, row in rows.items():
        final(row, verdict)
    final(measure(head, DAY - 20 * ONE, title="running"), "too_few", is_final=False)
    waiting = [one.measure.title for one in found(head, held).effects]
    decide(rows["effective"], "adopted", lesson="x", by=head, at=AT)

    assert waiting == ["effective", "ineffective", "too_few"]
    assert [one.measure.title for one in found(head, held).effects] == ["ineffective", "too_few"]


def test_each_reader_sees_the_cases_and_lines_of_their_own_campuses(school, head, meeting, sitting):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "operations", "西", campuses=[west])
    with tenant_scope(school):
        held = Meeting.objects.get()
        here, there = opened(home(1), head), opened(makers.family("西孩", "13900000009", at=west), head)
        for one in (here, there, None):
            holding.note(held, "cases", "x" if one is None else one.customer.name, case=one, by=head, at=AT)

        assert [row.pk for row in found(western, held).cases] == [there.pk]
        assert len(found(head, held).cases) == 2
        assert [line.text for line in agenda.notes(western, held)["cases"]] == [there.customer.name, "x"]
        assert len(agenda.notes(head, held)["cases"]) == 3


# -- the invitation ----------------------------------------------------------------------------------------------------------------
def test_on_monday_the_group_learns_what_the_week_holds_once(sitting, miao, head, on_the_day):
    case(1, head, opened_on=MONDAY - ONE)
    Message.objects.all().delete()
    for _n in range(2):
        agenda.invite(MONDAY, at=AT)

    assert sorted((m.member.role, m.title) for m in Message.objects.select_related("member")) == [
        (role, "本周流失例会的议程好了：1 个新个案，0 件逾期，0 项等着定") for role in ("admin", "agent", "marketing",
                "teacher")]


@pytest.mark.parametrize("day", [MONDAY - ONE, MONDAY + ONE])
def test_on_no_other_day_anybody_is_invited(sitting, miao, day):
    agenda.invite(day, at=AT)

    assert not Message.objects.exists()


def test_nobody_is_invited_to_what_has_begun_or_where_nobody_leads(school, meeting, head):
    with tenant_scope(school):
        agenda.invite(date(2026, 11, 16), at=AT)
        assert not Message.objects.exists()


def test_a_school_without_a_leader_invites_nobody(miao, head):
    agenda.invite(MONDAY, at=AT)

    assert not Message.objects.exists()


def test_who_asked_in_the_quarter_and_how_far_they_got_stands_beside_the_causes(held, head):
    for number, since in ((1, DAY - 20 * ONE), (2, DAY - 100 * ONE)):
        makers.family(f"问{number}", f"137000000{number:02d}", since=since, enrolled=False)
    home(3)

    assert (found(head, held).asked.asked, found(head, held).asked.enrolled) == (1, 0)

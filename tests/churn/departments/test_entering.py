"""What a department enters, how it is settled, and that its week is confirmed."""
from datetime import date, timedelta

import pytest

from churn.departments.entering import confirm, confirmed, drop, enter, missing, remind, solve, unsolve
from churn.departments.queries import Period, findings
from churn.models import MATTERS_OF, Confirmation, Department, Finding
from notifications.models import Message
from tenancy.models import Campus, MembershipCampus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE
from tests.conftest import make_member

MONDAY = date(2026, 11, 16)


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher")


@pytest.fixture
def agent(school):
    return make_member(school, "agent")


@pytest.fixture
def office(school):
    return make_member(school, "admin")


@pytest.fixture
def desk(school):
    return make_member(school, "frontdesk")


@pytest.fixture
def elsewhere(school):
    member = make_member(school, "teacher", "西")
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        MembershipCampus.objects.create(membership=member, campus=west)
    return member


@pytest.fixture
def row(teacher, agent, office, desk, elsewhere, marketing, head, miao, on_the_day):
    return enter("teaching", "lesson", "午睡后一小时没有活动", on=DAY, families=3, by=teacher)


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


def test_a_department_enters_what_it_saw(row, teacher):
    assert (row.department, row.matter, row.families, row.by, row.settled_on) == ("teaching", "lesson", 3, teacher, None)


@pytest.mark.parametrize(("department", "matter", "text", "field"), [
    ("kitchen", "lesson", "x", "department"),
    ("operations", "lesson", "x", "department"),
    ("teaching", "safety", "x", "matter"),
    ("teaching", "x", "x", "matter"),
    ("teaching", "lesson", "  ", "text"),
])
def test_what_is_not_sound_is_refused_at_its_field(row, head, department, matter, text, field):
    assert refused(enter, department, matter, text, on=DAY, by=head).field == field
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("department", sorted(MATTERS_OF))
def test_each_department_has_matters_of_its_own(row, head, department):
    found = enter(department, MATTERS_OF[department][0], "x", on=DAY, by=head)

    assert found.matter in MATTERS_OF[Department(department)]


def test_another_department_s_data_are_not_one_s_own_to_enter(row, agent, desk):
    for member in (agent, desk):
        with pytest.raises(Forbidden):
            enter("teaching", "lesson", "x", on=DAY, by=member)


def test_it_is_solved_and_opened_again(row, teacher, agent):
    solve(row, "加了户外活动", by=teacher, at=AT)
    assert (row.settled, row.settled_on, row.settled_by) == ("加了户外活动", DAY, teacher)
    assert refused(solve, row, "又一次", by=teacher, at=AT).code == "changed"

    unsolve(row, by=teacher)
    assert (row.settled, row.settled_on) == ("", None)
    assert refused(solve, row, " ", by=teacher, at=AT).field == "settled"
    with pytest.raises(Forbidden):
        solve(row, "x", by=agent, at=AT)


def test_only_who_entered_it_drops_it(row, teacher, head):
    with pytest.raises(Forbidden):
        drop(row, by=head)
    drop(row, by=teacher)
    assert not Finding.objects.exists()


# -- lists ---------------------------------------------------------------------------------------------------------------------------
def test_what_is_open_stands_first_and_old_settled_ones_are_not_of_this_period(row, teacher, head):
    old = enter("teaching", "course", "旧的没解决", on=DAY - 90 * ONE, by=teacher)
    done = enter("teaching", "course", "旧的解决了", on=DAY - 90 * ONE, by=teacher)
    new = enter("teaching", "course", "新的解决了", on=DAY, by=teacher)
    for one in (done, new):
        solve(one, "x", by=teacher, at=AT)

    assert list(findings(head, Period(DAY - 9 * ONE, DAY), "teaching")) == [row, old, new]
    assert list(findings(head, Period(DAY - 9 * ONE, DAY), "service")) == []


def test_another_campus_sees_what_is_about_everybody_and_not_what_is_about_here(row, teacher, elsewhere):
    enter("teaching", "lesson", "只是本部", on=DAY, campus=Campus.objects.get(code="main"), by=teacher)

    assert list(findings(elsewhere, Period(DAY, DAY), "teaching")) == [row]
    assert len(findings(teacher, Period(DAY, DAY, Campus.objects.get(code="main")), "teaching")) == 1


# -- the week ------------------------------------------------------------------------------------------------------------------------
def test_a_week_is_confirmed_once_by_each_department(row, teacher, head):
    made = confirm("teaching", "都写了", by=teacher, at=AT)

    assert (made.week_on, made.note) == (MONDAY, "都写了")
    assert confirmed(MONDAY) == {"teaching": made}
    assert [str(one) for one in missing(MONDAY)] == ["marketing", "service", "admin"]
    assert refused(confirm, "teaching", by=head, at=AT).code == "changed"
    assert Confirmation.objects.count() == 1


def test_the_next_week_is_to_be_confirmed_anew(row, teacher):
    confirm("teaching", by=teacher, at=AT)

    assert confirm("teaching", by=teacher, at=AT + timedelta(days=7)).week_on == MONDAY + timedelta(days=7)


def test_on_friday_who_has_not_confirmed_is_told_once(row, teacher, agent, office, desk, elsewhere, marketing):
    confirm("service", by=agent, at=AT)
    for _night in range(2):
        remind(DAY, at=AT)

    assert {message.member for message in Message.objects.all()} == {teacher, elsewhere, office, marketing}
    assert Message.objects.get(member=office).title == "请确认行政部门本周的数据真实、完整"


@pytest.mark.parametrize("days", [-4, -1, 1, 2])
def test_on_other_days_nobody_is_told(row, days):
    remind(DAY + timedelta(days=days), at=AT)

    assert not Message.objects.exists()


def test_what_was_told_is_settled_with_the_confirmation(row, teacher, elsewhere):
    remind(DAY, at=AT)
    confirm("teaching", by=teacher, at=AT)

    assert not Message.objects.filter(member__in=[teacher, elsewhere], read_at=None).exists()

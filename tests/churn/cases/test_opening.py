"""Cases open by rule and by hand, once for each leaving, and natural leaving is told apart as it is opened."""
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from churn.cases.opening import LOOK_BACK, SETTLE, open_by_hand, open_by_rule
from churn.models import ChurnCase
from churn.risk.facts import school_days
from crm.duplicates import merge, undo
from crm.models import Attendance, Child, Customer, Enrolment, LessonPackage
from crm.opening import calendar_for
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.cases.conftest import child_of, leave, opened
from tests.churn.conftest import AT, DAY, ONE, home, night
from tests.churn.risk.test_queries import holds
from tests.conftest import make_member, make_school


def found(day=DAY) -> list[tuple]:
    open_by_rule(day)
    return list(ChurnCase.objects.order_by("pk").values_list("trigger", "state", "natural"))


# -- 退园 ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("outcome", "state", "natural"), [
    ("withdrew", "open", ""),
    ("transferred", "open", ""),
    ("completed", "open", ""),
    ("", "open", ""),
    ("graduated", "natural", "graduated"),
    ("aged_out", "natural", "aged_out"),
    ("moved", "natural", "moved"),
    ("policy", "natural", "policy"),
    ("campus", "natural", "campus"),
])
def test_who_leaves_has_a_case_and_a_natural_leaving_is_closed_at_once(miao, outcome, state, natural):
    leave(home(1), DAY - ONE, outcome)

    assert found() == [("withdrawal", state, natural)]


@pytest.mark.parametrize(("ago", "cases"), [
    (0, 1),
    (59, 1),
    (60, 0),
    (-1, 0),
])
def test_a_leaving_that_was_entered_late_is_still_found(miao, ago, cases):
    leave(home(1), DAY - ago * ONE)

    assert timedelta(days=60) == LOOK_BACK and len(found()) == cases


def test_a_second_night_opens_nothing_more_nor_does_a_closed_case_open_again(miao):
    leave(home(1), DAY - ONE)
    open_by_rule(DAY)
    ChurnCase.objects.update(state="lost", closed_on=DAY)

    assert open_by_rule(DAY) == open_by_rule(DAY + ONE) == 0 and ChurnCase.objects.count() == 1


def test_the_case_copies_what_was_known(miao):
    family = leave(home(1), DAY - ONE)
    Customer.objects.filter(pk=family.pk).update(owner=miao.head)
    for yuan, on in ((1000, DAY), (500, DAY - 364 * ONE), (700, DAY - 365 * ONE), (-200, DAY - 5 * ONE)):
        makers.payment(family, yuan, on)
    open_by_rule(DAY)
    case = ChurnCase.objects.get()

    assert (case.revenue_fen, case.left_on, case.owner, case.campus, case.by) == (130000, DAY - ONE, miao.head,
            family.campus, None)
    assert Entry.objects.filter(verb="churn.case_opened").count() == 1


@pytest.mark.parametrize(("first", "last"), [
    (DAY - ONE, None),
    (DAY, None),
    (DAY - 3 * ONE, DAY + 9 * ONE),
])
def test_who_goes_on_elsewhere_in_the_school_has_not_left(miao, first, last):
    family = leave(home(1), DAY - 2 * ONE)
    west = Campus.objects.create(code="west", name="西园")
    Enrolment.objects.create(child=child_of(family), campus=west, from_on=first, until_on=last)

    assert found() == []


def test_a_class_that_was_promoted_has_not_left(miao):
    leave(home(1), DAY - ONE, "promoted")

    assert found() == []


def test_of_two_children_each_has_its_own_case(miao):
    family = home(1)
    Enrolment.objects.create(child=Child.objects.create(family=family.family, name="周小树"), campus=family.campus,
            from_on=DAY - 90 * ONE)
    leave(family, DAY - ONE)

    assert found() == [("withdrawal", "open", "")] * 2


@pytest.mark.parametrize("field", ["deleted_at", "erased_at"])
def test_who_is_gone_from_the_archive_has_no_case(miao, field):
    family = leave(home(1), DAY - ONE)
    Customer.objects.filter(pk=family.pk).update(**{field: AT})

    assert found() == []


def test_an_open_case_learns_of_the_leaving_instead_of_a_second_one(miao, on_the_day):
    family = home(1)
    case = opened(family, miao.head)
    leave(family, DAY - ONE)

    assert found() == [("by_hand", "open", "")]
    case.refresh_from_db()
    assert case.left_on == DAY - ONE and case.enrolment is not None


def test_a_second_child_that_leaves_has_a_case_of_its_own_beside_the_familys(miao, on_the_day):
    family = home(1)
    Enrolment.objects.create(child=Child.objects.create(family=family.family, name="周小树"), campus=family.campus,
            from_on=DAY - 90 * ONE)
    case = opened(family, miao.head)
    leave(family, DAY - ONE)

    nights = [open_by_rule(DAY), open_by_rule(DAY), open_by_rule(DAY + ONE)]

    case.refresh_from_db()
    assert nights == [1, 0, 0] and ChurnCase.objects.count() == 2
    assert set(ChurnCase.objects.values_list("enrolment", flat=True)) == set(Enrolment.objects.values_list("pk", flat=True))


def test_merged_families_bring_their_cases_and_one_of_two_of_the_family_goes_on(miao, on_the_day):
    kept, dropped = home(1), home(2)
    ours, theirs = opened(kept, miao.head), opened(dropped, miao.head)
    ChurnCase.objects.filter(pk=theirs.pk).update(state="kept", closed_on=DAY)
    childs = opened(dropped, miao.head, child=child_of(dropped))
    again = ChurnCase.objects.create(customer=dropped, campus=dropped.campus, trigger="by_hand", opened_on=DAY)

    made = merge(kept, dropped, take=[], by=miao.head, at=AT)

    assert {row.pk for row in ChurnCase.objects.filter(customer=kept)} == {ours.pk, theirs.pk, childs.pk}
    undo(made, by=miao.head, at=AT)
    assert {row.pk for row in ChurnCase.objects.filter(customer=dropped)} == {theirs.pk, childs.pk, again.pk}


def test_what_an_open_case_has_learnt_of_opens_no_second_one_once_it_is_closed(miao, on_the_day):
    case = opened(home(1), miao.head)
    leave(case.customer, DAY - ONE)
    open_by_rule(DAY)
    ChurnCase.objects.update(state="lost", closed_on=DAY)

    assert (open_by_rule(DAY), open_by_rule(DAY + 9 * ONE)) == (0, 0)


# -- 报名未上课 --------------------------------------------------------------------------------------------------------------------
def enrolled(days: int, number: int = 1):
    return makers.family(f"孩{number}", f"138001380{number:02d}", since=DAY - days * ONE)


def marked(child, on, status="present"):
    Attendance.objects.create(child=child, day=on, status=status)


@pytest.mark.parametrize(("days", "status", "cases"), [
    (7, "absent", 1),
    (6, "absent", 0),
    (30, "leave", 1),
    (59, "absent", 1),
    (60, "absent", 0),
    (30, "present", 0),
])
def test_who_was_enrolled_and_never_came_has_a_case(miao, days, status, cases):
    family = enrolled(days)
    marked(child_of(family), DAY - 3 * ONE, status)

    assert timedelta(days=7) == SETTLE
    assert [trigger for trigger, *_rest in found()] == ["no_show"] * cases


def test_where_nobody_marks_attendance_nobody_is_missed(miao):
    enrolled(30)

    assert found() == []


def test_others_marks_at_the_campus_are_enough(miao):
    enrolled(30)
    marked(child_of(home(2)), DAY - 3 * ONE)

    assert [trigger for trigger, *_rest in found()] == ["no_show"]


def test_who_has_been_here_before_is_no_new_child(miao):
    family = enrolled(30)
    Enrolment.objects.create(child=child_of(family), campus=family.campus, from_on=DAY - 400 * ONE,
            until_on=DAY - 200 * ONE)
    marked(child_of(home(2)), DAY - 3 * ONE)

    assert found() == []


# -- by signs ----------------------------------------------------------------------------------------------------------------------
def absent(customer, days: int):
    for place, day in enumerate(school_days(calendar_for(), DAY)[:15]):
        marked(child_of(customer), day, "absent" if place < days else "present")


@pytest.mark.parametrize(("days", "cases"), [
    (9, []),
    (10, ["absence"]),
    (15, ["absence"]),
])
def test_ten_school_days_missed_in_a_row_open_a_case(miao, days, cases):
    absent(home(1), days)
    night()

    assert [trigger for trigger, *_rest in found()] == cases


@pytest.mark.parametrize(("label", "times", "cases"), [
    ("D", 1, ["transfer"]),
    ("D", 0, []),
    ("C", 1, []),
    ("", 1, []),
])
def test_the_lowest_tier_that_speaks_of_leaving_opens_a_case(miao, label, times, cases):
    family = home(1, transfer=times)
    if label:
        holds(family, label)
    night()

    assert [trigger for trigger, *_rest in found()] == cases


@pytest.mark.parametrize(("used", "cases"), [
    (20, ["lapsed"]),
    (19, []),
    (10, []),
])
def test_lessons_that_are_used_up_open_a_case(miao, used, cases):
    family = home(1)
    LessonPackage.objects.create(customer=family, course="美术", bought_on=DAY - 90 * ONE, bought=20, used=used)
    night()

    assert [trigger for trigger, *_rest in found()] == cases


def test_one_case_for_all_signs_of_a_family(miao):
    family = holds(home(1, transfer=2), "D")
    absent(family, 12)
    night()

    assert found() == [("absence", "open", "")]


@pytest.mark.parametrize(("closed_ago", "cases"), [
    (0, 1),
    (59, 1),
    (60, 2),
])
def test_a_case_that_was_closed_is_not_opened_again_for_the_same_reason_within_two_months(miao, closed_ago, cases):
    absent(home(1), 12)
    night()
    open_by_rule(DAY)
    ChurnCase.objects.update(state="mistaken", closed_on=DAY - closed_ago * ONE, opened_on=DAY - closed_ago * ONE)

    assert len(found()) == cases


def test_statements_do_not_grow_with_the_leavers_that_have_a_case(miao):
    counts = []
    for start, end in ((1, 4), (4, 30)):
        for number in range(start, end):
            leave(home(number), DAY - ONE)
        open_by_rule(DAY)
        with CaptureQueriesContext(connection) as asked:
            assert open_by_rule(DAY) == 0
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_another_schools_leavers_have_no_case_here(school):
    other = make_school("qi")
    with tenant_scope(other):
        leave(home(1), DAY - ONE)
    with tenant_scope(school):
        assert found() == []


# -- by hand -----------------------------------------------------------------------------------------------------------------------
def test_somebody_opens_a_case_of_a_child_with_its_enrolment(teacher, miao, on_the_day):
    family = home(1)

    case = open_by_hand(family, child_of(family), note=" 爷爷说要转走 ", owner=miao.head, by=teacher, at=AT)

    assert (case.trigger, case.note, case.owner, case.by, case.opened_on) == ("by_hand", "爷爷说要转走", miao.head,
            teacher, DAY)
    assert case.enrolment == Enrolment.objects.get() and case.state == "open"


@pytest.mark.parametrize("second", ["the same child", "the family"])
def test_a_child_with_an_open_case_has_no_second_one(miao, on_the_day, second):
    family = home(1)
    opened(family, miao.head, child=child_of(family))

    with pytest.raises(Refused) as refusal:
        opened(family, miao.head, child=child_of(family) if second == "the same child" else None)
    assert refusal.value.code == "open_already" and ChurnCase.objects.count() == 1


def test_the_other_child_of_a_family_may_have_its_own(miao, on_the_day):
    family = home(1)
    other = Child.objects.create(family=family.family, name="周小树")
    opened(family, miao.head, child=family.family.children.exclude(pk=other.pk).get())

    assert opened(family, miao.head, child=other).child == other


def test_a_case_needs_its_ground_and_the_familys_own_child(miao, on_the_day):
    family, other = home(1), home(2)
    for note, child, field in (("  ", None, "note"), ("x", child_of(other), "child")):
        with pytest.raises(Refused) as refusal:
            opened(family, miao.head, note=note, child=child)
        assert refusal.value.field == field


def test_who_only_inspects_opens_nothing(school, on_the_day):
    inspector = make_member(school, "inspector")
    with tenant_scope(school), pytest.raises(Forbidden):
        opened(home(1), inspector)


def test_two_who_open_at_once_leave_one(miao, on_the_day, monkeypatch):
    family = home(1)
    opened(family, miao.head)
    monkeypatch.setattr("churn.cases.opening._the_same", lambda *_: Q(pk=None))

    with pytest.raises(Refused) as refusal:
        opened(family, miao.head)
    assert refusal.value.code == "open_already"

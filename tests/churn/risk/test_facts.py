"""The signs of leaving are gathered as a set, by their own dates, in the units the judge takes."""
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churn.risk.facts import LOOK_BACK, gather, parameters, school_days
from churn.risk.rules import SIGNS
from crm.models import Attendance, Child, Customer, Enrolment, EntryKind, LessonPackage, Satisfaction, SpecialDays, Survey, SurveyResponse
from crm.opening import calendar_for, work_calendar
from tenancy.scope import NoTenant, tenant_scope
from tests import makers
from tests.conftest import make_school

DAY = date(2026, 11, 20)  # a Friday
ONE = timedelta(days=1)


@pytest.fixture
def family(miao) -> Customer:
    return makers.family(since=date(2025, 9, 1))


def signs(customer, day=DAY, today=DAY):
    return dict(zip(SIGNS, next(gather(day, today=today, only=[customer.pk])).facts, strict=True))


def present(day=DAY, today=DAY) -> list[int]:
    return [known.customer for known in gather(day, today=today)]


def attend(child, statuses: str, until=DAY):
    """P, A, L for the last school days, the latest last."""
    days = school_days(calendar_for(), until)
    for day, sign in zip(reversed(days[:len(statuses)]), statuses, strict=True):
        Attendance.objects.create(child=child, day=day, status={"P": "present", "A": "absent", "L": "leave"}[sign])


def child_of(customer) -> Child:
    return customer.family.children.get()


# -- who is looked at ----------------------------------------------------------------------------------------------------------
def test_who_has_a_child_enrolled_on_the_day_is_with_the_school(miao, family):
    left, to_come, prospect = (makers.family(f"孩{n}", f"1380013800{n}", enrolled=False) for n in range(3))
    for customer, start, end in ((left, date(2025, 9, 1), DAY - ONE), (to_come, DAY + ONE, None)):
        Enrolment.objects.create(child=child_of(customer), campus=customer.campus, from_on=start, until_on=end)

    assert present() == [family.pk] and prospect.pk not in present()
    assert present(DAY - ONE) == sorted([family.pk, left.pk])
    assert present(DAY + ONE) == sorted([family.pk, to_come.pk])


def test_who_has_paid_and_never_had_a_child_enrolled_is_with_the_school_too(miao):
    payer, left = makers.family("甲", "13800138001", enrolled=False), makers.family("乙", "13800138002", enrolled=False)
    Enrolment.objects.create(child=child_of(left), campus=left.campus, from_on=date(2025, 9, 1), until_on=date(2025, 12, 1))
    for customer in (payer, left):
        makers.payment(customer, 100, date(2025, 10, 1))

    assert present() == [payer.pk] and present(date(2025, 9, 30)) == [left.pk]


@pytest.mark.parametrize("field", ["deleted_at", "erased_at"])
def test_who_is_gone_from_the_archive_is_not_looked_at(miao, family, field):
    Customer.objects.filter(pk=family.pk).update(**{field: datetime(2026, 11, 1, tzinfo=UTC)})

    assert present() == []


def test_another_schools_families_are_never_seen(school):
    other = make_school("qi")
    with tenant_scope(school):
        mine = makers.family(since=date(2025, 9, 1))
        attend(child_of(mine), "PPPPP")
    with tenant_scope(other):
        theirs = makers.family(since=date(2025, 9, 1))
        seen = present()
    with tenant_scope(school):
        assert (present(), seen) == ([mine.pk], [theirs.pk])
    with pytest.raises(NoTenant):
        parameters(DAY, DAY, None)


# -- absence -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("statuses", "missed", "run"), [
    ("PPPPP", 0, 0),
    ("APPPP", 20, 0),
    ("PPPAA", 40, 2),
    ("PPALA", 60, 3),
    ("AAAAA", 100, 5),
    ("PPPAL" * 4, 40, 2),
    ("A" + "P" * 20, 0, 0),
    ("AAAA", None, None),
    ("", None, None),
])
def test_absence_is_told_of_the_last_twenty_school_days(miao, family, statuses, missed, run):
    attend(child_of(family), statuses[-20:])

    found = signs(family)

    assert (found["missed"], found["run"]) == (missed, run)


def test_holidays_and_breaks_are_no_absence(miao, family):
    SpecialDays.objects.create(calendar=work_calendar(), kind="break", name="放假", first=DAY - 3 * ONE, last=DAY)
    for n in range(4):
        Attendance.objects.create(child=child_of(family), day=DAY - n * ONE, status="leave")
    attend(child_of(family), "PPPPP", until=DAY - 4 * ONE)

    assert (signs(family)["missed"], signs(family)["run"]) == (0, 0)


def test_of_two_children_the_one_who_misses_more_speaks(miao, family):
    second = Child.objects.create(family=family.family, name="周小树")
    Enrolment.objects.create(child=second, campus=family.campus, from_on=date(2026, 9, 1))
    attend(family.family.children.first(), "PPPPP")
    attend(second, "PPPAA")

    assert (signs(family)["missed"], signs(family)["run"]) == (40, 2)


def test_two_courses_of_a_child_count_each_day_once(miao, family):
    Enrolment.objects.create(child=child_of(family), campus=family.campus, from_on=date(2026, 9, 1))
    attend(child_of(family), "PPPAA")

    assert (signs(family)["missed"], signs(family)["run"]) == (40, 2)


def test_school_days_go_back_from_the_day_and_are_twenty(miao):
    days = school_days(calendar_for(), DAY)

    assert (days[0], days[4], days[5], len(days)) == (DAY, DAY - 4 * ONE, DAY - 7 * ONE, 20)


def test_a_school_that_never_opens_has_none_and_is_not_searched_for_ever(miao):
    SpecialDays.objects.create(calendar=work_calendar(), kind="closure", name="停业", first=DAY - LOOK_BACK * ONE, last=DAY)

    assert school_days(calendar_for(), DAY) == []


# -- money ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("ago", "lapsed"), [
    ((90, 60, 30), 100),
    ((90, 60, 30, 0), 0),
    ((120, 90, 60), 200),
    ((400, 35, 5), 16),
    ((60, 30), None),
    ((30,), None),
    ((), None),
])
def test_a_payment_is_missed_by_the_familys_own_rhythm(miao, family, ago, lapsed):
    for days in ago:
        makers.payment(family, 2000, DAY - days * ONE)

    assert signs(family)["lapsed"] == lapsed


def test_refunds_second_payments_of_a_day_and_what_is_yet_to_be_paid_make_no_rhythm(miao, family):
    for yuan, days in ((2000, 90), (500, 90), (2000, 60), (2000, 30), (-2000, 10), (2000, -1)):
        makers.payment(family, yuan, DAY - days * ONE)

    assert signs(family)["lapsed"] == 100


# -- what happened ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [EntryKind.CONTACT, EntryKind.CONSULTATION, EntryKind.VISIT, EntryKind.EVENT,
        EntryKind.SURVEY])
def test_silence_lasts_since_the_last_contact(miao, family, kind):
    makers.entry(family, kind, DAY - 50 * ONE)
    makers.entry(family, EntryKind.NOTE, DAY - 5 * ONE)
    makers.entry(family, kind, DAY + ONE)

    assert signs(family)["silent"] == 50


def test_who_was_never_spoken_to_has_been_silent_since_the_beginning(miao, family):
    assert signs(family)["silent"] == (DAY - date(2025, 9, 1)).days


@pytest.mark.parametrize(("kind", "sign", "window"), [
    (EntryKind.PROMISE_BROKEN, "broken", 180),
    (EntryKind.COMPLAINT, "complaints", 180),
    (EntryKind.TRANSFER_SIGNAL, "transfer", 90),
])
def test_what_counts_counts_for_its_window(miao, family, kind, sign, window):
    for day in (DAY - window * ONE, DAY - (window - 1) * ONE, DAY, DAY + ONE):
        makers.entry(family, kind, day)

    assert signs(family)[sign] == 2


def test_the_latest_satisfaction_of_a_year_speaks(miao, family):
    def rated(day, score):
        Satisfaction.objects.create(customer=family, answered_on=day, score=score)
    rated(DAY - 365 * ONE, 1)
    none = signs(family)["satisfaction"]
    rated(DAY - 364 * ONE, 2)
    old = signs(family)["satisfaction"]
    rated(DAY, 4), rated(DAY + ONE, 5)

    assert (none, old, signs(family)["satisfaction"]) == (None, 200, 400)


def asked(customer, at, answered=None):
    version = Survey.objects.first().versions.first()
    return SurveyResponse.objects.create(
        version=version, customer=customer, campus=customer.campus, key=f"k{SurveyResponse.objects.count()}", asked_at=at,
        until=at + 90 * ONE, token_hash="", answered_at=answered, state="answered" if answered else "open")


def test_a_survey_is_unanswered_from_a_week_on_and_for_ninety_days(miao, family):
    evening = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for days in (2, 6, 7, 30, 89, 90):
        asked(family, evening - days * ONE)
    asked(family, evening - 20 * ONE, answered=evening - 10 * ONE)
    asked(family, evening - 20 * ONE, answered=evening + 2 * ONE)  # answered later than the day that is asked about

    assert signs(family)["unanswered"] == 4


@pytest.mark.parametrize(("packages", "left"), [
    ([(20, 2, 10, None)], 12),
    ([(20, 0, 15, None), (10, 0, 10, None)], 5),
    ([(20, 0, 5, DAY - ONE)], 0),
    ([(20, 0, 5, DAY)], 15),
    ([], None),
])
def test_lessons_left_are_those_that_can_still_be_taken(miao, family, packages, left):
    for bought, gifted, used, expires in packages:
        LessonPackage.objects.create(customer=family, course="美术", bought_on=DAY - 90 * ONE, bought=bought,
                gifted=gifted, used=used,
                                     expires_on=expires)

    assert signs(family)["lessons"] == left


def test_of_a_day_gone_by_nobody_knows_how_many_lessons_were_left(miao, family):
    LessonPackage.objects.create(customer=family, course="美术", bought_on=date(2026, 1, 1), bought=20, used=18)

    assert signs(family, DAY, today=DAY + ONE)["lessons"] is None and signs(family)["lessons"] == 2


def test_tenure_counts_from_the_first_day_at_the_school(miao, family):
    payer = makers.family("甲", "13800138001", since=date(2026, 1, 1), enrolled=False)
    makers.payment(payer, 100, DAY - 9 * ONE)

    assert (signs(family)["tenure"], signs(payer)["tenure"]) == ((DAY - date(2025, 9, 1)).days + 1, 10)


# -- as a set --------------------------------------------------------------------------------------------------------------------
def test_signs_come_in_the_order_of_the_judge_and_the_same_for_one_as_for_all(miao):
    several = [makers.family(f"孩{n}", f"1380013800{n}", since=date(2025, 9, 1) + n * ONE) for n in range(4)]
    for n, customer in enumerate(several):
        makers.entry(customer, EntryKind.COMPLAINT, DAY - n * ONE)
        attend(child_of(customer), "PPPPA")

    together = {known.customer: known for known in gather(DAY, today=DAY)}

    assert sorted(together) == [customer.pk for customer in several]
    assert [next(gather(DAY, today=DAY, only=[pk])) for pk in together] == list(together.values())
    assert {len(known.facts) for known in together.values()} == {len(SIGNS)}


def test_many_families_cost_as_many_statements_as_one(miao):
    makers.family("孩", "13800138000")
    with CaptureQueriesContext(connection) as one:
        present()
    for n in range(5):
        makers.family(f"孩{n}", f"1380013810{n}")
    with CaptureQueriesContext(connection) as many:
        present()

    assert len(one) == len(many) <= 8

"""Rows about what happened: stays, attendance, packages, payments, the timeline; what each says of itself and refuses."""
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from crm.models import (
    NATURAL_OUTCOMES,
    Assessment,
    Attendance,
    Child,
    ClassGroup,
    Enrolment,
    IntentRating,
    LessonPackage,
    Outcome,
    Payment,
    Referral,
    TimelineEntry,
    WorkingGroup,
)
from tenancy.scope import tenant_scope
from tests import makers


@pytest.fixture
def miao(school):
    with tenant_scope(school):
        school.family = makers.family("周小满", since=date(2025, 9, 1))
        yield school


# -- stays ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("day", "there"), [(date(2025, 8, 31), False), (date(2025, 9, 1), True), (date(2026, 6, 30),
        True), (date(2026, 7, 1), False)])
def test_a_stay_holds_from_its_first_to_its_last_day(miao, day, there):
    Enrolment.objects.update(until_on=date(2026, 6, 30))

    assert Enrolment.objects.on(day).exists() is there


@pytest.mark.parametrize("day", [date(2025, 9, 1), date(2040, 1, 1)])
def test_a_stay_without_an_end_goes_on(miao, day):
    assert Enrolment.objects.on(day).exists()


def test_moving_on_is_natural_and_leaving_is_not():
    assert set(Outcome) - set(NATURAL_OUTCOMES) == {Outcome.PROMOTED, Outcome.TRANSFERRED, Outcome.WITHDREW,
            Outcome.COMPLETED}


def test_a_stay_says_from_when_to_when(miao):
    enrolment = Enrolment.objects.get()
    before = str(enrolment)
    enrolment.until_on = date(2026, 6, 30)

    assert (before, str(enrolment)) == ("2025-09-01 – ", "2025-09-01 – 2026-06-30")


@pytest.mark.parametrize(("model", "values"), [
    (Enrolment, {"from_on": date(2026, 9, 1), "until_on": date(2026, 8, 31)}), (LessonPackage,
            {"bought": 1, "gifted": 1, "used": 3}),
])
def test_the_database_refuses_what_cannot_be(miao, model, values):
    child = Child.objects.get()
    known = {"child": child, "campus": miao.family.campus} if model is Enrolment else {"customer": miao.family,
            "course": "钢琴", "bought_on": date(2026, 9, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**known, **values)


# -- attendance, classes, packages --------------------------------------------------------------------------------------------
def test_a_day_has_one_mark(miao):
    child = Child.objects.get()
    Attendance.objects.create(child=child, day=date(2026, 9, 1), status="leave")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(child=child, day=date(2026, 9, 1), status="absent")


def test_classes_of_one_name_may_stand_in_two_campuses(miao):
    other = miao.family.campus.__class__.objects.create(code="west", name="西园")
    for campus in (miao.family.campus, other):
        ClassGroup.objects.create(campus=campus, name="小一班")

    assert [str(group) for group in ClassGroup.objects.all()] == ["小一班", "小一班"]


@pytest.mark.parametrize(("bought", "gifted", "used", "left"), [(10, 0, 0, 10), (10, 2, 5, 7), (0, 1, 1, 0)])
def test_a_package_knows_what_is_left(bought, gifted, used, left):
    assert LessonPackage(tenant_id=1, course="钢琴", bought=bought, gifted=gifted, used=used).left == left


# -- money --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("yuan", "said"), [(1200, "2026-09-01 保教费 1,200.00 元"), (-30, "2026-09-01 保教费 -30.00 元")])
def test_a_payment_says_its_day_kind_and_amount(miao, yuan, said):
    assert str(makers.payment(miao.family, yuan, date(2026, 9, 1))) == said


def test_payments_stand_newest_first(miao):
    for day in (1, 3, 2):
        makers.payment(miao.family, day, date(2026, 9, day))

    assert [p.amount_fen for p in Payment.objects.all()] == [300, 200, 100]


# -- the timeline and ratings ---------------------------------------------------------------------------------------------------
def test_an_entry_says_its_day_and_kind(miao):
    assert str(makers.entry(miao.family, "visit", date(2026, 9, 1))) == "2026-09-01 到访"


def test_entries_stand_newest_first(miao):
    for day in (1, 3, 2):
        makers.entry(miao.family, on=date(2026, 9, day))

    assert [entry.day.day for entry in TimelineEntry.objects.all()] == [3, 2, 1]


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(miao, score):
    with pytest.raises(ValidationError) as slip:
        Assessment(customer=miao.family, about="credit", assessed_on=date(2026, 9, 1), score=score).full_clean()

    assert set(slip.value.message_dict) == {"score"}


@pytest.mark.parametrize("question", ["philosophy", "teaching", "co_education", "eagerness", "likelihood"])
def test_every_question_of_the_rating_is_one_to_five(miao, question):
    scores = dict.fromkeys(("philosophy", "teaching", "co_education", "eagerness", "likelihood"), 3) | {question: 6}
    with pytest.raises(ValidationError) as slip:
        IntentRating(customer=miao.family, rated_on=date(2026, 9, 1), evidence="x", by=None,
                **scores).full_clean(exclude=["by"])

    assert set(slip.value.message_dict) == {question}


def test_nobody_refers_themselves(miao):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(referrer=miao.family, referred=miao.family, referred_on=date(2026, 9, 1))


def test_a_referral_is_kept_once_a_day_and_number(miao):
    makers.referral(miao.family, date(2026, 9, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        makers.referral(miao.family, date(2026, 9, 1))


def test_a_working_group_is_called_by_its_name(miao):
    assert str(WorkingGroup.objects.create(kind="win_back", name="挽回小组")) == "挽回小组"

"""When a family is asked how it was: once it has left, some days after signing; its answer is the visit's last step."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.filing import file_lead
from crm.models import Survey, SurveyResponse
from crm.surveys import writing
from crm.surveys.asking import SEND, answer
from notifications.models import Outbox
from reception.booking import book
from reception.consumers import survey_answered
from reception.contracts.actions import sign, void
from reception.models import Booking, Visit, VisitType
from reception.registering import register
from reception.stages import Step
from reception.surveying import ask_after_visit, ask_missed, due, sheet_of
from reception.tasks import morning_one
from reception.visiting import Tap, leave, take_back, take_step
from reception.walkins import walk_in
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.crm.surveys.makers import given, visit_survey
from tests.reception.contracts.makers import contract, explained, signing, template
from tests.reception.makers import MONDAY, NOW, slot, wish

CAME = MONDAY
LEFT = CAME + timedelta(minutes=60)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def booking(liang, fang, miao) -> Booking:
    at = CAME - timedelta(days=3)
    told = wish(child_name="小满", child_data=True, language="en")
    made = book(slot(), told, cutoff=at, channel="online", at=at).booking
    file_lead(made.lead, title="预约 参观", at=at)
    Booking.objects.filter(pk=made.pk).update(host=liang)
    return again(made)


def again(row: Booking) -> Booking:
    return Booking.objects.select_related(
        "slot__type", "slot__campus", "lead__customer", "lead__child", "host"
    ).get(pk=row.pk)


def tap(row: Booking, to: str, seen: str, by, at: datetime) -> None:
    take_step(again(row), Tap(to, seen, at, f"{to}-{row.pk}-{at}"), by=by, now=at)


def go(row: Booking, by) -> None:
    tap(row, Step.ARRIVED, Step.BOOKED, by, CAME)
    tap(row, Step.LEFT, Step.ARRIVED, by, LEFT)


# -- after a visit ----------------------------------------------------------------------------------------------------------------
def test_who_has_left_is_asked_two_hours_later(booking, fang, liang):
    go(booking, fang)

    row = sheet_of(booking)
    assert (row.key, row.host, row.asked_at, row.state) == (
        f"visit-{booking.pk}",
        liang,
        LEFT + timedelta(hours=2),
        "open",
    )
    assert (row.customer, row.child, row.language) == (booking.lead.customer, booking.lead.child, "en")
    assert Outbox.objects.get(topic=SEND).due_at == row.asked_at


@pytest.mark.parametrize("days,asked", [(2, 1), (6, 1), (8, 2)])
def test_a_family_that_comes_twice_in_a_week_is_asked_once(booking, fang, days, asked):
    go(booking, fang)
    start = CAME + timedelta(days=days)
    second = book(slot(1, start), wish(), cutoff=CAME, channel="phone", at=CAME).booking
    file_lead(second.lead, title="预约 体验课", at=CAME)
    tap(second, Step.ARRIVED, Step.BOOKED, fang, start)
    tap(second, Step.LEFT, Step.ARRIVED, fang, start + timedelta(minutes=60))

    assert again(second).lead.customer == booking.lead.customer
    assert SurveyResponse.objects.count() == asked


def test_while_it_is_here_nobody_is_asked(booking, fang):
    tap(booking, Step.ARRIVED, Step.BOOKED, fang, CAME)
    tap(booking, Step.TOUR, Step.ARRIVED, fang, CAME + timedelta(minutes=10))

    assert sheet_of(booking) is None


def test_the_sheet_lies_ready_for_the_tablet_at_the_door(booking, fang):
    go(booking, fang)

    answer(sheet_of(booking), given(5), channel="face", by=fang, at=LEFT)

    assert sheet_of(booking).score == 5


def test_a_wrong_tap_takes_the_question_back(booking, fang):
    go(booking, fang)

    take_back(again(booking), seen=Step.LEFT, by=fang, now=NOW)

    assert sheet_of(booking) is None
    tap(booking, Step.LEFT, Step.ARRIVED, fang, LEFT + timedelta(minutes=30))
    assert sheet_of(booking).asked_at == LEFT + timedelta(minutes=150)


def test_who_leaves_for_a_reason_is_asked_too(booking, fang):
    tap(booking, Step.ARRIVED, Step.BOOKED, fang, CAME)
    leave(again(booking), "price", "", Tap(Step.LEFT, Step.ARRIVED, LEFT, "x"), by=fang, now=LEFT)

    assert sheet_of(booking).state == "open"


def test_a_school_that_asks_nobody_asks_nobody(booking, fang, miao):
    writing.switch(visit_survey(), on=False, by=miao.head)

    go(booking, fang)

    assert sheet_of(booking) is None


def test_whoever_was_not_filed_cannot_be_asked_yet_and_is_the_next_morning(fang, miao):
    row = walk_in(makers.campus(), VisitType.objects.get(code="tour"), by=fang, at=CAME, key="w1")
    tap(row, Step.LEFT, Step.ARRIVED, fang, LEFT)
    assert sheet_of(row) is None

    register(again(row), wish(7), by=fang, at=LEFT)

    assert ask_missed(at=LEFT + timedelta(hours=20)) == 1 and sheet_of(row).state == "open"
    assert ask_missed(at=LEFT + timedelta(hours=21)) == 0


def test_whoever_left_long_ago_is_not_asked_out_of_the_blue(booking, fang):
    go(booking, fang)
    SurveyResponse.objects.all().delete()

    assert ask_missed(at=LEFT + timedelta(days=4)) == 0
    assert ask_missed(at=LEFT + timedelta(days=2)) == 1


@pytest.mark.usefixtures("on_the_day")
def test_the_morning_of_reception_asks_who_was_missed(school, fang, booking):
    at = NOW - timedelta(hours=20)
    Booking.objects.filter(pk=booking.pk).update(starts_at=at)
    take_step(again(booking), Tap(Step.ARRIVED, Step.BOOKED, at, "a"), by=fang, now=at)
    take_step(again(booking), Tap(Step.LEFT, Step.ARRIVED, at, "l"), by=fang, now=at)
    SurveyResponse.objects.all().delete()
    assert ask_after_visit(again(booking), by=None, at=NOW) is not None


# -- the answer is the last step -----------------------------------------------------------------------------------------------
def test_an_answer_takes_the_last_step(booking, fang):
    go(booking, fang)
    row = answer(sheet_of(booking), given(4), channel="online", by=None, at=LEFT)

    survey_answered({"response": row.pk})

    visit = Visit.objects.get()
    assert visit.step == Step.FEEDBACK and visit.steps.get(step=Step.FEEDBACK).by is None


def test_delivered_twice_it_is_taken_once(booking, fang):
    go(booking, fang)
    row = answer(sheet_of(booking), given(4), channel="online", by=None, at=LEFT)

    for _ in range(2):
        survey_answered({"response": row.pk})

    assert Visit.objects.get().steps.filter(step=Step.FEEDBACK).count() == 1


def test_a_step_that_was_tapped_before_stays(booking, fang):
    go(booking, fang)
    tap(booking, Step.FEEDBACK, Step.LEFT, fang, LEFT)
    row = answer(sheet_of(booking), given(4), channel="online", by=None, at=LEFT)

    survey_answered({"response": row.pk})

    assert Visit.objects.get().steps.get(step=Step.FEEDBACK).by == fang


def test_who_left_for_a_reason_stays_where_they_left(booking, fang):
    tap(booking, Step.ARRIVED, Step.BOOKED, fang, CAME)
    leave(again(booking), "price", "", Tap(Step.LEFT, Step.ARRIVED, LEFT, "x"), by=fang, now=LEFT)
    row = answer(sheet_of(booking), given(4), channel="online", by=None, at=LEFT)

    survey_answered({"response": row.pk})

    assert Visit.objects.get().step == Step.LEFT


def test_answers_about_something_else_move_no_visit(deputy, booking, fang, miao):
    go(booking, fang)
    draft = explained(contract(template(miao.head, deputy), miao.head), miao.head)
    sign(draft, signing(), by=miao.head, at=NOW)
    row = SurveyResponse.objects.get(key__startswith="contract-")

    survey_answered({"response": row.pk})

    assert Visit.objects.get().step == Step.LEFT


# -- after signing ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def draft(deputy, miao):
    return explained(contract(template(miao.head, deputy), miao.head), miao.head)


def test_a_month_after_signing_a_family_is_asked_how_it_was(draft, miao):
    sign(draft, signing(), by=miao.head, at=NOW)

    row = SurveyResponse.objects.get()
    assert (row.key, row.version.survey.occasion) == (f"contract-{draft.pk}", "signed")
    assert row.asked_at == datetime(2026, 12, 20, 2, 0, tzinfo=UTC)  # ten in the morning, thirty days on


def test_a_contract_made_void_asks_nobody(draft, miao):
    kept = sign(draft, signing(), by=miao.head, at=NOW)

    void(kept, "写错了", by=miao.head, at=NOW)

    assert not SurveyResponse.objects.exists()


def test_a_renewal_is_not_a_first_month(draft, miao):
    first = sign(draft, signing(), by=miao.head, at=NOW)
    SurveyResponse.objects.all().delete()
    next_year = explained(contract(first.template, miao.head, first.customer), miao.head)
    type(next_year).objects.filter(pk=next_year.pk).update(renews=first)

    sign(next_year, signing(), by=miao.head, at=NOW)

    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    "at,days,when",
    [
        (datetime(2026, 11, 20, 2, 0, tzinfo=UTC), 0, datetime(2026, 11, 20, 4, 0, tzinfo=UTC)),
        (
            datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
            0,
            datetime(2026, 11, 21, 0, 0, tzinfo=UTC),
        ),  # ten at night is too late
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), 1, datetime(2026, 11, 21, 2, 0, tzinfo=UTC)),
        (
            datetime(2026, 11, 20, 17, 0, tzinfo=UTC),
            1,
            datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
        ),  # past midnight at the campus
        (datetime(2026, 11, 20, 2, 0, tzinfo=UTC), 30, datetime(2026, 12, 20, 2, 0, tzinfo=UTC)),
    ],
)
def test_when_a_survey_is_due(miao, at, days, when):
    assert due(at, days) == when


def test_the_morning_runs_for_a_school(school, head):
    morning_one(school.pk)

    with tenant_scope(school):
        assert Survey.objects.count() == 3 and not SurveyResponse.objects.exists()

"""Looking back: what became of those who were with the school on a past day, beside what was said of them then."""
from datetime import date, timedelta

import pytest

from audit.models import Entry
from churn.models import Backtest, WeightsVersion
from churn.risk.backtest import LEAST_DAYS, TOPIC, ask, seen, work_out
from crm.models import Child, Enrolment, Outcome
from notifications.models import Outbox
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import DAY, ONE, home
from tests.conftest import make_school

THEN = DAY - timedelta(days=90)


def fate(customer) -> tuple:
    return next(((one.fate, one.days) for one in seen(THEN, DAY)), None)


def leave(customer, on: date, outcome: str = Outcome.WITHDREW):
    Enrolment.objects.filter(child__family__customer=customer).update(until_on=on, outcome=outcome)


def again(customer, **span):
    Enrolment.objects.create(child=Child.objects.get(family__customer=customer), campus=customer.campus, **span)


# -- fates -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("outcome", "after", "expected"), [
    ("withdrew", 30, ("lost", 30)),
    ("transferred", 30, ("lost", 30)),
    ("completed", 30, ("lost", 30)),
    ("withdrew", 0, ("lost", 0)),
    ("withdrew", 89, ("lost", 89)),
    ("withdrew", 90, ("stayed", None)),
    ("withdrew", 120, ("stayed", None)),
    ("graduated", 30, ("natural", 30)),
    ("aged_out", 30, ("natural", 30)),
    ("moved", 30, ("natural", 30)),
    ("policy", 30, ("natural", 30)),
    ("campus", 30, ("natural", 30)),
    ("", 30, ("unsaid", 30)),
    ("promoted", 30, ("unsaid", 30)),
])
def test_how_an_enrolment_ended_is_what_became_of_the_family(miao, outcome, after, expected):
    leave(home(1), THEN + after * ONE, outcome)

    assert fate(None) == expected


def test_who_never_left_stayed(miao):
    home(1)

    assert fate(None) == ("stayed", None)


def test_who_came_back_in_time_stayed_and_who_left_again_is_lost_on_the_last_day(miao):
    family = home(1)
    leave(family, THEN + 10 * ONE)
    again(family, from_on=THEN + 20 * ONE)
    assert fate(family) == ("stayed", None)

    Enrolment.objects.filter(until_on=None).update(until_on=THEN + 50 * ONE, outcome=Outcome.MOVED)
    assert fate(family) == ("lost", 50)


def test_what_ended_before_the_day_does_not_speak(miao):
    family = home(1)
    leave(family, THEN - 10 * ONE)
    again(family, from_on=THEN - 5 * ONE, until_on=THEN + 5 * ONE, outcome=Outcome.GRADUATED)

    assert fate(family) == ("natural", 5)


def test_a_class_changed_is_no_leaving(miao):
    family = home(1)
    leave(family, THEN + 10 * ONE, Outcome.PROMOTED)
    again(family, from_on=THEN + 11 * ONE)

    assert fate(family) == ("stayed", None)


@pytest.mark.parametrize(("paid", "amount", "expected"), [
    ((1,), 100, "stayed"),
    ((90,), 100, "stayed"),
    ((91,), 100, "lost"),
    ((), 100, "lost"),
    ((30,), -100, "lost"),
])
def test_who_only_pays_stays_while_they_pay(miao, paid, amount, expected):
    payer = makers.family(enrolled=False, since=date(2025, 9, 1))
    makers.payment(payer, 100, THEN - 30 * ONE)
    for after in paid:
        makers.payment(payer, amount, THEN + after * ONE)

    assert fate(payer) == (expected, None)


def test_who_was_not_with_the_school_on_the_day_is_not_looked_at(miao):
    makers.family(since=THEN + ONE)
    leave(home(2), THEN - ONE)

    assert list(seen(THEN, DAY)) == []


def test_the_warning_knows_only_what_was_known_then(miao):
    family = home(1)
    makers.entry(family, "contact", THEN - ONE)
    makers.entry(family, "transfer_signal", THEN - ONE)
    for _n in range(3):
        makers.entry(family, "transfer_signal", THEN + ONE)

    assert [one.band for one in seen(THEN, DAY)] == ["watch"]


# -- asking ----------------------------------------------------------------------------------------------------------------------
def asked(miao, now, as_of=THEN, until=DAY):
    return ask(as_of, until, by=miao.head, today=DAY, at=now)


def test_what_is_asked_is_worked_out_by_the_worker_and_recorded(miao, now):
    leave(home(1, day=THEN, transfer=2), THEN + 20 * ONE)
    home(2)
    row = asked(miao, now)
    outbox = Outbox.objects.get(topic=TOPIC)

    work_out(outbox.payload)

    row.refresh_from_db()
    assert (row.state, row.figures["n"], row.figures["lost"], row.figures["bands"]["high"],
            row.figures["lead"]) == ("done", 2, 1, [1, 1], 20)
    assert Entry.objects.filter(verb="churn.backtest_asked", actor=miao.head).count() == 1
    assert row.done_at is not None


def test_the_rules_that_were_used_are_named(miao, now):
    row = asked(miao, now)
    WeightsVersion.objects.create(number=1, steps={}, watch=10, high=20)

    work_out({"backtest": row.pk})

    row.refresh_from_db()
    assert row.weights == 1


def test_the_same_question_on_the_same_day_is_the_same_row(miao, now):
    assert asked(miao, now).pk == asked(miao, now).pk
    assert Outbox.objects.filter(topic=TOPIC).count() == 1
    WeightsVersion.objects.create(number=1, steps={}, watch=10, high=20)
    assert asked(miao, now).weights == 1 and Backtest.objects.count() == 2


@pytest.mark.parametrize(("as_of", "until", "field"), [
    (THEN, DAY + ONE, "until"),
    (DAY - (LEAST_DAYS - 1) * ONE, DAY, "until"),
    (DAY, DAY, "until"),
    (DAY, THEN, "until"),
    (date(1989, 12, 31), DAY, "as_of"),
])
def test_days_that_tell_nothing_are_refused_at_their_field(miao, now, as_of, until, field):
    with pytest.raises(Refused) as refusal:
        asked(miao, now, as_of, until)

    assert refusal.value.field == field and not Backtest.objects.exists()


def test_the_shortest_look_ahead_is_four_weeks(miao, now):
    assert asked(miao, now, DAY - LEAST_DAYS * ONE).pk


def test_the_front_desk_asks_nothing(miao, now, school):
    miao.head.role = "frontdesk"

    with pytest.raises(Forbidden):
        asked(miao, now)


def test_another_schools_leavers_are_not_counted(school):
    other = make_school("qi")
    with tenant_scope(other):
        leave(home(1), THEN + ONE)
    with tenant_scope(school):
        assert list(seen(THEN, DAY)) == []

"""变化通知的账: what families are to hear follows from their plans of the day, once, and is gone when the change is undone."""
from dataclasses import replace
from datetime import timedelta

import pytest

from crm.models import Customer
from service_levels import nightly
from service_levels.models import Entitlement, PlanVersion, ServiceNotice
from service_levels.notices import noting
from service_levels.plans.book import Line, Section, as_data
from service_levels.plans.presets import A_LINES, B_LINES, KINDERGARTEN
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.service_levels.conftest import at_risk, derive, family, rated

ONE = timedelta(days=1)
TOMORROW = DAY + ONE
OF_A, OF_B = ([line.text for line in lines if line.told] for lines in (A_LINES, B_LINES))


@pytest.fixture
def inside(school, head, on_the_day):
    with tenant_scope(school):
        yield school


@pytest.fixture
def home(inside):
    """A family of tier B since the day."""
    customer = family(1, "B", "low")
    derive()
    return customer


def to_tell(customer) -> dict[str, list[str]]:
    """By kind what waits to be told."""
    return {row.kind: row.lines for row in ServiceNotice.objects.waiting().filter(customer=customer)}


def moved(customer, label: str, day=TOMORROW, band: str = "") -> int:
    """The family holds another tier from a day on, and the night has looked at it."""
    rated(customer, label, since=day)
    if band:
        at_risk(customer, band, since=day)
    derive(day)
    return noting.note(day)


# -- what is to be told --------------------------------------------------------------------------------------------------------------
def test_who_is_new_to_the_school_is_told_of_no_change(home):
    assert noting.note(DAY) == 0 and to_tell(home) == {}


def test_another_plan_is_what_came_and_what_went(home):
    assert moved(home, "A") == 2

    assert to_tell(home) == {"more": OF_A, "less": OF_B}


def test_more_risk_adds_and_takes_nothing_that_was_there(inside):
    customer = family(1, "A", "low")
    derive()

    moved(customer, "A", band="high")

    assert list(to_tell(customer)) == ["more"] and not set(OF_A) & set(to_tell(customer)["more"])


def test_a_tier_without_another_plan_is_no_news(inside):
    customer = family(1, "", "low")
    derive()

    assert moved(customer, "B") == 0 and to_tell(customer) == {}


def test_only_what_a_family_may_know_of_is_told(home):
    moved(home, "A")

    hidden = {line.text for line in A_LINES if not line.told}
    assert hidden and not hidden & set(to_tell(home)["more"])


def test_a_plan_that_promises_more_tells_everybody_it_serves(home):
    version = PlanVersion.objects.get()
    plans = tuple(replace(plan, lines=(*plan.lines, Line(Section.EVENT, "摄影课", told=True))) if plan.code == "quality" else plan
                  for plan in KINDERGARTEN.plans)
    PlanVersion.objects.update(state="retired")
    PlanVersion.objects.create(scheme=version.scheme, number=2, state="in_force", book=as_data(replace(KINDERGARTEN, plans=plans)))
    derive(TOMORROW)

    assert noting.note(TOMORROW) == 1 and to_tell(home) == {"more": ["摄影课"]}


# -- once, and from where it began ---------------------------------------------------------------------------------------------------
def test_a_second_run_changes_nothing(home):
    moved(home, "A")
    before = list(ServiceNotice.objects.order_by("id").values())

    noting.note(TOMORROW)

    assert list(ServiceNotice.objects.order_by("id").values()) == before


def test_what_comes_and_goes_before_it_was_told_is_never_told(home):
    moved(home, "A")

    moved(home, "B", TOMORROW + ONE)

    assert to_tell(home) == {}


def test_the_same_day_there_and_back_is_nothing(home):
    moved(home, "A")
    rated(home, "B", since=TOMORROW)
    derive(TOMORROW)
    noting.note(TOMORROW)

    assert to_tell(home) == {}


def test_two_changes_before_a_word_are_one_change(home):
    moved(home, "C")
    moved(home, "A", TOMORROW + ONE)

    row = ServiceNotice.objects.waiting().get(kind="more")
    assert (row.had, row.lines, row.on, row.plan) == (OF_B, OF_A, TOMORROW + ONE, "dedicated")
    assert ServiceNotice.objects.count() == 2


def test_after_a_word_the_next_change_begins_anew(home):
    moved(home, "A")
    ServiceNotice.objects.update(state="sent")

    moved(home, "B", TOMORROW + ONE)

    assert to_tell(home) == {"more": OF_B, "less": OF_A}


def test_a_plan_that_changes_once_more_on_the_day_of_the_word_is_measured_from_the_word(home):
    moved(home, "A")
    ServiceNotice.objects.update(state="told")
    noting.note(TOMORROW)

    assert to_tell(home) == {}, "the night looks again and tells nothing twice"


def test_what_was_said_of_one_kind_leaves_the_other_waiting(home):
    moved(home, "A")
    ServiceNotice.objects.filter(kind="more").update(state="sent")

    moved(home, "B", TOMORROW + ONE)

    assert to_tell(home) == {"more": OF_B}, "what went came back, and was never said to have gone"


# -- whoever is gone -----------------------------------------------------------------------------------------------------------------
def test_who_is_not_with_the_school_any_more_is_told_nothing(home):
    moved(home, "A")
    Customer.objects.filter(pk=home.pk).update(deleted_at=AT)
    derive(TOMORROW + ONE)

    noting.note(TOMORROW + ONE)

    assert ServiceNotice.objects.waiting().count() == 0


def test_the_night_writes_them(home):
    rated(home, "A", since=TOMORROW)

    nightly.derive(TOMORROW, at=AT)

    assert to_tell(home) == {"more": OF_A, "less": OF_B}


def test_of_two_families_that_are_one_the_survivors_go_on(home):
    other = family(2, "B", "low")
    derive()
    for customer in (home, other):
        rated(customer, "A", since=TOMORROW)
    derive(TOMORROW)
    noting.note(TOMORROW)
    ServiceNotice.objects.filter(customer=home, kind="less").delete()

    stays = ServiceNotice.objects.filter(noting.stays_when_merged(home.pk), customer=other)

    assert [row.kind for row in stays] == ["more"]


def test_many_families_take_as_many_statements_as_few(home, django_assert_num_queries):
    for number in range(2, 12):
        family(number, "B", "low")
    derive()
    for customer in Customer.objects.all():
        rated(customer, "A", since=TOMORROW)
    derive(TOMORROW)

    with django_assert_num_queries(9):
        assert noting.note(TOMORROW) == 22
    assert Entitlement.objects.now().count() == 11

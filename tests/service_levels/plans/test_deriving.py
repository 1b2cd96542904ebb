"""应享服务重算: by tier and risk of today, history kept, nothing done twice, owners told how many of theirs."""
from dataclasses import replace

import pytest

from churn.models import RiskStanding
from crm.models import Customer, CustomerType
from notifications.models import Message
from service_levels.models import Entitlement, PlanVersion
from service_levels.plans.book import as_data
from service_levels.plans.presets import KINDERGARTEN
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import AT, DAY, ONE, at_risk, derive, family, plan_of, rated
from tiering.models import Scheme, Standing


@pytest.mark.parametrize(("label", "band", "plan"), [
    ("A", "low", "dedicated"),
    ("A", "watch", "dedicated"),
    ("A", "high", "hold"),
    ("B", "low", "quality"),
    ("B", "high", "win-back"),
    ("C", "watch", "closer"),
    ("D", "low", "win-back"),
    ("D", "high", "win-back"),
    ("", "low", "quality"),
    ("", "high", "win-back"),
])
def test_tier_and_risk_name_the_plan(miao, label, band, plan):
    customer = family(1, label, band)
    derive()

    row = Entitlement.objects.get()
    assert (row.customer, row.plan, row.label, row.band, row.from_on, row.until_on) == (customer, plan, label, band, DAY, None)


def test_a_rated_family_of_whom_no_risk_is_known_counts_as_calm(miao):
    customer = family(1, "A")
    derive()

    assert (plan_of(customer), Entitlement.objects.get().band) == ("dedicated", "low")


def test_who_is_neither_rated_nor_with_the_school_is_owed_nothing(miao):
    family(1, enrolled=False)

    assert derive() == 0
    assert not Entitlement.objects.exists()


def test_a_second_run_changes_nothing(miao):
    family(1, "A", "low")
    family(2, "B", "high")

    assert (derive(), derive(), derive(DAY + ONE)) == (2, 0, 0)
    assert Entitlement.objects.count() == 2


def test_a_change_keeps_what_was_before(miao):
    customer = family(1, "B", "low")
    derive()
    at_risk(customer, "high", since=DAY + ONE)

    assert derive(DAY + 3 * ONE) == 1
    rows = Entitlement.objects.order_by("from_on").values_list("plan", "from_on", "until_on")
    assert list(rows) == [("quality", DAY, DAY + 3 * ONE), ("win-back", DAY + 3 * ONE, None)]


def test_a_change_on_the_same_day_leaves_one_row(miao):
    customer = family(1, "B", "low")
    derive()
    at_risk(customer, "high")
    derive()

    assert Entitlement.objects.get().plan == "win-back"


def test_another_tier_with_the_same_plan_is_kept_as_its_reason(miao):
    customer = family(1, "A", "low")
    derive()
    at_risk(customer, "watch", since=DAY + ONE)
    derive(DAY + ONE)

    rows = Entitlement.objects.order_by("from_on").values_list("plan", "band")
    assert list(rows) == [("dedicated", "low"), ("dedicated", "watch")]


def test_who_left_is_owed_nothing_from_then_on(miao):
    customer = family(1, "A", "low")
    derive()
    for model in (Standing, RiskStanding):
        model.objects.now().filter(customer=customer).update(until_on=DAY + ONE)
    derive(DAY + 2 * ONE)

    assert plan_of(customer) == ""
    assert Entitlement.objects.get().until_on == DAY + 2 * ONE


def test_a_file_in_the_bin_is_owed_nothing(miao):
    customer = family(1, "A", "low")
    derive()
    Customer.objects.filter(pk=customer.pk).update(deleted_at=AT)
    derive(DAY + ONE)

    assert plan_of(customer) == ""


def test_a_tier_that_the_plans_do_not_know_is_one_not_rated(miao):
    customer = family(1, "A", "low")
    Standing.objects.update(label="Z")
    derive()

    assert (plan_of(customer), Entitlement.objects.get().label) == ("quality", "")


def test_another_version_in_force_is_another_entitlement(miao):
    customer = family(1, "A", "low")
    derive()
    first = PlanVersion.objects.get()
    PlanVersion.objects.filter(pk=first.pk).update(state="retired")
    cells = (("quality", "quality", "hold"), *KINDERGARTEN.cells[1:])
    second = PlanVersion.objects.create(scheme=first.scheme, number=2, state="in_force", book=as_data(replace(KINDERGARTEN, cells=cells)))
    derive(DAY + ONE)

    row = Entitlement.objects.now().get(customer=customer)
    assert (row.version, row.plan) == (second, "quality")


def test_without_plans_in_force_nobody_is_owed_anything(miao):
    family(1, "A", "low")
    derive()
    PlanVersion.objects.update(state="retired")
    derive(DAY + ONE)

    assert not Entitlement.objects.now().exists()


def test_of_two_schemes_of_one_type_the_first_speaks_for_who_is_not_rated(miao):
    prospects = Scheme.objects.get(code="prospect")
    other = replace(KINDERGARTEN, cells=(*KINDERGARTEN.cells[:4], ("closer",) * 3))
    PlanVersion.objects.create(scheme=prospects, number=1, state="in_force", book=as_data(other))
    customer = family(1, "", "low")
    derive()

    assert prospects.pk > Scheme.objects.get(code="kg-ad").pk
    assert plan_of(customer) == "quality"


def test_who_holds_a_tier_of_each_of_two_schemes_is_served_by_the_first(miao):
    PlanVersion.objects.create(scheme=Scheme.objects.get(code="prospect"), number=1, state="in_force", book=as_data(KINDERGARTEN))
    customer = family(1, "A", "low")
    Standing.objects.create(scheme=Scheme.objects.get(code="prospect"), customer=customer, tier=3, label="D", score=0, from_on=DAY)
    derive()

    assert (plan_of(customer), Entitlement.objects.count()) == ("dedicated", 1)


def test_a_partner_without_plans_of_its_scheme_is_owed_nothing(miao):
    customer = family(1, "", "")
    Customer.objects.filter(pk=customer.pk).update(type=CustomerType.objects.get(code="partner"))
    Standing.objects.create(scheme=Scheme.objects.get(code="partner"), customer=customer, tier=0, label="A", score=9000, from_on=DAY)

    assert derive() == 0


# -- who is told -------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def owned(school, head, on_the_day):
    """Two families of one colleague and one of another, who were served well."""
    mine, other = make_member(school, "relations", "陈老师"), make_member(school, "agent", "高敏")
    with tenant_scope(school):
        rows = [family(1, "B", "low", owner=mine), family(2, "B", "low", owner=mine), family(3, "B", "low", owner=other)]
        derive()
        yield mine, other, rows


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member).values_list("title", flat=True))


def test_who_is_new_has_not_changed(owned):
    assert titles(owned[0]) == titles(owned[1]) == []


def test_an_owner_hears_once_how_many_have_another_plan(owned):
    mine, other, rows = owned
    for customer in rows[:2]:
        at_risk(customer, "high", since=DAY + ONE)
    derive(DAY + ONE)
    derive(DAY + ONE)

    assert titles(mine) == ["您负责的家庭里，2 户换了服务方案"]
    assert titles(other) == []
    assert Message.objects.get().link == f"service/who/?owner=me&since={DAY + ONE}"


def test_another_reason_for_the_same_plan_is_no_news(owned):
    mine, _other, rows = owned
    at_risk(rows[0], "watch", since=DAY + ONE)
    derive(DAY + ONE)

    assert titles(mine) == []


def test_an_owner_who_has_left_is_told_nothing(owned):
    mine, _other, rows = owned
    mine.is_active = False
    mine.save(update_fields=["is_active"])
    at_risk(rows[0], "high", since=DAY + ONE)
    derive(DAY + ONE)

    assert titles(mine) == []


# -- two schools -------------------------------------------------------------------------------------------------------------------
def test_a_school_is_derived_alone(school, other_school, head, on_the_day):
    with tenant_scope(school):
        mine = family(1, "A", "low")
        derive()
    with tenant_scope(other_school):
        theirs = rated(family(2, "", "low"), "1", "svc-14")
        assert derive() == 1
        assert (plan_of(theirs), Entitlement.objects.count()) == ("team", 1)
    with tenant_scope(school):
        assert (plan_of(mine), Entitlement.objects.count()) == ("dedicated", 1)

"""Constraints of plans and entitlements, as the database keeps them."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.models import Entitlement, PlanVersion
from service_levels.plans.book import as_data
from service_levels.plans.presets import KINDERGARTEN
from tests.service_levels.conftest import DAY, ONE, family
from tiering.models import Scheme


@pytest.fixture
def version(miao):
    return PlanVersion.objects.get()


def entitled(version, customer, **more):
    return Entitlement.objects.create(**{"customer": customer, "version": version, "plan": "quality", "band": "low", "from_on": DAY} | more)


def refused(make) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


def test_a_school_begins_with_the_shipped_plans_in_force(version):
    assert (version.scheme.code, version.number, version.state) == ("kg-ad", 1, "in_force")
    assert version.as_book() == KINDERGARTEN
    assert str(version) == "幼儿园 A–D 1"


def test_a_number_is_given_once(version):
    assert "plan_version_number" in refused(lambda: PlanVersion.objects.create(scheme=version.scheme, number=1, book={}))


def test_one_version_is_in_force(version):
    said = refused(lambda: PlanVersion.objects.create(scheme=version.scheme, number=2, state="in_force", book={}))

    assert "plan_version_one_in_force" in said


def test_another_scheme_has_its_own(version):
    other = Scheme.objects.get(code="partner")
    row = PlanVersion.objects.create(scheme=other, number=1, state="in_force", book=as_data(KINDERGARTEN))

    assert PlanVersion.objects.filter(state="in_force").count() == 2
    assert row.get_state_display() == "现行"


def test_a_customer_is_served_by_one_plan_at_a_time(version):
    customer = family(1)
    entitled(version, customer)

    assert "entitlement_one_now" in refused(lambda: entitled(version, customer, from_on=DAY + ONE))
    entitled(version, customer, from_on=DAY - 9 * ONE, until_on=DAY)


def test_a_span_has_at_least_one_day(version):
    customer = family(1)

    assert "entitlement_span" in refused(lambda: entitled(version, customer, until_on=DAY))


@pytest.mark.parametrize(("day", "count"), [
    (DAY - ONE, 0),
    (DAY, 1),
    (DAY + 8 * ONE, 1),
    (DAY + 9 * ONE, 0),
])
def test_a_span_holds_from_its_first_day_to_the_day_before_its_end(version, day, count):
    entitled(version, family(1), until_on=DAY + 9 * ONE)

    assert Entitlement.objects.on(day).count() == count
    assert Entitlement.objects.now().count() == 0


def test_an_entitlement_names_itself(version):
    assert str(entitled(version, family(1))) == "quality 2026-11-20"

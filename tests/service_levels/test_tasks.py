"""Every night, and on the day when tiers are published, plans follow."""
import pytest

from notifications.models import Message
from service_levels.models import Entitlement, Touch, TouchRules
from service_levels.tasks import derive_all, derive_one, morning_all, morning_one
from tenancy.scope import tenant_scope
from tests.conftest import NOW, make_member
from tests.service_levels.conftest import DAY, family, owe, plan_of, rated
from tests.tiering.steps import published as published_batch
from tiering.consumers import published
from tiering.models import Standing


@pytest.fixture
def two_schools(school, other_school, head, on_the_day):
    with tenant_scope(school):
        family(1, "A", "low")
    with tenant_scope(other_school):
        rated(family(2, "", "low"), "4", "svc-14")
    return school, other_school


def test_a_night_derives_one_school(two_schools):
    derive_one(two_schools[0].pk)

    for school, count in zip(two_schools, (1, 0), strict=True):
        with tenant_scope(school):
            assert Entitlement.objects.count() == count


def test_the_night_asks_for_every_school(two_schools, monkeypatch):
    asked = []
    monkeypatch.setattr("service_levels.tasks.fan_out", asked.append)
    derive_all()

    assert asked == [derive_one]


def test_published_tiers_are_new_plans_the_same_day(school, head, on_the_day):
    deputy = make_member(school, "deputy")
    with tenant_scope(school):
        customer = family(1)
        batch = published_batch(head, deputy, NOW)
        published({"batch": batch.pk})

        label = Standing.objects.now().get(customer=customer).label
        assert (plan_of(customer) != "", Entitlement.objects.get().label) == (True, label)


def test_a_night_writes_down_what_is_owed(two_schools):
    derive_one(two_schools[0].pk)
    derive_one(two_schools[1].pk)

    with tenant_scope(two_schools[0]):
        assert TouchRules.objects.get().swept_on == DAY
    with tenant_scope(two_schools[1]):
        assert not Touch.objects.exists()


def test_in_the_morning_every_school_is_reminded(two_schools, head, monkeypatch):
    asked = []
    monkeypatch.setattr("service_levels.tasks.fan_out", asked.append)
    morning_all()
    assert asked == [morning_one]

    with tenant_scope(two_schools[0]):
        customer = family(3, "D", "low", owner=head)
        owe()
        assert customer.owner == head
    morning_one(two_schools[0].pk)
    morning_one(two_schools[1].pk)
    with tenant_scope(two_schools[0]):
        assert Message.objects.get(link="service/touches/").title == "今天要联系 1 户"

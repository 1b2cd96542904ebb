"""A night, an act that changes plans, and a minute: what the worker does for service levels."""
import pytest
from django.db import connections

from service_levels import consumers, nightly
from service_levels.models import Clock, Entitlement, PlanVersion, Recount, Touch
from service_levels.plans.book import as_data
from service_levels.requests import working
from service_levels.tasks import clocks_all, clocks_one
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.service_levels.conftest import AT, DAY, derive, family
from tests.service_levels.requests.test_working import TEN, WISH, at


def test_a_night_is_who_is_served_and_who_is_to_be_called(miao):
    family(1, "D", "low")
    nightly.derive(DAY, at=AT)
    nightly.derive(DAY, at=AT)

    assert (Entitlement.objects.count(), Touch.objects.count()) == (1, 0)  # served since this Friday: owed from the next week on


def test_plans_in_force_are_new_entitlements_and_deadlines_that_wait_for_a_word(miao, head, on_the_day):
    customer = family(1, "A", "low")
    derive()
    working.open_request(WISH, customer=customer, by=head, at=TEN)
    old = PlanVersion.objects.get()
    book = as_data(old.as_book())
    for plan in book["plans"]:
        plan["resolve"] = 60
    PlanVersion.objects.filter(pk=old.pk).update(state="retired")
    new = PlanVersion.objects.create(scheme=old.scheme, number=2, state="in_force", book=book)
    consumers.in_force({})

    assert Entitlement.objects.now().get().version == new
    assert (Recount.objects.get().why, len(Recount.objects.get().changes)) == ("plans", 1)


def test_a_changed_calendar_is_reckoned_by_the_worker(miao, head, on_the_day):
    working.open_request(WISH, by=head, at=TEN)
    consumers.recount({"why": "calendar"})

    assert not Recount.objects.exists()  # nothing differs


def test_a_minute_sweeps_a_school_to_the_end(school, head, on_the_day):
    with tenant_scope(school):
        for _n in range(3):
            working.open_request(WISH, by=head, at=at(-9))
    clocks_one(school.pk)

    with tenant_scope(school):
        assert Clock.objects.filter(kind="reply", told__gte=1).count() == 3


@pytest.mark.django_db(transaction=True, databases=["default", "poller"])
def test_a_minute_asks_for_the_schools_in_which_something_is_due(school, other_school, head, monkeypatch):
    asked = []
    monkeypatch.setattr("service_levels.tasks.clocks_one.delay", asked.append)
    with tenant_scope(school):
        working.open_request(WISH, by=head, at=TEN)
    Tenant.objects.filter(pk=other_school.pk).update(is_active=False)
    with tenant_scope(other_school):
        working.open_request(WISH, by=None, at=TEN)
    clocks_all()

    assert asked == [school.pk]
    assert connections["poller"].connection is not None

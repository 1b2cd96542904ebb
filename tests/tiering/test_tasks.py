"""What beat starts: each scheme once a quarter, however often the task is delivered."""
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from crm.models import Customer, EntryKind
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.tiering.test_batches import published
from tiering.actions import in_force
from tiering.models import Batch, Scheme, Standing
from tiering.sweeps import beside_standing, drifted, rederive
from tiering.tasks import rejudge, retier

NIGHT = datetime(2026, 9, 30, 18, 0, tzinfo=UTC)  # two in the morning of 1 October in China


@pytest.mark.django_db
def test_the_quarterly_task_computes_each_scheme_once(school):
    with tenant_scope(school):
        makers.family()
    with time_machine.travel(NIGHT, tick=False):
        retier(school.pk)
        retier(school.pk)

    with tenant_scope(school):
        found = sorted(Batch.objects.values_list("version__scheme__code", "as_of", "state"))
    assert [(code, str(day), state) for code, day, state in found] == [
        ("kg-ad", "2026-09-30", "computed"), ("partner", "2026-09-30", "computed"), ("prospect", "2026-09-30", "computed")]


def test_the_nightly_sweep_runs_on_an_empty_school(school):
    rejudge(school.pk)

    with tenant_scope(school):
        assert Batch.objects.count() == 0


def test_the_night_re_derives_what_changed_facts_would_say_and_touches_no_standing(kindergarten_with_tiers):
    school, rich, batch = kindergarten_with_tiers
    with tenant_scope(school):
        makers.entry(rich, EntryKind.TRANSFER_SIGNAL)
    rejudge(school.pk)

    with tenant_scope(school):
        scheme = Scheme.objects.get(code="kg-ad")
        moved = beside_standing(scheme, drifted(scheme, Customer.objects.present()))
        found = [(row.customer, standing.label, row.label) for row, standing in moved]
        again = rederive(in_force(scheme), timezone.localdate())

        assert found == [(rich, Standing.objects.get(customer=rich).label, "D")] and again == 0


def test_a_few_customers_are_re_judged_on_demand(kindergarten_with_tiers, head):
    school, rich, batch = kindergarten_with_tiers
    with tenant_scope(school):
        makers.entry(rich, EntryKind.TRANSFER_SIGNAL)
        scheme = Scheme.objects.get(code="kg-ad").pk
    answer = signed_in(head).post(f"/s/{school.slug}/tiering/drift/", {"scheme": scheme, "customer": rich.pk}, follow=True)

    assert "1 户的资料变了，按今天算会变级" in answer.content.decode()


@pytest.fixture
def kindergarten_with_tiers(school, head, deputy, now):
    school.head, school.deputy, school.teacher = head, deputy, make_member(school, "relations")
    with tenant_scope(school):
        rich = makers.family("周小满", "13800138001", date(2023, 9, 1))
        for month in range(1, 10):
            makers.payment(rich, 3000, date(2026, month, 5))
        makers.referral(rich, date(2026, 3, 1), date(2026, 4, 1))
        batch = published(school, now)
    return school, rich, batch

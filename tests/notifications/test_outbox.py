"""What is in the outbox is done once: lost with a rollback, kept by a commit, published again when the broker forgot it."""
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from notifications.actions import Done, consume, consumer, count_failure, later
from notifications.models import Message, Outbox
from notifications.relay import publish_due
from tenancy.models import Membership
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "poller"])


@consumer("test.tell")
def _tell(payload):
    member = Membership.objects.get(pk=payload["member"])
    Message.objects.create(member=member, title="好了", key=f"test-{payload['number']}")


@pytest.fixture
def queued():
    tenant = make_school("miao")
    member = make_member(tenant, "head")
    with tenant_scope(tenant):
        row = later("test.tell", member=member.pk, number=1)
    return tenant, row


def test_the_poller_finds_due_rows_across_tenants_and_publishes_each_once(queued):
    tenant, row = queued
    sent = []

    publish_due(lambda *ids: sent.append(ids))
    publish_due(lambda *ids: sent.append(ids))

    assert sent == [(tenant.pk, row.pk)]


def test_a_row_the_broker_forgot_is_published_again_after_a_minute(queued):
    tenant, row = queued
    sent = []
    publish_due(lambda *ids: None)
    with tenant_scope(tenant):
        Outbox.objects.update(sent_at=timezone.now() - timedelta(seconds=61))

    publish_due(lambda *ids: sent.append(ids))

    assert sent == [(tenant.pk, row.pk)]


def test_delivered_twice_it_is_done_once(queued):
    tenant, row = queued
    with tenant_scope(tenant):
        first = consume(row.pk)
    with tenant_scope(tenant):
        second = consume(row.pk)
        messages = Message.objects.count()

    assert (first, second, messages) == (Done(None), None, 1)


def test_a_row_that_somebody_is_at_work_on_is_left_alone_and_not_waited_for(queued, owner_connection):
    tenant, row = queued
    owner_connection.autocommit = False
    with owner_connection.cursor() as busy:
        busy.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.pk)])
        busy.execute("SELECT id FROM notifications_outbox WHERE id = %s FOR UPDATE", [row.pk])
        locked = busy.fetchall()
        with tenant_scope(tenant), connection.cursor() as ours:
            ours.execute("SET LOCAL lock_timeout = '1s'")
            done = consume(row.pk)
    owner_connection.rollback()

    assert (locked, done) == ([(row.pk,)], None)


def test_a_rolled_back_act_leaves_nothing_to_do(queued):
    tenant, row = queued
    with pytest.raises(ZeroDivisionError), tenant_scope(tenant):
        later("test.tell", member=1, number=2)
        raise ZeroDivisionError

    with tenant_scope(tenant):
        assert Outbox.objects.count() == 1


def test_after_five_failures_a_row_waits_for_a_person(queued):
    tenant, row = queued
    sent = []
    for _ in range(5):
        with tenant_scope(tenant):
            count_failure(row.pk)

    publish_due(lambda *ids: sent.append(ids))

    assert sent == []


def test_the_poller_cannot_read_what_a_row_says(queued):
    with connections["poller"].cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT payload FROM notifications_outbox")

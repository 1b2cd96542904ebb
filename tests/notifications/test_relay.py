"""The relay by its statement: what is due, in which order, how many at once, and what it leaves alone."""
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from notifications.actions import later
from notifications.models import Outbox
from notifications.relay import DUE, publish_due
from tenancy.scope import tenant_scope
from tests.conftest import make_school

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "poller"])


@pytest.fixture
def miao():
    return make_school("miao")


def put(tenant, **values):
    with tenant_scope(tenant):
        row = later("test.any", n=1)
        Outbox.objects.filter(pk=row.pk).update(**values or {"attempts": 0})
        return row.pk


def found():
    sent = []
    publish_due(lambda *ids: sent.append(ids))
    return sent


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("column", "ago", "due"), [
    ("due_at", -5 * MINUTE, False),
    ("due_at", 5 * MINUTE, True),
    ("done_at", 0 * MINUTE, False),
    ("sent_at", timedelta(seconds=30), False),
    ("sent_at", timedelta(seconds=61), True),
])
def test_a_row_is_due_or_not_by_its_times(miao, column, ago, due):
    pk = put(miao, **{column: timezone.now() - ago})

    assert found() == ([(miao.pk, pk)] if due else [])


@pytest.mark.parametrize(("attempts", "due"), [
    (0, True),
    (4, True),
    (5, False),
    (6, False),
])
def test_a_row_that_failed_five_times_is_left_alone(miao, attempts, due):
    pk = put(miao, attempts=attempts)

    assert found() == ([(miao.pk, pk)] if due else [])


def test_the_longest_due_goes_first(miao):
    now = timezone.now()
    pks = [put(miao, due_at=now - n * MINUTE) for n in (1, 3, 2)]

    assert sorted(pk for _tenant, pk in found()) == sorted(pks)


def test_every_school_is_served_in_one_round(miao):
    other = make_school("qi")
    expected = {(tenant.pk, put(tenant)) for tenant in (miao, other)}

    assert set(found()) == expected


def test_five_hundred_are_taken_at_once_and_the_rest_in_the_next_round(miao):
    with tenant_scope(miao):
        Outbox.objects.bulk_create([Outbox(topic="test.any", payload={"n": n}) for n in range(503)])

    assert [len(found()) for _ in range(3)] == [500, 3, 0]


def test_two_relays_beside_each_other_never_take_the_same_row(miao):
    pks = {put(miao) for _ in range(4)}
    first = connections["poller"]
    with first.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(DUE.replace("LIMIT 500", "LIMIT 2"))
        taken = {pk for _tenant, pk in cursor.fetchall()}
        second = first.copy("poller")
        with second.cursor() as other:
            other.execute(DUE)
            rest = {pk for _tenant, pk in other.fetchall()}
        second.close()
        cursor.execute("COMMIT")

    assert len(taken) == 2 and not taken & rest and taken | rest == pks


def test_what_the_broker_did_not_take_is_published_again_later(miao):
    pk = put(miao)

    def broken(*_ids):
        raise ConnectionError
    with pytest.raises(ConnectionError):
        publish_due(broken)
    with tenant_scope(miao):
        Outbox.objects.update(sent_at=timezone.now() - timedelta(seconds=61))

    assert found() == [(miao.pk, pk)]


def test_nothing_due_is_nothing_published(miao):
    assert publish_due(lambda *_ids: None) == 0

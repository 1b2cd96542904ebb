"""Controls of I1 and I2: with a lock taken off by the owner, the very probes of the laws turn red.

Each fault is planted in the database or in one access call, the probe is run, and the fault is taken out again.
"""
from contextlib import contextmanager

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from crm import access
from crm.models import Customer
from tenancy.scope import CurrentTenant, tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def planted(fault: str, mend: str):
    """The owner weakens the schema for the length of a block."""
    d = settings.DATABASES["owner"]
    owner = psycopg2.connect(f"postgresql://{d['USER']}:{d['PASSWORD']}@{d['HOST']}:{d['PORT']}/{d['NAME']}")
    owner.autocommit = True
    try:
        with owner.cursor() as cursor:
            cursor.execute(fault)
        yield
    finally:
        with owner.cursor() as cursor:
            cursor.execute(mend)
        owner.close()


@pytest.fixture
def two_schools():
    mine, theirs = make_school("miao"), make_school("qi")
    head = make_member(mine, "head")
    with tenant_scope(mine):
        makers.family("自家孩", "13800138001")
    with tenant_scope(theirs):
        foreign = makers.family("邻校孩", "13800138002")
    return mine, head, theirs, foreign


def rows_seen(table: str) -> int:
    """I2's probe: an unfiltered SELECT in an open scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT tenant_id) FROM {table}")
        return cursor.fetchone()[0]


def foreign_and_random(client, mine, foreign) -> tuple[int, int]:
    """I1's probe: the foreign id and one that nobody has."""
    return tuple(client.get(f"/s/{mine.slug}/families/{pk}/").status_code for pk in (foreign.pk, 10**12))


def test_as_it_stands_both_probes_are_green(two_schools):
    mine, head, _theirs, foreign = two_schools
    with tenant_scope(mine):
        seen = rows_seen("crm_customer")

    assert seen == 1 and foreign_and_random(signed_in(head), mine, foreign) == (404, 404)


def test_without_its_policy_a_table_shows_the_other_school_and_the_probe_of_i2_sees_it(two_schools):
    mine, *_ = two_schools
    off = 'DROP POLICY crm_customer_tenant ON crm_customer; CREATE POLICY planted ON crm_customer USING (true) WITH CHECK (true)'
    on = ("DROP POLICY planted ON crm_customer; CREATE POLICY crm_customer_tenant ON crm_customer "
          "USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint) "
          "WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint)")
    with planted(off, on), tenant_scope(mine):
        seen = rows_seen("crm_customer")
    with tenant_scope(mine):
        mended = rows_seen("crm_customer")

    assert (seen, mended) == (2, 1)


def test_one_lock_alone_still_holds(two_schools):
    """The policy is gone, the manager is not: the page stays shut. Two locks are there so that one may fail."""
    mine, head, _theirs, foreign = two_schools
    with planted("ALTER TABLE crm_customer DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE crm_customer ENABLE ROW LEVEL SECURITY"):
        answers = foreign_and_random(signed_in(head), mine, foreign)

    assert answers == (404, 404)


def test_with_both_locks_off_the_probe_of_i1_tells_a_foreign_id_from_a_random_one(two_schools, monkeypatch):
    mine, head, _theirs, foreign = two_schools
    monkeypatch.setattr(CurrentTenant, "as_sql", lambda self, compiler, connection, **_: ("tenant_id", []))
    tables = ("crm_customer", "crm_family", "crm_child", "crm_customertype", "tenancy_campus", "tenancy_membership")
    off = "; ".join(f"ALTER TABLE {t} DISABLE ROW LEVEL SECURITY" for t in tables)
    on = "; ".join(f"ALTER TABLE {t} ENABLE ROW LEVEL SECURITY" for t in tables)
    with planted(off, on), tenant_scope(mine):
        leaked = Customer.objects.filter(pk=foreign.pk).exists()

    assert leaked


def test_a_skipped_access_call_lets_another_campus_through_and_the_probe_sees_it(two_schools, monkeypatch):
    """Inside a school the campus is kept by ``access.customers``; without that call the neighbour's family opens."""
    mine, _head, _theirs, _foreign = two_schools
    with tenant_scope(mine):
        west = makers.Campus.objects.create(code="west", name="西园")
        family = Customer.objects.get()
    desk = signed_in(make_member(mine, "frontdesk", "西", [west]))
    shut = desk.get(f"/s/{mine.slug}/families/{family.pk}/").status_code
    monkeypatch.setattr(access, "customers", lambda member: Customer.objects.present())

    assert (shut, desk.get(f"/s/{mine.slug}/families/{family.pk}/").status_code) == (404, 200)


def test_a_single_column_link_would_take_another_schools_id(two_schools):
    """The control of I3: composite links refuse it; a plain one, which checks past row-level security, does not."""
    mine, _head, _theirs, foreign = two_schools
    with tenant_scope(mine):
        child = makers.family("二孩", "13800138009").family.children.get()
        theirs = foreign.pk
    off = ("ALTER TABLE crm_payment DROP CONSTRAINT crm_payment_customer_id_link; "
           "ALTER TABLE crm_payment ADD CONSTRAINT planted FOREIGN KEY (customer_id) REFERENCES crm_customer (id)")
    on = ("ALTER TABLE crm_payment DROP CONSTRAINT planted; DELETE FROM crm_payment; "
          "ALTER TABLE crm_payment ADD CONSTRAINT crm_payment_customer_id_link FOREIGN KEY (tenant_id, customer_id) "
          "REFERENCES crm_customer (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE")
    with planted(off, "DELETE FROM crm_payment; " + on), tenant_scope(mine):
        paid = makers.payment(child.family.customer, 1, child.born_on)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE crm_payment SET customer_id = %s WHERE id = %s", [theirs, paid.pk])
            taken = cursor.rowcount
            cursor.execute("DELETE FROM crm_payment")

    assert taken == 1

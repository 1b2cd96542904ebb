"""record(), looked(), seal(), verify(): what is written, when it is chained, and by whom it can be read."""
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actions import FIRST, looked, record, seal, verify
from audit.models import Entry, Seal
from audit.tasks import seal_all
from crm.models import Child, FeeKind
from tenancy.models import Tenant
from tenancy.scope import NoTenant, tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in

LATER = 2**62


# -- rows ----------------------------------------------------------------------------------------------------------------
def test_an_act_is_kept_with_who_what_and_when(miao):
    row = FeeKind.objects.first()
    record(miao.head, "crm.feekind_changed", row, number=7)
    entry = Entry.objects.get()

    assert (entry.actor_id, entry.verb, entry.object_type, entry.object_id, entry.data) == (
        miao.head.pk, "crm.feekind_changed", "crm.feekind", row.pk, {"number": 7})
    assert timezone.now() - entry.at < timedelta(minutes=1) and str(entry) == f"#{entry.pk}"


def test_the_product_itself_acts_without_a_name(miao):
    record(None, "crm.imported")

    assert Entry.objects.values_list("actor_id", "object_type", "object_id", "data").get() == (None, "", None, {})


def test_each_record_looked_at_is_a_row(miao):
    for n in range(3):
        makers.family(f"孩{n}", f"1380013800{n}")
    looked(miao.head, "crm.child_viewed", Child.objects.all())

    assert Entry.objects.filter(verb="crm.child_viewed", object_type="crm.child").count() == 3


def test_looking_at_nothing_is_no_row(miao):
    looked(miao.head, "crm.child_viewed", [])

    assert not Entry.objects.exists()


def test_an_act_that_is_rolled_back_leaves_no_row(school, head):
    with pytest.raises(ZeroDivisionError), tenant_scope(school):
        record(head, "crm.exported")
        raise ZeroDivisionError

    with tenant_scope(school):
        assert not Entry.objects.exists()


def test_without_a_school_nothing_is_recorded(school, head):
    with pytest.raises(NoTenant):
        record(head, "crm.exported")


# -- the chain -------------------------------------------------------------------------------------------------------------
def test_entries_are_chained_in_their_order(miao):
    for n in range(4):
        record(miao.head, "test.act", n=n)
    sealed = seal(before=LATER)
    links = list(Seal.objects.select_related("entry").order_by("number"))

    assert (sealed, [link.number for link in links], [link.entry.data["n"] for link in links]) == (4, [1, 2, 3, 4],
            [0, 1, 2, 3])
    assert links[0].previous == FIRST
    assert [b.previous for b in links[1:]] == [a.digest for a in links[:-1]]


def test_the_chain_goes_on_where_it_ended(miao):
    for n in range(2):
        record(miao.head, "test.act", n=n)
        seal(before=LATER)

    assert (list(Seal.objects.order_by("number").values_list("number", flat=True)), verify()) == ([1, 2], None)


def test_a_long_backlog_is_sealed_a_piece_at_a_time(miao):
    for n in range(5):
        record(miao.head, "test.act", n=n)

    assert [seal(2, before=LATER) for _ in range(4)] == [2, 2, 1, 0] and verify() is None


def test_what_just_happens_is_not_sealed_yet(miao):
    record(miao.head, "test.act")

    assert (seal(), Seal.objects.count()) == (0, 0)


def test_an_empty_chain_holds(miao):
    assert (verify(), seal(before=LATER)) == (None, 0)


def test_each_school_has_a_chain_of_its_own(school, other_school):
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            record(None, "test.act")
            seal(before=LATER)
    found = []
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            found.append((Seal.objects.get().number, verify()))

    assert found == [(1, None), (1, None)]


def test_the_same_act_twice_has_two_digests(miao):
    for _ in range(2):
        record(miao.head, "test.act")
    seal(before=LATER)

    assert len(set(Seal.objects.values_list("digest", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_the_task_seals_every_open_school():
    tenants = [make_school("a1"), make_school("a2"), make_school("a3")]
    for tenant in tenants:
        with tenant_scope(tenant):
            record(None, "test.act")
    Tenant.objects.filter(slug="a3").update(is_active=False)
    seal_all(LATER)  # of itself it waits for every transaction of the server, also those of tests beside this one
    found = []
    for tenant in tenants:
        with tenant_scope(tenant):
            found.append(Seal.objects.count())

    assert found == [1, 1, 0]


# -- read ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("role", "status"), [("head", 200), ("deputy", 200), ("inspector", 200), ("frontdesk", 403),
        ("marketing", 403), ("teacher", 403)])
def test_the_log_is_read_by_who_may(school, role, status):
    assert signed_in(make_member(school, role)).get(f"/s/{school.slug}/admin/audit/entry/").status_code == status


def test_the_log_is_told_in_words(school, head, head_client):
    with tenant_scope(school):
        record(head, "crm.payment_taken", FeeKind.objects.first(), fen=100)
    page = head_client.get(f"/s/{school.slug}/admin/audit/entry/").content.decode()

    assert "登记缴费" in page and "收费项目" in page and "crm.payment_taken" not in page


@pytest.mark.parametrize("place", ["add/", "{pk}/delete/"])
def test_the_log_is_neither_added_to_nor_cut_by_hand(school, head, head_client, place):
    with tenant_scope(school):
        record(head, "crm.exported")
        pk = Entry.objects.get().pk

    assert head_client.post(f"/s/{school.slug}/admin/audit/entry/{place.format(pk=pk)}", {"post": "yes"}).status_code == 403

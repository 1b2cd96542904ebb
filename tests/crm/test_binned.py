"""已删除: what hangs on a family in the bin is in the bin with it, on every list, and comes back with it."""
from datetime import date

import pytest

from crm.actions import delete_family, restore_family
from crm.models import Concern
from tenancy.scope import tenant_scope
from tests import makers

LISTS = ["customer", "child", "guardian", "enrolment", "payment", "timelineentry", "referral", "consent",
        "attendance", "lessonpackage",
         "intentrating", "assessment", "satisfaction", "concern", "family"]


@pytest.fixture
def binned(school, head, now):
    with tenant_scope(school):
        customer = makers.family("已删孩", "13800138001")
        makers.payment(customer, 1200, date(2026, 9, 1))
        makers.entry(customer, title="已删孩的一次沟通")
        delete_family(customer, typed_name=customer.name, by=head, at=now)
        return customer


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_a_row_of_a_family_in_the_bin(school, head_client, binned, name):
    page = head_client.get(f"/s/{school.slug}/admin/crm/{name}/")

    assert page.status_code == 200 and "已删孩" not in page.content.decode()


@pytest.mark.parametrize("name", ["child", "payment", "timelineentry"])
def test_restored_it_is_on_the_lists_again(school, head, head_client, binned, now, name):
    with tenant_scope(school):
        restore_family(binned, by=head, at=now)
    page = head_client.get(f"/s/{school.slug}/admin/crm/{name}/").content.decode()

    assert "已删孩" in page


def test_an_export_leaves_it_out(school, head_client, binned):
    answer = head_client.get(f"/s/{school.slug}/admin/crm/payment/?export=csv")

    assert len(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()) == 1


def test_a_suggestion_of_nobody_known_stays_on_its_list(school, head_client, now):
    with tenant_scope(school):
        Concern.objects.create(kind="suggestion", opened_at=now, text="门口的路灯坏了")
    page = head_client.get(f"/s/{school.slug}/admin/crm/concern/").content.decode()

    assert "1 投诉与意见" in page or "意见" in page.split("result_list")[-1]

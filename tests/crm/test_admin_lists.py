"""Every list of the admin: searched as people search, filtered, exported as it stands, counted; generated from the registry."""
import csv
import io

import openpyxl
import pytest
from django.utils import timezone

from audit.models import Entry
from config.school_urls import site
from crm.models import Child, Customer, FeeKind
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in

LISTS = sorted(model._meta.label_lower for model in site._registry)
ARCHIVE = [label for label in LISTS if label.startswith("crm.") and label not in (
    "crm.classgroup", "crm.customertype", "crm.extrafield", "crm.feekind", "crm.workinggroup")]


def address(school, label, query=""):
    return f"/s/{school.slug}/admin/{label.replace('.', '/')}/{query}"


@pytest.mark.parametrize("label", LISTS)
def test_a_list_opens_and_is_exported_in_both_forms(school, head_client, label):
    shown = head_client.get(address(school, label))
    sheet = head_client.get(address(school, label, "?export=xlsx"))
    text = head_client.get(address(school, label, "?export=csv"))

    assert [a.status_code for a in (shown, sheet, text)] == [200, 200, 200]
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    assert b"".join(text.streaming_content).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("label", ARCHIVE)
def test_a_list_of_the_archive_is_searched_by_name_pinyin_and_phone(school, head_client, label):
    with tenant_scope(school):
        makers.family("周小满", "13800138000")

    assert [head_client.get(address(school, label, f"?q={q}")).status_code for q in ("周小", "zxm", "8000",
            "没有这个人")] == [200] * 4


def test_search_finds_by_the_same_words_as_the_family_list(school, head_client):
    with tenant_scope(school):
        makers.payment(makers.family("周小满", "13800138000"), 100, timezone.localdate())
        makers.payment(makers.family("李四", "13900139123"), 200, timezone.localdate())
    found = {q: head_client.get(address(school, "crm.payment", f"?q={q}")).content.decode() for q in ("zxm", "9123", "李")}

    assert "周小满一家" in found["zxm"] and "李四一家" not in found["zxm"]
    assert "李四一家" in found["9123"] and "李四一家" in found["李"]


def test_an_export_is_what_is_filtered(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
        makers.payment(customer, 100, timezone.localdate(), "保教费")
        makers.payment(customer, 30, timezone.localdate(), "伙食费")
        meals = FeeKind.objects.get(name="伙食费").pk
    answer = head_client.get(address(school, "crm.payment", f"?export=csv&fee_kind__id__exact={meals}"))

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["收费项目", "伙食费"] and rows[1][4] == "30.00"


def test_a_name_that_looks_like_a_formula_stays_a_name(school, head_client):
    with tenant_scope(school):
        makers.family("=1+1")
    text = b"".join(head_client.get(address(school, "crm.child", "?export=csv")).streaming_content).decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(head_client.get(address(school, "crm.child",
            "?export=xlsx")).streaming_content)))

    assert "'=1+1" in text
    assert book.active["A2"].value == "=1+1"
    assert book.active["A2"].data_type == "s"


def test_exporting_children_is_one_audit_row_a_child_and_one_for_the_list(school, head, head_client):
    with tenant_scope(school):
        customer = makers.family()
        Child.objects.create(family=customer.family, name="周小树")
    head_client.get(address(school, "crm.child", "?export=xlsx"))

    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.child_exported", actor=head).count() == 2
        assert Entry.objects.get(verb="crm.child_exported", object_id=Child.objects.first().pk)
        assert Entry.objects.get(verb="crm.child_exported", object_id=Child.objects.last().pk)


def test_opening_a_list_is_one_row_with_its_ids_and_a_record_one_row_a_child(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
        child = Child.objects.get()
    head_client.get(address(school, "crm.child"))
    head_client.get(address(school, "crm.child", f"{child.pk}/change/"))
    head_client.get(address(school, "crm.customer", f"{customer.pk}/change/"))

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.listed").data == {"list": "crm.child", "ids": [child.pk]}
        assert Entry.objects.filter(verb="crm.child_viewed", object_id=child.pk).count() == 2


def test_who_may_not_export_is_told_so_and_sees_no_button(school):
    client = signed_in(make_member(school, "teacher"))
    page = client.get(address(school, "crm.payment")).content.decode()

    assert client.get(address(school, "crm.payment", "?export=csv")).status_code == 403
    assert "export=csv" not in page


def test_a_campus_sees_and_exports_its_own_rows_only(school, head):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        makers.family("东园孩", "13800138001")
        makers.family("西园孩", "13800138002", at=west)
    client = signed_in(make_member(school, "marketing", "西", [west]))
    text = b"".join(client.get(address(school, "crm.child", "?export=csv")).streaming_content).decode("utf-8-sig")

    assert "西园孩" in text and "东园孩" not in text


def test_rows_of_a_deleted_family_leave_the_lists_of_customers(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
        Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now())

    assert "周小满一家" not in head_client.get(address(school, "crm.customer")).content.decode()


def test_another_school_is_in_no_list_and_no_export(school, head_client):
    other = make_school("other")
    with tenant_scope(other):
        customer = makers.family("邻校孩子", "13800138777")
        makers.payment(customer, 777, timezone.localdate())
    pages = [head_client.get(address(school, label, query)) for label in ARCHIVE for query in ("", "?export=csv",
            "?q=邻校")]

    told = [b"".join(p.streaming_content) if p.streaming else p.content for p in pages]
    assert not [label for label, text in zip(ARCHIVE * 3, told, strict=True) if "邻校孩子".encode() in text]


def test_a_list_of_settings_is_searched_by_its_own_names(school, head_client):
    with tenant_scope(school):
        FeeKind.objects.create(name="春游费")

    assert "春游费" in head_client.get(address(school, "crm.feekind", "?q=春游")).content.decode()
    assert "春游费" not in head_client.get(address(school, "crm.feekind", "?q=餐")).content.decode()

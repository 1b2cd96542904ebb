"""I4: what one school holds stands in nothing of another — pages, API, files, mails' place, cache, tasks, logs.

Each school's rows carry a marker that exists nowhere else; everything a head can open is searched for the other's marker.
"""
import io
import json
import re
import zipfile

import pytest
from django.core.cache import cache
from django.urls import get_resolver
from django.utils import timezone

from audit.models import Entry
from crm import actions, facts
from crm.models import ClassGroup, CustomerType, Enrolment, ExtraField
from notifications.actions import tell
from notifications.models import Outbox
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in
from tests.laws.catalog import walk
from tests.laws.test_isolation import NAMED_BY
from tiering.actions import compute, in_force, submit
from tiering.models import Scheme

MINE, THEIRS = "甲校暗记", "乙校暗记"


def furnish(tenant, marker, phone):
    """A school whose every readable text carries its marker."""
    head = make_member(tenant, "head", marker)
    now = timezone.now()
    with tenant_scope(tenant):
        Campus.objects.update(name=f"{marker}园", address=marker)
        customer = makers.family(f"{marker[:2]}孩", phone, guardian=f"{marker}妈")
        customer.source = customer.name = marker
        customer.save()
        group = ClassGroup.objects.create(campus=customer.campus, name=f"{marker}班")
        Enrolment.objects.update(class_group=group)
        makers.payment(customer, 100, timezone.localdate(), f"{marker}费")
        actions.log_contact(customer, kind="complaint", channel="phone", text=f"{marker}投诉", by=head, at=now)
        actions.answer_consent(customer.family, guardian=None, granted=True, notice=marker, by=head, at=now)
        actions.add_referral(customer, name=f"{marker}友", phone=f"1390013{phone[-4:]}", on=timezone.localdate(), by=head)
        extra = ExtraField.objects.create(name=f"{marker}项")
        facts.write_extras(customer, {extra.pk: marker}, by=head)
        CustomerType.objects.create(code=f"t{phone[-2:]}", name=f"{marker}型")
        scheme = Scheme.objects.order_by("id").first()
        Scheme.objects.update(name=f"{marker}方案")
        batch = compute(in_force(scheme), as_of=timezone.localdate(), today=timezone.localdate(), by=head, at=now)
        submit(batch, by=head, at=now)
        tell([head], f"{marker}消息", key=marker)
    return head, customer, batch


@pytest.fixture
def schools(db):
    mine, theirs = make_school("jia"), make_school("yi")
    return mine, furnish(mine, MINE, "13800138001"), theirs, furnish(theirs, THEIRS, "13800138002")


def text_of(response) -> str:
    """What a reader finds in an answer, workbooks unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            content = b"\n".join(bundle.read(name) for name in bundle.namelist())
    return content.decode("utf-8", errors="replace")


def addresses(customer, batch):
    """Every GET of a school without an id, and those of its customer and batch; every list of the admin with its exports."""
    ids = {"customer": customer.pk, "batch": batch.pk}
    for name, route in walk(get_resolver("config.school_urls")):
        known = ids.get(NAMED_BY.get(name) or "")
        if name.startswith("admin:") or "tenancy:link" in name:
            continue
        plain = re.sub(r"<int:pk>|\(\?P<pk>[^)]*\)", str(known), route).replace("\\.", ".").replace("^",
                "").replace("$", "").replace("\\Z", "")
        for form in ("pdf", "xlsx"):
            path = plain.replace("<str:form>", form).replace("<str:kind>", "roster").replace("<str:what>", "consent")
            if "<" not in path and "None" not in path and "(?P" not in path:
                yield path
    for label in ("child", "guardian", "payment", "timelineentry", "consent", "concern", "referral", "enrolment",
            "customer", "classgroup",
                  "customertype", "feekind", "extrafield"):
        for query in ("", "?export=csv", "?export=xlsx", "?q=暗记"):
            yield f"admin/crm/{label}/{query}"
    yield from ("admin/tenancy/membership/", "admin/tenancy/campus/", "admin/audit/entry/", "families/?export=xlsx",
            "families/?q=暗记")


def test_nothing_a_head_can_open_carries_the_other_schools_marker(schools):
    mine, (head, customer, batch), _theirs, _ = schools
    client = signed_in(head)
    leaks, seen = [], 0
    for path in dict.fromkeys(addresses(customer, batch)):
        answer = client.get(f"/s/{mine.slug}/{path}")
        text = text_of(answer)
        seen += MINE in text
        if THEIRS in text:
            leaks.append(path)

    assert leaks == []
    assert seen > 40  # the control: our own marker is found, so a page that hides everything proves nothing


def test_a_planted_leak_would_be_found(schools, monkeypatch):
    """The control of the search itself: a page that greets with the other school's name is caught."""
    mine, (head, _customer, _batch), theirs, _ = schools
    monkeypatch.setattr("tenancy.context._campuses", lambda request: [(1, THEIRS), (2, MINE)])

    assert THEIRS in text_of(signed_in(head).get(f"/s/{mine.slug}/"))


def keys_without(school):
    """Keys in the cache that could be another school's as well; names of schools are kept by person, hearts belong to nobody."""
    keys = [key.decode() for key in cache._cache.get_client(None).keys("*")]
    kept = [key for key in keys if not any(f":{name}:" in key for name in ("schools", "up"))]
    assert kept, "the page has remembered nothing: the law looked at no key"
    own = {key: key.split(":", 2)[2] for key in kept}  # without the cache's own number, which might be the school's
    return [key for key in kept if f":{school.pk}:" not in f":{own[key]}:" or "暗记" in key or "1380013" in key]


def test_cache_keys_name_their_school_and_nobody_in_it(schools):
    mine, (head, _customer, batch), _, _ = schools
    for path in ("", f"tiering/batches/{batch.pk}/"):
        signed_in(head).get(f"/s/{mine.slug}/{path}")

    assert keys_without(mine) == []


def test_a_planted_key_without_its_school_is_found(schools, monkeypatch):
    mine, (head, _customer, _batch), _, _ = schools
    monkeypatch.setattr("tiering.panels.seen_by", lambda member, what, *stamps: what)
    signed_in(head).get(f"/s/{mine.slug}/")

    assert [key.rsplit(":", 1)[1] for key in keys_without(mine)] == ["tiers"]


def test_payloads_hold_numbers_and_nobodys_name(schools):
    mine, _, theirs, _ = schools
    for tenant in (mine, theirs):
        with tenant_scope(tenant):
            payloads = json.dumps([row.payload for row in Outbox.objects.all()], ensure_ascii=False)
            assert payloads != "[]" and not re.search(r"[\u4e00-\u9fff]|1380013", payloads)


def test_the_audit_log_holds_numbers_and_never_a_name(schools):
    mine, _, theirs, _ = schools
    for tenant in (mine, theirs):
        with tenant_scope(tenant):
            told = json.dumps([entry.data for entry in Entry.objects.all()], ensure_ascii=False)

        assert not re.search(r"暗记|1380013|妈|孩", told)

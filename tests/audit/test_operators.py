"""An operator sees no school's data without a reasoned entry that ends by itself and that the school can read."""
from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from tenancy.models import Tenant, User
from tenancy.scope import tenant_scope
from tests import makers


def operator() -> Client:
    user = User.objects.create_user("operator", "correct-horse-9", is_operator=True)
    client = Client()
    client.force_login(user, backend="tenancy.backends.StaffBackend")
    return client


def test_without_an_entry_a_school_is_not_there(school):
    assert operator().get(f"/s/{school.slug}/").status_code == 404


def test_an_entry_needs_a_reason_reads_only_is_audited_and_ends_after_two_hours(school):
    with tenant_scope(school):
        makers.family()
    client = operator()
    refused = client.post("/operator/", {"school": school.pk, "reason": "看看"})
    client.post("/operator/", {"school": school.pk, "reason": "排查导入失败的报告"})
    during = client.get(f"/s/{school.slug}/families/").status_code, client.get(f"/s/{school.slug}/families/new/").status_code
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        after = client.get(f"/s/{school.slug}/families/").status_code

    with tenant_scope(school):
        told = Entry.objects.get(verb="audit.operator_entered").data["reason"]
    assert (refused.status_code, during, after, told) == (409, (200, 403), 404, "排查导入失败的报告")


def test_nobody_else_finds_the_operators_desk(school, head_client):
    assert head_client.get("/operator/").status_code == 404


def test_a_school_may_ask_for_a_second_factor(school, head_client):
    before = head_client.get(f"/s/{school.slug}/").status_code
    Tenant.objects.filter(pk=school.pk).update(second_factor=True)
    asked = head_client.get(f"/s/{school.slug}/")
    page = head_client.get(asked["Location"], follow=True)

    assert (before, asked.status_code, asked["Location"]) == (200, 302, "/accounts/2fa/totp/activate/")
    assert page.status_code == 200

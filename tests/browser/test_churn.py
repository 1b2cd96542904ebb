"""A manager reads who is at risk, opens a case from it, and reads in the report what the losses are made of; on a desk and on a phone."""
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from churn.models import ChurnCase
from churn.risk.sweep import rederive
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    tenant = make_school("miao")
    head = make_member(tenant, "head")
    today = timezone.localdate()
    with tenant_scope(tenant):
        family = makers.family(since=today - timedelta(days=400), owner=head)
        makers.payment(family, 9000, today - timedelta(days=60))
        for kind in ("transfer_signal", "complaint"):
            makers.entry(family, kind, today - timedelta(days=2))
        rederive(today, today=today, at=timezone.now())
    return tenant


def is_sound(page) -> None:
    wrong = [v["id"] for v in Axe().run(page, ".mp").response["violations"] if v["impact"] in ("serious", "critical")]
    assert wrong == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_from_the_warning_to_the_report(school, person, width):
    head = person("miao", width).sign_in("head@miao")
    page = head.page
    head.go("churn/")
    head.sees("1 户高风险")
    is_sound(page)

    page.get_by_role("link", name="周小满一家").click()
    head.sees("高风险，64 分：说起转走 1 次")
    is_sound(page)

    page.get_by_role("link", name="开个案").click()
    page.get_by_label("看到或听到了什么").fill("妈妈说下月要转走")
    head.press("开个案")
    head.sees("妈妈说下月要转走")
    page.get_by_label("原因", exact=True).select_option(label="教学：换老师太多")
    page.get_by_label("依据").fill("一学期换了两位")
    head.press("写下原因")
    head.sees("主要是换老师太多")
    page.get_by_label("怎么了结").select_option(label="流失了")
    page.get_by_label("去了哪里").fill("育才")
    head.press("了结")
    head.sees("已了结：流失了")
    is_sound(page)

    head.go("churn/report/")
    head.sees("1 个原因占了 100.0%：换老师太多")
    is_sound(page)
    with tenant_scope(school):
        assert [(case.state, case.went_to) for case in ChurnCase.objects.all()] == [("lost", "育才")]

"""服务方案 as people use the pages."""
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from audit.models import Entry
from service_levels.models import Entitlement, PlanVersion
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import DAY, ONE, at_risk, derive


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/{address}")

    assert answer.status_code == 200
    return text(answer)


@pytest.fixture
def version(school, three):
    with tenant_scope(school):
        return PlanVersion.objects.get()


# -- the plans ---------------------------------------------------------------------------------------------------------------------
def test_the_first_page_says_how_many_and_how_urgent(boss, at, three):
    page = seen(boss, at)

    assert "3 户各有服务方案" in page
    assert "，1 户在高风险" in page
    assert "幼儿园 A–D" in page and "第 1 版" in page


def test_a_cell_leads_to_its_plan_and_to_its_customers(boss, at, version):
    page = seen(boss, at)

    assert f'href="{at}/service/plans/{version.pk}/hold/"' in page
    assert "?tier=B&amp;band=high&amp;plan=win-back" in page


def test_a_plan_shows_what_it_promises_and_takes(boss, at, three):
    page = seen(boss, at)

    assert "1 个工作小时" in page and "9 个工作小时" in page
    assert "指定专人" in page and "量身定制" in page


def test_an_empty_school_says_what_will_be_here(school, boss, at, on_the_day):
    with tenant_scope(school):
        PlanVersion.objects.all().delete()

    assert "还没有服务方案" in seen(boss, at)


def test_a_school_of_a_trade_without_families_yet_has_its_plans(boss, at, on_the_day):
    page = seen(boss, at)

    assert "还没有人有服务方案" in page
    assert "专属挽留" in page


def test_the_front_desk_sees_plans_and_no_tiers(desk, at, three):
    page = seen(desk, at)

    assert "专属服务" in page
    assert "等级和风险，各用哪个方案" not in page
    assert "在高风险" not in page


# -- one plan ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [
    "挽回小组负责",
    "每周 1 次",
    "电话、微信",
    "每次 12 分钟",
    "K29(a)",
    "要有规则、预算和审批",
    "告诉家长",
    "看这 1 户",
    "专门小组",
    "联系节奏",
])
def test_a_plan_is_read_part_by_part(boss, at, version, words):
    assert words in seen(boss, at, f"plans/{version.pk}/win-back/")


def test_a_plan_nobody_has_leads_nowhere(boss, at, version):
    assert "看这" not in seen(boss, at, f"plans/{version.pk}/closer/")


@pytest.mark.parametrize("address", ["plans/{pk}/gold/", "plans/999999/quality/"])
def test_a_plan_that_is_not_there_is_not_found(boss, at, version, address):
    assert boss.get(f"{at}/service/{address.format(pk=version.pk)}").status_code == 404


# -- who is served -----------------------------------------------------------------------------------------------------------------
def test_the_list_names_plan_tier_and_risk(boss, at, three):
    page = seen(boss, at, "who/")

    assert "3 户" in page and "最近换方案的在最上面" in page
    assert all(customer.name in page for customer in three)
    assert "专属服务" in page and "挽回" in page and "未定级" in page


def test_it_is_narrowed_and_says_since_when(boss, at, school, three):
    with tenant_scope(school):
        at_risk(three[0], "high", since=DAY + ONE)
        derive(DAY + ONE)
    page = seen(boss, at, f"who/?since={DAY + ONE}")

    assert "1 户" in page and "2026-11-21 以后换的方案" in page
    assert three[0].name in page and three[1].name not in page


@pytest.mark.parametrize("words", ["since=someday", "campus=x", "band=%00", "tier=%27", "page=x", "owner=x"])
def test_odd_words_narrow_nothing_or_are_refused_in_peace(boss, at, three, words):
    assert boss.get(f"{at}/service/who/?{words}").status_code in (200, 400)


def test_nobody_found_says_what_to_do(boss, at, three):
    assert "换个条件看看" in seen(boss, at, "who/?q=没有这一家")


def test_the_front_desk_lists_plans_without_tiers_and_risks(desk, at, three):
    page = seen(desk, at, "who/")

    assert three[0].name in page and "专属服务" in page
    assert "未定级" not in page and "高风险" not in page


def test_the_list_is_exported_as_it_is_narrowed(boss, at, school, three):
    answer = boss.get(f"{at}/service/who/?plan=win-back&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    found = rows.get_sheet_by_index(0).to_python()

    assert [row[:7] for row in found if three[1].external_ref in row] == [
        [three[1].external_ref, three[1].name, three[1].campus.name, "挽回", "B", "高风险", DAY]]
    assert not [row for row in found if three[0].external_ref in row]
    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.exported").count() == 1


def test_who_may_not_export_is_told_so(desk, at, three):
    assert desk.get(f"{at}/service/who/?export=xlsx").status_code == 403


def test_whose_names_stood_on_the_page_is_on_record(boss, at, school, three):
    seen(boss, at, "who/")

    with tenant_scope(school):
        row = Entry.objects.get(verb="service.listed")
        assert sorted(row.data["ids"]) == sorted(customer.pk for customer in three)


# -- on the pages of the archive ---------------------------------------------------------------------------------------------------
def test_a_familys_page_says_what_it_is_owed(boss, at, three):
    page = text(boss.get(f"{at}/families/{three[1].pk}/"))

    assert "应享服务" in page and "从 2026-11-20 起" in page
    assert "1 个工作小时内答复，9 个工作小时内解决" in page
    assert "每周问候" in page and "可以告诉家长的 3 条" in page


def test_a_family_that_is_owed_nothing_has_no_card(boss, at, school, three):
    with tenant_scope(school):
        Entitlement.objects.all().delete()

    assert 'id="owed"' not in text(boss.get(f"{at}/families/{three[1].pk}/"))


def test_the_list_of_families_has_a_column(boss, at, three):
    page = text(boss.get(f"{at}/families/"))

    assert "专属服务" in page and "挽回" in page


def test_the_inspector_reads_it_all(school, at, three):
    member = make_member(school, "inspector")

    assert "3 户各有服务方案" in seen(signed_in(member), at)

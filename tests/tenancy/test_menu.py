"""The side menu: a role sees the pages it may open, and the page one is on is marked."""
import pytest
from django.test import RequestFactory
from django.urls import set_script_prefix, set_urlconf

from tenancy import menu
from tenancy.menu import navigation
from tenancy.models import Membership
from tenancy.roles import Role


@pytest.fixture(autouse=True)
def in_school(settings):
    set_urlconf(settings.SCHOOL_URLCONF)
    set_script_prefix("/s/miao/")
    yield
    set_script_prefix("/")
    set_urlconf(None)


def seen(role, path="/s/miao/"):
    request = RequestFactory().get(path)
    request.path = path
    request.member = Membership(tenant_id=1, role=role, name="x") if role else None
    return navigation(request)


def links(role):
    return {item["link"] for group in seen(role) for item in group["items"]}


def marked(path, role="head"):
    return [str(item["title"]) for group in seen(role, path) for item in group["items"] if item["active"]]


def test_nobody_sees_nothing():
    assert seen(None) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_link_leads_to_a_page_of_the_school(role):
    assert all(link.startswith("/s/miao/") for link in links(role))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_finds_the_first_page_and_the_families(role):
    assert {"/s/miao/", "/s/miao/families/", "/s/miao/lists/"} <= links(role)


@pytest.mark.parametrize(("link", "roles"), [
    ("/s/miao/imports/", {"head", "deputy", "supervisor", "marketing", "admin"}), ("/s/miao/duplicates/",
            {"head", "deputy", "marketing"}),
    ("/s/miao/admin/audit/entry/", {"head", "deputy", "inspector"}), ("/s/miao/admin/tenancy/membership/",
            {"head", "deputy"}),
    ("/s/miao/admin/crm/feekind/", {"head", "deputy", "admin"}),
    ("/s/miao/tiering/batches/", {"head", "deputy", "supervisor", "teacher", "agent", "planner", "relations",
            "marketing", "operations",
                                  "inspector"}),
])
def test_a_page_is_offered_to_who_may_open_it(link, roles):
    assert {str(role) for role in Role if link in links(role)} == roles


def test_groups_without_a_page_are_left_out():
    assert all(group["items"] for role in Role for group in seen(role))


def test_groups_stand_in_their_order():
    assert [str(group["title"]) for group in seen("head")] == ["", "分级", "留住", "服务", "活动和礼遇", "管理", "设置"]


@pytest.mark.parametrize(("path", "title"), [
    ("/s/miao/", "今天"), ("/s/miao/families/", "家庭"), ("/s/miao/families/7/",
            "家庭"), ("/s/miao/families/7/record/intent/", "家庭"),
    ("/s/miao/tiering/batches/3/", "定级批次"), ("/s/miao/tiering/batches/3/report/",
            "季度报告"), ("/s/miao/tiering/schemes/1/sandbox/", "方案与试算"),
    ("/s/miao/churn/report/", "流失分析"), ("/s/miao/churn/report/3/", "流失分析"), ("/s/miao/tiering/report/", "季度报告"),
    ("/s/miao/service/draft/3/plan/quality/", "服务方案"), ("/s/miao/service/who/", "应享服务"),
    ("/s/miao/admin/crm/feekind/add/", "收费项目"), ("/s/miao/imports/9/", "导入"), ("/s/miao/lists/", "名单"),
])
def test_the_page_one_is_on_is_marked_and_no_other(path, title):
    assert marked(path) == [title]


def test_a_page_outside_the_menu_marks_nothing():
    assert marked("/s/miao/inbox/") == []


def test_a_page_is_added_once(monkeypatch):
    monkeypatch.setattr(menu, "_items", [])
    for _ in range(2):
        menu.add("", 10, "今天", "crm:today", "crm.view", "home")

    assert len(menu._items) == 1


def test_pages_stand_by_group_and_number_however_they_were_added(monkeypatch):
    monkeypatch.setattr(menu, "_items", [])
    menu.add("settings", 10, "c", "crm:lists", "crm.view", "x")
    menu.add("", 20, "b", "crm:families", "crm.view", "x")
    menu.add("", 10, "a", "crm:today", "crm.view", "x")

    assert [item.title for item in menu._items] == ["a", "b", "c"]


@pytest.mark.parametrize(("role", "keys"), [("head", "tvfrbc"), ("frontdesk", "tvfr"), ("admin", "tvfrc")])
def test_g_and_a_key_lead_where_the_role_may_go(role, keys):
    ways = menu.shortcuts(Membership(tenant_id=1, role=role, name="x"))

    assert {way["key"] for way in ways} == set(keys)
    assert all(way["link"].startswith("/s/miao/") for way in ways)


def test_each_key_leads_to_one_place():
    keys = [way["key"] for way in menu.shortcuts(Membership(tenant_id=1, role="head", name="x"))]

    assert len(keys) == len(set(keys))


def test_nobody_has_no_keys():
    assert menu.shortcuts(None) == []

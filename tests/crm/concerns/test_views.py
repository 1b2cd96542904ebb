"""投诉与意见 as people use them: the staff page, and the suggestion box on a parent's phone."""
import re

import pytest
from django.core.cache import cache
from django.test import Client

from audit.models import Entry
from crm.concerns import public
from crm.concerns.taking import Said, receive
from crm.models import Concern, TimelineEntry
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.crm.concerns.test_taking import AT

SLIP = {"kind": "complaint", "about": "safety", "text": "滑梯松了", "caller": "", "phone": "", "campus": ""}


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def desk(school):
    return signed_in(make_member(school, "frontdesk"))


@pytest.fixture
def row(school):
    with tenant_scope(school):
        return receive(Said("complaint", "safety", "滑梯松了", caller="路过的", phone="13900139000"), at=AT)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/concerns/{row.pk}/{verb}/", typed, follow=True)


# -- staff ---------------------------------------------------------------------------------------------------------------------------
def test_an_empty_list_shows_the_box_and_its_code(desk, at, settings):
    page = text(desk.get(f"{at}/concerns/"))

    assert "投诉和意见都办结了" in page
    assert f'href="{settings.MIAOPU_ORIGIN}/t/miao/box/"' in page
    assert "<svg" in page
    assert "登记一件" in page


def test_a_call_is_written_down(desk, at):
    page = text(desk.post(f"{at}/concerns/", SLIP | {"source": "hotline"}, follow=True))

    assert "已登记，办结前一直在这里" in page
    assert "1 件投诉、0 条意见没办结" in page
    assert "滑梯松了" in page
    assert "投诉热线" in page


@pytest.mark.parametrize("typed", [
    {"text": ""},
    {"kind": "x"},
    {"about": ""},
    {"source": "box"},
    {"phone": "12"},
    {"text": "长" * 2001},
])
def test_what_is_wrong_is_said_and_nothing_is_written(desk, at, school, typed):
    answer = desk.post(f"{at}/concerns/", SLIP | {"source": "hotline"} | typed)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    with tenant_scope(school):
        assert not Concern.objects.exists()


def test_it_is_closed_and_opened_again(desk, at, row):
    assert "已办结" in text(did(desk, at, row, "close", answer="换了螺丝"))
    assert "换了螺丝" in text(desk.get(f"{at}/concerns/?show=closed"))
    assert "同事刚办结了这一件" in text(did(desk, at, row, "close", answer="x"))
    assert "已重开" in text(did(desk, at, row, "reopen"))


def test_it_is_put_to_the_family_whose_number_was_left(desk, at, school, row):
    with tenant_scope(school):
        customer = makers.family(phone="13900139000")
    assert "留的号码和周小满一家登记的一样" in text(desk.get(f"{at}/concerns/"))

    assert "已挂到这一家" in text(did(desk, at, row, "put", customer=customer.pk))
    with tenant_scope(school):
        assert TimelineEntry.objects.get().customer == customer
    assert did(desk, at, row, "put", customer="999999").status_code == 404


def test_the_number_is_shown_on_demand_with_a_record(desk, at, school, row):
    assert "13900139000" not in text(desk.get(f"{at}/concerns/"))
    assert "路过的 13900139000" in text(did(desk, at, row, "phone"))
    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.concern_phone").count() == 1


def test_it_leaves_as_a_file_for_who_may_export(desk, boss, at, row):
    assert desk.get(f"{at}/concerns/", {"export": "csv"}).status_code == 403
    assert "滑梯松了" in b"".join(boss.get(f"{at}/concerns/", {"export": "csv"}).streaming_content).decode()


@pytest.fixture
def boss(school, head):
    return signed_in(head)


def test_what_nobody_can_do_is_refused(desk, at, row):
    assert did(desk, at, row, "fly").status_code == 409
    assert did(desk, at, row, "close", answer="").status_code == 200


def test_who_may_only_read_closes_nothing(at, school, row):
    inspector = signed_in(make_member(school, "inspector"))

    assert "登记一件" not in text(inspector.get(f"{at}/concerns/"))
    assert did(inspector, at, row, "close", answer="x").status_code == 403


# -- the box -------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def parent(school):
    cache.clear()
    return Client()


def test_the_box_asks_for_no_name_and_says_what_both_sides_owe(parent):
    page = text(parent.get("/t/miao/box/"))

    assert "有话想对园里说" in page
    assert "不留，就是匿名" in page
    assert "反馈时客观公正，说真实的情况" in page
    assert "提出合理的退费要求" in page


def test_a_slip_is_received_without_a_name(parent, school):
    page = text(parent.post("/t/miao/box/", SLIP))

    assert "收到了，谢谢您" in page and "您没有留手机号" in page
    with tenant_scope(school):
        assert [(row.source, row.customer_id, row.caller, row.phone) for row in Concern.objects.all()] == [("box",
                None, "", "")]


def test_who_leaves_a_number_is_told_of_a_call(parent):
    assert "会打您留的手机号" in text(parent.post("/t/miao/box/", SLIP | {"phone": "139 0013 9000"}))


@pytest.mark.parametrize("typed", [{"text": ""}, {"phone": "12"}, {"about": "x"}, {"kind": ""}])
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(parent, typed):
    answer = parent.post("/t/miao/box/", SLIP | {"caller": "小周妈妈"} | typed)

    assert answer.status_code == 422
    assert "小周妈妈" in text(answer)
    assert 'role="alert"' in text(answer)


def test_a_program_that_fills_the_hidden_field_is_thanked_and_heard_by_nobody(parent, school):
    assert parent.post("/t/miao/box/", SLIP | {"website": "x"}).status_code == 200
    with tenant_scope(school):
        assert not Concern.objects.exists()


def test_one_address_writes_so_many_slips_an_hour_and_no_more(parent, school, monkeypatch):
    monkeypatch.setattr(public, "MOST", 2)
    answers = [parent.post("/t/miao/box/", SLIP | {"text": f"第{n}条"}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "请过一会儿再写" in text(answers[2])
    with tenant_scope(school):
        assert Concern.objects.count() == 2


def test_a_school_with_several_campuses_asks_which(parent, school):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    assert "哪个园所" in text(parent.get("/t/miao/box/"))
    parent.post("/t/miao/box/", SLIP | {"campus": west.pk})
    with tenant_scope(school):
        assert Concern.objects.get().campus == west


@pytest.mark.parametrize("address", ["/t/nobody/box/", "/t/miao/box"])
def test_an_address_of_no_school_says_so(parent, address):
    assert parent.get(address).status_code in (301, 404)


def test_the_box_is_found_from_where_parents_book(parent):
    assert "/t/miao/box/" in text(parent.get("/t/miao/book/"))


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_it_speaks_the_parent_s_language(parent, language):
    page = text(parent.get(f"/t/miao/box/?lang={language}"))

    assert "有话想对园里说" not in page and f'lang="{language}"' in page

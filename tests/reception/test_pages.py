"""Parents' pages as plain forms, without any script: three steps, one's own booking, one's rights, odd input, strict CSP."""
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import Child, Consent, Lead
from notifications.actions import consume
from notifications.models import Message, Outbox
from reception.models import Booking, BookingRules, Offer, Slot
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.reception.makers import slot, soon

pytestmark = pytest.mark.django_db(transaction=True)
SOON = timedelta(days=2)


@pytest.fixture
def book(school) -> str:
    return f"/t/{school.slug}/book/"


@pytest.fixture
def here(school) -> Slot:
    return put(school)


def put(school, capacity: int = 1, ahead: timedelta = SOON, **fields) -> Slot:
    with tenant_scope(school):
        return slot(capacity, soon(ahead), **fields)


def text(answer) -> str:
    return answer.content.decode()


def typed(here: Slot, **told) -> dict:
    return {
        "slot": f"s{here.pk}",
        "key": "a-key-of-the-form-1",
        "notice_version": "1",
        "guardian_name": "罗女士",
        "phone": "138 0013 8000",
        "child_data": "yes",
        "child_name": "小满",
        "birth_year": "2024",
        "birth_month": "05",
        "needs": ["午睡", "费用"],
        "special": "花生过敏",
    } | told


def booked(book: str, here: Slot, **told) -> str:
    """The address of one's own booking."""
    answer = Client().post(f"{book}details/", typed(here, **told))
    assert answer.status_code == 302, text(answer)
    return answer["Location"]


def the_booking(school) -> Booking:
    with tenant_scope(school):
        return Booking.objects.select_related("lead", "slot").order_by("-id").first()


# -- the three steps --------------------------------------------------------------------------------------------------
def test_the_first_step_offers_campuses_kinds_days_and_times(book, school, here):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园", address="青石路")
        Offer.objects.create(type=here.type, campus=west)

    page = text(Client().get(book))

    assert "来园里走一走" in page
    assert "西园" in page
    assert "青石路" in page
    assert "体验课" in page
    assert "签约" not in page
    assert f"{timezone.localtime(here.starts_at):%H:%M}" in page
    assert "还有 1 个" in page
    assert "不接待" in page
    assert f"details/?slot=s{here.pk}" in page


def test_a_full_slot_can_be_waited_for(book, school, here):
    put(school, 3, SOON + timedelta(minutes=5))
    booked(book, here)

    assert "可候补" in text(Client().get(book))


def test_another_campus_has_its_own_times(book, school, here):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        Offer.objects.create(type=here.type, campus=west)

    assert f"slot=s{here.pk}" not in text(Client().get(book, {"campus": f"c{west.pk}"}))


@pytest.mark.parametrize("words", [{"campus": "x"}, {"type": "²"}, {"day": "2026-02-30"}, {"lang": "xx"},
        {"again": "x"}, {"day": "9" * 99}])
def test_odd_words_in_the_address_show_the_page(book, here, words):
    assert Client().get(book, words).status_code == 200


def test_a_school_that_takes_no_bookings_says_so(book, school):
    with tenant_scope(school):
        Offer.objects.update(is_open=False)

    assert "暂时不能在网上预约" in text(Client().get(book))


def test_a_fortnight_without_a_place_says_so(book):
    assert "这两周都约满了" in text(Client().get(book))


def test_the_second_step_asks_and_lets_the_parent_decide(book, here):
    page = text(Client().get(f"{book}details/?slot=s{here.pk}"))

    assert "怎么联系您" in page
    assert "不同意，只留电话也能来" in page
    assert "到访后 90 天没有报名就删除" in page
    assert re.search(r'value="no" checked', page) and 'value="yes" checked' not in page


def test_a_booking_is_made_without_any_script(book, school, here):
    own = booked(book, here)

    row = the_booking(school)
    assert own.startswith(f"/b/{school.public_id}_") and row.state == "booked"
    with tenant_scope(school):
        assert row.lead.told() == {
            "guardian_name": "罗女士",
            "phone": "13800138000",
            "child_name": "小满",
            "birth_month": "2024-05",
            "needs": ["午睡", "费用"],
            "special": "花生过敏",
            "language": "zh-hans",
        }


def test_who_does_not_agree_comes_all_the_same_and_nothing_of_the_child_is_kept(book, school, here):
    booked(book, here, child_data="no")

    row = the_booking(school)
    with tenant_scope(school):
        told = row.lead.told()
    assert "child_name" not in told and "birth_month" not in told


def test_pressing_twice_or_going_back_is_one_booking(book, school):
    here = put(school, 5)

    first, second = booked(book, here), booked(book, here)

    with tenant_scope(school):
        assert first == second and Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"phone": "138 1234 567"}, "少了 1 位，手机号是 11 位"),
        ({"guardian_name": ""}, "请写一下怎么称呼您"),
        ({"birth_year": "2099"}, "出生年月不对"),
        ({"birth_year": "", "birth_month": "05", "phone": "1"}, "少了 10 位"),
        ({"notice_version": "0"}, "告知书更新了"),
        ({"special": "过" * 301}, "300"),
        ({"website": "http://spam"}, ""),
    ],
)
def test_a_slip_stands_at_its_field_and_nothing_typed_is_lost(book, school, here, slip, said):
    answer = Client().post(f"{book}details/", typed(here) | slip)

    assert answer.status_code == 422 and said in text(answer)
    for name, value in {"guardian_name": "罗女士", "child_name": "小满"}.items():
        assert name in slip or f'value="{value}"' in text(answer)
    assert re.search(r'value="午睡" checked', text(answer))
    assert re.search(r'value="yes" checked', text(answer))
    with tenant_scope(school):
        assert Booking.objects.count() == 0


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_form_without_its_key_is_refused(book, here, key):
    assert Client().post(f"{book}details/", typed(here, key=key)).status_code == 400


@pytest.mark.parametrize("word", ["", "s0", "x", "s999999", "c1", "²"])
def test_a_slot_that_is_not_there_leads_back(book, school, here, word):
    answers = [Client().get(f"{book}details/", {"slot": word}), Client().post(f"{book}details/", typed(here, slot=word))]

    assert [a.status_code for a in answers] == [404, 404]
    assert all("没有这个时段" in text(a) and book in text(a) for a in answers)


def test_a_slot_that_fills_up_meanwhile_offers_another_time_or_to_wait(book, school, here):
    booked(book, here)

    shown = text(Client().get(f"{book}details/?slot=s{here.pk}"))
    own = booked(book, here, key="a-key-of-another-1", phone="13800138001")

    assert "先排上候补" in shown and "排上候补了" in text(Client().get(own))


def test_a_code_is_asked_for_where_the_school_wants_one(book, school, here):
    with tenant_scope(school):
        BookingRules.objects.update(code="always")

    answer = Client().post(f"{book}details/", typed(here))

    assert answer.status_code == 422 and "请填写发到这个手机号的验证码" in text(answer)


# -- one's own booking ------------------------------------------------------------------------------------------------
def test_the_third_step_shows_when_where_and_a_code_for_the_door(book, here):
    page = text(Client().get(booked(book, here)))

    assert "约好了，罗女士" in page
    assert f"{timezone.localtime(here.starts_at):%H:%M}" in page
    assert "<svg" in page
    assert "viewBox" in page
    assert "加到日历" in page and "室内鞋" in page and "改时间" in page and "小满" in page


def test_a_booking_is_moved_and_cancelled_by_plain_forms(book, school, here):
    other = put(school, 1, SOON + timedelta(hours=1))
    own = booked(book, here)
    offered = text(Client().get(f"{own}change/"))
    moved = Client().post(f"{own}do/move/", {"slot": f"s{other.pk}"})
    where = the_booking(school).slot_id
    cancelled = Client().post(f"{own}do/cancel/")

    assert f'value="s{other.pk}"' in offered and "现在的" in offered
    assert moved.status_code == 302 and where == other.pk and cancelled.status_code == 302
    assert the_booking(school).state == "cancelled" and "已经取消了" in text(Client().get(own))


def test_a_move_into_a_full_slot_says_so_and_keeps_the_place(book, school, here):
    full = put(school, 1, SOON + timedelta(hours=1))
    own = booked(book, here)
    booked(book, full, key="a-key-of-another-1", phone="13800138001")

    answer = Client().post(f"{own}do/move/", {"slot": f"s{full.pk}"})

    assert answer.status_code == 409 and "刚刚约满了" in text(answer)


def test_an_offered_place_is_accepted_with_one_press(book, school, here):
    first = booked(book, here)
    waits = booked(book, here, key="a-key-of-another-1", phone="13800138001")
    Client().post(f"{first}do/cancel/")
    offered = text(Client().get(waits))
    Client().post(f"{waits}do/accept/")

    assert "就要这个时间" in offered and the_booking(school).state == "booked"


@pytest.mark.parametrize("verb", ["cancel", "move"])
def test_shortly_before_the_visit_the_school_is_to_be_called(book, school, verb):
    near = put(school, 1, timedelta(hours=3))
    own = booked(book, near)
    with tenant_scope(school):
        BookingRules.objects.update(change_minutes=300)

    answer = Client().post(f"{own}do/{verb}/", {"slot": f"s{near.pk}"})

    assert answer.status_code == 409
    assert "请直接打电话给园里" in text(answer)
    assert the_booking(school).state == "booked"


@pytest.mark.parametrize("path", ["", "change/"])
def test_a_link_that_does_not_open_says_what_to_do(school, path):
    answer = Client().get(f"/b/{school.public_id}_nothing/{path}")

    assert answer.status_code == 404 and "请打电话给园里" in text(answer)


@pytest.mark.parametrize(("method", "verb", "status"), [("post", "explode", 409), ("get", "cancel", 405)])
def test_an_act_that_is_none_is_refused(book, here, method, verb, status):
    assert getattr(Client(), method)(f"{booked(book, here)}do/{verb}/").status_code == status


def test_a_second_child_is_booked_without_typing_again(book, school, here):
    own = booked(book, here)
    token = own.strip("/").split("/")[1]
    other = put(school, 1, SOON + timedelta(hours=1))

    page = text(Client().get(f"{book}details/", {"slot": f"s{other.pk}", "again": token}))

    assert 'value="罗女士"' in page and 'value="13800138000"' in page and "小满" not in page


# -- one's rights (B13) -------------------------------------------------------------------------------------------------
def test_a_withdrawn_consent_takes_the_childs_data_out_and_keeps_the_visit(book, school, here):
    own = booked(book, here)
    with tenant_scope(school):
        file_lead(Lead.objects.get(), title="预约", at=timezone.now())

    answer = Client().post(f"{own}do/withdraw/")

    page = text(Client().get(own))
    assert answer.status_code == 302 and "没有同意，不使用" in page and "小满" not in page
    assert the_booking(school).state == "booked"
    with tenant_scope(school):
        assert "child_name" not in Lead.objects.get().told()
        assert Consent.objects.get().withdrawn_at is not None and Child.objects.exists()
        assert Entry.objects.filter(verb="reception.consent_withdrawn").count() == 1


def test_a_consent_is_withdrawn_once(book, here):
    own = booked(book, here)
    Client().post(f"{own}do/withdraw/")

    assert Client().post(f"{own}do/withdraw/").status_code == 409


@pytest.mark.parametrize(("verb", "said"), [("delete", "要求删除信息"), ("withdraw", "撤回了孩子信息的同意")])
def test_what_a_parent_asks_for_reaches_a_person(book, school, here, verb, said):
    head = make_member(school, "head")
    Client().post(f"{booked(book, here)}do/{verb}/")

    with tenant_scope(school):
        consume(Outbox.objects.get(topic="reception.asked").pk)
        assert said in Message.objects.get(member=head).title


# -- how the pages behave -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["{book}", "{book}details/?slot=s{slot}", "{own}", "{own}change/", "/b/x/"])
def test_every_page_has_a_strict_policy_and_no_inline_script(book, here, path):
    own = booked(book, put_more(here))
    answer = Client().get(path.format(book=book, slot=here.pk, own=own))
    policy = answer.headers.get("Content-Security-Policy", "")

    assert "unsafe" not in policy if path != "/b/x/" else True
    assert re.findall(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", text(answer)) == []


def put_more(here: Slot) -> Slot:
    return put(here.tenant, 1, SOON + timedelta(hours=2))


@pytest.mark.parametrize(("lang", "said", "code"), [("zh-hans", "来园里走一走", "zh-hans"), ("zh-hant",
        "來園裏走一走", "zh-hant"), ("en", "Come and see us", "en")])
def test_three_languages_are_spoken_and_remembered(book, here, lang, said, code):
    client = Client()

    first, second = client.get(book, {"lang": lang}), client.get(book)

    assert said in text(first) and said in text(second) and f'lang="{code}"' in text(first)


def test_the_pages_weigh_little(book, here):
    page = Client().get(f"{book}details/?slot=s{here.pk}")
    files = [len(b"".join(Client().get(f"/static/mp/{name}").streaming_content)) for name in ("parent.css",
            "parent.js", "sprout.svg")]

    assert len(page.content) + sum(files) < 150_000 and files[0] < 12_000


def test_nobody_keeps_a_page_with_a_persons_data_in_a_cache(book, here):
    assert Client().get(booked(book, here))["Cache-Control"] == "private, no-store"


# -- what stands around a page --------------------------------------------------------------------------------------------
def test_a_school_that_names_its_courses_asks_which_one(book, school, here):
    with tenant_scope(school):
        BookingRules.objects.update(courses=" 创意美术\r\n\n儿童舞蹈 \n")
    page = Client().get(f"{book}details/?slot=s{here.pk}")
    booked(book, here, course="儿童舞蹈")

    assert re.findall(r"<option>([^<]*)</option>", text(page)) == ["创意美术", "儿童舞蹈"]
    with tenant_scope(school):
        assert Lead.objects.get().told()["course"] == "儿童舞蹈"


def test_a_school_that_names_none_does_not_ask(book, here):
    assert 'name="course"' not in text(Client().get(f"{book}details/?slot=s{here.pk}"))


def test_the_schools_numbers_can_be_dialled_from_every_page(book, school, here):
    with tenant_scope(school):
        Campus.objects.update(phone="010-88880001")
    pages = [book, f"{book}details/?slot=s{here.pk}", f"{book}wish/", f"{book}lost/", f"{book}details/?slot=s0"]

    assert ['href="tel:010-88880001"' in text(Client().get(page)) for page in pages] == [True] * 5


def test_what_is_missing_is_said_in_a_parents_words(book, here):
    page = text(Client().post(f"{book}details/", typed(here, guardian_name="", phone="")))

    assert "请写一下怎么称呼您。" in page
    assert "请填手机号，好跟您确认时间。" in page
    assert "该字段" not in page


@pytest.mark.parametrize("address", ["/b/cut-short/", "/b/nobody_secret/", "/t/nowhere/book/", "/c/x/", "/q/x/"])
def test_a_link_that_was_cut_short_is_answered_in_a_parents_words(school, address):
    page = Client().get(address)

    assert page.status_code == 404
    assert "链接可能没有复制完整" in text(page)
    assert "回到今天" not in text(page)


def test_the_language_a_parent_is_written_to_in_is_named(book, here):
    page = text(Client().get(booked(book, here)))

    assert "简体中文</dd>" in page and "<dd>zh-hans" not in page


def test_inside_wechat_which_opens_no_calendar_file_the_page_says_how_to_get_one(book, here):
    own = booked(book, here)
    usual, inside = (text(Client().get(own, headers={"user-agent": agent})) for agent in ("Mozilla/5.0",
            "Mozilla/5.0 MicroMessenger/8.0.49"))

    assert ("calendar.ics" in usual, "在浏览器打开" in usual) == (True, False)
    assert ("calendar.ics" in inside, "在浏览器打开" in inside) == (False, True)

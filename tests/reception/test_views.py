"""预约 for the desk: the day, one booking and its acts, booking for a family, slots, rules; who may, and odd input."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import Lead
from reception.booking import book, token_hash
from reception.models import Booking, BookingRules, Slot, VisitType
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, soon, wish

SOON = timedelta(days=1)


@pytest.fixture
def desk(school):
    return signed_in(make_member(school, "frontdesk", "前台"))


def put(school, capacity: int = 2, ahead: timedelta = SOON, **fields) -> Slot:
    with tenant_scope(school):
        return slot(capacity, soon(ahead), **fields)


def booked(school, here: Slot, n: int = 0, **told) -> Booking:
    now = timezone.now()
    with tenant_scope(school):
        return book(here, wish(n, **told), cutoff=now - SOON, channel="online", at=now).booking


def form(here: Slot, **told) -> dict:
    return {
        "slot": here.pk,
        "channel": "phone",
        "guardian_name": "贾女士",
        "phone": "13800138000",
        "child_data": "on",
        "child_name": "弟弟",
        "birth_month": "2024-06",
        "needs": "午睡，接送",
    } | told


def text(answer) -> str:
    return answer.content.decode()


def day_of(here: Slot) -> str:
    return f"{timezone.localtime(here.starts_at):%Y-%m-%d}"


def day_before(row: Booking) -> str:
    return f"{timezone.localtime(row.starts_at) - SOON:%Y-%m-%d}"


def now_is(school, row: Booking) -> Booking:
    with tenant_scope(school):
        return Booking.objects.select_related("slot", "host").get(pk=row.pk)


# -- the day ----------------------------------------------------------------------------------------------------------
def test_the_day_lists_its_bookings_and_says_how_many_still_come(desk, at, school):
    here = put(school)
    booked(school, here, child_name="小满", child_data=True)
    booked(school, here, 1, guardian_name="郝女士")

    page = text(desk.get(f"{at}/visits/?day={day_of(here)}"))

    assert "2 组，还要来 2 组" in page
    assert "罗女士" in page
    assert "小满" in page
    assert "郝女士" in page
    assert "午睡" in page
    assert "13800130000" not in page
    with tenant_scope(school):
        assert len(Entry.objects.get(verb="reception.listed").data["ids"]) == 2


@pytest.mark.parametrize(
    ("words", "found"), [("罗女士", 1), ("luo", 1), ("lns", 1), ("xm", 1), ("0000", 1), ("8", 0), ("没有这人", 0),
            ("", 2), ("  ", 2)]
)
def test_bookings_are_found_by_name_pinyin_and_last_digits(desk, at, school, words, found):
    here = put(school)
    booked(school, here, child_name="小满", child_data=True)
    booked(school, here, 1, guardian_name="郝女士")

    page = text(desk.get(f"{at}/visits/", {"day": day_of(here), "q": words}))

    assert page.count("data-row href") == found


def test_a_booking_is_found_by_its_number(desk, at, school):
    here = put(school)
    row = booked(school, here)

    assert "罗女士" in text(desk.get(f"{at}/visits/", {"day": day_of(here), "q": row.reference.lower()}))


@pytest.mark.parametrize(("words", "found"), [("周小满", True), ("zxm", True), ("8000", True), ("number", True),
        ("没有这人", False), (" ", False)])
def test_a_booking_of_another_day_is_found_as_well(desk, at, school, words, found):
    row = booked(school, put(school))
    with tenant_scope(school):
        Lead.objects.update(customer=makers.family())

    page = text(desk.get(f"{at}/visits/", {"day": day_before(row),
            "q": row.reference.lower() if words == "number" else words}))

    assert ("别的日子有 1 个" in page, "罗女士" in page) == (found, found)


@pytest.mark.parametrize(("words", "heading"), [("没有这人", "没有找到“没有这人”"), ("  ", "还没有人约这一天")])
def test_a_search_that_finds_nothing_says_what_was_looked_for_and_where(desk, at, words, heading):
    page = text(desk.get(f"{at}/visits/", {"q": words}))

    assert (heading in page, "前后半年的预约都找过了" in page) == (True, bool(words.strip()))


def test_a_booking_of_another_campus_is_not_found_on_another_day(school, at):
    row = booked(school, put(school))
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = signed_in(make_member(school, "frontdesk", "西", campuses=[west]))

    assert "罗女士" not in text(western.get(f"{at}/visits/", {"day": day_before(row), "q": row.reference}))


def test_an_empty_day_says_what_will_be_here(desk, at):
    assert "还没有人约这一天" in text(desk.get(f"{at}/visits/"))


@pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-02-30", ""])
def test_an_odd_day_is_today(desk, at, day):
    assert desk.get(f"{at}/visits/", {"day": day}).status_code == 200


def test_bookings_of_another_campus_are_not_seen(school, at):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    here = put(school)
    row = booked(school, here)
    western = signed_in(make_member(school, "frontdesk", "西", campuses=[west]))

    assert "罗女士" not in text(western.get(f"{at}/visits/?day={day_of(here)}"))
    assert western.get(f"{at}/visits/{row.pk}/").status_code == 404
    assert western.post(f"{at}/visits/{row.pk}/cancel/").status_code == 404
    assert western.post(f"{at}/slots/{here.pk}/block/").status_code == 404


# -- one booking ------------------------------------------------------------------------------------------------------
def test_a_booking_shows_what_was_told_and_a_look_is_kept(desk, at, school):
    row = booked(school, put(school), child_name="小满", birth_month="2024-05", child_data=True, special="花生过敏")

    page = text(desk.get(f"{at}/visits/{row.pk}/"))

    assert all(words in page for words in ("罗女士", "小满", "2024-05", "花生过敏", "家长同意使用", "正在建档",
            row.reference))
    with tenant_scope(school):
        assert Entry.objects.get(verb="reception.booking_viewed").object_id == row.pk


def test_a_filed_booking_leads_to_the_family(desk, at, school):
    row = booked(school, put(school))
    with tenant_scope(school):
        customer = file_lead(Lead.objects.get(), title="预约", at=timezone.now())

    assert f"/families/{customer.pk}/" in text(desk.get(f"{at}/visits/{row.pk}/"))


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        (["confirm"], "confirmed"),
        (["arrive"], "arrived"),
        (["miss"], "no_show"),
        (["arrive", "recall"], "confirmed"),
        (["cancel"], "cancelled"),
    ],
)
def test_what_the_desk_does_leads_to_a_state(desk, at, school, verbs, state):
    row = booked(school, put(school))
    with tenant_scope(school):
        Booking.objects.update(starts_at=timezone.now())  # its day has come

    for verb in verbs:
        assert desk.post(f"{at}/visits/{row.pk}/{verb}/", {"reason": "孩子发烧"}).status_code == 302

    assert now_is(school, row).state == state


def test_what_a_colleague_did_meanwhile_is_not_overwritten(desk, at, school):
    row = booked(school, put(school))
    desk.post(f"{at}/visits/{row.pk}/confirm/", {"version": row.version})

    answer = desk.post(f"{at}/visits/{row.pk}/cancel/", {"version": row.version})

    assert answer.status_code == 409
    assert "现在是“已确认”" in text(answer)
    assert now_is(school, row).state == "confirmed"


def test_a_booking_is_moved_by_the_desk_even_within_the_notice(desk, at, school):
    here, soon = put(school), put(school, ahead=timedelta(minutes=20))
    row = booked(school, here)

    desk.post(f"{at}/visits/{row.pk}/move/", {"slot": soon.pk})

    assert now_is(school, row).slot_id == soon.pk


def test_a_family_whose_slot_is_gone_is_moved_from_the_list(desk, at, school):
    gone, near = put(school), put(school, 1, SOON + timedelta(hours=1))
    row = booked(school, gone)
    with tenant_scope(school):
        Slot.objects.filter(pk=gone.pk).update(state="withdrawn")
    offered = text(desk.get(f"{at}/visits/"))

    moved = desk.post(f"{at}/visits/{row.pk}/move/", {"slot": near.pk, "version": row.version, "back": "list"}, follow=True)

    assert "1 组约在不开放的时段里" in offered and f'name="slot" value="{near.pk}"' in offered
    assert "不开放的时段" not in text(moved)
    assert "已改约" in text(moved)
    assert now_is(school, row).slot_id == near.pk


@pytest.mark.parametrize("slot_", ["", "x", "999999", "0"])
def test_a_move_to_nowhere_is_told(desk, at, school, slot_):
    row = booked(school, put(school))

    answer = desk.post(f"{at}/visits/{row.pk}/move/", {"slot": slot_})

    assert answer.status_code == 409 and "请选一个时间" in text(answer)


def test_a_move_into_a_full_slot_is_told(desk, at, school):
    here, full = put(school), put(school, 1, SOON + timedelta(hours=1))
    row = booked(school, here)
    booked(school, full, 1)

    answer = desk.post(f"{at}/visits/{row.pk}/move/", {"slot": full.pk})

    assert answer.status_code == 409
    assert "约满了" in text(answer)
    assert now_is(school, row).slot_id == here.pk


def test_a_host_is_named_and_not_twice_at_once(desk, at, school):
    liang = make_member(school, "teacher", "梁老师")
    here, near = put(school), put(school, ahead=SOON + timedelta(minutes=20))
    first, second = booked(school, here), booked(school, near, 1)

    named = desk.post(f"{at}/visits/{first.pk}/host/", {"host": liang.pk})
    refused = desk.post(f"{at}/visits/{second.pk}/host/", {"host": liang.pk})
    nobody = desk.post(f"{at}/visits/{second.pk}/host/", {"host": ""})

    assert named.status_code == 302 and now_is(school, first).host == liang
    assert refused.status_code == 409
    assert "在另一个时段里" in text(refused)
    assert nobody.status_code == 409


def test_a_lost_link_comes_back_through_the_desk_and_is_shown_once(desk, at, school):
    row = booked(school, put(school))
    desk.post(f"{at}/visits/{row.pk}/link/")

    shown, again = text(desk.get(f"{at}/visits/{row.pk}/")), text(desk.get(f"{at}/visits/{row.pk}/"))

    token = shown.split("/b/")[1].split("/")[0]
    assert now_is(school, row).token_hash == token_hash(token) != row.token_hash
    assert "/b/" not in again


def test_an_act_that_is_none_is_refused(desk, at, school):
    row = booked(school, put(school))

    assert desk.post(f"{at}/visits/{row.pk}/explode/").status_code == 409
    assert desk.get(f"{at}/visits/{row.pk}/confirm/").status_code == 405


# -- booking for a family ---------------------------------------------------------------------------------------------
def test_the_desk_books_for_who_calls(desk, at, school):
    here = put(school, ahead=timedelta(minutes=30))  # parents themselves could not book it any more

    answer = desk.post(f"{at}/visits/new/", form(here))

    with tenant_scope(school):
        row = Booking.objects.select_related("lead", "by").get()
        told = row.lead.told()
        assert answer.status_code == 302
        assert (row.channel, row.by.name, row.lead.notice_version) == ("phone", "前台", "口头")
        assert (told["child_name"], told["needs"], told["phone"]) == ("弟弟", ["午睡", "接送"], "13800138000")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"phone": "1380013800"}, "少了 1 位"),
        ({"guardian_name": " "}, "必填"),
        ({"child_data": ""}, "家长同意了才能记孩子的信息"),
        ({"birth_month": "2024-13"}, "有效"),
        ({"slot": ""}, "必填"),
        ({"slot": "999999"}, "有效"),
        ({"channel": "pigeon"}, "有效"),
        ({"special": "过" * 301}, "300"),
    ],
)
def test_a_slip_of_the_desk_comes_back_with_all_that_was_typed(desk, at, school, slip, said):
    answer = desk.post(f"{at}/visits/new/", form(put(school)) | {"course": "托小班"} | slip)

    assert answer.status_code == 422 and said in text(answer) and "托小班" in text(answer)
    with tenant_scope(school):
        assert Booking.objects.count() == Lead.objects.count() == 0


@pytest.mark.parametrize(("asked", "there"), [("first", ["first"]), ("second", ["second"]), ("", ["first"])])
def test_the_slots_of_one_day_are_offered_at_a_time(desk, at, school, asked, there):
    slots = {"first": put(school), "second": put(school, ahead=SOON * 3)}

    page = text(desk.get(f"{at}/visits/new/", {"day": day_of(slots[asked])} if asked else {}))

    assert [name for name, row in slots.items() if f'<option value="{row.pk}"' in page] == there


def test_a_slot_chosen_from_the_list_is_chosen_in_the_form(desk, at, school):
    put(school)
    later = put(school, ahead=SOON * 3)

    assert f'<option value="{later.pk}" selected' in text(desk.get(f"{at}/visits/new/?slot={later.pk}"))


def test_a_full_slot_offers_to_wait(desk, at, school):
    here = put(school, 1)
    booked(school, here)

    full = desk.post(f"{at}/visits/new/", form(here))
    waiting = desk.post(f"{at}/visits/new/", form(here, wait="1"))

    assert full.status_code == 422 and "排候补" in text(full) and waiting.status_code == 302
    with tenant_scope(school):
        assert Booking.objects.order_by("id").last().state == "waiting"


# -- slots ------------------------------------------------------------------------------------------------------------
def test_a_slot_is_blocked_at_once_and_who_is_to_be_called_stands_first(desk, at, school):
    here = put(school)
    booked(school, here)

    desk.post(f"{at}/slots/{here.pk}/block/", {"reason": "老师请假"})
    page = text(desk.get(f"{at}/visits/"))
    desk.post(f"{at}/slots/{here.pk}/open/")

    assert "1 组约在不开放的时段里" in page and "老师请假" in page
    assert "约在不开放的时段里" not in text(desk.get(f"{at}/visits/"))


def test_a_slot_gets_more_places_and_not_fewer_than_are_taken(desk, at, school):
    here = put(school, 1)
    booked(school, here)

    more = desk.post(f"{at}/slots/{here.pk}/places/", {"capacity": "4"})
    fewer = desk.post(f"{at}/slots/{here.pk}/places/", {"capacity": "0"})

    assert more.status_code == 302 and fewer.status_code == 409 and "先挪走 1 组" in text(fewer)
    assert "1 / 4" in text(desk.get(f"{at}/slots/?day={day_of(here)}"))


@pytest.mark.parametrize("capacity", ["", "x", "-1", "201", "1e9"])
def test_an_odd_number_of_places_is_refused(desk, at, school, capacity):
    assert desk.post(f"{at}/slots/{put(school).pk}/places/", {"capacity": capacity}).status_code == 409


def test_a_day_without_slots_leads_to_the_calendar(desk, at):
    assert "这一天没有时段" in text(desk.get(f"{at}/slots/"))


# -- rules and types --------------------------------------------------------------------------------------------------
def rules_form(school, **changes) -> dict:
    with tenant_scope(school):
        row = BookingRules.objects.get()
        names = ["hold_minutes", "offer_minutes", "change_minutes", "token_days", "code", "per_phone",
                "address_code_after", "address_most"]
        return {n: getattr(row, n) for n in [*names, "tenant_code_after", "child_days", "notice_text",
                "remind_minutes", "page_seconds"]} | changes


def test_another_text_of_the_notice_is_a_new_version(head_client, at, school):
    same = head_client.post(f"{at}/booking-rules/", rules_form(school, hold_minutes=5))
    with tenant_scope(school):
        before = BookingRules.objects.get()
    head_client.post(f"{at}/booking-rules/", rules_form(school, notice_text="新的告知书，90 天"))

    with tenant_scope(school):
        after = BookingRules.objects.get()
    assert same.status_code == 302 and (before.hold_minutes, before.notice_version) == (5, "1")
    assert (after.notice_version, after.notice_text) == ("2", "新的告知书，90 天")


@pytest.mark.parametrize("slip", [{"hold_minutes": 0}, {"hold_minutes": 61}, {"per_phone": ""}, {"code": "sometimes"},
        {"notice_text": ""},
                                  {"child_days": 60}, {"child_days": 0}, {"notice_text": "孩子的信息 900 天后删除"}])
def test_rules_out_of_bounds_are_told_and_not_kept(head_client, at, school, slip):
    answer = head_client.post(f"{at}/booking-rules/", rules_form(school, **slip))

    assert answer.status_code == 422
    with tenant_scope(school):
        assert BookingRules.objects.get().hold_minutes == 10


def test_the_rules_page_tells_the_address_for_parents(head_client, at, school):
    assert f"/t/{school.slug}/book/" in text(head_client.get(f"{at}/booking-rules/"))


def test_a_changed_type_lays_its_slots_anew(head_client, at, school):
    with tenant_scope(school):
        kind = VisitType.objects.get(code="tour")
        fields = {f.name: getattr(kind, f.name) for f in kind._meta.fields if f.editable and f.name not in ("id", "tenant")}
    on = {name: "on" if value is True else value for name, value in fields.items() if value is not False}

    answer = head_client.post(f"{at}/admin/reception/visittype/{kind.pk}/change/", on | {"minutes": 90})

    with tenant_scope(school):
        assert answer.status_code == 302 and VisitType.objects.get(code="tour").minutes == 90
        assert makers.campus() and kind._meta.label == "reception.VisitType"


@pytest.mark.parametrize(("role", "reads", "books", "rules"),
        [("teacher", 200, 403, 403), ("frontdesk", 200, 200, 403), ("supervisor", 200, 200, 200),
                ("inspector", 200, 403, 403)])
def test_who_may_what(school, at, role, reads, books, rules):
    client = signed_in(make_member(school, role))

    assert [client.get(f"{at}/{path}/").status_code for path in ("visits", "slots", "visits/new",
            "booking-rules")] == [reads, reads, books, rules]


@pytest.mark.parametrize("path", ["visits", "slots"])
def test_a_fuller_day_takes_no_more_statements(desk, at, school, path):
    here = put(school, 9)
    booked(school, here)
    few = counted(desk, f"{at}/{path}/?day={day_of(here)}")
    for n in range(1, 8):
        booked(school, here, n)
        put(school, 1, SOON + timedelta(minutes=n))

    assert counted(desk, f"{at}/{path}/?day={day_of(here)}") == few


def counted(client, url: str) -> int:
    client.get(url)  # what is remembered for a minute is built before
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)

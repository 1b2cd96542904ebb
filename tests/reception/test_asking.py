"""Parents' two further pages, and the desk's answer: a wish for another time, a lost link that comes back by a code."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from crm.models import Customer, TimelineEntry
from notifications.actions import consume
from notifications.models import Message, Outbox, ParentMessage
from reception import wishing
from reception.booking import book, cancel, token_of
from reception.models import Booking, BookingRules, Offer, PhoneCode, TimeWish
from reception.sweep import ask
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

pytestmark = pytest.mark.django_db(transaction=True)
WISH, LOST = "/t/miao/book/wish/", "/t/miao/book/lost/"
TOLD = {"guardian_name": "罗女士", "phone": "138 0013 8000", "when": "工作日下午五点以后"}


@pytest.fixture
def desk(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def parent(school) -> Client:
    with tenant_scope(school):
        BookingRules.objects.update(page_seconds=0)
    return Client()


def read(answer) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    )


def work(school, topic: str) -> None:
    with tenant_scope(school):
        pks = list(Outbox.objects.filter(topic=topic, done_at=None).values_list("pk", flat=True))
    for pk in pks:
        with tenant_scope(school):
            consume(pk)


def wished(school) -> TimeWish:
    with tenant_scope(school):
        return TimeWish.objects.select_related("lead", "campus", "type", "booking", "by").get()


# -- a wish ------------------------------------------------------------------------------------------------------------------
def test_who_finds_no_time_is_shown_the_way_to_say_theirs(school, parent):
    page = read(parent.get("/t/miao/book/"))

    assert "没有合适的时间？" in page and "/t/miao/book/wish/?campus=c" in page and LOST in page


def test_a_wish_is_taken_down_sealed_and_without_a_word_about_the_child(school, parent):
    answer = parent.post(WISH, TOLD)

    row = wished(school)
    assert answer.status_code == 200 and "收到了，园里会打电话跟您约" in read(answer)
    with tenant_scope(school):
        assert row.lead.told() == {
            "guardian_name": "罗女士",
            "phone": "13800138000",
            "when": "工作日下午五点以后",
            "language": "zh-hans",
        }
        assert (row.lead.child_data, row.done_at, row.type.code) == (False, None, "tour")
        assert "五点".encode() not in bytes(row.lead.typed_sealed)


def test_the_worker_files_the_family_and_tells_the_desk(school, parent, desk):
    parent.post(WISH, TOLD)

    work(school, wishing.WISHED)

    with tenant_scope(school):
        assert (
            Customer.objects.get().name.startswith("罗女士")
            and TimelineEntry.objects.get().text == "想约的时间：工作日下午五点以后"
        )
        assert Message.objects.get(member=desk).title == "本部 有家长想约别的时间来参观"


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ({"when": ""}, "when"),
        ({"when": "x" * 201}, "when"),
        ({"phone": "123"}, "phone"),
        ({"phone": "010-66668888"}, "phone"),
        ({"guardian_name": ""}, "guardian"),
        ({"website": "http://x"}, ""),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_typed_is_lost(school, parent, slip, word):
    answer = parent.post(WISH, TOLD | slip)

    page = read(answer)
    assert answer.status_code == 422 and (
        not word or f'aria-describedby="e-{word}" aria-invalid="true"' in page
    )
    assert (slip.get("when") or TOLD["when"])[:10] in page or "when" in slip
    with tenant_scope(school):
        assert TimeWish.objects.count() == 0


def test_a_wish_counts_as_a_booking_does(school, parent):
    with tenant_scope(school):
        BookingRules.objects.update(per_phone=2)
    answers = [parent.post(WISH, TOLD).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_a_wish_sent_off_at_once_is_asked_for_a_code_which_the_page_sends(school, parent):
    with tenant_scope(school):
        BookingRules.objects.update(page_seconds=2)
    page = re.search(r'name="page" value="([^"]+)"', parent.get(WISH).content.decode())[1]
    first = parent.post(WISH, TOLD | {"page": page})
    parent.post(WISH, TOLD | {"page": page, "send": "1"})
    with tenant_scope(school):
        code = PhoneCode.objects.get().code

    second = parent.post(WISH, TOLD | {"page": page, "code": code})

    assert first.status_code == 422 and "手机验证码" in read(first) and second.status_code == 200


def test_a_school_that_offers_nothing_takes_no_wish(school, parent):
    with tenant_scope(school):
        Offer.objects.update(is_open=False)

    assert parent.get(WISH).status_code == 404


# -- the desk ------------------------------------------------------------------------------------------------------------------
def test_the_desk_sees_the_wish_in_the_parents_own_words(school, parent, desk):
    parent.post(WISH, TOLD)
    client = signed_in(desk)

    visits, listed = read(client.get("/s/miao/visits/")), read(client.get("/s/miao/visits/wishes/"))

    assert (
        "1 位家长没找到合适的时间" in visits
        and "工作日下午五点以后" in listed
        and "罗女士" in listed
        and "13800138000" not in listed
    )
    with tenant_scope(school):
        assert Entry.objects.filter(verb="reception.wishes_listed", actor=desk).count() == 1


def test_booking_for_the_wish_needs_no_retyping_and_settles_it(school, parent, desk):
    parent.post(WISH, TOLD)
    row, client = wished(school), signed_in(desk)
    with tenant_scope(school):
        here = slot(2, timezone.now() + timedelta(days=1))
    form = read(client.get(f"/s/miao/visits/new/?wish={row.pk}"))

    told = {"slot": here.pk, "channel": "phone", "guardian_name": "罗女士", "phone": "13800138000"}
    answer = client.post(f"/s/miao/visits/new/?wish={row.pk}", told)

    after = wished(school)
    assert 'value="13800138000"' in form
    assert "工作日下午五点以后" in form
    assert answer.status_code == 302
    assert after.done_at is not None and after.by == desk and after.booking.slot_id == here.pk
    with tenant_scope(school):
        assert (
            Entry.objects.filter(verb="reception.wish_opened", object_id=row.pk).count() == 2
        )  # the form, and its sending


def test_a_refused_booking_leaves_the_wish_open(school, parent, desk):
    parent.post(WISH, TOLD)
    with tenant_scope(school):
        here = slot(1, timezone.now() + timedelta(days=1))
        book(here, wish(5), cutoff=timezone.now(), channel="phone", at=timezone.now())
    told = {"slot": here.pk, "channel": "phone", "guardian_name": "罗女士", "phone": "13800138000"}

    answer = signed_in(desk).post(f"/s/miao/visits/new/?wish={wished(school).pk}", told)

    assert answer.status_code == 422 and wished(school).done_at is None


def test_a_wish_that_was_talked_about_leaves_the_list(school, parent, desk):
    parent.post(WISH, TOLD)

    answer = signed_in(desk).post(f"/s/miao/visits/wishes/{wished(school).pk}/", follow=True)

    assert "没有家长在等您约时间" in read(answer) and wished(school).by == desk


def test_two_colleagues_do_not_settle_one_wish(school, parent, desk):
    parent.post(WISH, TOLD)
    row = wished(school)
    with tenant_scope(school):
        wishing.settle(row, by=desk, at=timezone.now())

    with tenant_scope(school), pytest.raises(Refused, match="刚刚有人处理"):
        wishing.settle(row, by=desk, at=timezone.now())


def test_a_wish_at_another_campus_is_not_there(school, parent):
    parent.post(WISH, TOLD)
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
    client = signed_in(make_member(school, "frontdesk", "西老师", campuses=[west]))

    assert client.get(f"/s/miao/visits/new/?wish={wished(school).pk}").status_code == 404
    assert client.post(f"/s/miao/visits/wishes/{wished(school).pk}/").status_code == 404
    assert "没有家长在等您约时间" in read(client.get("/s/miao/visits/wishes/"))


# -- a lost link ---------------------------------------------------------------------------------------------------------------
def a_booking(school, n: int = 0, phone: str = "13800138000", **fields) -> Booking:
    with tenant_scope(school):
        here = slot(2, timezone.now() + timedelta(days=1, minutes=n))
        row = book(
            here, wish(n, phone=phone), cutoff=timezone.now(), channel="phone", at=timezone.now()
        ).booking
        Booking.objects.filter(pk=row.pk).update(**fields)
        return row


def code_of(school) -> str:
    with tenant_scope(school):
        return PhoneCode.objects.latest("id").code


def test_a_code_opens_ones_own_bookings(school, parent):
    row = a_booking(school)
    a_booking(school, 1, phone="13800138009")
    sent = parent.post(LOST, {"phone": "13800138000"})

    found = parent.post(LOST, {"phone": "13800138000", "code": code_of(school)})

    with tenant_scope(school):
        links = re.findall(r'href="(/b/[^"]+)"', found.content.decode())
        assert "验证码发出去了" in read(sent) and links == [f"/b/{token_of(row)}/"]
    assert parent.get(links[0]).status_code == 200


def test_a_number_without_bookings_is_answered_the_same_until_the_code_is_right(school, parent):
    a_booking(school)
    known, unknown = (parent.post(LOST, {"phone": phone}) for phone in ("13800138000", "13900139000"))
    with tenant_scope(school):
        code = PhoneCode.objects.latest("id").code

    assert read(known).replace("13800138000", "") == read(unknown).replace("13900139000", "")
    assert "这个手机号没有预约" in read(parent.post(LOST, {"phone": "13900139000", "code": code}))


@pytest.mark.parametrize("code", ["000000x", "", "١٢٣"])
def test_a_wrong_code_opens_nothing(school, parent, code):
    a_booking(school)
    parent.post(LOST, {"phone": "13800138000"})

    answer = parent.post(LOST, {"phone": "13800138000", "code": code})

    assert answer.status_code in (422, 429) and "/b/" not in answer.content.decode()


def test_what_is_cancelled_or_revoked_or_long_over_is_not_listed(school, parent):
    row = a_booking(school)
    a_booking(school, 1, token_revoked_at=timezone.now())
    a_booking(
        school, 2, ends_at=timezone.now() - timedelta(days=91), starts_at=timezone.now() - timedelta(days=92)
    )
    with tenant_scope(school):
        cancel(row, reason="", at=timezone.now())
    parent.post(LOST, {"phone": "13800138000"})

    found = parent.post(LOST, {"phone": "13800138000", "code": code_of(school)})

    assert "这个手机号没有预约" in read(found)


def test_codes_are_sent_once_a_minute(school, parent):
    first, second = (parent.post(LOST, {"phone": "13800138000", "send": "1"}).status_code for _ in range(2))

    assert (first, second) == (200, 429)
    with tenant_scope(school):
        assert ParentMessage.objects.filter(kind="reception.code").count() == 1


def test_where_no_code_can_be_sent_the_page_says_to_call(school, parent, settings):
    settings.MIAOPU_CHANNELS = []

    page = read(parent.get(LOST))

    assert "请打电话给园里" in page and "<form" not in page
    assert "请打电话给园里" in read(parent.post(LOST, {"phone": "13800138000"}))


def test_the_bookings_of_another_school_are_not_found(school, other_school, parent):
    with tenant_scope(other_school):
        ask()
    a_booking(other_school)
    parent.post(LOST, {"phone": "13800138000"})

    assert "这个手机号没有预约" in read(parent.post(LOST, {"phone": "13800138000", "code": code_of(school)}))


# -- the poster, the filters ---------------------------------------------------------------------------------------------------
def test_the_poster_leads_to_the_booking_page(school, desk, settings):
    page = read(signed_in(desk).get("/s/miao/booking-rules/poster/"))

    assert f"{settings.MIAOPU_ORIGIN}/t/miao/book/" in page
    assert "<svg" in page
    assert "data-print" in page


@pytest.mark.parametrize(
    ("kind", "seen"), [("tour", (True, False)), ("trial", (False, True)), ("", (True, True))]
)
def test_a_days_slots_are_looked_through_by_type(school, desk, kind, seen):
    at = timezone.now() + timedelta(days=1)
    with tenant_scope(school):
        rows = [slot(2, at.replace(second=0), "tour"), slot(2, at.replace(second=1), "trial")]
        pk = {row.type.code: row.type_id for row in rows}.get(kind, "")
    day = timezone.localdate(at)

    page = read(signed_in(desk).get(f"/s/miao/slots/?day={day}&type={pk}"))

    assert tuple(f"/slots/{row.pk}/" in page for row in rows) == seen


def test_a_days_slots_are_looked_through_by_campus(school, desk):
    at = timezone.now() + timedelta(days=1)
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        here, there = slot(2, at), slot(2, at, campus=west)
        home = makers.campus()

    page = read(signed_in(desk).get(f"/s/miao/slots/?day={timezone.localdate(at)}&campus={home.pk}"))

    assert f"/slots/{here.pk}/" in page and f"/slots/{there.pk}/" not in page

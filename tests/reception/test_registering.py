"""信息登记 (X9) and 到访签到: a family at the desk tells who it is, the archive is filled, nothing is asked twice."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import Child, Consent, Customer, Guardian, TimelineEntry
from reception.booking import book
from reception.models import Booking, VisitStep, VisitType
from reception.registering import register
from reception.walkins import walk_in
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import NOW, slot, wish

BOARD = "/s/miao/board/"
TOLD = {
    "guardian_name": "贾女士",
    "phone": "13900139000",
    "needs": "午睡、费用",
    "special": "",
    "course": "托小班",
    "source": "路过",
}


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def at_the_door(fang, miao) -> Booking:
    row = walk_in(makers.campus(), VisitType.objects.get(code="tour"), key="tap", by=fang, at=NOW)
    return Booking.objects.select_related("slot__type", "slot__campus", "lead").get(pk=row.pk)


def booked(**told) -> Booking:
    row = book(slot(), wish(**told), cutoff=NOW, channel="online", at=NOW).booking
    return Booking.objects.select_related("slot__type", "slot__campus", "lead").get(pk=row.pk)


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# -- registering ---------------------------------------------------------------------------------------------------------------
def test_whoever_came_without_a_booking_is_filed_with_the_registration(fang, at_the_door):
    customer = register(
        at_the_door, wish(guardian_name="贾女士", child_name="弟弟", child_data=True), by=fang, at=NOW
    )

    lead = Booking.objects.select_related("lead").get(pk=at_the_door.pk).lead
    assert (lead.customer, lead.phone_tail, lead.child_data) == (customer, "0000", True)
    assert Child.objects.get().name == "弟弟" and Guardian.objects.get().name == "贾女士"
    entry = TimelineEntry.objects.get()
    assert (entry.kind, entry.title, entry.by, entry.at) == ("visit", "到访登记：参观，本部", fang, NOW)
    assert Entry.objects.filter(verb="reception.registered", actor=fang).count() == 1


def test_a_family_that_is_known_by_its_number_stays_one_family(fang, at_the_door):
    known = makers.family("周小满", "13800130000")

    customer = register(
        at_the_door, wish(guardian_name="罗女士", child_name="弟弟", child_data=True), by=fang, at=NOW
    )

    assert (
        customer == known
        and Customer.objects.count() == 1
        and set(Child.objects.values_list("name", flat=True)) == {"周小满", "弟弟"}
    )


def test_what_was_told_with_the_booking_is_completed_and_filed_once(fang, miao):
    row = booked(guardian_name="罗女士", email="luo@example.com", language="en")
    first = file_lead(row.lead, title="预约 参观", at=NOW)

    second = register(
        row,
        wish(guardian_name="罗女士", child_name="小满", child_data=True, notice_version="口头"),
        by=fang,
        at=NOW,
    )

    told = Booking.objects.select_related("lead").get(pk=row.pk).lead.told()
    assert first == second and Customer.objects.count() == 1 and Child.objects.get().name == "小满"
    assert (told["email"], told["language"], told["child_name"]) == ("luo@example.com", "en", "小满")
    assert list(TimelineEntry.objects.order_by("id").values_list("kind", flat=True)) == [
        "consultation",
        "visit",
    ]


@pytest.mark.parametrize("yes", [True, False])
def test_the_answer_on_the_childs_data_is_kept(fang, miao, yes):
    row = booked()
    child = {"child_name": "小满", "child_data": True} if yes else {"child_data": False}

    register(row, wish(**child), by=fang, at=NOW)

    assert Consent.objects.get().granted is yes and Child.objects.count() == int(yes)


def test_another_number_of_a_filed_family_is_changed_in_the_archive(fang, miao):
    row = booked()
    file_lead(row.lead, title="预约", at=NOW)

    with pytest.raises(Refused, match="档案里改"):
        register(row, wish(7), by=fang, at=NOW)

    assert (
        Customer.objects.count() == 1
        and Booking.objects.select_related("lead").get(pk=row.pk).lead.phone_tail == "0000"
    )


def test_registering_twice_changes_nothing_but_the_timeline(fang, at_the_door):
    for _ in range(2):
        register(at_the_door, wish(child_name="弟弟", child_data=True), by=fang, at=NOW)

    assert (Customer.objects.count(), Child.objects.count(), Guardian.objects.count()) == (1, 1, 1)


# -- at the desk -----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def client(fang, on_the_day):
    return signed_in(fang)


def put(school, **told) -> Booking:
    with tenant_scope(school):
        now = timezone.now()
        return book(
            slot(2, now + timedelta(minutes=30)), wish(**told), cutoff=now, channel="online", at=now
        ).booking


def test_the_form_asks_nothing_that_was_told_before(school, client):
    row = put(
        school,
        guardian_name="贾女士",
        special="花生过敏",
        child_name="弟弟",
        child_data=True,
        birth_month="2024-05",
    )

    page = read(client.get(f"{BOARD}{row.pk}/registration/"))

    assert (
        all(f'value="{word}"' in page for word in ("贾女士", "花生过敏", "弟弟", "2024-05", "午睡"))
        and "checked" in page
    )


def test_the_desk_registers_and_is_back_on_the_board(school, client):
    row = put(school, guardian_name="贾女士", phone="13900139000")

    answer = client.post(
        f"{BOARD}{row.pk}/registration/", TOLD | {"child_data": "on", "child_name": "弟弟"}, follow=True
    )

    page = read(answer)
    assert "登记好了，已经进档案" in page and f'is-on" data-card="{row.pk}"' in page
    with tenant_scope(school):
        assert Customer.objects.get().source == "路过" and Child.objects.get().name == "弟弟"


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ({"phone": "123"}, "手机号是 11 位"),
        ({"guardian_name": ""}, "必填"),
        ({"child_name": "弟弟"}, "家长同意了才能记"),
        ({"birth_month": "2024"}, "id_birth_month"),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(school, client, slip, word):
    row = put(school)

    answer = client.post(f"{BOARD}{row.pk}/registration/", TOLD | slip)

    assert answer.status_code == 422 and word in read(answer) and "托小班" in read(answer)
    with tenant_scope(school):
        assert Customer.objects.count() == 0


def test_the_code_at_the_door_checks_the_family_in(school, client):
    row = put(school)

    answer = client.post(f"{BOARD}check-in/", {"reference": f" {row.reference.lower()} "}, follow=True)

    assert "组在园，1 组正在等" in read(answer)
    with tenant_scope(school):
        assert VisitStep.objects.get().step == "arrived"
        assert Booking.objects.get().state == "arrived"


def test_scanned_again_it_is_only_shown(school, client):
    row = put(school)
    for _ in range(2):
        answer = client.post(f"{BOARD}check-in/", {"reference": row.reference}, follow=True)

    assert answer.status_code == 200 and f'is-on" data-card="{row.pk}"' in read(answer)
    with tenant_scope(school):
        assert VisitStep.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "ABCDEFGH", "😀", "x" * 500, "%"])
def test_a_code_that_is_none_is_said_on_the_board(school, client, typed):
    put(school)

    answer = client.post(f"{BOARD}check-in/", {"reference": typed}, follow=True)

    assert answer.status_code == 200 and "今天没有这个预约号" in read(answer)


def test_the_code_of_another_day_or_school_is_none(school, other_school, client):
    with tenant_scope(school):
        now = timezone.now()
        later = book(slot(2, now + timedelta(days=3)), wish(), cutoff=now, channel="online", at=now).booking
    theirs = put(other_school)

    for row in (later, theirs):
        assert "今天没有这个预约号" in read(
            client.post(f"{BOARD}check-in/", {"reference": row.reference}, follow=True)
        )

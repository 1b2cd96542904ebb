"""What is done with a complaint or suggestion: taken, received, put to its family, closed, opened again."""
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Entry
from crm.actions import log_contact
from crm.concerns.taking import SOON, Said, close, put_to, receive, reopen, take
from crm.models import Concern, TimelineEntry
from notifications.models import Message
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tests import makers
from tests.conftest import make_member

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SAID = Said("complaint", "safety", "滑梯松了", caller="路过的家长", phone="13900139000")


@pytest.fixture
def supervisor(school):
    return make_member(school, "supervisor")


@pytest.fixture
def frontdesk(school):
    return make_member(school, "frontdesk")


@pytest.fixture
def planner(school):
    return make_member(school, "operations")


@pytest.fixture
def row(frontdesk, supervisor, head, miao):
    return take(SAID, "hotline", by=frontdesk, at=AT)


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


def test_a_call_to_the_hotline_is_written_down_and_whoever_watches_is_told(row, frontdesk, supervisor, head):
    assert (row.kind, row.source, row.about, row.by, row.customer) == ("complaint", "hotline", "safety", frontdesk, None)
    assert {message.member for message in Message.objects.filter(key=f"concern-{row.pk}-taken")} == {supervisor, head}
    assert Message.objects.filter(member=head).get().title == "投诉热线来了一件投诉"


def test_who_called_and_from_which_number_is_sealed(row):
    again = Concern.objects.get()

    assert (again.caller, again.phone) == ("路过的家长", "13900139000")
    assert b"13900139000" not in bytes(again.phone_sealed)
    assert "13900139000" not in str(Entry.objects.values_list("data", flat=True))


def test_of_a_known_family_it_stands_on_the_timeline_once(frontdesk, miao):
    customer = makers.family()
    made = take(SAID, "paper", customer=customer, by=frontdesk, at=AT)

    assert made.entry == TimelineEntry.objects.get(kind="complaint")
    assert Concern.objects.get() == made
    assert made.source == "paper"


@pytest.mark.parametrize(("said", "source", "field"), [
    (Said("praise", "safety", "x"), "hotline", "kind"),
    (Said("complaint", "weather", "x"), "hotline", "about"),
    (Said("complaint", "safety", "  "), "hotline", "text"),
    (SAID, "pigeon", "source"),
])
def test_what_is_missing_is_said_at_its_field_and_nothing_is_written(frontdesk, miao, said, source, field):
    assert refused(take, said, source, by=frontdesk, at=AT).field == field
    assert not Concern.objects.exists()


def test_who_may_not_log_is_refused(planner, miao):
    with pytest.raises(Forbidden):
        take(SAID, "hotline", by=planner, at=AT)


# -- the box -------------------------------------------------------------------------------------------------------------------------
def test_a_slip_in_the_box_names_no_family_even_by_its_number(supervisor, miao):
    makers.family(phone="13900139000")
    made = receive(SAID, at=AT)

    assert (made.customer, made.by, made.source) == (None, None, "box")
    assert not TimelineEntry.objects.exists()
    assert Message.objects.get(member=supervisor).title == "网上意见箱来了一件投诉"


@pytest.mark.parametrize(("later", "rows"), [
    (timedelta(0), 1),
    (SOON - timedelta(seconds=1), 1),
    (SOON, 2),
])
def test_the_same_slip_sent_twice_is_one(miao, later, rows):
    receive(SAID, at=AT)
    receive(SAID, at=AT + later)

    assert Concern.objects.count() == rows


def test_other_words_are_another_slip(miao):
    receive(SAID, at=AT)
    receive(Said("complaint", "safety", "秋千松了"), at=AT)

    assert Concern.objects.count() == 2


# -- whose it is, and what came of it -------------------------------------------------------------------------------------------------
def test_it_is_put_to_its_family_on_the_day_it_was_said(row, frontdesk):
    customer = makers.family()
    put_to(row, customer, by=frontdesk)
    entry = TimelineEntry.objects.get()

    assert (entry.customer, entry.at, entry.text, row.entry, row.place) == (customer, AT, "滑梯松了", entry,
            customer.campus)
    assert refused(put_to, row, customer, by=frontdesk).code == "changed"


def test_it_is_closed_with_what_was_done_and_what_waited_is_settled(row, head):
    close(row, "当天换了螺丝", by=head, at=AT)

    assert (row.answer, row.closed_at, row.answered_by) == ("当天换了螺丝", AT, head)
    assert not Message.objects.filter(read_at=None).exists()
    assert refused(close, row, "x", by=head, at=AT).code == "changed"


def test_without_words_nothing_is_closed(row, head):
    assert refused(close, row, " ", by=head, at=AT).field == "answer"


def test_it_is_opened_again_with_its_answer_kept(row, head):
    close(row, "换了螺丝", by=head, at=AT)
    reopen(row, by=head)

    assert (row.closed_at, row.answer) == (None, "换了螺丝")
    assert refused(reopen, row, by=head).code == "changed"


def test_what_was_said_in_a_talk_waits_here_too(frontdesk, miao):
    log_contact(makers.family(), kind="suggestion", channel="phone", text="多放照片", by=frontdesk, at=AT)

    assert [(row.source, row.place) for row in Concern.objects.open()] == [("talk", Campus.objects.get())]

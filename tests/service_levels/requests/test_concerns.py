"""投诉与意见 as requests: which way each comes in, and that nothing is opened twice."""
import pytest

from audit.models import Entry
from crm.actions import log_contact
from crm.concerns import taking
from crm.concerns.taking import Said
from crm.models import Concern
from crm.undoing import undo
from service_levels.models import Clock, ServiceRequest
from service_levels.requests import concerns
from tests import makers
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, at


@pytest.mark.parametrize(("source", "channel"), [("hotline", "phone"), ("paper", "")])
def test_what_a_colleague_takes_down_is_a_request(miao, head, source, channel):
    taking.take(Said("complaint", "fees", "餐费多扣了"), source, by=head, at=TEN)

    row = ServiceRequest.objects.get()
    assert (row.kind, row.about, row.channel, row.by, row.opened_at) == ("complaint", "fees", channel, head, TEN)
    assert Clock.objects.filter(request=row).count() == 2


def test_what_is_taken_down_for_a_family_is_one_request_with_its_place(miao, head):
    customer = family(1)
    campus = makers.campus()
    taking.take(Said("complaint", "fees", "餐费多扣了", campus), "hotline", customer=customer, by=head, at=TEN)

    row = ServiceRequest.objects.get()
    assert (row.customer, row.campus, row.about) == (customer, campus, "fees")


def test_a_slip_that_is_sent_twice_is_one_request(miao):
    for minutes in (0, 0.1):
        taking.receive(Said("suggestion", "teaching", "多画画"), at=at(minutes))

    assert ServiceRequest.objects.count() == 1


@pytest.mark.parametrize("kind", ["contact", "consultation", "visit", "note", "transfer_signal"])
def test_what_is_no_complaint_opens_nothing(miao, head, kind):
    log_contact(family(1), kind=kind, channel="phone", text="x", by=head, at=TEN)

    assert not ServiceRequest.objects.exists()


def test_what_was_closed_before_there_were_requests_is_left_alone(miao, head):
    concern = Concern.objects.create(kind="complaint", opened_at=TEN, text="旧的", closed_at=TEN, answer="好了", answered_by=head)
    concerns.closed(concern)
    taking.reopen(concern, by=head)

    assert not ServiceRequest.objects.exists()


def test_one_that_is_settled_already_is_not_settled_again(miao, head):
    concern = taking.receive(Said("complaint", "safety", "滑梯松了"), at=TEN)
    taking.close(concern, "修好了", by=head, at=at(1))
    row = ServiceRequest.objects.get()
    concerns.closed(concern)

    assert [event.verb for event in row.events.all()] == ["opened", "resolved"]
    assert (row.result, row.owner) == ("修好了", head)


def test_a_complaint_that_is_taken_back_takes_its_request_along(miao, head, on_the_day):
    entry = log_contact(family(1), kind="complaint", channel="phone", text="菜太咸", by=head, at=TEN)
    undo(Entry.objects.get(verb="crm.contact_logged", object_id=entry.pk), by=head, at=TEN)

    assert not ServiceRequest.objects.exists()
    assert not Clock.objects.exists()


def test_only_the_request_of_what_is_taken_back_goes(miao, head, on_the_day):
    """Another family's complaint, and what else this family asked for, stay with their clocks."""
    customer = family(1)
    mistaken = log_contact(customer, kind="complaint", channel="phone", text="记错了", by=head, at=TEN)
    log_contact(family(2), kind="complaint", channel="phone", text="菜太咸", by=head, at=TEN)
    taking.receive(Said("suggestion", "teaching", "多画画"), at=TEN)
    undo(Entry.objects.get(verb="crm.contact_logged", object_id=mistaken.pk), by=head, at=TEN)

    left = ServiceRequest.objects.order_by("id")
    assert [row.text for row in left] == ["菜太咸", "多画画"]
    assert [row.clocks.count() for row in left] == [2, 2]
    assert [row.events.count() for row in left] == [1, 1]
    assert Concern.objects.count() == 2


def test_a_contact_that_is_no_complaint_is_taken_back_alone(miao, head, on_the_day):
    entry = log_contact(family(1), kind="contact", channel="phone", text="x", by=head, at=TEN)
    undo(Entry.objects.get(verb="crm.contact_logged", object_id=entry.pk), by=head, at=TEN)

    assert not ServiceRequest.objects.exists()

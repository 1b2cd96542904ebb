"""A parent's form comes in: once for its key, as what it is, and nobody known is named by a number."""
import pytest
from django.db import transaction

from crm.models import Concern
from notifications.models import Message
from service_levels.models import Attachment, RequestEvent, ServiceRequest
from service_levels.parents.sending import send
from service_levels.requests.files import File
from service_levels.requests.working import Wish
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.reception.test_races import at_once
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, at

KEY = "k" * 32
FILE = File("检查单.pdf", "application/pdf", b"%PDF-1")


def wish(kind: str = "enquiry", text: str = "几点开门", **more) -> Wish:
    return Wish(**{"kind": kind, "text": text, "channel": "online", "caller": "小周妈妈", "phone": "13800138001", "sent_key": KEY} | more)


@pytest.fixture
def watcher(miao):
    return Membership.objects.create(user=User.objects.create(username="w@miao"), role="supervisor", name="看满意度的")


@pytest.mark.parametrize("kind", ["enquiry", "service", "refund", "dispute"])
def test_a_request_of_nobody_known_runs_its_clocks(miao, watcher, kind):
    family(1)  # whose number it is
    row = send(wish(kind, files=(FILE,)), language="zh-hant", at=TEN)

    assert (row.kind, row.channel, row.customer, row.by, row.language, row.phone) == (kind, "online", None, None, "zh-hant", "13800138001")
    assert row.clocks.count() == 2 and row.due_at is not None
    assert Attachment.objects.get().event.verb == "opened"
    assert Concern.objects.count() == 0
    assert Message.objects.filter(member=watcher, key=f"request-{row.pk}-new").count() == 1


@pytest.mark.parametrize("kind", ["complaint", "suggestion"])
def test_a_complaint_stands_among_the_complaints_too(miao, watcher, kind):
    row = send(wish(kind, about="safety", files=(FILE,)), language="", at=TEN)

    concern = Concern.objects.get()
    assert (row.concern, concern.kind, concern.source, concern.about, concern.phone) == (concern, kind, "box", "safety", "13800138001")
    assert Attachment.objects.get().event.verb == "opened"
    assert Message.objects.filter(member=watcher).count() == 1  # told once, as a complaint


def test_where_nothing_is_chosen_it_is_about_something_else(miao):
    assert send(wish("complaint"), language="", at=TEN).about == "other"


@pytest.mark.parametrize("kind", ["enquiry", "complaint"])
def test_a_second_click_is_the_same_request(miao, kind):
    first = send(wish(kind), language="", at=TEN)

    assert send(wish(kind), language="", at=at(0.1)) == first
    assert (ServiceRequest.objects.count(), RequestEvent.objects.count()) == (1, 1)


def test_words_that_were_changed_and_sent_again_are_something_more(miao):
    first = send(wish(), language="", at=TEN)

    assert send(wish(text="周末几点开门", files=(FILE,)), language="", at=at(0.1)) == first
    assert [(event.verb, event.text) for event in RequestEvent.objects.all()] == [("opened", "几点开门"), ("heard", "周末几点开门")]
    assert Attachment.objects.get().event.verb == "heard"


def test_the_same_words_by_somebody_else_are_another_request(miao):
    first, second = send(wish("complaint"), language="", at=TEN), send(wish("complaint", sent_key="l" * 32), language="", at=at(0.1))

    assert first != second and first.token_hash != second.token_hash


def test_what_cannot_be_taken_down_leaves_nothing(miao):
    with pytest.raises(Refused), transaction.atomic():
        send(wish("complaint", text=" "), language="", at=TEN)

    assert (ServiceRequest.objects.count(), Concern.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["enquiry", "suggestion"])
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_one_moment_are_one_request(school, kind):
    seen = []

    told = at_once(school, *[lambda: seen.append(send(wish(kind), language="", at=TEN).pk)] * 4)

    with tenant_scope(school):
        assert (ServiceRequest.objects.count(), Concern.objects.count()) == (1, int(kind == "suggestion"))
        assert (told, set(seen)) == (["done"] * 4, {ServiceRequest.objects.get().pk})

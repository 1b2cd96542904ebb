"""What the parent does by the link, and a request of nobody known that is put to a family: events, clocks, who is told."""
from datetime import datetime

import pytest

from audit.models import Entry
from crm.concerns import taking
from crm.concerns.taking import Said
from crm.models import Concern, Satisfaction, TimelineEntry
from notifications.models import Message
from service_levels.models import Clock, RequestEvent, ServiceRequest
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tests.service_levels.conftest import derive, family
from tests.service_levels.requests.test_working import TEN, at


@pytest.fixture
def other(miao):
    return Membership.objects.create(user=User.objects.create(username="l@miao"), role="relations", name="李老师")


@pytest.fixture
def agent(miao):
    return Membership.objects.create(user=User.objects.create(username="g@miao"), role="agent", name="高敏")


@pytest.fixture
def customer(miao, head):
    """A family of tier A, looked after by the head."""
    row = family(1, "A", "low", owner=head)
    derive()
    return row


@pytest.fixture
def nobodys(miao):
    return working.open_request(Wish("enquiry", "几点开门", "online", caller="王女士", phone="13900139000"), by=None, at=TEN)


def due() -> list[datetime | None]:
    return list(Clock.objects.order_by("kind").values_list("due_at", flat=True))


def verbs(row: ServiceRequest) -> list[str]:
    return [event.verb for event in row.events.order_by("id")]


def told(member: Membership, word: str) -> int:
    return Message.objects.filter(member=member, title__contains=word).count()


# -- the parent's own words ----------------------------------------------------------------------------------------------------
def test_whoever_does_it_hears_that_the_parent_said_more(nobodys, agent):
    working.take(nobodys, by=agent, at=at(0.1))

    working.heard(nobodys, text="周末呢", channel="online", by=None, at=at(0.2))

    assert told(agent, "又说了一句") == 1
    assert nobodys.heard_at == at(0.2)


def test_what_a_colleague_writes_down_tells_nobody(nobodys, agent):
    working.take(nobodys, by=agent, at=at(0.1))

    working.heard(nobodys, text="周末呢", channel="phone", by=agent, at=at(0.2))

    assert told(agent, "又说了一句") == 0


def test_in_a_pause_the_word_is_another(nobodys, agent):
    working.reply(nobodys, text="哪个园所", channel="online", by=agent, at=at(0.1))
    working.pause(nobodys, why="等园所", by=agent, at=at(0.2))

    working.heard(nobodys, text="东园", channel="online", by=None, at=at(0.3))

    assert (told(agent, "家长已经回复"), told(agent, "又说了一句")) == (1, 0)
    assert nobodys.awaits_resuming


@pytest.mark.parametrize(("score", "heard"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_a_low_score_is_told_to_whoever_did_it_and_whoever_watches(nobodys, agent, other, score, heard):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))

    working.confirm(nobodys, score=score, text="", by=None, at=at(1))

    assert (told(agent, "家长只打了"), told(other, "家长只打了")) == (heard, heard)


def test_a_low_score_that_a_colleague_asked_for_is_known_already(nobodys, agent, other):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))

    working.confirm(nobodys, score=1, text="", by=agent, at=at(1))

    assert told(other, "家长只打了") == 0


def test_a_known_familys_score_is_its_satisfaction_and_says_how_it_came(customer, agent):
    row = working.open_request(Wish("service", "换被子"), customer=customer, by=agent, at=TEN)
    working.resolve(row, result="换了", by=agent, at=at(0.5))

    working.confirm(row, score=4, text="好", by=None, at=at(1))

    found = Satisfaction.objects.get()
    assert (found.customer, found.score, found.channel, found.comment) == (customer, 4, "online", "好")
    assert row.events.get(verb="confirmed").channel == "online"


def test_of_nobody_known_the_score_stays_with_the_request(nobodys, agent):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))

    working.confirm(nobodys, score=4, text="好", by=None, at=at(1))

    assert (nobodys.score, Satisfaction.objects.count()) == (4, 0)


def test_it_is_rated_once(nobodys, agent):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))
    working.confirm(nobodys, score=4, text="", by=None, at=at(1))

    with pytest.raises(Refused, match="一件回访一次"):
        working.confirm(nobodys, score=1, text="", by=None, at=at(1.1))

    assert nobodys.score == 4


def test_a_parent_opens_it_again_and_whoever_did_it_hears_so(nobodys, agent):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))

    working.reopen(nobodys, why="周末没说", by=None, at=at(1))

    assert (nobodys.resolved_at, told(agent, "还没解决")) == (None, 1)
    assert verbs(nobodys) == ["opened", "resolved", "reopened"]
    assert Entry.objects.get(verb="service.request_reopened").actor is None


def test_a_colleague_who_opens_it_again_tells_nobody(nobodys, agent):
    working.resolve(nobodys, result="七点半", by=agent, at=at(0.5))

    working.reopen(nobodys, why="周末没说", by=agent, at=at(1))

    assert told(agent, "还没解决") == 0


# -- whose it is ----------------------------------------------------------------------------------------------------------------
def test_put_to_a_family_it_follows_its_plan_and_keeps_what_was_promised(nobodys, customer, head, agent):
    before = due()

    working.put_to(nobodys, customer, by=agent, at=at(0.5))

    assert (nobodys.customer, nobodys.plan, nobodys.priority, nobodys.owner) == (customer, "dedicated", 1, head)
    assert due() == before
    assert verbs(nobodys) == ["opened", "known"]
    assert Entry.objects.get(verb="service.request_known").data == {"customer": customer.pk}


def test_whoever_has_taken_it_keeps_it(nobodys, customer, agent):
    working.take(nobodys, by=agent, at=at(0.1))

    working.put_to(nobodys, customer, by=agent, at=at(0.5))

    assert nobodys.owner == agent


def test_it_is_put_to_one_family(nobodys, customer, agent):
    working.put_to(nobodys, customer, by=agent, at=at(0.5))

    with pytest.raises(Refused, match="已经挂在一家了"):
        working.put_to(nobodys, family(2), by=agent, at=at(0.6))


def test_a_complaint_that_is_put_to_a_family_stands_on_its_timeline(miao, customer, head, agent):
    taking.receive(Said("complaint", "service", "饭太凉"), at=TEN)
    row = ServiceRequest.objects.get()

    working.put_to(row, customer, by=agent, at=at(0.5))

    assert (row.customer, Concern.objects.get().customer, row.priority, row.owner) == (customer, customer, 1, head)
    assert TimelineEntry.objects.filter(customer=customer, kind="complaint", text="饭太凉").count() == 1
    assert verbs(row) == ["opened", "known"]


def test_a_complaint_put_to_a_family_on_its_own_page_is_known_here_too(miao, customer, head):
    taking.receive(Said("complaint", "service", "饭太凉"), at=TEN)

    taking.put_to(Concern.objects.get(), customer, by=head)

    row = ServiceRequest.objects.get()
    assert (row.customer, row.plan, row.priority, row.owner) == (customer, "dedicated", 1, head)
    assert verbs(row) == ["opened", "known"]


def test_what_somebody_knew_already_is_known_once(miao, customer, head):
    taking.receive(Said("complaint", "service", "饭太凉"), at=TEN)
    concern = Concern.objects.get()
    taking.put_to(concern, customer, by=head)

    with pytest.raises(Refused, match="已经挂在一家了"):
        taking.put_to(concern, customer, by=head)

    assert RequestEvent.objects.filter(verb="known").count() == 1


# -- clocks of two servers -------------------------------------------------------------------------------------------------------
def test_an_answer_stamped_before_the_question_still_stops_the_clocks(nobodys, agent):
    """The second server's clock is a little behind the first's."""
    working.resolve(nobodys, result="七点半", by=agent, at=at(-0.001))

    assert [clock.kept for clock in Clock.objects.all()] == [True, True]
    assert nobodys.due_at is None

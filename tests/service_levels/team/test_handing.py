"""交接: what a leaver still had to do goes to whoever takes over, and what is done stays theirs."""
import pytest

from crm.handover import hand_over, let_go
from service_levels.events import preparing
from service_levels.models import Event, EventTask, Finding, ServiceRequest, WinBack, WinBackStep
from service_levels.requests.working import Wish, open_request
from service_levels.winback import working as winning_back
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import TEN, planned
from tests.service_levels.findings.makers import changed, changing
from tests.service_levels.team.makers import agent
from tests.service_levels.winback.makers import KEPT, begun, finished, step


@pytest.fixture
def gao(inside):
    return colleague("relations", "高敏")


@pytest.fixture
def fang(inside):
    return agent("小方")


def owned_request(member, number: int = 1) -> ServiceRequest:
    row = open_request(Wish("service", "x", "phone", "service"), customer=family(number, owner=member), by=member, at=AT)
    ServiceRequest.objects.filter(pk=row.pk).update(owner=member)
    return row


def test_open_requests_go_over(chief, gao, fang):
    row = owned_request(gao)

    hand_over(gao, fang, by=chief)

    row.refresh_from_db()
    assert row.owner == fang


def test_those_that_are_settled_stay(chief, gao, fang):
    row = owned_request(gao)
    ServiceRequest.objects.update(resolved_at=AT, result="x")

    hand_over(gao, fang, by=chief)

    row.refresh_from_db()
    assert row.owner == gao


def test_events_and_what_has_to_be_there(chief, gao, fang):
    event = planned(gao)
    open_task, ready = (preparing.keep(EventTask(event=event, what=what, due_on=DAY, member=gao), by=chief, at=TEN) for what in ("地垫", "绘本"))
    preparing.done(ready, by=gao, at=TEN)

    hand_over(gao, fang, by=chief)

    assert Event.objects.get().owner == fang
    assert [EventTask.objects.get(pk=row.pk).member for row in (open_task, ready)] == [fang, gao]


def test_an_event_that_was_called_off_stays(chief, gao, fang):
    event = planned(gao)
    Event.objects.filter(pk=event.pk).update(cancelled_at=TEN, cancel_why="x")

    hand_over(gao, fang, by=chief)

    assert Event.objects.get().owner == gao


def test_plans_to_win_back_and_their_measures(chief, gao, fang):
    first, second = begun(family(1), gao), begun(family(2), gao)
    todo, was_done = step(first, gao), finished(first, gao)
    winning_back.close(second, KEPT, by=gao, at=AT)

    hand_over(gao, fang, by=chief)

    assert [WinBack.objects.get(pk=row.pk).lead for row in (first, second)] == [fang, gao]
    assert [WinBackStep.objects.get(pk=row.pk).member for row in (todo, was_done)] == [fang, gao]


def test_changes_for_families(chief, gao, fang):
    home = family(1)
    todo, was_done = changing(home, gao), changed(home, gao)

    hand_over(gao, fang, by=chief)

    assert [Finding.objects.get(pk=row.pk).member for row in (todo, was_done)] == [fang, gao]


def test_of_others_nothing_goes_over(chief, gao, fang):
    row = owned_request(fang)

    hand_over(gao, fang, by=chief)
    hand_over(gao, chief, by=chief)

    row.refresh_from_db()
    assert row.owner == fang


def test_who_leaves_hands_it_over_too(chief, gao, fang):
    row = owned_request(gao)

    let_go(gao, fang, on=DAY, by=chief)

    row.refresh_from_db()
    assert row.owner == fang

"""Two at one request, at the same moment: each story ends as if one had come after the other."""
from datetime import timedelta

import pytest

from notifications.models import Message
from service_levels.models import Clock, RequestEvent, ServiceRequest
from service_levels.requests import working
from service_levels.requests.sweep import sweep
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.requests.test_working import TEN, WISH, at

pytestmark = pytest.mark.django_db(transaction=True)
NOON = at(2)  # two open hours after ten: where nobody is rated, that is when an answer is due


@pytest.fixture
def two(school):
    return make_member(school, "agent", "高敏"), make_member(school, "relations", "陈老师")


def opened(school, by, count: int = 1) -> list[ServiceRequest]:
    with tenant_scope(school):
        return [working.open_request(WISH, by=by, at=TEN) for _n in range(count)]


def test_of_two_who_take_it_one_has_it(school, two):
    row, = opened(school, two[0])

    told = at_once(school, *(lambda who=who: working.take(row, by=who, at=at(0.1)) for who in two))

    assert told == ["done", "stale"]
    with tenant_scope(school):
        assert RequestEvent.objects.filter(verb="taken").count() == 1


def test_without_the_lock_both_would_have_it(school, two, monkeypatch):
    """The planted fault: a row that is only read is taken twice."""
    row, = opened(school, two[0])
    monkeypatch.setattr(working, "_held", lambda one: ServiceRequest.objects.select_related("owner").get(pk=one.pk))
    told = [at_once(school, *(lambda who=who, one=one: working.take(one, by=who, at=at(0.1)) for who in two))
            for one in [row, *opened(school, two[0], 5)]]

    assert ["done", "done"] in told


def test_of_two_who_settle_it_one_does(school, two):
    row, = opened(school, two[0])

    told = at_once(school, *(lambda who=who: working.resolve(row, result=who.name, by=who, at=at(0.5)) for who in two))

    assert told == ["done", "stale"]
    with tenant_scope(school):
        assert RequestEvent.objects.filter(verb="resolved").count() == 1


@pytest.mark.parametrize("_again", range(4))
def test_an_answer_at_the_moment_of_the_deadline_is_in_time(school, two, _again):
    row, = opened(school, two[0])

    told = at_once(school, lambda: working.reply(row, text="x", channel="phone", by=two[0], at=NOON), lambda: sweep(NOON))

    assert told == ["done", "done"]
    with tenant_scope(school):
        clock = Clock.objects.get(kind="reply")
        assert (clock.due_at, clock.stopped_at, clock.kept, clock.next_at) == (NOON, NOON, True, None)


def test_two_workers_tell_of_each_clock_once(school, two):
    opened(school, two[0], 24)
    late = NOON + timedelta(minutes=1)

    assert at_once(school, *[lambda: sweep(late, chunk=12)] * 2) == ["done", "done"]
    with tenant_scope(school):
        while sweep(late):
            pass
        told = Message.objects.filter(key__contains="-reply-1")
        assert told.count() == 24 * told.values("member").distinct().count()
        assert Clock.objects.filter(kind="reply", breached_at=NOON, told=1).count() == 24


def test_a_pause_and_an_answer_from_two_desks_are_both_kept(school, two):
    row, = opened(school, two[0])
    with tenant_scope(school):
        working.reply(row, text="x", channel="phone", by=two[0], at=at(0.2))

    told = at_once(school, lambda: working.pause(row, why="等照片", by=two[0], at=at(0.5)),
                   lambda: working.heard(row, text="发了", channel="wechat", by=None, at=at(0.5)))

    assert told == ["done", "done"]
    with tenant_scope(school):
        found = ServiceRequest.objects.get()
        assert (found.paused_at, found.heard_at, found.awaits_resuming) == (at(0.5), at(0.5), True)

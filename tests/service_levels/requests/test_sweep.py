"""时限到了告诉谁: each level once, in working hours, and what was missed stands on the timeline."""
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connections

from crm.models import TimelineEntry
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import Message
from service_levels.models import Clock
from service_levels.requests import working
from service_levels.requests.sweep import schools_due, sweep
from tenancy.models import Membership, User
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import DAY, derive, family
from tests.service_levels.requests.test_working import TEN, WISH, at


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member).order_by("id").values_list("title", flat=True))


@pytest.fixture
def agent(miao):
    return Membership.objects.create(user=User.objects.create(username="g@miao"), role="agent", name="高敏")


@pytest.fixture
def row(miao, agent, on_the_day):
    customer = family(1, "A", "low", owner=agent)
    derive()
    return working.open_request(WISH, customer=customer, by=agent, at=TEN)


def test_before_the_warning_nobody_is_told(row, agent):
    assert sweep(at(0.79)) == 0
    assert titles(agent) == []


def test_whoever_does_it_is_warned_and_then_told_that_it_is_late(row, agent, head):
    assert sweep(at(0.8)) == 1
    assert titles(agent) == ["Q-2026-0001 快到首次答复时限了"]
    assert sweep(at(0.9)) == 0
    assert sweep(at(1)) == 1

    assert titles(agent) == ["Q-2026-0001 快到首次答复时限了", "Q-2026-0001 的首次答复已经逾期"]
    assert titles(head) == ["Q-2026-0001 的首次答复已经逾期"]  # who watches over the families' contentment
    assert Clock.objects.get(kind="reply").breached_at == at(1)


def test_each_level_is_told_once_with_an_hour_of_working_time_between(row, agent, head):
    moments = [at(0.8), at(1), at(2), at(3.9), at(4), at(7)]  # the second level at 12:00, the third 240 open minutes after 11:00

    assert [sweep(moment) for moment in moments] == [1, 1, 1, 0, 0, 1]
    assert len(titles(agent)) == 4
    assert Clock.objects.get(kind="reply").next_at is None


def test_after_a_sleep_only_the_last_level_is_told(row, agent):
    sweep(at(3))

    assert titles(agent) == ["Q-2026-0001 的首次答复已经逾期"]
    assert Clock.objects.get(kind="reply").told == 2


def test_a_missed_deadline_stands_on_the_timeline_once(row):
    for hours in (1, 2, 7):
        sweep(at(hours))

    entry = TimelineEntry.objects.get(customer=row.customer, kind="promise_broken")
    assert (entry.title, entry.text) == ("没有按时首次答复", "Q-2026-0001")


def test_an_answer_in_time_silences_it(row, agent):
    working.reply(row, text="好", channel="phone", by=agent, at=at(0.5))
    sweep(at(2))

    assert titles(agent) == []


def test_what_is_paused_tells_nobody(row, agent):
    working.reply(row, text="好", channel="phone", by=agent, at=at(0.5))
    working.pause(row, why="等照片", by=agent, at=at(0.6))

    assert sweep(at(1000)) == 0


def test_what_nobody_has_taken_is_told_to_whom_it_concerns(miao, head, on_the_day):
    working.open_request(WISH, by=None, at=TEN)
    sweep(at(2))

    assert titles(head) == ["Q-2026-0001 的首次答复已经逾期"]


def test_a_changed_calendar_moves_no_promise(row, agent, head):
    """The deadline stays until somebody approves another one."""
    add_days(work_calendar(), first=DAY, last=DAY, kind="closure", name="停电", hours="", by=head)
    sweep(at(1.1))

    assert Clock.objects.get(kind="reply").breached_at == at(1)


def test_chunk_by_chunk(row, agent):
    for _n in range(4):
        working.open_request(WISH, by=agent, at=TEN)

    assert [sweep(at(2), chunk=2) for _n in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db(transaction=True, databases=["default", "poller"])
def test_the_poller_finds_the_schools_and_nothing_else(school, other_school, head):
    with tenant_scope(school):
        working.open_request(WISH, by=None, at=TEN)
    with tenant_scope(other_school):
        working.open_request(WISH, by=None, at=TEN + timedelta(days=30))

    assert schools_due(at(3)) == [school.pk]
    assert schools_due(at(-1)) == []
    with connections["poller"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT minutes FROM service_levels_clock")


def test_two_schools_are_swept_apart(school, other_school, on_the_day):
    for one in (school, other_school):
        make_member(one, "relations", "李老师")
        with tenant_scope(one):
            working.open_request(WISH, by=None, at=TEN)
    with tenant_scope(school):
        assert sweep(at(48)) == 1
    with tenant_scope(other_school):
        assert not Message.objects.exists()

"""重算时限: what a changed calendar or plan would do, before anybody lets it; and what moves once somebody has."""
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.opening import work_calendar
from crm.timetable import add_days, remove_days
from notifications.models import Message, Outbox
from service_levels.models import Clock, PlanVersion, Recount, RequestEvent, ServiceRequest
from service_levels.plans.book import as_data
from service_levels.requests import recounting, working
from tenancy.models import Membership, User
from tenancy.refusals import Forbidden, Refused
from tests.service_levels.conftest import DAY, ONE, derive, family
from tests.service_levels.requests.test_working import TEN, WISH, at

MONDAY = DAY + 3 * ONE
BEFORE = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # Monday 11:30
AFTER = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)   # Tuesday 11:30, where Monday is closed


@pytest.fixture
def row(miao, head):
    customer = family(1, "A", "low", owner=head)
    derive()
    return working.open_request(WISH, customer=customer, by=head, at=TEN)


@pytest.fixture
def closed(row, head):
    """Monday is closed after the request was promised for it."""
    return add_days(work_calendar(), first=MONDAY, last=MONDAY, kind="closure", name="停电", hours="", by=head)


def due(row: ServiceRequest) -> datetime:
    return Clock.objects.get(request=row, kind="resolve").due_at


def test_a_changed_calendar_asks_for_it_and_moves_nothing(row, closed):
    assert Outbox.objects.filter(topic=recounting.RECOUNT).count() == 1
    assert due(row) == BEFORE


def test_it_says_what_would_differ(row, closed, head):
    made = recounting.propose("calendar", at=at(1))

    change, = recounting.changes_of(made, at(1))
    assert (change.clock.kind, change.before, change.after, change.minutes, change.late, change.sooner) == (
        "resolve", BEFORE, AFTER, 540, False, False)
    assert (made.why, made.state, due(row)) == ("calendar", "waiting", BEFORE)
    assert Message.objects.get(member=head, link=f"service/recounts/{made.pk}/").title == "园历改了，1 个时限会变，请您看过再定"


def test_where_nothing_would_differ_nobody_is_asked(row):
    assert recounting.propose("calendar", at=at(1)) is None
    assert not Recount.objects.exists()


def test_approved_the_deadline_moves_and_the_history_says_so(row, closed, head):
    made = recounting.propose("calendar", at=at(1))

    assert recounting.approve(made, by=head, at=at(2)) == 1
    row.refresh_from_db()
    assert (due(row), made.state, made.decided_by, made.decided_at) == (AFTER, "approved", head, at(2))
    event = RequestEvent.objects.get(request=row, verb="recounted")
    assert (event.by, event.text) == (head, "园历改了")


def test_dismissed_what_was_promised_stays(row, closed, head):
    made = recounting.propose("calendar", at=at(1))
    recounting.dismiss(made, by=head, at=at(2))

    assert (due(row), made.state) == (BEFORE, "dismissed")
    assert not RequestEvent.objects.filter(verb="recounted").exists()


def test_it_is_decided_once(row, closed, head):
    made = recounting.propose("calendar", at=at(1))
    recounting.dismiss(made, by=head, at=at(2))

    with pytest.raises(Refused) as refused:
        recounting.approve(made, by=head, at=at(3))
    assert refused.value.code == "stale"


def test_only_the_management_decides(row, closed):
    made = recounting.propose("calendar", at=at(1))
    agent = Membership.objects.create(user=User.objects.create(username="g@miao"), role="agent", name="高敏")

    with pytest.raises(Forbidden):
        recounting.approve(made, by=agent, at=at(2))


def test_a_later_change_replaces_an_older_proposal(row, closed, head):
    first = recounting.propose("calendar", at=at(1))
    remove_days(closed, by=head)

    assert recounting.propose("calendar", at=at(2)) is None
    first.refresh_from_db()
    assert first.state == "replaced"


def test_what_was_settled_meanwhile_is_left_alone(row, closed, head):
    made = recounting.propose("calendar", at=at(1))
    working.resolve(row, result="好了", by=head, at=at(1.5))

    assert recounting.approve(made, by=head, at=at(2)) == 0
    assert due(row) == BEFORE


def test_what_was_promised_is_kept_whatever_is_done_meanwhile(row, closed, head):
    """Pausing, resuming and settling go by the deadline that was promised, not by the calendar that nobody has approved for it."""
    working.reply(row, text="x", channel="phone", by=head, at=at(0.5))
    working.pause(row, why="x", by=head, at=at(1))
    working.resume(row, by=head, at=at(1.5))
    assert due(row) == AFTER.replace(hour=0, minute=30)  # half an open hour more than Monday noon, on the first open day: Tuesday 8:30

    working.resolve(row, result="x", by=head, at=AFTER.replace(hour=0, minute=30))
    assert Clock.objects.get(request=row, kind="resolve").kept is True


def test_what_moved_meanwhile_is_left_alone(row, closed, head):
    made = recounting.propose("calendar", at=at(1))
    working.reply(row, text="x", channel="phone", by=head, at=at(1.1))
    working.pause(row, why="x", by=head, at=at(1.2))
    working.resume(row, by=head, at=at(1.7))
    moved = due(row)

    assert recounting.approve(made, by=head, at=at(2)) == 0
    assert due(row) == moved


def test_a_paused_clock_has_no_deadline_to_move(row, closed, head):
    working.reply(row, text="x", channel="phone", by=head, at=at(0.5))
    working.pause(row, why="x", by=head, at=at(0.6))

    assert recounting.propose("calendar", at=at(1)) is None


def test_other_plans_change_what_was_promised_only_with_a_word(row, head):
    version = PlanVersion.objects.get()
    book = version.as_book()
    faster = replace(book, plans=tuple(replace(plan, resolve=120) for plan in book.plans))
    PlanVersion.objects.filter(pk=version.pk).update(state="retired")
    PlanVersion.objects.create(scheme=version.scheme, number=2, state="in_force", book=as_data(faster))
    made = recounting.propose("plans", at=at(3))
    change, = recounting.changes_of(made, at(3))

    assert (change.after, change.minutes, change.late, change.sooner) == (at(2), 120, True, True)
    recounting.approve(made, by=head, at=at(3))
    clock = Clock.objects.get(request=row, kind="resolve")
    assert (clock.minutes, clock.due_at) == (120, at(2))


def test_those_that_are_over_stand_first_then_those_that_come_sooner(row, head):
    rows = [working.open_request(WISH, by=head, at=TEN + timedelta(hours=n)) for n in (0, 1)]
    clocks = [Clock.objects.get(request=one, kind="resolve") for one in (row, *rows)]
    shifts = [timedelta(days=1), timedelta(days=-9), timedelta(hours=-1)]
    made = Recount.objects.create(why="calendar", at=TEN, changes=[
        [clock.pk, clock.due_at.isoformat(), (clock.due_at + shift).isoformat(), 540] for clock, shift in zip(clocks, shifts, strict=True)])

    found = recounting.changes_of(made, TEN)
    assert [(one.late, one.sooner) for one in found] == [(True, True), (False, True), (False, False)]
    assert str(made) == "园历改了 2026-11-20 02:00"


def test_one_proposal_waits_at_a_time(row):
    Recount.objects.create(why="calendar", at=TEN, changes=[])

    with pytest.raises(IntegrityError), transaction.atomic():
        Recount.objects.create(why="calendar", at=TEN, changes=[])

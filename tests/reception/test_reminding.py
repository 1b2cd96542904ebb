"""Reminding parents, through the outbox as in earnest: at once, the day before, shortly before; never after cancelling."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications import parents
from notifications.actions import consume
from notifications.models import Outbox, ParentMessage
from reception import booking as verbs
from reception import reminding
from reception.booking import (
    accept,
    book,
    book_held,
    cancel,
    hold,
    join_waitlist,
    move,
    renew_link,
    token_hash,
    token_of,
)
from reception.models import Booking, BookingRules
from reception.settings import rules_row
from tenancy.scope import tenant_scope
from tests.reception.makers import MONDAY, NOW, slot, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def work(topic: str) -> None:
    for row in list(Outbox.objects.filter(topic=topic, done_at=None).order_by("id")):
        consume(row.pk)


def said(*kinds: str) -> list[str]:
    """What was written so far, oldest first: the kinds, without the word before the point."""
    return [
        kind.partition(".")[2]
        for kind in ParentMessage.objects.exclude(state="dropped")
        .order_by("id")
        .values_list("kind", flat=True)
    ]


def waits() -> dict[str, str]:
    """The reminders that wait, with when they are due at the campus."""
    rows = Outbox.objects.filter(topic=reminding.REMIND, done_at=None).order_by("due_at")
    return {
        row.payload["what"].partition(".")[2]: f"{timezone.localtime(row.due_at):%m-%d %H:%M}" for row in rows
    }


def made(here=None, n: int = 0, **words) -> Booking:
    row = book(here or slot(), wish(n, **words), **WHEN).booking
    work(verbs.MADE)
    return Booking.objects.select_related("lead", "slot__type", "slot__campus").get(pk=row.pk)


def text() -> str:
    return ParentMessage.objects.latest("id").text


def test_a_booking_is_confirmed_at_once_and_its_reminders_wait(miao):
    made()

    assert said() == ["confirmation"]
    assert waits() == {"day_before": "11-22 09:00", "soon": "11-23 08:00"}


def test_the_confirmation_says_when_and_where_and_leads_to_ones_own_booking(miao, settings):
    row = made()

    link = f"{settings.MIAOPU_ORIGIN}/b/{token_of(row)}/"
    assert (
        text().startswith("罗女士您好，miao机构参观约好了：11月23日 周一 09:00，本部")
        and row.reference in text()
        and link in text()
    )
    assert token_hash(token_of(row)) == row.token_hash


def test_a_parent_who_booked_in_english_is_written_to_in_english(miao):
    made(language="en")

    assert "is booked: Nov. 23 Mon 09:00" in text() or "is booked: November 23 Mon 09:00" in text()


def test_a_reminder_that_is_due_is_said_once(miao):
    row = made()
    work(reminding.REMIND)
    Outbox.objects.filter(topic=reminding.REMIND).update(done_at=None)  # delivered again

    work(reminding.REMIND)

    assert said() == ["confirmation", "day_before", "soon"]
    assert {m.about for m in ParentMessage.objects.all()} == {f"booking-{row.pk}"} and {
        m.until for m in ParentMessage.objects.all()
    } == {MONDAY}


@pytest.mark.parametrize("state", ["cancelled", "no_show", "arrived", "expired"])
def test_who_does_not_come_any_more_or_is_here_is_not_reminded(miao, state):
    row = made()
    Booking.objects.filter(pk=row.pk).update(state=state)

    work(reminding.REMIND)

    assert said() == ["confirmation"]


def test_after_cancelling_nothing_that_waited_is_sent(miao):
    row = made()
    work(reminding.REMIND)
    cancel(row, reason="", at=NOW)
    work(verbs.CHANGED)

    work(parents.SEND)

    assert set(ParentMessage.objects.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.parametrize(("by_school", "told"), [(True, ["cancelled"]), (False, [])])
def test_a_parent_is_told_of_a_cancelling_that_was_not_their_own(miao, head, by_school, told):
    row = made()

    cancel(row, reason="老师请假", at=NOW, by=head if by_school else None)
    work(verbs.CHANGED)

    assert said() == told


def test_a_visit_that_is_over_is_not_called_off(miao, head):
    row = made()
    Booking.objects.filter(pk=row.pk).update(starts_at=NOW - timedelta(hours=1), ends_at=NOW)

    cancel(Booking.objects.get(pk=row.pk), reason="", at=NOW, by=head)
    work(verbs.CHANGED)

    assert said() == []


def test_a_moved_visit_is_told_anew_and_the_old_reminders_say_nothing(miao):
    row, later_on = made(), slot(starts_at=MONDAY + timedelta(days=1, hours=5))

    move(row, later_on, cutoff=NOW, at=NOW)
    work(verbs.CHANGED)
    moved = text()
    work(reminding.REMIND)

    assert "改到 11月24日 周二 14:00" in moved
    assert said() == ["confirmation", "moved", "day_before", "soon"]
    assert all("11月23日" not in m.text for m in ParentMessage.objects.exclude(kind="reception.confirmation"))


def test_moved_there_and_back_again_is_told_each_time_and_reminded_of_once(miao):
    first, second = slot(), slot(starts_at=MONDAY + timedelta(days=1))
    row = made(first)

    for to in (second, first):
        move(Booking.objects.get(pk=row.pk), to, cutoff=NOW, at=NOW)
        work(verbs.CHANGED)
    work(reminding.REMIND)

    assert said() == ["confirmation", "moved", "moved", "day_before", "soon"]


def test_who_waits_is_told_when_a_place_is_kept_and_when_it_is_theirs(miao):
    here = slot(1)
    row = made(here)
    waiting = join_waitlist(here, wish(1), **WHEN)[0].booking
    work(verbs.MADE)
    before = said()

    cancel(row, reason="", at=NOW)
    work("reception.offered")
    offered = text()
    accept(Booking.objects.get(pk=waiting.pk), at=NOW)
    work(verbs.CHANGED)

    assert before == ["confirmation"] and "有位了，给您留到 11:00" in offered
    assert said() == ["offered", "confirmation"]


def test_nobody_is_woken_for_a_place(miao, on_friday):
    here = slot(1)
    row = made(here)
    join_waitlist(here, wish(1), **WHEN)
    night = NOW + timedelta(hours=12)  # 22:00 at the campus
    on_friday.move_to(night)

    cancel(row, reason="", at=night)
    work("reception.offered")

    assert said() == ["confirmation"]


def test_whoever_stands_at_the_door_is_not_written_to(miao):
    here = slot(starts_at=NOW - timedelta(minutes=5))
    book(here, wish(), cutoff=NOW - timedelta(minutes=30), channel="walk_in", at=NOW)

    work(verbs.MADE)

    assert said() == [] and waits() == {}


def test_a_school_may_do_without_reminders(miao):
    row = rules_row()
    row.remind_day_before, row.remind_minutes = False, 0
    row.save()

    made()

    assert said() == ["confirmation"] and waits() == {}


def test_a_booking_whose_words_were_erased_says_nothing(miao):
    row = made()
    row.lead.typed = ""
    row.lead.save()

    work(reminding.REMIND)

    assert said() == ["confirmation"]


def test_a_hold_that_became_a_booking_has_another_link(miao):
    held = hold(slot(), **WHEN)
    booked = book_held(Booking.objects.select_related("slot").get(pk=held.booking.pk), wish(), **WHEN)
    row = Booking.objects.get(pk=held.booking.pk)

    assert held.token != booked.token == token_of(row)
    assert row.token_hash == token_hash(booked.token)


def test_a_new_link_is_the_one_that_reminders_name(miao, head):
    row = made()

    fresh = renew_link(row, by=head)
    work(reminding.REMIND)

    assert fresh in ParentMessage.objects.filter(kind="reception.day_before").get().text
    assert token_hash(fresh) == Booking.objects.get(pk=row.pk).token_hash


def test_the_links_of_two_schools_have_nothing_in_common(school, other_school):
    tokens = []
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            row = Booking(reference="K7M2QX4P")
            tokens.append(token_of(row).partition("_")[2])

    assert tokens[0] != tokens[1] and all(len(token) == 32 for token in tokens)


def test_the_rules_keep_sensible_bounds(miao):
    assert (BookingRules.objects.get().remind_day_before, BookingRules.objects.get().remind_minutes) == (
        True,
        120,
    )

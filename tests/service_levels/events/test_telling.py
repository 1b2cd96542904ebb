"""写给家长 of events: each message once, only while it is true, never at night, never a word too many."""
from datetime import timedelta

import pytest

from crm.actions import delete_family
from crm.models import Guardian
from notifications import wording
from notifications.models import Outbox, ParentMessage
from service_levels.events import coming, inviting, planning, telling
from service_levels.events.inviting import Reply
from service_levels.events.links import link_of
from service_levels.models import Event, Invitation
from service_levels.plans.discreet import names_a_label
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import AFTER, ENDS, NIGHT, NO, STARTS, TEN, YES, again, asked, came, opened, planned, work

ONE, MINUTE = timedelta(days=1), timedelta(minutes=1)
KINDS = (telling.INVITED, telling.SEAT, telling.MOVED, telling.OFF, telling.THANKS)


def texts(kind: str) -> list[str]:
    return [row.text for row in ParentMessage.objects.filter(kind=kind).order_by("pk")]


# -- what they say -------------------------------------------------------------------------------------------------------------------
def test_an_invitation_says_what_when_where_and_how_to_answer(chief):
    (row,) = opened(chief)
    Invitation.objects.update(told_at=None)

    work()

    assert texts(telling.INVITED) == [f"罗女士您好，miao机构请您家来亲子阅读会：12月5日 周六 09:30，多功能厅。做什么、来不来，在这里看和答：{link_of(row)}"]


def test_the_day_is_the_campuss_in_the_schools_language(chief, inside):
    inside.language = "en"
    (row,) = opened(chief)

    facts = telling.facts_of(row, "Ms Luo", "en")

    assert facts["when"] == "December 5 Sat 09:30" or facts["when"].endswith("09:30") and "December 5" in facts["when"]


def test_an_invitation_names_no_plan_and_no_risk(chief):
    Event.objects.all()
    opened(chief, plans=["win-back"])
    Invitation.objects.update(told_at=None)

    work()

    assert [names_a_label(text) for text in texts(telling.INVITED)] == [False]


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_kind_is_worded_in_every_language_and_names_no_label(code, language):
    kind = wording.kind_of(code)
    text = kind.text_in(language)

    assert text and not names_a_label(text)
    assert set(wording.blanks(text)) <= {"school", "guardian", "event", "when", "place", "link"}


@pytest.mark.parametrize("code", [telling.INVITED, telling.SEAT, telling.MOVED, telling.THANKS])
def test_what_asks_for_something_has_the_link(code):
    assert all("link" in wording.blanks(wording.kind_of(code).text_in(language)) for language in ("zh-hans", "zh-hant", "en"))


# -- once ----------------------------------------------------------------------------------------------------------------------------
def test_the_worker_twice_writes_once(chief):
    event = planned(chief)
    asked(event, chief, family(1))
    planning.open_invitations(event, by=chief, at=TEN)
    payload = Outbox.objects.get(topic=telling.TELL).payload

    telling.write(payload)
    telling.write(payload)

    assert len(texts(telling.INVITED)) == 1


def test_what_goes_to_the_worker_are_ids_and_a_kind(chief):
    event = planned(chief)
    rows = asked(event, chief, family(1), family(2))
    planning.open_invitations(event, by=chief, at=TEN)

    payload = Outbox.objects.get(topic=telling.TELL).payload

    assert payload == {"kind": telling.INVITED, "event": event.pk, "invitations": sorted(row.pk for row in rows)}


def test_many_families_are_left_in_parts(chief, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    event = planned(chief)
    asked(event, chief, *(family(number) for number in range(1, 6)))

    planning.open_invitations(event, by=chief, at=TEN)

    assert sorted(len(row.payload["invitations"]) for row in Outbox.objects.filter(topic=telling.TELL)) == [1, 2, 2]
    assert work() == ["invited"] * 5


def test_moved_twice_is_told_twice(chief):
    (row,) = opened(chief)
    work()
    for days in (1, 2):
        row.event.starts_at, row.event.ends_at = STARTS + days * ONE, ENDS + days * ONE
        planning.keep(row.event, by=chief, at=TEN)

    assert work() == ["moved", "moved"] or texts(telling.MOVED)[-1].count("12月7日") == 1


def test_a_seat_lost_and_found_again_is_told_again(chief):
    rows = opened(chief, 2, seats=2)
    inviting.answer(rows[0], Reply("yes", 2), by=None, at=TEN)
    work()
    for minutes in (1, 10):
        inviting.answer(again(rows)[1], Reply("yes", 2), by=None, at=TEN + minutes * MINUTE)
        inviting.answer(again(rows)[0], NO, by=None, at=TEN + (minutes + 1) * MINUTE)
        assert work() == ["seat"]
        inviting.answer(again(rows)[1], NO, by=None, at=TEN + (minutes + 2) * MINUTE)
        inviting.answer(again(rows)[0], Reply("yes", 2), by=None, at=TEN + (minutes + 3) * MINUTE)


# -- only while it is true -------------------------------------------------------------------------------------------------------------
def left(kind: str, *rows) -> list[str]:
    """What the worker makes of a message that was left for it."""
    telling._later(kind, rows[0].event, [row.pk for row in rows], TEN)
    return work()


@pytest.mark.parametrize(("kind", "state", "written"), [
    (telling.INVITED, {}, True), (telling.INVITED, {"told_at": TEN}, False), (telling.INVITED, {"answer": "yes", "answered_at": TEN}, False),
    (telling.SEAT, {"answer": "yes", "answered_at": TEN}, True), (telling.SEAT, {"answer": "wait", "answered_at": TEN}, False),
    (telling.SEAT, {"answer": "no", "answered_at": TEN}, False), (telling.MOVED, {"answer": "yes", "answered_at": TEN}, True),
    (telling.MOVED, {}, True), (telling.MOVED, {"answer": "no", "answered_at": TEN}, False),
    (telling.OFF, {"answer": "wait", "answered_at": TEN}, True), (telling.OFF, {"answer": "no", "answered_at": TEN}, False),
    (telling.THANKS, {"came_at": STARTS}, True), (telling.THANKS, {"came_at": STARTS, "score": 4}, False)])
def test_a_message_is_written_while_it_is_true(chief, kind, state, written):
    (row,) = opened(chief)
    work()
    Invitation.objects.filter(pk=row.pk).update(**{"told_at": None} | state)

    assert left(kind, row) == ([kind.removeprefix("service.event_")] if written else [])


@pytest.mark.parametrize(("kind", "written"), [(telling.INVITED, False), (telling.SEAT, False), (telling.MOVED, False), (telling.THANKS, False),
                                               (telling.OFF, True)])
def test_of_what_was_called_off_only_that_is_told(chief, kind, written):
    (row,) = opened(chief)
    work()
    state = {telling.INVITED: {"told_at": None}, telling.SEAT: {"answer": "yes", "answered_at": TEN}, telling.THANKS: {"came_at": STARTS}}
    Invitation.objects.filter(pk=row.pk).update(**state.get(kind, {"answer": "yes", "answered_at": TEN}))
    Event.objects.update(cancelled_at=TEN, cancel_why="下暴雨")

    assert bool(left(kind, *again([row]))) is written


@pytest.mark.parametrize("kind", [telling.INVITED, telling.SEAT, telling.MOVED])
def test_what_has_begun_needs_no_asking(chief, kind):
    (row,) = opened(chief)
    work()
    Invitation.objects.update(told_at=None, **({} if kind == telling.INVITED else {"answer": "yes", "answered_at": TEN}))
    Event.objects.update(starts_at=TEN - ONE, ends_at=TEN + ONE)

    assert left(kind, *again([row])) == []


def test_a_family_that_was_deleted_hears_nothing(chief):
    (row,) = opened(chief)
    Invitation.objects.update(told_at=None)
    delete_family(row.customer, typed_name=row.customer.name, by=chief, at=TEN)

    assert left(telling.INVITED, row) == []


def test_a_family_without_a_number_is_for_a_colleague(chief):
    (row,) = opened(chief)
    Invitation.objects.update(told_at=None)
    Guardian.objects.all().delete()

    assert left(telling.INVITED, row) == [] and again([row])[0].told_at is None


# -- when ------------------------------------------------------------------------------------------------------------------------------
def test_nobody_is_woken_for_it(chief):
    event = planned(chief)
    asked(event, chief, family(1))

    planning.open_invitations(event, by=chief, at=NIGHT)

    due = Outbox.objects.get(topic=telling.TELL).due_at
    assert due > NIGHT + timedelta(hours=8)


def test_by_day_it_goes_at_once(chief):
    event = planned(chief)
    asked(event, chief, family(1))

    planning.open_invitations(event, by=chief, at=TEN)

    assert Outbox.objects.get(topic=telling.TELL).due_at == TEN


def test_an_invitation_is_of_no_use_when_the_event_has_begun(chief):
    (row,) = opened(chief)
    Invitation.objects.update(told_at=None)
    work()

    assert ParentMessage.objects.get().until == STARTS


def test_thanks_are_of_use_for_a_week(chief):
    (row,) = came(chief)
    work()

    assert telling.thank(row.event, at=AFTER) == 1
    assert work() == ["thanks"]
    told = ParentMessage.objects.get(kind=telling.THANKS)
    assert told.about == f"event-{row.event_id}-after" and told.until is not None


def test_whoever_said_how_it_was_is_not_asked(chief):
    first, second = came(chief, 2)
    coming.rate(first, 5, "", at=ENDS)

    assert telling.thank(first.event, at=AFTER) == 1


def test_others_hear_so_many_days_after_the_first(chief):
    event = planned(chief, priority_days=4)
    event.opened_at = TEN

    assert telling.others_from(event) == TEN + 4 * ONE


def test_who_knows_are_those_that_were_told_and_did_not_say_no(chief):
    rows = opened(chief, 4)
    inviting.answer(rows[0], YES, by=None, at=TEN)
    inviting.answer(rows[1], NO, by=None, at=TEN)
    Invitation.objects.filter(pk=rows[2].pk).update(told_at=None)

    assert sorted(telling._knowing(rows[0].event)) == sorted([rows[0].pk, rows[3].pk])

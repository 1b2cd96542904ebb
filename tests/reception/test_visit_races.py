"""Two at one moment, over real connections: two taps, two walk-ins of one key, two ticks, two who settle a message or a wish."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import parents
from notifications.models import Outbox, ParentMessage
from reception import wishing
from reception.booking import book
from reception.models import Area, AreaShown, Booking, Check, CheckItem, TimeWish, Visit, VisitStep, VisitType
from reception.preparing import tick, tick_rest
from reception.visiting import Tap, show_area, take_step, visit_of
from reception.walkins import walk_in
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, slot, wish
from tests.reception.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(school):
    return [make_member(school, "frontdesk", "一"), make_member(school, "teacher", "二")]


@pytest.fixture
def row(school, two) -> Booking:
    with tenant_scope(school):
        made = book(slot(2), wish(), cutoff=NOW, channel="online", at=NOW).booking
        return Booking.objects.select_related("slot__campus").get(pk=made.pk)


def test_two_who_tap_at_one_moment_take_one_step(school, two, row):
    told = at_once(
        school,
        *(
            lambda by=by: take_step(row, Tap("arrived", "booked", MONDAY, f"k{by.pk}"), by=by, now=MONDAY)
            for by in two
        ),
    )

    with tenant_scope(school):
        assert told == ["changed", "done"]
        assert VisitStep.objects.count() == 1
        assert Visit.objects.count() == 1


def test_one_tap_that_arrives_twice_at_one_moment_counts_once(school, two, row):
    told = at_once(
        school,
        *(
            lambda: take_step(row, Tap("arrived", "booked", MONDAY, "the-same"), by=two[0], now=MONDAY)
            for _ in range(4)
        ),
    )

    with tenant_scope(school):
        assert told == ["done"] * 4 and VisitStep.objects.count() == 1


def test_a_visit_is_made_once(school, row):
    told = at_once(school, *(lambda: visit_of(row) for _ in range(6)))

    with tenant_scope(school):
        assert told == ["done"] * 6 and Visit.objects.count() == 1


def test_an_area_ticked_by_two_is_ticked(school, two, row):
    with tenant_scope(school):
        area = Area.objects.first()

    told = at_once(school, *(lambda by=by: show_area(row, area, seen=True, by=by, at=NOW) for by in two))

    with tenant_scope(school):
        assert told == ["done", "done"] and AreaShown.objects.count() == 1


def test_a_checklist_ticked_by_two_is_ticked_once(school, two):
    with tenant_scope(school):
        campus, item = Campus.objects.first(), CheckItem.objects.first()
    day = NOW.date()

    told = at_once(
        school,
        lambda: tick(item, campus, day, "done", by=two[0], at=NOW),
        lambda: tick_rest(campus, day, by=two[1], at=NOW),
    )

    with tenant_scope(school):
        assert told == ["done", "done"] and Check.objects.exclude(done_at=None).count() == 11


def test_one_walk_in_that_is_sent_twice_receives_one_family(school, two):
    with tenant_scope(school):
        campus, kind = makers.campus(), VisitType.objects.get(code="tour")
        walk_in(campus, kind, key="the-same", by=two[0], at=NOW)

    told = at_once(
        school, *(lambda: walk_in(campus, kind, key="the-same", by=two[0], at=NOW) for _ in range(3))
    )

    with tenant_scope(school):
        assert told == ["done"] * 3 and Booking.objects.count() == 1


def test_two_who_settle_one_wish_settle_it_once(school, two):
    with tenant_scope(school):
        kind = VisitType.objects.get(code="tour")
        made = wishing.wish_time(
            wish(when="周六"), campus=makers.campus(), kind=kind, channel="online", at=NOW
        )

    told = at_once(school, *(lambda by=by: wishing.settle(made, by=by, at=NOW) for by in two))

    with tenant_scope(school):
        assert told == ["changed", "done"] and TimeWish.objects.get().done_at == NOW


def written(school) -> ParentMessage:
    with tenant_scope(school):
        about = parents.About("x", until=timezone.now() + timedelta(days=1))
        return parents.write(
            "notifications.test", parents.Recipient("13800138000"), {}, about, key="k", at=timezone.now()
        )


def test_two_workers_claim_a_message_once(school, settings):
    settings.MIAOPU_CHANNELS = ["console"]
    row, claimed = written(school), []

    at_once(school, *(lambda: claimed.append(parents.claim(row.pk, at=timezone.now())) for _ in range(4)))

    assert sorted(one is None for one in claimed) == [False, True, True, True]


def test_a_message_that_is_dropped_while_it_is_claimed_is_either_sent_or_dropped(school, settings):
    settings.MIAOPU_CHANNELS = ["console"]
    row, claimed = written(school), []

    at_once(
        school,
        lambda: claimed.append(parents.claim(row.pk, at=timezone.now())),
        lambda: parents.drop("x", at=timezone.now()),
    )

    with tenant_scope(school):
        state = ParentMessage.objects.get().state
    assert (claimed[0] is not None, state) in ((True, "sending"), (False, "dropped"))


def test_two_colleagues_who_settle_a_message_settle_it_once(school, two, settings):
    settings.MIAOPU_CHANNELS = []
    row = written(school)
    with tenant_scope(school):
        parents.claim(row.pk, at=timezone.now())

    told = at_once(
        school,
        *(
            lambda v=v, by=by: parents.settle(row, v, by=by, at=NOW)
            for v, by in zip(("done", "again"), two, strict=True)
        ),
    )

    with tenant_scope(school):
        state, sends = ParentMessage.objects.get().state, Outbox.objects.filter(topic=parents.SEND).count()
    assert told == ["changed", "done"] and (state, sends) in (("done", 1), ("waiting", 2))

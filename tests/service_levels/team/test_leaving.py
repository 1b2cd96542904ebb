"""请假和代班: planned ahead, begun and ended by the night, never two at once, and nothing undone that somebody chose by hand."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm import handover
from notifications.models import Message
from service_levels import nightly
from service_levels.models import Leave
from service_levels.team import leaving
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.team.makers import away

ONE = timedelta(days=1)


@pytest.fixture
def gao(inside):
    return colleague("agent", "高敏")


@pytest.fixture
def fang(inside):
    return colleague("agent", "小方")


def covered(member):
    """Who stands in for somebody now."""
    member.refresh_from_db()
    return member.stands_in


# -- planned -----------------------------------------------------------------------------------------------------------------------------------
def test_from_today_on_somebody_stands_in(gao, fang):
    row = away(gao, fang, last=DAY + 4 * ONE)

    assert covered(gao) == fang and handover.looked_after_by(fang) == [fang.pk, gao.pk]
    assert (row.by, str(row)) == (gao, "2026-11-20–2026-11-24")
    assert Entry.objects.get(verb="service.leave_planned").data == {"member": gao.pk, "cover": fang.pk}


def test_later_nobody_does_yet(gao, fang):
    away(gao, fang, first=DAY + ONE, last=DAY + 4 * ONE)

    assert covered(gao) is None


def test_whoever_stands_in_hears(gao, fang):
    away(gao, fang, last=DAY + ONE)

    assert Message.objects.get(member=fang).title == "高敏 2026-11-20 到 2026-11-21 请假，您代班"


def test_for_others_whoever_manages_the_members_plans_it(chief, gao, fang):
    assert away(gao, fang, by=chief).by == chief

    with pytest.raises(Forbidden):
        away(fang, gao, by=colleague("agent", "小周"), first=DAY + 9 * ONE, last=DAY + 9 * ONE)


@pytest.mark.parametrize(("first", "last", "field"), [(0, -1, "until_on"), (-5, -1, "until_on")])
def test_days_that_make_no_sense(gao, fang, first, last, field):
    with pytest.raises(Refused) as told:
        away(gao, fang, first=DAY + first * ONE, last=DAY + last * ONE)

    assert told.value.field == field and Leave.objects.count() == 0


def test_nobody_stands_in_for_oneself_nor_who_left(gao, fang):
    fang.is_active = False
    fang.save(update_fields=["is_active"])

    for cover in (gao, fang):
        with pytest.raises(Refused) as told:
            away(gao, cover)
        assert told.value.field == "cover"


@pytest.mark.parametrize(("first", "last", "overlaps"), [(0, 0, True), (4, 9, True), (-9, 0, True), (-9, 9, True), (5, 9, False)])
def test_nobody_is_away_twice_at_once(gao, fang, first, last, overlaps):
    away(gao, fang, last=DAY + 4 * ONE)
    again = lambda: away(gao, fang, first=DAY + first * ONE, last=DAY + last * ONE)  # noqa: E731

    if overlaps:
        with pytest.raises(Refused) as told:
            again()
        assert told.value.field == "from_on"
    else:
        assert again().pk


def test_nobody_who_is_away_stands_in(gao, fang):
    away(fang, colleague("agent", "小周"), last=DAY + ONE)

    with pytest.raises(Refused) as told:
        away(gao, fang)

    assert told.value.message == "小方 这几天也请假，请选别的同事代班。"


def test_nobody_who_stands_in_goes_away(gao, fang):
    away(gao, fang, last=DAY + ONE)

    with pytest.raises(Refused) as told:
        away(fang, colleague("agent", "小周"))

    assert told.value.field == "from_on"


def test_a_leave_that_was_ended_stands_in_nobodys_way(gao, fang):
    leaving.end(away(gao, fang, last=DAY + 4 * ONE), by=gao, at=AT)

    assert away(gao, fang).pk


# -- the nights --------------------------------------------------------------------------------------------------------------------------------
def test_on_its_first_day_the_stand_in_begins_and_after_its_last_ends(gao, fang):
    away(gao, fang, first=DAY + ONE, last=DAY + 2 * ONE)
    seen = []
    for days in range(5):
        leaving.nightly(DAY + days * ONE)
        seen.append(covered(gao))

    assert seen == [None, fang, fang, None, None]


def test_a_night_twice_changes_nothing_more(gao, fang):
    away(gao, fang, first=DAY + ONE, last=DAY + 2 * ONE)
    for _n in range(3):
        leaving.nightly(DAY + ONE)
    for _n in range(3):
        leaving.nightly(DAY + 3 * ONE)

    assert Entry.objects.filter(verb="crm.stand_in").count() == 2


def test_from_one_leave_to_the_next_the_stand_in_changes(gao, fang):
    third = colleague("agent", "小周")
    away(gao, fang, last=DAY)
    away(gao, third, first=DAY + ONE, last=DAY + ONE)

    leaving.nightly(DAY + ONE)
    assert covered(gao) == third

    leaving.nightly(DAY + 2 * ONE)
    assert covered(gao) is None


def test_who_was_chosen_by_hand_meanwhile_stays(chief, gao, fang):
    third = colleague("agent", "小周")
    away(gao, fang)
    gao.refresh_from_db()
    handover.stand_in(gao, third, by=chief)

    leaving.nightly(DAY + ONE)

    assert covered(gao) == third


def test_the_night_of_the_school_does_it(gao, fang):
    away(gao, fang, first=DAY + ONE, last=DAY + 2 * ONE)

    nightly.derive(DAY + ONE, at=AT + ONE)

    assert covered(gao) == fang


# -- back early --------------------------------------------------------------------------------------------------------------------------------
def test_back_early_the_stand_in_ends(gao, fang):
    row = away(gao, fang, last=DAY + 4 * ONE)

    leaving.end(row, by=gao, at=AT)

    assert (covered(gao), row.ended_on) == (None, DAY)
    leaving.nightly(DAY + ONE)
    assert covered(gao) is None


def test_what_was_not_needed_never_begins(gao, fang):
    row = away(gao, fang, first=DAY + ONE, last=DAY + 4 * ONE)
    leaving.end(row, by=gao, at=AT)

    leaving.nightly(DAY + ONE)

    assert covered(gao) is None


def test_it_ends_once(gao, fang):
    row = away(gao, fang)
    leaving.end(row, by=gao, at=AT)

    with pytest.raises(Refused) as told:
        leaving.end(row, by=gao, at=AT)

    assert told.value.code == "changed"


def test_only_by_oneself_or_who_manages_the_members(chief, gao, fang):
    row = away(gao, fang)

    with pytest.raises(Forbidden):
        leaving.end(row, by=fang, at=AT)
    leaving.end(row, by=chief, at=AT)

    assert Entry.objects.get(verb="service.leave_ended").actor == chief


@pytest.mark.parametrize("more", [{"until_on": DAY - ONE}, {"cover": "member"}])
def test_the_database_keeps_out_what_makes_no_sense(gao, fang, more):
    told = {"member": gao, "cover": fang, "from_on": DAY, "until_on": DAY} | {key: gao if value == "member" else value for key, value in more.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(**told)

"""What is kept of colleagues: by themselves or by who manages the members; rules; which family goes to whom."""
from datetime import date, timedelta

import pytest

from audit.models import Entry
from crm import handover
from service_levels.models import StaffProfile, StaffRules
from service_levels.team import keeping
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.team.makers import agent

YEAR = timedelta(days=365)


# -- profiles --------------------------------------------------------------------------------------------------------------------------------
def test_one_writes_of_oneself(inside):
    gao = colleague("agent", "高敏")

    keeping.keep_profile(StaffProfile(member=gao, skills=["communication"], languages="普通话、粤语", education="childhood"), by=gao)

    kept = keeping.profile_of(gao)
    assert (kept.skills, kept.languages, kept.education) == (["communication"], "普通话、粤语", "childhood")
    assert Entry.objects.get(verb="service.profile_kept").data == {"member": gao.pk}


def test_of_others_whoever_manages_the_members(chief):
    gao = colleague("agent", "高敏")

    keeping.keep_profile(StaffProfile(member=gao, is_senior=True, minutes_week=300), by=chief)

    assert (keeping.profile_of(gao).is_senior, keeping.profile_of(gao).minutes_week) == (True, 300)
    with pytest.raises(Forbidden):
        keeping.keep_profile(keeping.profile_of(gao), by=colleague("agent", "小方"))


def test_nobody_makes_oneself_senior_or_takes_minutes_off(chief):
    gao = colleague("agent", "高敏")
    keeping.keep_profile(StaffProfile(member=gao, minutes_week=300), by=chief)
    row = keeping.profile_of(gao)
    row.is_senior, row.minutes_week, row.background = True, 0, "做过两年主班"

    keeping.keep_profile(row, by=gao)

    kept = keeping.profile_of(gao)
    assert (kept.is_senior, kept.minutes_week, kept.background) == (False, 300, "做过两年主班")


def test_of_whom_nothing_was_written_there_is_an_empty_one(inside):
    gao = colleague("agent", "高敏")

    found = keeping.profile_of(gao)

    assert (found.pk, found.member, found.skills, found.is_senior) == (None, gao, [], False)


@pytest.mark.parametrize(("started", "senior", "years", "is_experienced"), [
    (DAY - 3 * YEAR, False, 3, True), (DAY - 3 * YEAR + timedelta(days=1), False, 3, False), (None, False, 0, False), (None, True, 9, True),
    (DAY, False, 0, True), (date(2000, 1, 1), False, 30, False), (DAY, True, 3, True)])
def test_from_when_on_somebody_is_experienced(inside, started, senior, years, is_experienced):
    assert StaffProfile(started_on=started, is_senior=senior).is_experienced(DAY, years) is is_experienced


def test_rows_say_what_they_are(inside):
    gao = agent("高敏", senior=True)

    assert str(gao.profile) == str(gao.pk) and str(StaffRules()) == "3 900"


# -- rules -------------------------------------------------------------------------------------------------------------------------------------
def test_until_rules_are_written_the_usual_ones_hold(inside):
    found = keeping.rules()

    assert (found.pk, found.years, found.minutes_week) == (None, 3, 900)


def test_rules_are_kept_once_a_school(chief):
    keeping.keep_rules(StaffRules(years=2, minutes_week=600), by=chief)
    row = keeping.rules()
    row.years = 5

    keeping.keep_rules(row, by=chief)

    assert (StaffRules.objects.get().years, Entry.objects.filter(verb="service.staff_rules_kept").count()) == (5, 2)


def test_not_by_everybody(inside):
    with pytest.raises(Forbidden):
        keeping.keep_rules(StaffRules(), by=colleague("agent"))


# -- which family goes to whom -------------------------------------------------------------------------------------------------------------------
def test_a_family_goes_to_a_colleague(chief):
    home, gao = family(1), colleague("agent", "高敏")

    keeping.assign(home, gao, by=chief)

    assert home.owner == gao
    assert Entry.objects.get(verb="crm.entrusted").data == {"was": None, "to": gao.pk}


def test_and_to_another(chief):
    gao, fang = colleague("agent", "高敏"), colleague("agent", "小方")
    home = family(1, owner=gao)

    keeping.assign(home, fang, by=chief)

    assert home.owner == fang and Entry.objects.get(verb="crm.entrusted").data == {"was": gao.pk, "to": fang.pk}


def test_not_to_who_has_it_already(chief):
    gao = colleague("agent", "高敏")

    with pytest.raises(Refused) as told:
        keeping.assign(family(1, owner=gao), gao, by=chief)

    assert told.value.message == "这一家本来就是高敏在带。"


def test_not_to_who_left(chief):
    gone = colleague("agent", "走了的")
    gone.is_active = False

    with pytest.raises(Refused) as told:
        keeping.assign(family(1), gone, by=chief)

    assert told.value.field == "to"


def test_not_to_who_works_for_another_campus(chief):
    west = Campus.objects.create(name="西园", code="west")
    other = colleague("agent", "西园的", [west])

    with pytest.raises(Refused) as told:
        keeping.assign(family(1), other, by=chief)

    assert told.value.message == "西园的 不负责这个园所。"


def test_not_over_somebody_who_just_did(chief):
    gao, fang = colleague("agent", "高敏"), colleague("agent", "小方")
    home = family(1)
    stale = type(home).objects.get(pk=home.pk)
    keeping.assign(home, gao, by=chief)

    with pytest.raises(Refused) as told:
        handover.entrust(stale, fang, by=chief)

    assert told.value.code == "changed" and type(home).objects.get(pk=home.pk).owner == gao


def test_not_by_everybody_either(inside):
    with pytest.raises(Forbidden):
        keeping.assign(family(1), colleague("agent", "高敏"), by=colleague("agent", "小方"))

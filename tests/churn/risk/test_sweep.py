"""The nightly sweep: standings follow the signs, only changes are written, and a night that was cut off begins again."""
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churn.models import RiskNight, RiskStanding, WeightsVersion
from churn.risk import sweep
from churn.risk.rules import SHIPPED, SIGNS, judge
from crm.models import Customer, Enrolment
from notifications.models import Message
from tenancy.models import Campus
from tenancy.scope import NoTenant, tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY, ONE, home, night, signalled
from tests.conftest import make_member, make_school


def spans(customer) -> list[tuple]:
    return list(RiskStanding.objects.filter(customer=customer).order_by("from_on").values_list("from_on", "until_on",
            "score", "band"))


def held(customer) -> tuple:
    return RiskStanding.objects.now().values_list("score", "band").get(customer=customer)


# -- what is written -----------------------------------------------------------------------------------------------------------
def test_every_family_gets_the_score_that_the_judge_gives_it(miao):
    calm, cross = home(1), home(2, transfer=1, complaints=1)

    assert night() == 2
    assert (held(calm), held(cross)) == ((0, "low"), (52, "high"))


def test_the_points_stand_in_the_order_of_the_signs_and_unknown_is_null(miao):
    cross = home(1, transfer=1)
    night()

    points = dict(zip(SIGNS, RiskStanding.objects.get(customer=cross).points, strict=True))

    assert (points["transfer"], points["complaints"], points["satisfaction"]) == (40, 0, None)


def test_a_second_run_writes_nothing(miao):
    home(1, transfer=1)
    night()

    assert (night(), night(DAY + ONE)) == (0, 0)
    assert RiskStanding.objects.count() == 1


def test_what_changed_ends_and_begins_on_the_day(miao):
    family = home(1)
    night()
    makers.entry(family, "transfer_signal", DAY + ONE)
    night(DAY + 2 * ONE)

    assert spans(family) == [(DAY, DAY + 2 * ONE, 0, "low"), (DAY + 2 * ONE, None, 40, "watch")]


def test_what_changes_twice_on_one_day_leaves_one_standing_of_the_day(miao):
    family = home(1)
    night(DAY - ONE)
    makers.entry(family, "transfer_signal", DAY)
    night()
    makers.entry(family, "transfer_signal", DAY)
    night()

    assert spans(family) == [(DAY - ONE, DAY, 0, "low"), (DAY, None, 55, "high")]


def test_who_leaves_the_school_has_no_standing_from_that_day_on(miao):
    family = home(1)
    night()
    Enrolment.objects.filter(child__family__customer=family).update(until_on=DAY)

    assert night(DAY + ONE) == 1
    assert spans(family) == [(DAY, DAY + ONE, 0, "low")]
    assert night(DAY + 2 * ONE) == 0


@pytest.mark.parametrize("field", ["deleted_at", "erased_at"])
def test_who_is_gone_from_the_archive_is_gone_from_the_standings(miao, field):
    family = home(1)
    night()
    Customer.objects.filter(pk=family.pk).update(**{field: AT})
    night(DAY + ONE)

    assert not RiskStanding.objects.now().exists()


def test_history_is_not_rewritten(miao):
    home(1)
    night()

    with pytest.raises(ValueError, match=str(DAY)):
        night(DAY - ONE)


def test_new_rules_judge_everybody_anew(miao):
    family = home(1, transfer=1)
    night()
    WeightsVersion.objects.create(number=1, steps={"transfer": [[1, 90]]}, watch=20, high=60)

    assert night() == 1
    assert held(family) == (90, "high") and RiskNight.objects.get(day=DAY).weights == 1


def test_moved_cut_offs_alone_move_the_band(miao):
    family = home(1, transfer=1)
    night()
    WeightsVersion.objects.create(number=1, steps={code: [list(step) for step in rows] for code,
            rows in SHIPPED.steps.items()}, watch=25, high=40)

    assert night() == 1 and held(family) == (40, "high")


def test_a_school_without_families_has_no_night_and_no_fault(miao):
    assert (night(), RiskNight.objects.count()) == (0, 0)


def test_every_standing_equals_what_the_judge_says_of_the_signs(miao):
    for number in range(12):
        home(number, transfer=number % 3, complaints=number % 2)
    night()

    for customer, _campus, facts in sweep.gather(DAY, today=DAY):
        risk = judge(SHIPPED, facts)
        assert held(Customer(pk=customer)) == (risk.score, risk.band)


# -- the night itself ----------------------------------------------------------------------------------------------------------
def test_a_night_counts_the_bands_of_each_campus(miao):
    west = Campus.objects.create(code="west", name="西园")
    home(1), home(2, transfer=1), home(3, transfer=2)
    signalled(makers.family("孩4", "13800138004", at=west, since=DAY.replace(year=2025)), transfer=2)
    night()

    rows = {(row.campus.name, row.families, row.watch, row.high) for row in RiskNight.objects.select_related("campus")}

    assert rows == {("本部", 3, 1, 1), ("西园", 1, 0, 1)}


def test_a_night_that_runs_again_is_counted_once_and_forgets_an_emptied_campus(miao):
    west = Campus.objects.create(code="west", name="西园")
    family = makers.family(at=west, since=DAY.replace(year=2025))
    night()
    Customer.objects.filter(pk=family.pk).update(campus=makers.campus())
    night()

    assert [(row.campus.name, row.families) for row in RiskNight.objects.all()] == [("本部", 1)]


def test_a_night_that_was_cut_off_leaves_nothing_and_the_next_one_does_it_all(miao, monkeypatch):
    families = [home(number, transfer=1) for number in range(3)]
    with monkeypatch.context() as cut:
        cut.setattr(sweep, "OPEN", "SELECT 1 / 0")
        with pytest.raises(Exception, match="division"), sweep.transaction.atomic():
            night()

    assert (RiskStanding.objects.count(), RiskNight.objects.count()) == (0, 0)
    assert night() == 3 and {held(family) for family in families} == {(40, "watch")}


def test_another_schools_families_are_left_alone(school):
    other = make_school("qi")
    with tenant_scope(other):
        theirs = home(1, transfer=1)
        night()
    with tenant_scope(school):
        home(2)
        night(DAY + ONE)
        assert RiskStanding.objects.count() == 1
    with tenant_scope(other):
        assert spans(theirs) == [(DAY, None, 40, "watch")]
    with pytest.raises(NoTenant):
        night()


def test_the_statements_do_not_grow_with_the_families(miao):
    counts = []
    for start in (0, 3):
        for number in range(start, start * 8 + 3):
            home(number, transfer=1)
        with CaptureQueriesContext(connection, ) as asked:
            night(DAY + start * ONE)
        counts.append(len(asked))

    assert counts[0] == counts[1]


# -- who is told -----------------------------------------------------------------------------------------------------------------
def told() -> Counter:
    return Counter(Message.objects.values_list("member__name", "title"))


def owned(number: int, owner, **signs):
    family = home(number, **signs)
    Customer.objects.filter(pk=family.pk).update(owner=owner)
    return family


def test_the_owner_hears_once_how_many_came_to_high_risk(school, relations, head):
    with tenant_scope(school):
        families = [owned(number, relations) for number in range(3)]
        night(DAY - ONE)
        for family in families[:2]:
            signalled(family, transfer=2)
        night()
        night()

        assert told() == {("relations", "您负责的家庭里，2 户到了高风险"): 1}
        assert Message.objects.get().link == "churn/?owner=me&band=high"


def test_on_the_first_night_and_for_days_gone_by_nobody_is_told(school, relations):
    with tenant_scope(school):
        family = owned(1, relations, transfer=2)
        night(DAY - 9 * ONE, today=DAY)
        makers.entry(family, "complaint", DAY - 5 * ONE)
        night(DAY - 4 * ONE, today=DAY)

        assert told() == {}


def test_who_stays_at_high_risk_is_not_told_of_again(school, relations):
    with tenant_scope(school):
        family = owned(1, relations)
        night(DAY - 2 * ONE)
        signalled(family, transfer=2)
        night(DAY - ONE)
        makers.entry(family, "complaint", DAY - ONE)
        night()

        assert sum(told().values()) == 1


@pytest.mark.parametrize("role", ["frontdesk", None])
def test_who_may_not_see_risk_and_who_is_nobody_are_not_told(school, role):
    owner = make_member(school, role) if role else None
    with tenant_scope(school):
        family = owned(1, owner)
        night(DAY - ONE)
        signalled(family, transfer=2)
        night()

        assert told() == {} and held(family)[1] == "high"


def test_who_has_left_is_not_told(school, relations):
    with tenant_scope(school):
        family = owned(1, relations)
        night(DAY - ONE)
        relations.is_active = False
        relations.save(update_fields=["is_active"])
        signalled(family, transfer=2)
        night()

        assert told() == {}


def test_a_standing_is_in_force_from_its_first_day_until_the_day_before_its_end(miao):
    family = home(1)
    night()
    makers.entry(family, "transfer_signal", DAY + ONE)
    night(DAY + 3 * ONE)

    days = [DAY - ONE, DAY, DAY + 2 * ONE, DAY + 3 * ONE, DAY + timedelta(days=99)]
    on = [RiskStanding.objects.on(day).filter(customer=family).values_list("band", flat=True).first() for day in days]

    assert on == [None, "low", "low", "watch", "watch"]

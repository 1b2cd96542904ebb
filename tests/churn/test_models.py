"""What the database itself refuses about risk and cases, whatever the code above it does."""
import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from churn.models import Backtest, CaseCause, Cause, ChurnCase, RiskNight, RiskStanding, WeightsVersion
from churn.risk.rules import SHIPPED
from crm.models import Child
from tests import makers
from tests.churn.cases.conftest import cause, child_of
from tests.churn.conftest import AT, DAY, ONE, home


def refused(name: str, make) -> bool:
    """The constraint of this name says no, and nothing is left behind."""
    try:
        with transaction.atomic():
            make()
    except IntegrityError as error:
        return name in str(error)
    return False


def standing(customer, **told):
    return RiskStanding.objects.create(**{"customer": customer, "from_on": DAY, "score": 0, "band": "low",
            "points": [0] * 11} | told)


def case(customer, **told):
    return ChurnCase.objects.create(**{"customer": customer, "campus": customer.campus, "trigger": "by_hand",
            "opened_on": DAY} | told)


# -- risk --------------------------------------------------------------------------------------------------------------------------
def test_a_family_has_one_standing_now_and_any_number_before(miao):
    family = home(1)
    standing(family, from_on=DAY - 9 * ONE, until_on=DAY - 5 * ONE), standing(family, from_on=DAY - 5 * ONE,
            until_on=DAY), standing(family)

    assert refused("risk_standing_one_now", lambda: standing(family, from_on=DAY + ONE))
    assert RiskStanding.objects.count() == 3


@pytest.mark.parametrize("until", [DAY, DAY - ONE])
def test_a_standing_lasts_a_day_at_least(miao, until):
    family = home(1)

    assert refused("risk_standing_span", lambda: standing(family, until_on=until))


def test_a_night_is_counted_once_for_a_campus(miao):
    told = {"campus": makers.campus(), "day": DAY, "families": 1, "watch": 0, "high": 0, "done_at": AT}
    RiskNight.objects.create(**told)

    assert refused("risk_night_once", lambda: RiskNight.objects.create(**told))


def test_a_back_test_looks_ahead(miao):
    assert refused("backtest_span", lambda: Backtest.objects.create(as_of=DAY, until=DAY))


def test_a_number_of_rules_is_given_once_and_rules_read_back_as_they_were(miao):
    steps = {code: [list(step) for step in rows] for code, rows in SHIPPED.steps.items()}
    kept = WeightsVersion.objects.create(number=1, steps=steps, watch=25, high=50)

    assert refused("weights_version_number", lambda: WeightsVersion.objects.create(number=1, steps={}, watch=1, high=2))
    assert kept.as_weights() == WeightsVersion.objects.get().as_weights() == SHIPPED
    assert str(kept) == "v1"


# -- cases -------------------------------------------------------------------------------------------------------------------------
def test_a_child_has_one_open_case_and_any_number_of_closed_ones(miao):
    family = home(1)
    closed = {"state": "kept", "closed_on": DAY}
    case(family, **closed), case(family, **closed), case(family)

    assert refused("churn_case_one_open", lambda: case(family)) and ChurnCase.objects.count() == 3


def test_each_child_of_a_family_may_have_its_own_open_case(miao):
    family = home(1)
    case(family, child=child_of(family)), case(family, child=Child.objects.create(family=family.family, name="二宝"))

    assert refused("churn_case_one_open", lambda: case(family, child=family.family.children.first()))


@pytest.mark.parametrize(("told", "name"), [
    ({"state": "kept"}, "churn_case_closed"),
    ({"closed_on": DAY}, "churn_case_closed"),
    ({"state": "natural", "closed_on": DAY}, "churn_case_natural"),
    ({"natural": "moved"}, "churn_case_natural"),
    ({"state": "lost", "closed_on": DAY, "natural": "moved"}, "churn_case_natural"),
])
def test_a_case_is_closed_with_its_day_and_natural_with_its_reason(miao, told, name):
    family = home(1)

    assert refused(name, lambda: case(family, **told))


@pytest.mark.parametrize("weight", [0, 11])
def test_a_cause_holds_one_to_ten_tenths(miao, weight):
    row = case(home(1))

    assert refused("case_cause_weight", lambda: CaseCause.objects.create(case=row, cause=cause(), weight=weight,
            evidence="x", by=miao.head))


def test_a_cause_is_named_once_in_a_case_and_once_in_an_area(miao):
    row = case(home(1))
    CaseCause.objects.create(case=row, cause=cause(), evidence="x", by=miao.head)

    assert refused("case_cause_once", lambda: CaseCause.objects.create(case=row, cause=cause(), evidence="y", by=miao.head))
    assert refused("cause_name", lambda: Cause.objects.create(area="teaching", name="换老师太多"))
    assert Cause.objects.create(area="market", name="换老师太多").area == "market"


def test_rows_are_called_by_what_they_are(miao):
    family = home(1)

    assert str(case(family)) == "手工登记 2026-11-20"
    assert str(standing(family, score=52, band="high")) == "高风险 52"
    assert str(Backtest(as_of=DAY - ONE, until=DAY)) == "2026-11-19 – 2026-11-20"
    with override("en"):
        assert str(Cause.objects.get(name="停车难")) == "Facilities：停车难"

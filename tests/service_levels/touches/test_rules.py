"""触达规则: a school's own festivals and how often a household is called."""
import pytest

from service_levels.models import TouchRules
from service_levels.touches.festivals import USUAL
from service_levels.touches.rules import keep, rules
from tenancy.refusals import Forbidden
from tenancy.scope import tenant_scope
from tests.conftest import make_member


def test_a_school_begins_with_the_great_festivals_and_two_calls_a_week(miao):
    assert (rules().festivals, rules().most_a_week) == (list(USUAL), 2)


def test_what_is_kept_holds_and_leaves_the_sweep_alone(miao, head):
    TouchRules.objects.create(swept_on="2026-11-20")
    keep(["spring", "lantern"], 1, by=head)

    row = TouchRules.objects.get()
    assert (row.festivals, row.most_a_week, str(row.swept_on)) == (["spring", "lantern"], 1, "2026-11-20")


def test_only_who_writes_plans_writes_them(school):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school), pytest.raises(Forbidden):
        keep([], 1, by=desk)

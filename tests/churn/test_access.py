"""The doors of churn: by right, by campus, by school."""
import pytest

from churn.access import backtest_for, backtests, standings
from churn.models import Backtest
from tenancy.models import Campus
from tenancy.refusals import Absent, Forbidden
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY, ONE
from tests.conftest import make_member, make_school


def test_standings_are_those_of_present_families_of_ones_campuses(school, head, judged):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert (standings(head).count(), standings(western).count()) == (3, 0)
        judged[0].deleted_at = f"{DAY}T00:00Z"
        judged[0].save(update_fields=["deleted_at"])
        assert standings(head).count() == 2


def test_the_front_desk_has_no_door(school):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school):
        for door in (standings, backtests):
            with pytest.raises(Forbidden):
                door(desk)


def test_another_schools_back_test_is_as_absent_as_none(school, head):
    other = make_school("qi")
    with tenant_scope(other):
        theirs = Backtest.objects.create(as_of=DAY - 90 * ONE, until=DAY)
    with tenant_scope(school):
        for pk in (theirs.pk, 10**12, "x"):
            with pytest.raises(Absent):
                backtest_for(head, pk)

"""Reads of the plans: tier and risk in plans with their counts, who is listed, what a member may narrow by."""
from datetime import date

import pytest

from service_levels.models import PlanVersion
from service_levels.plans.queries import Asked, entitlement_on, in_force, listed, served
from tenancy.models import Campus, Membership, User
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import DAY, ONE, at_risk, derive, family, rated


def names(rows) -> list[str]:
    return [row.customer.name for row in rows]


@pytest.fixture
def five(miao, on_the_day):
    """A, A at risk, B, D and one not rated."""
    rows = [family(1, "A", "low"), family(2, "A", "high"), family(3, "B", "watch"), family(4, "D", "low"), family(5, "", "high")]
    derive()
    return rows


# -- the grid ----------------------------------------------------------------------------------------------------------------------
def test_the_grid_names_a_plan_for_every_tier_at_every_risk(miao, five):
    found, = served(miao.head)

    assert [row.label for row in found.rows] == ["A", "B", "C", "D", "-"]
    assert [[cell.plan.code for cell in row.cells] for row in found.rows] == [
        ["hold", "dedicated", "dedicated"], ["win-back", "quality", "quality"], ["win-back", "closer", "closer"],
        ["win-back", "win-back", "win-back"], ["win-back", "quality", "quality"]]


def test_each_cell_counts_its_customers(miao, five):
    found, = served(miao.head)

    assert [[cell.count for cell in row.cells] for row in found.rows] == [[1, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 1], [1, 0, 0]]
    assert found.count == 5


def test_a_plan_tells_what_all_its_customers_take(miao, five):
    shares = {share.plan.code: share for share in served(miao.head)[0].shares}
    back = shares["win-back"]

    assert {code: share.count for code, share in shares.items()} == {"dedicated": 1, "quality": 1, "closer": 0, "win-back": 2, "hold": 1}
    assert back.hours_a_week == pytest.approx(2 * float(back.plan.minutes_a_year) / 52 / 60)
    assert back.fen_a_year == 2 * back.plan.fen_a_year


def test_who_works_for_one_campus_counts_its_own(miao, five):
    west = Campus.objects.create(code="west", name="西园")
    five[0].campus = west
    five[0].save(update_fields=["campus"])
    member = Membership.objects.create(user=User.objects.create(username="w@miao"), role="relations", name="西老师")
    member.campus_links.create(campus=west)

    assert served(member)[0].count == 1
    assert names(listed(member, Asked())) == [five[0].name]


def test_only_versions_in_force_are_shown(miao, five):
    PlanVersion.objects.update(state="retired")

    assert (list(in_force()), served(miao.head)) == ([], [])


# -- the list ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("asked", "places"), [
    (Asked(), [0, 1, 2, 3, 4]),
    (Asked(plan="win-back"), [3, 4]),
    (Asked(plan="gold"), []),
    (Asked(tier="A"), [0, 1]),
    (Asked(tier="-"), [4]),
    (Asked(band="high"), [1, 4]),
    (Asked(band="bad"), [0, 1, 2, 3, 4]),
    (Asked(tier="A", band="high"), [1]),
    (Asked(words="孩3"), [2]),
    (Asked(words="没有这一家"), []),
    (Asked(since=DAY), [0, 1, 2, 3, 4]),
    (Asked(since=DAY + ONE), []),
    (Asked(mine=True), []),
])
def test_the_list_is_narrowed_by_what_is_asked(miao, five, asked, places):
    assert names(listed(miao.head, asked)) == [five[place].name for place in places]


def test_the_latest_change_comes_first(miao, five):
    at_risk(five[3], "high", since=DAY + ONE)
    at_risk(five[2], "high", since=DAY + ONE)
    derive(DAY + ONE)

    assert names(listed(miao.head, Asked()))[:2] == [five[2].name, five[3].name]


def test_one_campus_narrows_it(miao, five):
    west = Campus.objects.create(code="west", name="西园")
    five[1].campus = west
    five[1].save(update_fields=["campus"])

    assert names(listed(miao.head, Asked(campus=west.pk))) == [five[1].name]


def test_ones_own_are_those_one_looks_after(miao, five):
    five[1].owner = miao.head
    five[1].save(update_fields=["owner"])

    assert names(listed(miao.head, Asked(mine=True))) == [five[1].name]


def test_who_may_not_see_tiers_or_risks_cannot_ask_for_them(school, head, on_the_day):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school):
        rows = [family(1, "A", "low"), family(2, "B", "high")]
        derive()

        assert names(listed(desk, Asked(tier="A"))) == names(listed(desk, Asked(band="high"))) == [row.name for row in rows]


# -- a day gone by -----------------------------------------------------------------------------------------------------------------
def test_what_was_owed_on_a_day_is_remembered(miao, five):
    customer = five[0]
    rated(customer, "C", since=DAY + 9 * ONE)
    derive(DAY + 10 * ONE)

    assert entitlement_on(customer, DAY + 9 * ONE).plan == "dedicated"
    assert entitlement_on(customer, DAY + 10 * ONE).plan == "closer"
    assert entitlement_on(customer, date(2026, 1, 1)) is None

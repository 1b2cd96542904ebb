"""试算: who would move, what it takes now and would take, and whether staff and budget suffice, all schemes together."""
from dataclasses import replace

import pytest

from service_levels.models import Entitlement, PlanVersion
from service_levels.plans import drafting, means
from service_levels.plans.book import as_data
from service_levels.plans.presets import KINDERGARTEN, QUALITY, WIN_BACK
from service_levels.plans.preview import means_of, preview
from tests.service_levels.conftest import AT, DAY, derive, family
from tiering.models import Scheme, Standing


@pytest.fixture
def draft(miao, on_the_day):
    """Two of B, one of D, one not rated; the draft is as what is in force."""
    for number, (label, band) in enumerate((("B", "low"), ("B", "watch"), ("D", "low"), ("", "low"))):
        family(number, label, band)
    derive()
    return drafting.draft_of(Scheme.objects.get(code="kg-ad"), by=miao.head, at=AT)


def kept(draft, miao, **changes):
    drafting.keep(draft, replace(KINDERGARTEN, **changes), by=miao.head, at=AT)
    return preview(draft)


def test_a_draft_that_changes_nothing_moves_nobody(draft):
    found = preview(draft)

    assert (found.customers, found.moving, found.moved, found.edited) == (4, 0, (), ())
    assert found.before == found.after
    assert found.before.minutes_week == 3 * QUALITY.minutes_a_week + WIN_BACK.minutes_a_week


def test_those_of_a_cell_move_together(draft, miao):
    found = kept(draft, miao, cells=(KINDERGARTEN.cells[0], ("closer", "closer", "win-back"), *KINDERGARTEN.cells[2:]))

    assert [(one.before, one.after.code, one.count, one.told) for one in found.moved] == [("优质服务", "closer", 2, 3)]
    assert (found.moving, found.edited) == (2, ())


def test_another_plan_for_those_not_rated_moves_them(draft, miao):
    found = kept(draft, miao, cells=(*KINDERGARTEN.cells[:4], ("closer",) * 3))

    assert [(one.before, one.after.code, one.count) for one in found.moved] == [("优质服务", "closer", 1)]


def test_a_plan_that_says_something_else_is_named(draft, miao):
    plans = tuple(replace(plan, respond=30) if plan.code == "quality" else plan for plan in KINDERGARTEN.plans)
    found = kept(draft, miao, plans=plans)

    assert (found.moved, found.edited) == ((), ("优质服务",))


def test_a_dearer_plan_shows_in_what_it_takes(draft, miao):
    found = kept(draft, miao, cells=(KINDERGARTEN.cells[0], ("hold", "hold", "hold"), *KINDERGARTEN.cells[2:]))

    assert found.after.minutes_week > found.before.minutes_week
    assert found.after.fen_year > found.before.fen_year


def test_nothing_is_written(draft, miao):
    before = list(Entitlement.objects.values_list("pk", "plan"))
    kept(draft, miao, cells=(*KINDERGARTEN.cells[:4], ("closer",) * 3))

    assert list(Entitlement.objects.values_list("pk", "plan")) == before


# -- staff and budget ----------------------------------------------------------------------------------------------------------------
def test_without_figures_nothing_is_said_to_lack(draft):
    found = preview(draft)

    assert (found.means, found.lacking) == (None, ())
    assert means_of() is None


@pytest.mark.parametrize(("hours", "fen", "lacking"), [
    (100, 10_000_000, []),
    (0, 10_000_000, ["hours"]),
    (100, 0, ["fen"]),
    (0, 0, ["hours", "fen"]),
])
def test_promises_are_held_against_what_there_is(draft, miao, hours, fen, lacking):
    means.keep(hours, fen, by=miao.head, at=AT)
    found = preview(draft)

    assert [one.what for one in found.lacking] == lacking
    assert (found.means.minutes_week, found.means.fen_year) == (hours * 60, fen)


def test_customers_of_another_scheme_take_the_same_people(draft, miao):
    means.keep(2, 100_000_000, by=miao.head, at=AT)
    alone = preview(draft)
    prospects = Scheme.objects.get(code="prospect")
    version = PlanVersion.objects.create(scheme=prospects, number=1, state="in_force", book=as_data(KINDERGARTEN))
    for number in range(20, 40):
        customer = family(number, enrolled=False)
        Standing.objects.create(scheme=prospects, customer=customer, tier=3, label="D", score=0, from_on=DAY)
    derive()

    assert Entitlement.objects.now().filter(version=version).count() == 20
    assert alone.lacking == ()
    assert [one.what for one in preview(draft).lacking] == ["hours"]


def test_equipment_stands_beside_staff_and_budget(draft, miao):
    lines = (*QUALITY.lines, replace(QUALITY.lines[1], text="查视力", source="", tool="检测仪"))
    means.keep(1000, 10_000_000, {"轮椅": 1}, by=miao.head, at=AT)

    found = kept(draft, miao, plans=tuple(replace(plan, lines=lines) if plan.code == "quality" else plan for plan in KINDERGARTEN.plans))

    (name, before, after, there), = found.tools
    assert (name, before, there) == ("检测仪", 0, 0) and after > 0
    assert [(one.what, one.name) for one in found.lacking] == [("tool", "检测仪")]


def test_where_something_lacks_it_says_who_comes_first(draft, miao):
    for number in range(10, 22):
        family(number, "B", "low")
    derive()
    means.keep(1, 10_000_000, {}, by=miao.head, at=AT)

    found = preview(draft)

    assert [one.what for one in found.lacking] == ["hours"]
    assert [(one.priority, one.customers) for one in found.allotted] == [(1, 1), (2, 15)]
    assert found.allotted[0].hours == 1 > found.allotted[1].hours


def test_where_nothing_lacks_nobody_has_to_come_first(draft, miao):
    means.keep(1000, 10_000_000, {}, by=miao.head, at=AT)

    assert preview(draft).allotted == ()

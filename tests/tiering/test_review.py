"""The batch page: whom it shows first, why each moved, how far along the batch is."""
from datetime import date

import pytest

from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.tiering.steps import JUNE, SEPTEMBER, computed, in_review, published
from tiering.actions import reject, review
from tiering.models import Batch
from tiering.movement import GONE, NEW
from tiering.review import PAGE, batch_page, movers_page


@pytest.fixture
def people(school):
    """A family that pays well, one that pays little, one that comes in September."""
    with tenant_scope(school):
        rich, poor = makers.family("周小满", "13800138001", date(2023, 9, 1)), makers.family("李小树", "13800138002",
                date(2025, 9, 1))
        makers.payment(rich, 30_000, date(2026, 3, 1))
        makers.payment(poor, 2_000, date(2026, 3, 1))
        return rich, poor


def shown(page):
    return [(line.customer.name, line.before, line.after) for line in page["lines"]]


# -- which lines ---------------------------------------------------------------------------------------------------
def test_a_first_batch_shows_everybody(school, head, people, now):
    with tenant_scope(school):
        page = batch_page(computed(head, now), head, {})

    assert (page["view"], page["moved"]) == ("all", 0)
    assert shown(page) == [("周小满一家", "", "B"), ("李小树一家", "", "D")]


def test_who_fell_is_shown_first(school, head, deputy, people, now):
    rich, _poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(rich, "transfer_signal", date(2026, 9, 1))
        page = batch_page(computed(head, now), head, {})

    assert (page["view"], page["moved"], shown(page)) == ("down", 1, [("周小满一家", "B", "D")])


def test_who_rose_is_shown_first_where_nobody_fell(school, head, deputy, people, now):
    _rich, poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.payment(poor, 30_000, date(2026, 9, 1))
        page = batch_page(computed(head, now), head, {})

    assert (page["view"], shown(page)) == ("up", [("李小树一家", "D", "C")])


@pytest.mark.parametrize(("asked", "view"), [("same", "same"), ("held", "held"), ("nonsense", "all"), ("", "all")])
def test_a_view_is_chosen_by_its_name(school, head, deputy, people, now, asked, view):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)

        assert batch_page(computed(head, now), head, {"view": asked})["view"] == view


def test_every_view_says_how_many_it_holds(school, head, deputy, people, now):
    rich, _poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(rich, "transfer_signal", date(2026, 9, 1))
        counts = {name: n for name, _title, n in batch_page(computed(head, now), head, {})["counts"]}

    assert counts == {"down": 1, "up": 0, "held": 1, "same": 1, "all": 2}


@pytest.mark.parametrize("page", ["99", "0", "-1", "abc", ""])
def test_a_page_that_is_not_there_is_the_nearest_one(school, head, people, now, page):
    with tenant_scope(school):
        found = batch_page(computed(head, now), head, {"page": page})

    assert len(shown(found)) == 2


def test_a_long_list_goes_on_on_the_next_page(school, head, now):
    with tenant_scope(school):
        for number in range(PAGE + 3):
            makers.family(f"孩{number}", f"138{number:08d}")
        batch = computed(head, now)
        first, second = (batch_page(batch, head, {"page": page})["lines"] for page in "12")

    assert (len(first), len(second), first.paginator.num_pages) == (PAGE, 3, 2)
    assert not {line.customer.pk for line in first} & {line.customer.pk for line in second}


def test_a_member_of_one_campus_sees_its_families(school, head, people, now):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        makers.family("西园孩", "13900139001", at=west)
        batch = computed(head, now)
    member = make_member(school, "relations", "西", [west])
    with tenant_scope(school):
        page = batch_page(batch, member, {})

    assert [name for name, *_ in shown(page)] == ["西园孩一家"]
    assert page["movement"].sums() == [0, 0, 0, 1, 0]


# -- why ---------------------------------------------------------------------------------------------------------
def reason(page, name):
    return next(line.why for line in page["lines"] if line.customer.name == name)


def test_a_limit_that_held_is_the_reason(school, head, deputy, people, now):
    rich, _poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(rich, "transfer_signal", date(2026, 9, 1))

        assert reason(batch_page(computed(head, now), head, {}), "周小满一家") == "90 天内有转园倾向记录时，最高 D 级"


def test_what_changed_most_is_the_reason_with_its_points(school, head, deputy, people, now):
    _rich, poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.payment(poor, 30_000, date(2026, 9, 1))

        assert reason(batch_page(computed(head, now), head, {}), "李小树一家") == "消费金额 +27.0 分"


def test_for_who_is_new_the_weakest_indicator_is_the_reason(school, head, people, now):
    with tenant_scope(school):
        page = batch_page(computed(head, now), head, {})

    assert reason(page, "周小满一家") == "消费金额已满分，差在推荐影响力"
    assert reason(page, "李小树一家") == "差得最多的是消费金额"


def test_scores_stand_beside_the_tiers(school, head, people, now):
    with tenant_scope(school):
        page = batch_page(computed(head, now), head, {})

        scores = [result.score / 100 for result in page["batch"].results.order_by("customer_id")]

    assert [line.score for line in page["lines"]] == scores and scores[0] > scores[1] > 0


# -- the list behind a cell ------------------------------------------------------------------------------------------
def test_the_newcomers_are_listed_behind_their_cell(school, head, people, now):
    with tenant_scope(school):
        found = movers_page(computed(head, now), head, NEW, "D")

    assert [(line.customer.name, line.after) for line in found["lines"]] == [("李小树一家", "D")]


def test_who_left_is_listed_with_that_as_the_reason(school, head, deputy, people, now):
    rich, _poor = people
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        rich.family.children.get().enrolments.update(until_on=date(2026, 7, 15), outcome="graduated")
        found = movers_page(computed(head, now), head, "B", GONE)

    assert [(line.customer.name, line.before, line.after, line.why, line.score) for line in found["lines"]] == [
        ("周小满一家", "B", "", "这一批里没有了", None)]


@pytest.mark.parametrize(("before", "after"), [("Z", "A"), ("A", "Z"), ("", ""), (NEW, GONE)])
def test_a_cell_that_is_not_there_is_empty(school, head, people, now, before, after):
    with tenant_scope(school):
        assert movers_page(computed(head, now), head, before, after)["lines"] == []


# -- how far along ---------------------------------------------------------------------------------------------------
def states(page):
    return [state for _name, _detail, state in page["steps"]]


def test_the_steps_follow_the_batch(school, head, deputy, people, now):
    with tenant_scope(school):
        fresh = states(batch_page(computed(head, now, JUNE), head, {}))
        waiting = states(batch_page(in_review(head, now, JUNE), head, {}))
        done = states(batch_page(published(head, deputy, now), head, {}))

    assert fresh == ["is-done", "is-done", "is-now", "", ""]
    assert waiting == ["is-done", "is-done", "is-done", "is-now", ""]
    assert done == ["is-done"] * 5


def test_a_batch_that_was_sent_back_waits_for_its_proposer_again(school, head, deputy, people, now):
    with tenant_scope(school):
        batch = in_review(head, now)
        reject(batch, by=deputy, remark="先补资料")

        assert states(batch_page(batch, head, {}))[2] == "is-now"


def test_the_steps_name_who_did_them(school, head, deputy, people, now):
    with tenant_scope(school):
        details = [detail for _name, detail, _state in batch_page(published(head, deputy, now), head, {})["steps"]]

    assert details == ["2026-09-30", "11-20", "head", "1 个部门看过", "deputy"]


@pytest.mark.parametrize("mine", [True, False])
def test_the_page_knows_whether_one_submitted_it_oneself(school, head, deputy, people, now, mine):
    with tenant_scope(school):
        batch = in_review(head, now)

        assert batch_page(batch, head if mine else deputy, {})["mine"] is mine


def test_what_departments_said_is_on_the_page(school, head, deputy, people, now):
    relations = make_member(school, "relations")
    with tenant_scope(school):
        batch = in_review(head, now)
        review(batch, by=relations, agrees=False, note="周小满家在谈转园", at=now)
        told = [(r.by.name, r.agrees, r.note) for r in batch_page(batch, head, {})["reviews"]]

    assert told == [("relations", False, "周小满家在谈转园")]


def test_a_batch_against_a_version_with_other_labels_compares_what_it_can(school, head, deputy, people, now):
    with tenant_scope(school):
        first = published(head, deputy, now, JUNE)
        rules = first.version.rules | {"labels": ["A", "B", "C", "E"]}
        type(first.version).objects.filter(pk=first.version_id).update(rules=rules)
        batch = Batch.objects.select_related("version", "previous__version").get(pk=computed(head, now, SEPTEMBER).pk)
        type(first.version).objects.filter(pk=first.version_id).update(rules=rules | {"labels": ["A", "B", "C", "D"]})

        assert len(shown(batch_page(batch, head, {"view": "all"}))) == 2

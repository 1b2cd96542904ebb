"""升降矩阵: counted and listed in the database as a slow reading of the same results would."""
from collections import Counter
from datetime import date

import pytest

from crm.models import Customer
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tiering import movement
from tiering.actions import compute, in_force, publish, review, submit
from tiering.models import Batch, Result, Scheme
from tiering.movement import GONE, NEW, VIEWS, Movement
from tiering.store import write

SPRING, AUTUMN = date(2026, 6, 30), date(2026, 9, 30)
# customer number → (tier before or "-" when not there, tier now or "-"), and the campus (0 east, 1 west)
STORY = {0: ("A", "A", 0), 1: ("A", "B", 0), 2: ("B", "A", 1), 3: ("C", "C", 1), 4: ("D", "C", 0), 5: ("D", "-", 1),
        6: ("-", "B", 0),
         7: ("C", "D", 0), 8: ("D", "C", 1), 9: ("B", "?", 0)}


def line(customer, campus, tier):
    position = "\\N" if tier == "?" else str("ABCD".index(tier))
    return f"{customer}\t{campus}\t{{{','.join(['1'] * 15)}}}\t{{1,2,3,4,5,6,7}}\t1500\t{position}\t{position}\t{{}}\t{{}}"


@pytest.fixture
def batches(school, head, deputy, now):
    """Two published batches whose results are those of STORY."""
    reviewer = make_member(school, "relations")
    with tenant_scope(school):
        campuses = [Campus.objects.get(), Campus.objects.create(code="west", name="西园")]
        school.people = {n: makers.family(f"孩子{n}", f"1380013800{n}", at=campuses[story[2]]) for n,
                story in STORY.items()}
        version = in_force(Scheme.objects.get(code="kg-ad"))
        for which, day in enumerate((SPRING, AUTUMN)):
            batch = compute(version, as_of=day, today=date(2026, 11, 20), by=head, at=now)
            Result.objects.filter(batch=batch).delete()
            rows = [line(school.people[n].pk, school.people[n].campus_id, story[which]) for n,
                    story in STORY.items() if story[which] != "-"]
            batch.size, batch.digest = write(batch.pk, iter(rows))
            batch.save()
            submit(batch, by=head, at=now)
            review(batch, by=reviewer, agrees=True, note="", at=now)
            publish(batch, by=deputy, at=now)
        school.campuses = campuses
    return school


def newest():
    return Batch.objects.order_by("-as_of").first()


def slow(people, campuses=None):
    """The matrix by hand."""
    counts = Counter()
    for n, (before, after, _campus) in STORY.items():
        if campuses and people[n].campus_id not in campuses:
            continue
        if after not in "-?":
            counts[NEW if before == "-" else before, after] += 1
        elif after == "-" and before != "-":
            counts[before, GONE] += 1
    return dict(counts)


def test_the_matrix_is_the_one_counted_by_hand(batches):
    with tenant_scope(batches):
        assert dict(movement.movement(newest()).counts) == slow(batches.people)


def test_a_campus_has_its_own_matrix(batches):
    for campus in batches.campuses:
        with tenant_scope(batches):
            assert dict(movement.movement(newest(), [campus.pk]).counts) == slow(batches.people, [campus.pk])


def test_the_views_count_what_they_list(batches):
    with tenant_scope(batches):
        counts = movement.counted(newest(), movement.counts(newest())).views
        listed = {view: len(movement.listed(newest(), view, count=100)) for view in VIEWS}

    assert counts == listed == {"down": 2, "up": 3, "held": 0, "same": 2, "all": 9}


def test_a_page_continues_where_the_one_before_ended(batches):
    with tenant_scope(batches):
        whole = movement.listed(newest(), "all", count=100)
        pages = [movement.listed(newest(), "all", first=first, count=4) for first in (0, 4, 8)]

    assert [line for page in pages for line in page] == whole


@pytest.mark.parametrize("before,after,expected", [
    ("D", "C", {4, 8}), ("A", "B", {1}), (NEW, "B", {6}), ("D", GONE, {5}), ("A", "D", set()), ("B", GONE,
            set()), ("Z", "A", set()),
])
def test_a_cell_lists_the_customers_it_counts(batches, before, after, expected):
    with tenant_scope(batches):
        found = {line.customer for line in movement.cell(newest(), before, after, count=100)}

    assert found == {batches.people[n].pk for n in expected}


def test_the_list_behind_a_cell_opens_also_for_those_who_left(batches, head):
    client = signed_in(head)
    with tenant_scope(batches):
        batch = newest().pk
    gone = client.get(f"/s/{batches.slug}/tiering/batches/{batch}/movers/?from=D&to=gone").content.decode()
    up = client.get(f"/s/{batches.slug}/tiering/batches/{batch}/movers/?from=D&to=C").content.decode()

    assert "孩子5一家" in gone and "这一批里没有了" in gone
    assert "孩子4一家" in up and "孩子8一家" in up and "孩子5一家" not in up


def test_the_batch_page_shows_each_view_and_survives_odd_words(batches, head):
    client = signed_in(head)
    with tenant_scope(batches):
        batch = newest().pk
    place = f"/s/{batches.slug}/tiering/batches/{batch}/"
    pages = {view: client.get(f"{place}?view={view}").content.decode() for view in [*VIEWS, "nonsense"]}

    assert "孩子1一家" in pages["down"]
    assert "孩子1一家" not in pages["up"]
    assert "孩子2一家" in pages["up"]
    assert "孩子0一家" in pages["same"]
    assert "孩子6一家" in pages["all"]
    assert "孩子6一家" in pages["nonsense"]
    assert client.get(f"{place}?view=all&page=999").status_code == 200


def test_a_member_of_one_campus_reviews_its_own_families(batches):
    client = signed_in(make_member(batches, "relations", "西", [batches.campuses[1]]))
    with tenant_scope(batches):
        batch = newest().pk
    page = client.get(f"/s/{batches.slug}/tiering/batches/{batch}/?view=all").content.decode()

    assert "孩子2一家" in page and "孩子0一家" not in page


def test_a_first_batch_has_only_newcomers(batches):
    with tenant_scope(batches):
        first = Batch.objects.order_by("as_of").first()
        moved = movement.movement(first)

    assert {before for before, _after in moved.counts} == {NEW}
    assert (moved.ups, moved.downs, moved.biggest()) == (0, 0, None)


def test_the_table_adds_up_along_both_edges(batches):
    with tenant_scope(batches):
        moved = movement.movement(newest())
        customers = Customer.objects.count()
    rows = moved.rows()

    assert [cells[-1].count for _label, cells in rows] == [2, 1, 2, 3, 1]
    assert moved.sums() == [2, 2, 3, 1, 1]
    assert sum(moved.sums()) == customers - 1  # one is not rated now


def test_the_biggest_stream_is_ringed_once():
    moved = Movement(("A", "B"), Counter({("A", "B"): 3, ("B", "A"): 2, ("A", "A"): 9}))

    assert moved.biggest() == ("A", "B", 3)
    assert [(c.before, c.after) for _label, cells in moved.rows() for c in cells if c.big] == [("A", "B")]


def test_kinds_of_cells():
    moved = Movement(("A", "B"))

    assert [moved.kind(*pair) for pair in (("A", "A"), ("A", "B"), ("B", "A"), (NEW, "A"), ("B", GONE), ("", "A"))] == [
        "stay", "dn", "up", "out", "out", "out"]

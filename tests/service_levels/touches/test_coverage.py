"""应触达做到了多少: by tier and week, by colleague, by what it was; excused ones count for nobody."""
import pytest

from crm.models import TimelineEntry
from service_levels.models import Touch
from service_levels.touches.coverage import Kept, coverage, history
from tests import makers
from tests.service_levels.conftest import DAY, ONE, family, owe

LAST = DAY - 7 * ONE  # the Friday before


def touch(customer, label: str = "D", due=DAY, kept=None, **more):
    """What was owed and, if it was kept, on which day."""
    entry = makers.entry(customer, on=kept) if kept else None
    text = more.pop("text", f"每周问候{label}")
    return Touch.objects.create(customer=customer, line=text, text=text, occasion="rhythm", label=label, band="low",
                                opens_on=due - 4 * ONE, due_on=due, entry=entry, kept_on=kept, **more)


@pytest.fixture
def two(miao, head):
    return family(1, owner=head), family(2)


@pytest.mark.parametrize(("kept", "missed", "share", "step"), [
    (Kept(), 0, None, 0),
    (Kept(10, 7, 2), 1, 0.7, 1),
    (Kept(10, 8, 0), 2, 0.8, 2),
    (Kept(100, 95, 5), 0, 0.95, 4),
    (Kept(3, 3, 0), 0, 1, 5),
])
def test_shares_are_of_what_was_due(kept, missed, share, step):
    assert (kept.missed, kept.share, kept.step) == (missed, share, step)


def test_sums_of_nothing_are_nothing():
    assert sum([], Kept()) == Kept()
    assert Kept(3, 2, 1) + Kept(1, 0, 0) == Kept(4, 2, 1)


def test_a_cell_for_each_tier_and_week(miao, head, two):
    touch(two[0], "D", LAST, kept=LAST)
    touch(two[0], "D", DAY, kept=DAY)
    touch(two[1], "D", LAST, kept=LAST + ONE)
    touch(two[1], "A", LAST)
    touch(two[1], "", DAY, kept=DAY - ONE)
    found = coverage(head, DAY)

    assert len(found.weeks) == 12 and found.weeks[-1] == DAY - 4 * ONE
    assert [(row.name, row.cells[-2:], row.total) for row in found.rows] == [
        ("A", (Kept(1, 0, 0), Kept()), Kept(1, 0, 0)),
        ("D", (Kept(2, 1, 1), Kept(1, 1, 0)), Kept(3, 2, 1)),
        ("", (Kept(), Kept(1, 1, 0)), Kept(1, 1, 0))]
    assert found.total == Kept(5, 3, 1)


def test_colleagues_and_lines_stand_with_the_worst_first(miao, head, two):
    touch(two[0], due=LAST, kept=LAST)
    touch(two[1], due=LAST, text="打电话了解")
    found = coverage(head, DAY)

    assert found.owners == (("", Kept(1, 0, 0)), (head.name, Kept(1, 1, 0)))
    assert found.lines == (("打电话了解", Kept(1, 0, 0)), ("每周问候D", Kept(1, 1, 0)))


def test_what_was_excused_in_time_is_not_due_and_what_was_missed_stays_so(miao, head, two):
    touch(two[0], due=LAST, voided_on=LAST)
    touch(two[1], due=LAST, voided_on=DAY, missed_on=LAST + ONE)

    assert coverage(head, DAY).total == Kept(1, 0, 0)


def test_what_is_due_later_counts_once_it_is_done(miao, head, two):
    touch(two[0], due=DAY + 2 * ONE)
    assert coverage(head, DAY).total == Kept()
    Touch.objects.update(entry=makers.entry(two[0], on=DAY), kept_on=DAY)

    assert coverage(head, DAY).total == Kept(1, 1, 0)


def test_what_was_settled_and_taken_back_is_missed(miao, head, two):
    touch(two[0], due=LAST, kept=LAST)
    TimelineEntry.objects.all().delete()

    assert coverage(head, DAY).total == Kept(1, 0, 0)


def test_a_campus_alone(miao, head, two):
    touch(two[0], due=LAST)

    assert coverage(head, DAY, campus=two[0].campus_id).total == Kept(1, 0, 0)
    assert coverage(head, DAY, campus=0).total == Kept(1, 0, 0)


def test_a_familys_history_begins_with_the_latest(miao, head, two):
    old, new = touch(two[0], due=LAST, kept=LAST), touch(two[0], due=DAY, missed_on=DAY)
    touch(two[0], due=DAY + 3 * ONE)
    touch(two[1], due=DAY, missed_on=DAY)

    assert history(two[0], DAY) == [new, old]


def test_the_coverage_follows_the_ledger(miao, head):
    """Through the night: a call in time, one late, one never."""
    rows = family(1, "D", "low"), family(2, "D", "low"), family(3, "D", "low")
    makers.entry(rows[0], on=DAY)
    owe()
    owe(DAY + ONE)
    makers.entry(rows[1], on=DAY + ONE)
    owe(DAY + 2 * ONE)

    assert coverage(head, DAY + 2 * ONE).total == Kept(3, 1, 1)

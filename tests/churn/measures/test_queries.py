"""Reads of the measures: counts, effects by verdict, lessons."""
import pytest

from churn.measures import queries
from churn.measures.working import decide, finish
from churn.models import Evaluation, Measure
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final


@pytest.fixture
def three(miao, head, on_the_day):
    return [measure(head, DAY - 9 * ONE, title=title) for title in ("一", "二", "三")]


def test_counts_say_what_runs_what_is_late_and_what_waits(three, head):
    Measure.objects.filter(title="一").update(due_on=DAY - ONE)
    finish(three[1], by=head, at=AT)
    final(three[1])
    final(three[2], is_final=False)

    assert queries.counts(head, DAY) == queries.Counts(running=2, late=1, ripe=1)


def test_what_is_decided_waits_no_more(three, head):
    final(three[0])
    decide(three[0], "adopted", lesson="x", by=head, at=AT)

    assert queries.counts(head, DAY).ripe == 0


@pytest.mark.parametrize(("show", "titles"), [
    ("", "一二三"),
    ("late", "一"),
    ("ripe", "二"),
    ("ended", ""),
    ("all", "一二三"),
    ("unknown", "一二三"),
])
def test_the_list_shows_what_is_asked_by_the_day_it_is_due(three, head, show, titles):
    Measure.objects.filter(title="一").update(due_on=DAY - ONE)
    final(three[1])

    assert "".join(row.title for row in queries.listed(head, queries.Asked(show), DAY)) == titles


def test_effects_are_sorted_by_verdict_and_then_by_how_far_they_go(three, head):
    final(three[0], "ineffective", net=(50, 100, 52, 100))
    final(three[1], "effective", net=(30, 100, 60, 100))
    final(three[2], "effective", net=(10, 100, 60, 100))

    assert [one.measure.title for one in queries.effects(head, DAY, DAY)] == ["三", "二", "一"]
    assert {verdict: len(rows) for verdict, rows in queries.sorted_out(queries.effects(head, DAY, DAY)).items()} == {
        "effective": 2, "ineffective": 1, "too_few": 0, "running": 0}


def test_the_latest_word_of_each_measure_counts_and_only_of_the_period(three, head):
    final(three[0], "too_few", on=DAY - 9 * ONE)
    final(three[0], "effective", on=DAY)
    final(three[1], "effective", on=DAY + ONE)
    running = final(three[2], "too_few", is_final=False)

    assert [(one.measure.title, one.evaluation.verdict) for one in queries.effects(head, DAY - 20 * ONE,
            DAY)] == [("一", "effective"), ("三", "too_few")]
    assert [one.measure.title for one in queries.effects(head, DAY - 20 * ONE, DAY, final=True)] == ["一"]
    assert running.pk and Evaluation.objects.count() == 4


def test_lessons_are_those_of_decided_measures_the_latest_first(three, head):
    decide(three[0], "stopped", lesson="做不动", by=head, at=AT)
    decide(three[1], "revised", lesson="太贵", by=head, at=AT)

    assert [row.title for row in queries.lessons(head)] == ["二", "一"]
    assert [row.title for row in queries.lessons(head, "太贵")] == ["二"]
    assert [row.title for row in queries.lessons(head, state="stopped")] == ["一"]
    assert not queries.lessons(head, "x").exists()


def test_what_is_still_counted_is_not_judged_and_stands_last(three, head):
    final(three[0], "ineffective", is_final=False, days=14)
    final(three[1], "too_few")
    found = queries.effects(head, DAY, DAY)

    assert [(one.measure.title, one.verdict, one.word) for one in found] == [("二", "too_few", "样本不足"),
            ("一", "", "还在看")]
    assert [one.measure.title for one in queries.sorted_out(found)["running"]] == ["一"]

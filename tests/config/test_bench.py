"""What the benches print: one JSON line a figure, with its conditions."""
import json
import time

import pytest

from config.bench import calendar, clocks, pages, retier, risk
from config.bench.figures import figure, peak_mb, stopwatch


def test_a_figure_is_one_line_with_the_machine_it_was_taken_on(capsys):
    figure("E-1", seconds=1.5, 户=3)
    told = capsys.readouterr().out

    assert told.count("\n") == 1
    assert json.loads(told).keys() == {"figure", "seconds", "户", "cores", "machine"}


def test_chinese_stays_readable(capsys):
    figure("重算", what="季度定级")

    assert "季度定级" in capsys.readouterr().out


def test_a_watch_measures_what_happens_inside_it():
    with stopwatch() as taken:
        before = list(taken)
        began = time.perf_counter()
        while time.perf_counter() - began < 0.01:
            pass

    assert before == [] and 0.01 <= taken[0] < 5


def test_a_watch_that_was_broken_off_measured_nothing():
    with pytest.raises(ZeroDivisionError), stopwatch() as taken:
        raise ZeroDivisionError

    assert taken == []


def test_memory_is_told_in_megabytes():
    assert 20 < peak_mb() < 10_000


def test_the_calendars_bench_agrees_with_counting_and_with_the_other_library(capsys):
    calendar.run(300)
    agreed, due = (json.loads(line) for line in capsys.readouterr().out.splitlines())

    assert (agreed["figure"], agreed["cases"], agreed["wrong"]) == ("calendar.agreed", 300, 0)
    assert (due["figure"], due["cases"], due["different"]) == ("calendar.due", 300, 0)
    assert due["ratio"] > 1


@pytest.mark.django_db(transaction=True, databases=["default", "poller"])
@pytest.mark.parametrize(("run", "told"), [
    (lambda: clocks.run(40, late=5, families=10), {"figure": "E-6 clocks", "running": 40, "breaches": 5}),
    (lambda: risk.run(10), {"figure": "risk sweep", "families": 10, "tenants": 1}),
    (lambda: retier.run(10, 1), {"figure": "E-1 retier", "families": 10, "payments": 100}),
    (lambda: pages.run(30), {"figure": "publish", "families": 30})], ids=["clocks", "risk", "retier", "pages"])
def test_a_bench_runs_on_the_tables_as_they_are(capsys, run, told):
    run()
    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert told.items() <= next(one for one in figures if one["figure"] == told["figure"]).items()

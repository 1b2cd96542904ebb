"""Plans and lines in words."""
import pytest
from django.utils import translation

from service_levels.plans.book import Line, People, Plan, Section, Solution, Unit
from service_levels.templatetags.service import often, open_time, people, solution, ways
from service_levels.words import PEOPLE, SECTIONS, SOLUTIONS, UNITS


@pytest.mark.parametrize(("unit", "times", "said"), [
    (Unit.ALWAYS, 1, ""),
    (Unit.WEEK, 1, "每周 1 次"),
    (Unit.MONTH, 2, "每月 2 次"),
    (Unit.QUARTER, 1, "每季 1 次"),
    (Unit.YEAR, 4, "每年 4 次"),
])
def test_how_often_in_words(unit, times, said):
    assert often(Line(Section.CADENCE, "x", unit=unit, times=times)) == said


@pytest.mark.parametrize(("times", "said"), [(1, "1× a month"), (2, "2× a month")])
def test_how_often_in_english(times, said):
    with translation.override("en"):
        assert often(Line(Section.CADENCE, "x", unit=Unit.MONTH, times=times)) == said


@pytest.mark.parametrize(("by", "said"), [((), ""), (("phone",), "电话"), (("phone", "wechat"), "电话、微信"), (("pigeon",), "")])
def test_by_which_ways(by, said):
    assert ways(Line(Section.CADENCE, "x", by=by)) == said


@pytest.mark.parametrize(("minutes", "said"), [(30, "30 个工作分钟"), (60, "1 个工作小时"), (90, "90 个工作分钟"), (540, "9 个工作小时")])
def test_a_target_in_open_time(minutes, said):
    assert open_time(minutes) == said


def test_who_serves_and_how_it_is_solved():
    plan = Plan("x", "x", People.SELF, Solution.BASIC, 4, 60, 120)

    assert (people(plan), solution(plan)) == ("先自助", "基本标准")


def test_every_term_has_its_word():
    assert set(PEOPLE) == set(People) and set(SOLUTIONS) == set(Solution) and set(SECTIONS) == set(Section)
    assert set(UNITS) == set(Unit) - {Unit.ALWAYS}

"""Plans and lines in words."""
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from crm.calendar import DayPlan, Kind, Shift
from service_levels.plans.book import Line, Occasion, People, Plan, Section, Solution, Unit
from service_levels.requests.views import DOES
from service_levels.templatetags.service import (
    by_ways,
    day_said,
    figures,
    often,
    open_time,
    open_words,
    people,
    solution,
    ways,
    whole_percent,
)
from service_levels.touches.festivals import FESTIVALS as DAYS
from service_levels.words import FESTIVALS, OCCASIONS, PEOPLE, SAID, SECTIONS, SOLUTIONS, TABS, UNITS, WHOSE


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


@pytest.mark.parametrize(("by", "said"), [
    ((), ""),
    (("phone",), "电话"),
    (("phone", "wechat"), "电话、微信"),
    (("pigeon",), ""),
])
def test_by_which_ways(by, said):
    assert ways(Line(Section.CADENCE, "x", by=by)) == said


@pytest.mark.parametrize(("minutes", "said"), [
    (30, "30 个工作分钟"),
    (60, "1 个工作小时"),
    (90, "90 个工作分钟"),
    (540, "9 个工作小时"),
])
def test_a_target_in_open_time(minutes, said):
    assert open_time(minutes) == said


def test_who_serves_and_how_it_is_solved():
    plan = Plan("x", "x", People.SELF, Solution.BASIC, 4, 60, 120)

    assert (people(plan), solution(plan)) == ("先自助", "基本标准")


def test_every_term_has_its_word():
    assert set(PEOPLE) == set(People) and set(SOLUTIONS) == set(Solution) and set(SECTIONS) == set(Section)
    assert set(UNITS) == set(Unit) - {Unit.ALWAYS}


@pytest.mark.parametrize(("channels", "said"), [
    ("", ""),
    ("phone", "电话"),
    ("phone,wechat", "电话、微信"),
    ("pigeon,face", "面谈"),
])
def test_how_a_touch_would_be_done(channels, said):
    assert by_ways(SimpleNamespace(ways=channels)) == said


@pytest.mark.parametrize(("share", "said"), [
    (None, ""),
    (0.0, "0"),
    (0.876, "88"),
    (1.0, "100"),
])
def test_a_share_in_whole_per_cent(share, said):
    assert whole_percent(share) == said


@pytest.mark.parametrize(("span", "said"), [
    (timedelta(0), "0 分"),
    (timedelta(minutes=34), "34 分"),
    (timedelta(minutes=59, seconds=59), "59 分"),
    (timedelta(hours=4, minutes=4), "4 时 04 分"),
    (timedelta(hours=30), "30 时 00 分"),
    (-timedelta(minutes=18), "18 分"),
])
def test_open_time_in_words(span, said):
    assert open_words(span) == said


@pytest.mark.parametrize(("span", "said"), [
    (timedelta(0), "0:00"),
    (timedelta(minutes=50), "0:50"),
    (timedelta(hours=4), "4:00"),
    (timedelta(hours=26, minutes=5), "26:05"),
])
def test_open_time_in_figures(span, said):
    assert figures(span) == said


@pytest.mark.parametrize(("plan", "said"), [
    (DayPlan(Kind.ORDINARY, "", (Shift(480, 720),)), ""),
    (DayPlan(Kind.ORDINARY, "", ()), "休息，不计"),
    (DayPlan(Kind.MAKE_UP, "", (Shift(480, 720),)), "调休上班"),
    (DayPlan(Kind.HOLIDAY, "国庆节", ()), "国庆节"),
    (DayPlan(Kind.CLOSURE, "", ()), "休息，不计"),
])
def test_what_a_line_of_the_calendar_is(plan, said):
    assert day_said(SimpleNamespace(plan=plan)) == said


def test_every_occasion_festival_and_act_has_its_word():
    assert set(OCCASIONS) == set(Occasion)
    assert set(FESTIVALS) == set(DAYS)
    assert set(SAID) == set(DOES)
    assert set(WHOSE) == {"me", "all", "nobody"} and set(TABS) == {"mine", "all", "confirm", "done"}

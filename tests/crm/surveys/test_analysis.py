"""What a period's answers come to: by question, topic and host, for the member's campuses; and how a question stands since."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.improving import Measured, Plan, finish, improve
from crm.models import Improvement, Survey
from crm.surveys import writing
from crm.surveys.analysis import (
    cells,
    findings,
    header,
    listed,
    of_period,
    questions_of,
    since_then,
    stands,
    words_of,
)
from crm.surveys.asking import Given, answer, decline
from tenancy.models import Campus, Membership, MembershipCampus
from tests import makers
from tests.conftest import make_member
from tests.crm.surveys.makers import asked, given, questions, visit_survey
from tests.reception.makers import NOW

TODAY = date(2026, 11, 20)
WEEK = (TODAY - timedelta(days=6), TODAY)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def told(liang, fang, miao):
    """So many families answer: overall, waiting, tour, answered, pushed, recommend."""
    made = []

    def tell(*scores: int | None, host=None, words: str = "", at=NOW, campus: Campus | None = None):
        n = len(made)
        family = makers.family(f"孩{n}", f"1380013{n:04d}", at=campus)
        made.append(asked(family, key=f"visit-{n}", at=at, host=host))
        return answer(made[-1], given(*scores, words=words), channel="online", by=None, at=at)

    return tell


def found(member: Membership, first=WEEK[0], last=WEEK[1], campus=None):
    return findings(member, visit_survey(), first, last, campus)


def test_nobody_asked_is_nothing_found(miao):
    page = found(miao.head)

    assert page.figures | {"overall": None} == {
        "asked": 0,
        "answered": 0,
        "declined": 0,
        "share": None,
        "overall": None,
        "promoters": None,
    }
    assert page.asked == page.topics == page.hosts == page.months == page.weak == []


def test_how_many_were_asked_answered_and_declined(told, miao):
    told(4)
    told(5)
    asked(makers.family("未答", "13900139001"), key="visit-x")
    decline(asked(makers.family("不答", "13900139002"), key="visit-y"), by=miao.head, at=NOW)

    figures = found(miao.head).figures

    assert (figures["asked"], figures["answered"], figures["declined"], figures["share"]) == (4, 2, 1, 50)
    assert str(figures["overall"].mean) == "4.50"


def test_each_question_with_its_bars_and_mean(told, miao):
    told(4, 2, None, None, None, 9)
    told(5, 3, None, None, None, 3)

    page = found(miao.head)

    assert [(one.question.text, str(one.tally.mean), one.tally.total) for one in page.asked] == [
        ("总的来说，这次接待怎么样", "4.50", 2),
        ("到了以后等得久不久", "2.50", 2),
        ("愿意把我们介绍给朋友吗", "6.00", 2),
    ]
    assert page.asked[1].rows == [("1", 0, 0), ("2", 1, 50), ("3", 1, 50), ("4", 0, 0), ("5", 0, 0)]
    assert page.figures["promoters"] == 0


def test_hosts_are_compared_the_lowest_first(told, miao, liang, fang):
    told(5, 5, host=liang)
    told(2, 2, host=fang)
    told(1, 1)

    assert [(name, level.value) for name, level in found(miao.head).hosts] == [
        ("方老师", 25),
        ("梁老师", 100),
    ]


def test_topics_are_compared_the_lowest_first(told, miao):
    told(5, 1, 3)

    assert [(name, level.value) for name, level in found(miao.head).topics] == [
        ("迎接", 0),
        ("参观", 50),
        ("其他", 100),
    ]


def test_a_weak_point_needs_enough_answers(told, miao):
    for _ in range(4):
        told(5, 2)
    assert found(miao.head).weak == []

    told(5, 2)

    assert [one.question.text for one in found(miao.head).weak] == ["到了以后等得久不久"]


def test_the_weakest_stands_first(told, miao):
    for _ in range(5):
        told(3, 1, 2)

    assert [one.tally.level for one in found(miao.head).weak] == [0, 25, 50]


def test_a_period_counts_both_its_days(told, miao):
    for days in (0, 6, 7):
        told(5, at=NOW - timedelta(days=days))

    assert found(miao.head).figures["answered"] == 2
    assert found(miao.head, WEEK[0] - timedelta(days=1)).figures["answered"] == 3
    assert found(miao.head, WEEK[0], WEEK[1] - timedelta(days=1)).figures["answered"] == 1


def test_a_campus_sees_its_own(told, miao, fang):
    east = Campus.objects.create(name="东园", code="east")
    told(5)
    told(1, campus=east)
    MembershipCampus.objects.create(membership=fang, campus=east)
    confined = Membership.objects.get(pk=fang.pk)

    assert found(miao.head).figures["answered"] == 2
    assert str(found(miao.head, campus=east).figures["overall"].mean) == "1.00"
    assert str(found(confined).figures["overall"].mean) == "1.00"


def test_a_deleted_family_is_counted_no_more(told, miao):
    row = told(1, words="不要了")
    row.customer.deleted_at = NOW
    row.customer.save()

    assert found(miao.head).figures["answered"] == 0
    assert words_of(of_period(miao.head, visit_survey(), *WEEK, None)) == []


def test_what_parents_wrote_the_latest_first(told, miao):
    told(4, words="先来的", at=NOW - timedelta(days=1))
    told(4)
    told(4, words="后来的")

    said = words_of(of_period(miao.head, visit_survey(), *WEEK, None))

    assert [one.words for one in said] == ["后来的", "先来的"]


def test_the_overall_score_month_by_month(told, miao):
    told(2, at=NOW - timedelta(days=31))
    told(4)
    told(5)

    months = found(miao.head, TODAY - timedelta(days=60)).months

    assert months == [(date(2026, 10, 1), 2.0, 1), (date(2026, 11, 1), 4.5, 2)]


def test_answers_to_older_words_are_counted_with_the_newer(told, miao):
    told(2)
    before = [
        writing.Asked(one.text, one.kind, one.topic, line=one.line, is_overall=one.is_overall)
        for one in visit_survey().versions.get().questions.all()
    ]
    renamed = [writing.Asked("这次接待好不好", "five", line=1, is_overall=True), *before[1:]]
    writing.write(visit_survey(), renamed, greeting="", thanks="", by=miao.head)
    writing.publish(visit_survey(), by=miao.head, at=NOW)

    told(4)

    first = found(miao.head).asked[0]
    assert (first.question.text, str(first.tally.mean), first.tally.total) == ("这次接待好不好", "3.00", 2)


def test_a_draft_s_words_are_not_the_school_s_yet(miao):
    writing.write(
        visit_survey(), [writing.Asked("草稿", "five", line=1)], greeting="", thanks="", by=miao.head
    )

    assert questions_of(visit_survey())[1].text == "总的来说，这次接待怎么样"


def test_the_list_says_how_each_questionnaire_does(told, miao):
    told(4)
    told(5)
    told(1, at=NOW - timedelta(days=91))

    rows = {row.survey.name: (row.asked, row.answered, row.mean) for row in listed(miao.head, NOW)}

    assert rows == {"到访反馈": (2, 2, 4.5), "入园满月回访": (0, 0, None), "学期满意度": (0, 0, None)}


def test_the_file_holds_a_line_for_each_question(told, miao):
    told(4, 2, None, None, None, 10)

    rows = list(cells(found(miao.head)))

    assert len(header()) == 7
    assert [str(cell) for cell in rows[0]] == [
        "其他",
        "总的来说，这次接待怎么样",
        "1",
        "4.00",
        "75",
        "100%",
        "",
    ]
    assert [str(cell) for cell in rows[-1]] == [
        "其他",
        "愿意把我们介绍给朋友吗",
        "1",
        "10.00",
        "100",
        "100%",
        "100",
    ]


def test_choices_are_in_the_file_option_by_option(miao):
    signed = Survey.objects.get(occasion="signed")
    row = asked(makers.family("满月", "13900139000"), key="contract-1", survey=signed)
    rows = questions(signed)
    told = {rows[0].pk: Given(number=5), rows[4].pk: Given(chosen=(1,))}
    answer(row, told, channel="online", by=None, at=NOW)

    lines = [line[1:3] + line[5:6] for line in cells(findings(miao.head, signed, *WEEK, None)) if "：" in line[1]]

    assert lines == [
        ["签约时答应的事都做到了吗：都做到了", 0, "0%"],
        ["签约时答应的事都做到了吗：有的没做到", 1, "100%"],
        ["签约时答应的事都做到了吗：不记得了", 0, "0%"],
    ]


def test_the_list_counts_the_member_s_campuses(told, miao, fang):
    east = Campus.objects.create(name="东园", code="east")
    told(5)
    told(1, campus=east)
    MembershipCampus.objects.create(membership=fang, campus=east)

    assert [(row.asked, row.mean) for row in listed(miao.head, NOW)][0] == (2, 3.0)
    assert [(row.asked, row.mean) for row in listed(Membership.objects.get(pk=fang.pk), NOW)][0] == (1, 1.0)


def test_what_was_put_right_is_measured_by_the_same_question(told, miao):
    told(5, 1)
    before = stands(visit_survey(), 2, None, since=NOW - timedelta(days=90))
    plan = Plan("门口少等", "", "welcome", miao.head, TODAY)
    row = improve(
        plan, by=miao.head, at=NOW, measured=Measured(visit_survey(), 2, before.level, before.total)
    )
    finish(row, result="早上加一位老师在门口", by=miao.head, at=NOW + timedelta(days=3))
    told(5, 4, at=NOW + timedelta(days=2))
    told(5, 5, at=NOW + timedelta(days=3))
    told(5, 5, at=NOW + timedelta(days=9))

    since = since_then(Improvement.objects.select_related("survey", "campus"))[row.pk]

    assert (row.level, row.answers) == (0, 1) and (since.level, since.total) == (100, 2)


def test_what_is_open_or_was_never_measured_is_not_measured_since(told, miao):
    improve(Plan("门口少等", "", "welcome", miao.head, TODAY), by=miao.head, at=NOW)

    assert since_then(Improvement.objects.select_related("survey", "campus")) == {}


def test_the_number_of_statements_does_not_grow_with_the_answers(told, miao, liang, fang):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(miao.head)
        return len(queries)

    told(4, 3, 2, 5, 4, 9, host=liang, words="好")
    statements()
    few = statements()
    for n in range(12):
        told(1 + n % 5, 1 + n % 4, host=fang if n % 2 else liang, words=f"第 {n} 句")

    assert statements() == few

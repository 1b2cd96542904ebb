"""Questionnaires are written in versions: a draft as often as one likes, what was published never again."""

import pytest
from django.db import IntegrityError, transaction

from crm.models import Question, Survey, SurveyVersion
from crm.surveys.asking import answer
from crm.surveys.ready_made import SURVEYS, furnish
from crm.surveys.writing import MOST, Asked, begin, change, discard, publish, survey_for, switch, write
from tenancy.refusals import Refused
from tests.crm.surveys.makers import asked, given, questions, visit_survey
from tests.reception.makers import NOW

OVERALL = Asked("总体怎么样", "five", is_overall=True, is_required=True)


@pytest.fixture
def survey(miao) -> Survey:
    return begin("开放日问卷", "by_hand", 0, by=miao.head)


def written(survey: Survey, *asked: Asked, by) -> SurveyVersion:
    return write(survey, asked, greeting="您好", thanks="谢谢", by=by)


# -- what a school starts with -------------------------------------------------------------------------------------------------
def test_a_new_school_has_three_questionnaires_in_use(miao):
    rows = Survey.objects.order_by("id")

    assert [(row.name, row.occasion, row.after_days, row.is_on) for row in rows] == [
        ("到访反馈", "visit", 0, True),
        ("入园满月回访", "signed", 30, True),
        ("学期满意度", "by_hand", 0, True),
    ]
    assert [row.versions.get().questions.count() for row in rows] == [len(one[4]) for one in SURVEYS]


def test_each_of_them_has_one_overall_question_and_room_for_words(miao):
    for survey in Survey.objects.all():
        rows = questions(survey)
        assert (
            [row.is_overall for row in rows].count(True) == 1 and rows[0].is_overall and rows[0].is_required
        )
        assert rows[-1].kind == "text"


def test_whether_anybody_was_pushed_is_asked_after_a_visit(miao):
    assert "硬推销" in " ".join(row.text for row in questions() if row.topic == "consultation")


def test_furnishing_again_changes_nothing(miao):
    visit_survey().delete()

    furnish(miao)

    assert Survey.objects.count() == 2


# -- writing ------------------------------------------------------------------------------------------------------------------
def test_a_new_one_is_off_until_it_is_published_and_switched_on(survey, miao):
    written(survey, OVERALL, by=miao.head)
    with pytest.raises(Refused, match="先发布"):
        switch(survey, on=True, by=miao.head)

    publish(survey, by=miao.head, at=NOW)
    switch(survey, on=True, by=miao.head)

    survey.refresh_from_db()
    assert survey.is_on and survey.versions.get().state == "published"


def test_a_draft_is_written_over(survey, miao):
    written(survey, OVERALL, Asked("伙食", "five", "meals"), by=miao.head)
    row = written(survey, OVERALL, by=miao.head)

    assert row.number == 1 and [one.text for one in row.questions.all()] == ["总体怎么样"]
    assert survey.versions.count() == 1 and Question.objects.filter(version=row).count() == 1


def test_what_was_published_never_changes(survey, miao):
    first = written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)

    second = written(survey, Asked("总体好不好", "five", line=1, is_overall=True), by=miao.head)

    assert (first.number, second.number) == (1, 2)
    assert [one.text for one in first.questions.all()] == ["总体怎么样"]


def test_publishing_retires_the_version_before(survey, miao):
    written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)
    written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)

    assert list(survey.versions.order_by("number").values_list("number", "state")) == [
        (1, "retired"),
        (2, "published"),
    ]


def test_who_was_asked_with_older_words_answers_those(miao):
    row = asked()
    write(visit_survey(), [OVERALL], greeting="", thanks="", by=miao.head)
    publish(visit_survey(), by=miao.head, at=NOW)
    old = {one.pk for one in row.version.questions.all()}

    told = {pk: one for pk, one in given(5).items() if pk in old}  # the questions of today are others
    answer(
        row,
        {row.version.questions.first().pk: next(iter(given(5).values()))} | told,
        channel="online",
        by=None,
        at=NOW,
    )

    row.refresh_from_db()
    assert row.score == 5 and row.version.number == 1


def test_a_question_that_stays_keeps_its_line_and_a_new_one_gets_a_new(survey, miao):
    written(survey, OVERALL, Asked("伙食", "five", "meals"), by=miao.head)
    publish(survey, by=miao.head, at=NOW)

    row = written(
        survey, Asked("吃得好不好", "five", "meals", line=2), Asked("午睡", "five", "care"), by=miao.head
    )

    assert [(one.text, one.line) for one in row.questions.all()] == [("吃得好不好", 2), ("午睡", 3)]


def test_asked_in_another_way_it_is_another_question(survey, miao):
    written(survey, Asked("伙食", "five", "meals"), by=miao.head)
    publish(survey, by=miao.head, at=NOW)

    row = written(survey, Asked("伙食", "ten", "meals", line=1), by=miao.head)

    assert row.questions.get().line == 2


def test_options_belong_to_choices_and_stand_once(survey, miao):
    row = written(
        survey,
        Asked("选", "one", options=("甲", " 乙 ", "甲", "")),
        Asked("打分", "five", options=("甲", "乙")),
        by=miao.head,
    )

    assert [one.options for one in row.questions.all()] == [["甲", "乙"], []]


def test_only_one_question_is_the_overall_one(survey, miao):
    with pytest.raises(Refused, match="只能有一题"):
        written(survey, OVERALL, OVERALL, by=miao.head)

    assert not survey.versions.exists()


def test_nobody_answers_more_than_thirty(survey, miao):
    with pytest.raises(Refused, match=f"最多 {MOST} 题"):
        written(survey, *[Asked(f"第 {n} 题", "five") for n in range(MOST + 1)], by=miao.head)


@pytest.mark.parametrize(
    "asked,why", [((), "还没有问题"), ((Asked("选", "one", options=("只有一个",)),), "至少要有两个选项")]
)
def test_what_cannot_be_answered_is_not_published(survey, miao, asked, why):
    written(survey, *asked, by=miao.head)

    with pytest.raises(Refused, match=why):
        publish(survey, by=miao.head, at=NOW)

    assert survey.versions.get().state == "draft"


def test_without_a_draft_there_is_nothing_to_publish_or_discard(miao):
    for verb in (
        lambda: publish(visit_survey(), by=miao.head, at=NOW),
        lambda: discard(visit_survey(), by=miao.head),
    ):
        with pytest.raises(Refused, match="没有"):
            verb()


def test_a_discarded_draft_leaves_what_is_in_use(miao):
    write(visit_survey(), [OVERALL], greeting="", thanks="", by=miao.head)

    discard(visit_survey(), by=miao.head)

    assert list(visit_survey().versions.values_list("number", "state")) == [(1, "published")]


# -- when it is asked -----------------------------------------------------------------------------------------------------------
def test_one_questionnaire_is_asked_at_an_occasion(survey, miao):
    written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)
    change(survey, "另一份", "visit", 0, by=miao.head)

    with pytest.raises(Refused, match="“到访反馈”已经在这个时候问了"):
        switch(survey, on=True, by=miao.head)

    switch(visit_survey_named("到访反馈"), on=False, by=miao.head)
    switch(survey, on=True, by=miao.head)
    assert survey_for("visit").name == "另一份"


def visit_survey_named(name: str) -> Survey:
    return Survey.objects.get(name=name)


def test_the_database_holds_one_at_an_occasion_too(survey, miao):
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(occasion="visit", is_on=True)


def test_any_number_may_be_sent_by_hand(survey, miao):
    written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)
    switch(survey, on=True, by=miao.head)

    assert (
        Survey.objects.filter(occasion="by_hand", is_on=True).count() == 2 and survey_for("by_hand") is None
    )


def test_a_name_stands_once(survey, miao):
    for verb in (
        lambda: begin("到访反馈", "by_hand", 0, by=miao.head),
        lambda: change(survey, " 到访反馈 ", "by_hand", 0, by=miao.head),
    ):
        with pytest.raises(Refused, match="同名"):
            verb()


def test_one_in_use_cannot_move_to_an_occasion_that_is_taken(survey, miao):
    written(survey, OVERALL, by=miao.head)
    publish(survey, by=miao.head, at=NOW)
    switch(survey, on=True, by=miao.head)
    survey.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        change(survey, "开放日问卷", "visit", 0, by=miao.head)

    assert refusal.value.field == "occasion"
    assert Survey.objects.get(pk=survey.pk).occasion == "by_hand"


def test_nothing_is_asked_at_an_occasion_whose_questionnaire_is_off(miao):
    switch(visit_survey(), on=False, by=miao.head)

    assert survey_for("visit") is None

"""The school's pages: write, publish and switch a questionnaire, send it, look at what came of it, call those who are silent."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from audit.models import Entry
from crm.models import (
    Answer,
    Customer,
    Improvement,
    Question,
    Survey,
    SurveyResponse,
    SurveyVersion,
    TimelineEntry,
)
from crm.surveys.asking import answer
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.crm.surveys.makers import asked, given, plain, questions, visit_survey
from tests.reception.test_views import text


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def desk(fang):
    return signed_in(fang)


@pytest.fixture
def survey(school, head) -> Survey:
    with tenant_scope(school):
        return visit_survey()


@pytest.fixture
def ask(school, head):
    """A family that was asked an hour ago; answered where scores are given."""
    made = []

    def asking(
        *scores, words: str = "", channel: str = "online", by=None, hours: int = 1, name: str = ""
    ) -> SurveyResponse:
        with tenant_scope(school):
            n = len(made)
            when = timezone.now() - timedelta(hours=hours)
            row = asked(makers.family(name or f"孩{n}", f"1380013{n:04d}"), key=f"visit-{n}", at=when)
            made.append(row)
            return (
                answer(row, given(*scores, words=words), channel=channel, by=by, at=timezone.now())
                if scores
                else row
            )

    return asking


def sheet(survey: Survey, *rows: dict, name: str = "到访反馈", occasion: str = "visit", **more) -> dict:
    """The form of the writing page."""
    told = {
        "s-name": name,
        "s-occasion": occasion,
        "s-after_days": "0",
        "v-greeting": "您好",
        "v-thanks": "谢谢",
    }
    told |= {"q-TOTAL_FORMS": len(rows), "q-INITIAL_FORMS": 0, "q-MIN_NUM_FORMS": 0, "q-MAX_NUM_FORMS": 40}
    for n, row in enumerate(rows):
        told |= {
            f"q-{n}-{field}": value
            for field, value in ({"kind": "five", "topic": "other", "ORDER": n + 1} | row).items()
        }
    return told | more


def version_of(school, survey) -> list[tuple[str, int]]:
    with tenant_scope(school):
        rows = Question.objects.filter(version__survey=survey, version__state="draft")
        return list(rows.values_list("text", "line"))


# -- the list and one questionnaire ---------------------------------------------------------------------------------------------
def test_the_list_says_when_each_is_asked_and_how_it_does(head_client, at, ask):
    ask(4)
    ask(5)
    ask()

    shown = plain(head_client.get(f"{at}/surveys/"))

    assert (
        "到访反馈" in shown
        and "到访以后 ，当天" in shown
        and "签约以后 ，过 30 天" in shown
        and "自己选时间发" in shown
    )
    assert "3 2 4.50" in shown


def test_a_questionnaire_is_shown_as_parents_see_it(head_client, at, survey):
    shown = text(head_client.get(f"{at}/surveys/{survey.pk}/"))

    assert "有没有觉得在硬推销、催您当场定" in shown
    assert "一直在催 – 完全没有" in shown
    assert "v1" in shown


def test_a_new_one_is_named_and_then_written(head_client, at, school):
    answered = head_client.post(
        f"{at}/surveys/new/", {"name": "开放日", "occasion": "by_hand", "after_days": ""}
    )

    with tenant_scope(school):
        row = Survey.objects.get(name="开放日")
    assert answered.url == f"{at}/surveys/{row.pk}/write/" and not row.is_on
    shown = text(head_client.get(f"{at}/surveys/{row.pk}/"))
    assert "停用" in shown and "还没有问题" in shown


def test_a_name_that_is_taken_is_said_at_its_field(head_client, at, survey):
    answered = head_client.post(
        f"{at}/surveys/new/", {"name": "到访反馈", "occasion": "by_hand", "after_days": "0"}
    )

    assert answered.status_code == 422 and "已经有同名的问卷" in text(answered)


# -- writing --------------------------------------------------------------------------------------------------------------------
def test_the_page_of_writing_begins_with_what_is_in_use(head_client, at, survey):
    shown = head_client.get(f"{at}/surveys/{survey.pk}/write/").content.decode()

    assert 'value="到了以后等得久不久"' in shown and shown.count("mp-question") == 7 + 2


def test_a_draft_is_saved_in_the_order_of_the_numbers(head_client, at, school, survey):
    told = sheet(survey, {"text": "第二", "ORDER": 2}, {"text": "第一", "line": 1, "ORDER": 1}, {"text": ""})

    answered = head_client.post(f"{at}/surveys/{survey.pk}/write/", told)

    assert answered.url == f"{at}/surveys/{survey.pk}/" and version_of(school, survey) == [
        ("第一", 1),
        ("第二", 8),
    ]
    assert "第 2 版是草稿" in text(head_client.get(answered.url))


def test_a_question_is_taken_out(head_client, at, school, survey):
    told = sheet(survey, {"text": "留下"}, {"text": "去掉", "DELETE": "on"})

    head_client.post(f"{at}/surveys/{survey.pk}/write/", told)

    assert [words for words, _line in version_of(school, survey)] == ["留下"]


def test_more_rows_are_given_and_nothing_is_lost(head_client, at, school, survey):
    answered = head_client.post(
        f"{at}/surveys/{survey.pk}/write/", sheet(survey, {"text": "只有一题"}) | {"more": "1"}
    )

    assert answered.url == f"{at}/surveys/{survey.pk}/write/#more"
    shown = head_client.get(answered.url).content.decode()
    assert 'value="只有一题"' in shown and shown.count("mp-question") == 3


@pytest.mark.parametrize(
    "row,why",
    [
        ({"text": "总体", "kind": "ten", "is_overall": "on"}, "总体满意度要用 1 到 5 分"),
        ({"text": "太" * 81}, "80"),
        ({"text": "总体", "kind": "stars"}, "stars"),
    ],
)
def test_what_is_wrong_stands_at_its_question(head_client, at, school, survey, row, why):
    answered = head_client.post(f"{at}/surveys/{survey.pk}/write/", sheet(survey, row))

    assert answered.status_code == 422
    assert why in text(answered)
    assert version_of(school, survey) == []


def test_two_overall_questions_are_refused_above_the_form(head_client, at, school, survey):
    rows = [{"text": f"总体 {n}", "is_overall": "on"} for n in range(2)]

    answered = head_client.post(f"{at}/surveys/{survey.pk}/write/", sheet(survey, *rows))

    assert answered.status_code == 422
    assert "只能有一题" in text(answered)
    assert version_of(school, survey) == []


def test_options_are_typed_with_any_comma(head_client, at, school, survey):
    told = sheet(survey, {"text": "哪一个", "kind": "one", "options": "甲、乙，丙,丁"})

    head_client.post(f"{at}/surveys/{survey.pk}/write/", told)

    with tenant_scope(school):
        assert Question.objects.get(version__state="draft").options == ["甲", "乙", "丙", "丁"]


# -- publishing and switching -------------------------------------------------------------------------------------------------
def test_a_draft_is_published_from_its_page(head_client, at, school, survey):
    head_client.post(f"{at}/surveys/{survey.pk}/write/", sheet(survey, {"text": "总体", "is_overall": "on"}))

    shown = text(head_client.post(f"{at}/surveys/{survey.pk}/do/publish/", follow=True))

    assert "第 2 版开始用了" in shown and "总体" in shown
    with tenant_scope(school):
        assert list(
            SurveyVersion.objects.filter(survey=survey).order_by("number").values_list("state", flat=True)
        ) == [
            "retired",
            "published",
        ]
    assert "到了以后等得久不久" in text(head_client.get(f"{at}/surveys/{survey.pk}/?version=1"))


@pytest.mark.parametrize(
    "verbs,said",
    [
        (["publish"], "没有要发布的草稿"),
        (["discard"], "没有草稿可以丢掉"),
        (["off"], "停用了"),
        (["off", "on"], "开始用了"),
    ],
)
def test_each_act_says_what_it_did(head_client, at, survey, verbs, said):
    for verb in verbs:
        answered = head_client.post(f"{at}/surveys/{survey.pk}/do/{verb}/", follow=True)

    assert said in text(answered)


def test_an_unknown_act_is_refused(head_client, at, survey):
    assert head_client.post(f"{at}/surveys/{survey.pk}/do/burn/").status_code == 409


# -- sending ------------------------------------------------------------------------------------------------------------------
def test_a_term_s_questionnaire_is_sent_to_a_campus(head_client, at, school, head):
    with tenant_scope(school):
        makers.family()
        term, campus = Survey.objects.get(occasion="by_hand"), makers.campus()

    shown = text(head_client.post(f"{at}/surveys/{term.pk}/send/", {"campus": campus.pk}, follow=True))

    assert "发给 1 家" in shown
    again = head_client.post(f"{at}/surveys/{term.pk}/send/", {"campus": campus.pk})
    assert again.status_code == 422 and "都已经发过了" in text(again)


# -- results ------------------------------------------------------------------------------------------------------------------
def test_an_empty_page_of_results_says_where_to_go(head_client, at, survey, ask):
    ask()

    shown = text(head_client.get(f"{at}/surveys/results/"))

    assert "这段时间还没有回答" in shown and "问了 1 家，还没有人答" in shown and "去回访" in shown


def test_results_begin_with_the_finding_and_the_weak_points(head_client, at, ask):
    for n in range(5):
        ask(4, 2, None, None, None, 9, words=f"第 {n} 句")

    page = head_client.get(f"{at}/surveys/results/")
    shown = text(page)

    assert "5 家回答，总体 4.00 分" in shown
    assert "薄弱点：到了以后等得久不久，平均 2.00 分，5 份回答" in shown
    assert "第 4 句" in shown and "净推荐值" in shown and "100%" in shown


def test_another_questionnaire_and_period_are_chosen(head_client, at, school, head, ask):
    ask(4)
    with tenant_scope(school):
        term = Survey.objects.get(occasion="by_hand")

    other = text(head_client.get(f"{at}/surveys/results/?survey={term.pk}"))
    before = text(head_client.get(f"{at}/surveys/results/?from=2020-01-01&to=2020-01-31"))

    assert "这段时间还没有回答" in other and "这段时间还没有回答" in before


@pytest.mark.parametrize(
    "words", ["survey=abc", "survey=99999", "from=昨天&to=明天", "campus=99999", "export=exe"]
)
def test_odd_words_in_the_address_break_nothing(head_client, at, ask, words):
    ask(4)

    assert head_client.get(f"{at}/surveys/results/?{words}").status_code in (200, 404)


def test_the_results_are_a_sheet_too(head_client, at, ask, school):
    ask(4, 2)

    file = head_client.get(f"{at}/surveys/results/?export=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.values)

    assert rows[0][:4] == ("方面", "问题", "回答", "平均")
    assert rows[1][1] == "总的来说，这次接待怎么样"
    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.exported").exists()


def test_a_weak_point_becomes_an_improvement(head_client, at, school, head, survey, ask):
    for _ in range(5):
        ask(4, 2)

    form = head_client.get(f"{at}/improvements/new/?survey={survey.pk}&line=2").content.decode()
    assert "改进：到了以后等得久不久" in form and "到访反馈，5 份回答，25 分（满分 100）" in form
    head_client.post(
        f"{at}/improvements/new/?survey={survey.pk}&line=2",
        {
            "title": "门口少等",
            "why": "等太久",
            "topic": "welcome",
            "owner": head.pk,
            "due_on": f"{timezone.localdate() + timedelta(days=7)}",
        },
    )

    with tenant_scope(school):
        row = Improvement.objects.get()
        assert (row.title, row.survey, row.line, row.level, row.answers) == ("门口少等", survey, 2, 25, 5)


def test_an_improvement_of_one_campus_is_measured_there(head_client, at, school, head, survey, ask):
    for _ in range(5):
        ask(4, 2)
    with tenant_scope(school):
        east = Campus.objects.create(name="东园", code="east")
        family = makers.family("东园的", "13900139009", at=east)
        row = asked(family, key="visit-east", at=timezone.now() - timedelta(hours=1))
        answer(row, given(4, 5), channel="online", by=None, at=timezone.now())
    due = f"{timezone.localdate() + timedelta(days=7)}"
    told = {"title": "门口少等", "topic": "welcome", "owner": head.pk, "due_on": due, "campus": east.pk}

    head_client.post(f"{at}/improvements/new/?survey={survey.pk}&line=2", told)

    with tenant_scope(school):
        row = Improvement.objects.get()
        assert (row.campus, row.level, row.answers) == (east, 100, 1)


# -- call-backs ---------------------------------------------------------------------------------------------------------------
def test_who_is_silent_stands_on_the_list_the_longest_wait_first(desk, at, ask):
    ask(hours=1, name="后问的")
    ask(hours=50, name="先问的")
    ask(4, name="答了的")
    ask(hours=-3, name="还没发的")
    ask(hours=24 * 31, name="过期的")

    shown = text(desk.get(f"{at}/call-backs/"))

    assert "2 家还没有答" in shown and shown.index("先问的") < shown.index("后问的")
    assert "答了的" not in shown and "还没发的" not in shown and "过期的" not in shown


def test_one_questionnaire_or_one_family_is_picked_out(desk, at, school, ask):
    ask(name="到访的")
    with tenant_scope(school):
        term = Survey.objects.get(occasion="by_hand")
        family = makers.family("学期的", "13900139009")
        asked(family, key="term-1", at=timezone.now() - timedelta(hours=1), survey=term)

    everything = plain(desk.get(f"{at}/call-backs/"))
    one = text(desk.get(f"{at}/call-backs/?survey={term.pk}"))
    found = text(desk.get(f"{at}/call-backs/?q=daofangde"))

    assert "2 家还没有答" in everything
    assert "到访反馈 1" in everything
    assert "学期满意度 1" in everything
    assert "学期的" in one and "到访的" not in one
    assert "到访的" in found and "学期的" not in found


def test_an_empty_list_says_so(desk, at):
    assert "都答了，没有要回访的" in text(desk.get(f"{at}/call-backs/"))


def test_a_colleague_asks_on_the_telephone_and_writes_it_down(desk, at, school, ask, fang):
    row = ask()
    page = desk.get(f"{at}/call-backs/{row.pk}/")
    assert "打给谁" in text(page) and "138****0000" in text(page) and "/q/" in page.content.decode()

    with tenant_scope(school):
        first, words = questions()[0], questions()[-1]
    told = {"channel": "phone", f"q{first.pk}": "5", f"q{words.pk}": "老师很耐心"}
    answered = desk.post(f"{at}/call-backs/{row.pk}/", told)

    assert answered.url == f"{at}/call-backs/"
    shown = text(desk.get(f"{at}/call-backs/{row.pk}/"))
    assert "老师很耐心" in shown and "电话，方老师" in shown
    with tenant_scope(school):
        assert TimelineEntry.objects.get(kind="survey").by == fang


def test_what_is_missing_is_said_at_its_question_and_nothing_is_lost(desk, at, school, ask):
    row = ask()
    with tenant_scope(school):
        words = questions()[-1]

    answered = desk.post(f"{at}/call-backs/{row.pk}/", {"channel": "phone", f"q{words.pk}": "别丢了"})

    assert answered.status_code == 422
    assert "请回答这一题" in text(answered)
    assert "别丢了" in text(answered)
    with tenant_scope(school):
        assert not Answer.objects.exists()


@pytest.mark.parametrize("channel", ["", "pigeon", "online"])
def test_a_colleague_asks_on_the_telephone_or_face_to_face(desk, at, school, ask, channel):
    row = ask()
    with tenant_scope(school):
        first = questions()[0]

    assert (
        desk.post(f"{at}/call-backs/{row.pk}/", {"channel": channel, f"q{first.pk}": "5"}).status_code == 422
    )


def test_who_would_rather_not_leaves_the_list_and_can_be_put_back(desk, at, ask):
    row = ask()

    gone = text(desk.post(f"{at}/call-backs/{row.pk}/decline/", follow=True))
    assert "不再问这一家" in gone and "不想答" in gone
    back = text(desk.post(f"{at}/call-backs/{row.pk}/reopen/", follow=True))

    assert "可以重新问" in back and "1 家还没有答" in text(desk.get(f"{at}/call-backs/"))


def test_what_was_answered_twice_is_told_so(desk, at, school, ask):
    row = ask(4)
    with tenant_scope(school):
        first = questions()[0]

    answered = desk.post(f"{at}/call-backs/{row.pk}/", {"channel": "phone", f"q{first.pk}": "1"})

    assert answered.status_code == 422
    with tenant_scope(school):
        assert SurveyResponse.objects.get().score == 4


def test_a_link_that_ran_out_is_not_offered_but_one_can_still_ask(desk, at, ask):
    row = ask(hours=24 * 31)

    page = desk.get(f"{at}/call-backs/{row.pk}/").content.decode()

    assert "打给谁" in page and "让家长自己填" not in page and "/q/" not in page


def test_opening_a_sheet_is_a_look(desk, at, school, ask, fang):
    row = ask()

    desk.get(f"{at}/call-backs/{row.pk}/")

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.response_viewed", object_id=row.pk).actor == fang


def test_a_deleted_family_s_sheet_is_not_found(desk, at, school, ask):
    row = ask()
    with tenant_scope(school):
        Customer.objects.update(deleted_at=timezone.now())

    assert desk.get(f"{at}/call-backs/{row.pk}/").status_code == 404 and "没有要回访的" in text(
        desk.get(f"{at}/call-backs/")
    )


def test_the_front_desk_calls_back_but_does_not_read_results(desk, at, survey):
    assert desk.get(f"{at}/call-backs/").status_code == 200
    for path in ("surveys/", "surveys/results/", f"surveys/{survey.pk}/", f"surveys/{survey.pk}/write/"):
        assert desk.get(f"{at}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["call-backs/", "surveys/", "surveys/results/"])
def test_a_list_asks_the_database_as_often_for_many_as_for_few(head_client, at, ask, path):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            head_client.get(f"{at}/{path}")
        return len(queries)

    for n in range(2):
        ask()
        ask(4, words=f"{n}")
    statements()
    few = statements()
    for n in range(8):
        ask()
        ask(1 + n % 5, 3, words=f"第 {n} 句")

    assert statements() == few

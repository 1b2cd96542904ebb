"""A parent's own sheet by its link: answered once, in three languages, without an account, and closed when it has run out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from crm.models import Answer, Customer, Survey, SurveyResponse
from crm.surveys.asking import token_of
from tenancy.scope import tenant_scope
from tests import makers
from tests.crm.surveys.makers import asked, questions
from tests.reception.test_views import text


@pytest.fixture
def row(school, head) -> SurveyResponse:
    with tenant_scope(school):
        return asked(makers.family(), at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def link(school, row) -> str:
    with tenant_scope(school):
        return f"/q/{token_of(row)}/"


@pytest.fixture
def fields(school, row) -> list[str]:
    with tenant_scope(school):
        return [f"q{one.pk}" for one in questions()]


@pytest.fixture
def parent() -> Client:
    return Client()


def kept(school) -> SurveyResponse:
    with tenant_scope(school):
        return SurveyResponse.objects.select_related("version").get()


def test_a_parent_reads_the_questions(parent, link):
    page = parent.get(link)

    assert page.status_code == 200
    assert "到访反馈" in text(page)
    assert "有没有觉得在硬推销" in text(page)
    assert "no-store" in page["Cache-Control"]
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert (
        "周小满" not in page.content.decode() and "罗女士" not in page.content.decode()
    )  # a link tells nothing of the family


def test_a_parent_answers_and_is_thanked(parent, link, fields, school):
    answered = parent.post(link, {fields[0]: "4", fields[-1]: "停车不方便"}, follow=True)

    assert "收到了，谢谢您" in text(answered) and kept(school).score == 4
    assert (kept(school).state, kept(school).channel, kept(school).by) == ("answered", "online", None)
    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.survey_answered").actor is None


def test_answering_again_changes_nothing(parent, link, fields, school):
    parent.post(link, {fields[0]: "4"})

    again = parent.post(link, {fields[0]: "1"})

    assert "收到了，谢谢您" in text(again) and kept(school).score == 4


def test_what_is_missing_is_said_and_what_was_ticked_stays(parent, link, fields, school):
    answered = parent.post(link, {fields[1]: "2", fields[-1]: "别丢了"})

    page = answered.content.decode()
    assert (
        answered.status_code == 422
        and "请回答这一题" in page
        and "别丢了" in page
        and page.count("checked") == 1
    )
    assert kept(school).state == "open"


@pytest.mark.parametrize("value", ["0", "6", "x", "99999999999999999999", "4.5", "<b>5</b>"])
def test_no_other_score_is_taken(parent, link, fields, school, value):
    assert parent.post(link, {fields[0]: value}).status_code == 422 and kept(school).state == "open"


def test_too_many_words_are_refused_and_not_cut(parent, link, fields, school):
    answered = parent.post(link, {fields[0]: "5", fields[-1]: "说" * 501})

    assert (
        answered.status_code == 422
        and "说" * 501 in answered.content.decode()
        and kept(school).state == "open"
    )


def test_markup_in_the_words_stays_words(parent, link, fields, school, head_client, at):
    parent.post(link, {fields[0]: "5", fields[-1]: "<script>alert(1)</script>"})

    shown = head_client.get(f"{at}/call-backs/{kept(school).pk}/").content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


def test_a_parent_would_rather_not(parent, link, school):
    shown = text(parent.post(link, {"decline": "1"}))

    assert "不打扰您了" in shown and kept(school).state == "declined"
    assert parent.get(link).status_code == 404


@pytest.mark.parametrize("lang,words", [("zh-hant", "交給園裡"), ("en", "Send to the school")])
def test_it_speaks_the_visitor_s_language(parent, link, lang, words):
    assert words in text(parent.get(f"{link}?lang={lang}"))


def test_a_link_that_ran_out_or_was_never_given_opens_nothing(parent, link, school):
    with tenant_scope(school):
        SurveyResponse.objects.update(until=timezone.now())

    for address in (link, f"/q/{school.public_id}_{'0' * 32}/", "/q/nonsense/", "/q/_/"):
        page = parent.get(address)
        assert page.status_code == 404 and "周小满" not in page.content.decode()


def test_a_deleted_family_s_link_is_closed(parent, link, fields, school):
    with tenant_scope(school):
        Customer.objects.update(deleted_at=timezone.now())

    assert parent.post(link, {fields[0]: "5"}).status_code == 404 and kept(school).state == "open"


def test_a_choice_question_is_answered_by_its_place(parent, school, head):
    with tenant_scope(school):
        survey = Survey.objects.get(occasion="signed")
        row = asked(makers.family("满月", "13900139000"), key="contract-1", survey=survey, at=timezone.now())
        rows, address = questions(survey), f"/q/{token_of(row)}/"

    parent.post(address, {f"q{rows[0].pk}": "5", f"q{rows[4].pk}": "1"})

    with tenant_scope(school):
        assert Answer.objects.get(question=rows[4]).options == ["有的没做到"]

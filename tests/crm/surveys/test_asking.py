"""A family is asked once for a reason, by a link at a decent hour, and answers once; what it says is on its timeline."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Entry
from crm.consumers import send_surveys
from crm.forgetting import forget_child
from crm.models import Answer, Child, Guardian, QuestionKind, Satisfaction, SurveyResponse, TimelineEntry
from crm.surveys import writing
from crm.surveys.asking import (
    LINK_DAYS,
    SEND,
    Given,
    Subject,
    answer,
    ask,
    decline,
    link_of,
    reopen,
    send,
    token_of,
    withdraw,
)
from notifications.models import Message, Outbox, ParentMessage
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.crm.surveys.makers import asked, given, questions, visit_survey
from tests.reception.makers import NOW

NIGHT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)  # half past ten in the evening at the campus


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def row(fang, miao) -> SurveyResponse:
    return asked(host=fang)


def again(row: SurveyResponse) -> SurveyResponse:
    return SurveyResponse.objects.select_related("version__survey", "customer", "campus").get(
        pk=row.pk
    )


# -- asking ---------------------------------------------------------------------------------------------------------------
def test_a_family_is_asked_by_a_link_that_runs_out(row, fang):
    assert (row.state, row.asked_at, row.until) == ("open", NOW, NOW + timedelta(days=LINK_DAYS))
    assert row.host == fang and row.version.number == 1
    assert Outbox.objects.get(topic=SEND).payload == {"responses": [row.pk]}


def test_the_same_reason_asks_once(row):
    once_more = ask(visit_survey(), row.customer, Subject("visit-1", row.campus), by=None, at=NOW)

    assert (
        once_more is None
        and SurveyResponse.objects.count() == 1
        and Outbox.objects.filter(topic=SEND).count() == 1
    )


def test_a_survey_that_is_off_or_unpublished_asks_nobody(miao):
    family, off = makers.family(), visit_survey()
    writing.switch(off, on=False, by=miao.head)
    empty = writing.begin("新问卷", "by_hand", 0, by=miao.head)
    empty.is_on = True

    assert ask(visit_survey(), family, Subject("visit-1", family.campus), by=None, at=NOW) is None
    assert ask(empty, family, Subject("x-1", family.campus), by=None, at=NOW) is None
    assert not SurveyResponse.objects.exists()


def test_the_table_holds_no_link(row):
    secret = token_of(row).partition("_")[2]

    assert secret not in row.token_hash and link_of(row).endswith(f"/q/{token_of(row)}/")


# -- sending --------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("on_the_day")
def test_the_link_is_written_to_whoever_decides(row):
    family = row.customer.family
    father = Guardian(family=family, name="周先生", relation="father", decides=True)
    father.phone = "13900139000"
    father.save(force_insert=True)

    send_surveys({"responses": [row.pk]})

    message = ParentMessage.objects.get()
    assert (message.kind, message.phone, message.about) == ("crm.survey", "13900139000", f"survey-{row.pk}")
    assert link_of(row) in message.text and "周先生您好" in message.text


def test_sending_twice_writes_once(row):
    send(row, at=NOW)
    send(row, at=NOW)

    assert ParentMessage.objects.count() == 1


def test_nobody_is_woken(row):
    send(row, at=NIGHT)

    due = Outbox.objects.filter(topic=SEND).order_by("-id").first()
    assert not ParentMessage.objects.exists()
    assert due.payload == {"responses": [row.pk]}
    assert due.due_at == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


def test_who_has_answered_or_whose_link_ran_out_is_not_written_to(row):
    late = row.until
    send(row, at=late)
    answer(row, given(5), channel="face", by=None, at=NOW)
    send(again(row), at=NOW)

    assert not ParentMessage.objects.exists()


def test_a_family_without_a_number_stays_on_the_list(row):
    Guardian.objects.update(phone_sealed=None)

    send(row, at=NOW)

    assert not ParentMessage.objects.exists() and again(row).state == "open"


def test_it_is_written_in_the_language_the_family_booked_in(miao):
    send(asked(language="en"), at=NOW)

    assert ParentMessage.objects.get().text.startswith("Dear 罗女士")


# -- answering --------------------------------------------------------------------------------------------------------------
def test_an_answer_is_kept_question_by_question_and_told_on_the_timeline(row):
    answer(row, given(4, 3, None, 5, 2, 9, words="停车不方便"), channel="online", by=None, at=NOW)

    kept, entry = again(row), TimelineEntry.objects.get(kind="survey")
    assert (kept.state, kept.score, kept.channel, kept.answered_at, kept.by) == (
        "answered",
        4,
        "online",
        NOW,
        None,
    )
    assert list(Answer.objects.values_list("number", flat=True)) == [4, 3, 5, 2, 9, None]
    assert (entry.title, entry.text) == ("到访反馈：总体 4 分（满分 5 分）", "还有什么想说的：停车不方便")
    assert kept.entry == entry


def test_the_overall_score_is_a_satisfaction(row):
    answer(row, given(4, words="都好"), channel="phone", by=None, at=NOW)

    told = Satisfaction.objects.get()
    assert (told.score, told.channel, told.comment, told.answered_on.isoformat()) == (
        4,
        "phone",
        "还有什么想说的：都好",
        "2026-11-20",
    )


def test_it_is_answered_once(row):
    answer(row, given(4), channel="online", by=None, at=NOW)

    with pytest.raises(Refused, match="已经答过"):
        answer(row, given(1), channel="phone", by=None, at=NOW)

    assert again(row).score == 4 and Satisfaction.objects.count() == 1


@pytest.mark.parametrize("number", [0, 6, -1, 99])
def test_a_score_off_the_scale_is_refused_at_its_question(row, number):
    first = questions()[0]

    with pytest.raises(Refused) as refusal:
        answer(row, {first.pk: Given(number=number)}, channel="online", by=None, at=NOW)

    assert (
        refusal.value.field == f"q{first.pk}" and not Answer.objects.exists() and again(row).state == "open"
    )


def test_what_must_be_answered_is_asked_for(row):
    with pytest.raises(Refused) as refusal:
        answer(row, given(None, 3), channel="online", by=None, at=NOW)

    assert (
        refusal.value.field == f"q{questions()[0].pk}"
        and not TimelineEntry.objects.filter(kind="survey").exists()
    )


def test_nothing_at_all_is_no_answer(miao):
    survey = writing.begin("一题", "by_hand", 0, by=miao.head)
    writing.write(survey, [writing.Asked("想说什么", "text")], greeting="", thanks="", by=miao.head)
    writing.publish(survey, by=miao.head, at=NOW)
    writing.switch(survey, on=True, by=miao.head)
    survey.refresh_from_db()

    with pytest.raises(Refused, match="至少回答一个"):
        answer(asked(key="x-1", survey=survey), {}, channel="online", by=None, at=NOW)


@pytest.mark.parametrize(
    "kind,chosen,fine",
    [
        ("one", (0,), True),
        ("one", (0, 1), False),
        ("one", (3,), False),
        ("several", (0, 2), True),
        ("several", (0, 1, 2), True),
        ("several", (-1,), False),
    ],
)
def test_only_the_given_options_can_be_chosen(miao, kind, chosen, fine):
    survey = writing.begin("选", "by_hand", 0, by=miao.head)
    writing.write(
        survey,
        [writing.Asked("选哪个", kind, options=("甲", "乙", "丙"))],
        greeting="",
        thanks="",
        by=miao.head,
    )
    writing.publish(survey, by=miao.head, at=NOW)
    writing.switch(survey, on=True, by=miao.head)
    survey.refresh_from_db()
    row, question = asked(key="x-1", survey=survey), questions(survey)[0]

    if fine:
        answer(row, {question.pk: Given(chosen=chosen)}, channel="online", by=None, at=NOW)
        assert Answer.objects.get().options == [("甲", "乙", "丙")[place] for place in chosen]
    else:
        with pytest.raises(Refused):
            answer(row, {question.pk: Given(chosen=chosen)}, channel="online", by=None, at=NOW)


def test_without_an_overall_question_there_is_no_satisfaction(miao):
    survey = writing.begin("一题", "by_hand", 0, by=miao.head)
    writing.write(survey, [writing.Asked("伙食", "five", "meals")], greeting="", thanks="", by=miao.head)
    writing.publish(survey, by=miao.head, at=NOW)
    writing.switch(survey, on=True, by=miao.head)
    survey.refresh_from_db()

    answer(asked(key="x-1", survey=survey), given(2, survey=survey), channel="online", by=None, at=NOW)

    assert not Satisfaction.objects.exists()
    assert TimelineEntry.objects.get(kind="survey").title == "一题"


def test_a_link_that_waits_to_be_sent_is_dropped_with_the_answer(row):
    send(row, at=NOW)

    answer(row, given(5), channel="face", by=None, at=NOW)

    assert ParentMessage.objects.get().state == "dropped"


@pytest.mark.parametrize("score,told", [
    (1, True),
    (2, True),
    (3, False),
    (5, False),
])
def test_a_bad_score_is_told_at_once_to_who_looks_after_it(row, fang, miao, score, told):
    answer(row, given(score), channel="online", by=None, at=NOW)

    people = set(Message.objects.filter(key=f"survey-{row.pk}-unhappy").values_list("member", flat=True))
    assert people == ({miao.head.pk} if told else set())  # the head looks after it, the front desk does not


def test_who_asked_and_how_is_kept(row, fang):
    answer(row, given(5), channel="phone", by=fang, at=NOW)

    assert (again(row).by, again(row).channel, TimelineEntry.objects.get(kind="survey").by) == (
        fang,
        "phone",
        fang,
    )
    assert Entry.objects.get(verb="crm.survey_answered").actor == fang


# -- declining and taking back ------------------------------------------------------------------------------------------------
def test_who_would_rather_not_is_not_asked_again(row, fang):
    send(row, at=NOW)

    decline(row, by=fang, at=NOW)

    assert again(row).state == "declined" and ParentMessage.objects.get().state == "dropped"
    with pytest.raises(Refused):
        answer(row, given(5), channel="phone", by=fang, at=NOW)


def test_what_a_colleague_wrote_down_can_be_taken_back(row, fang):
    answer(row, given(2, words="等太久"), channel="phone", by=fang, at=NOW)

    reopen(row, by=fang, at=NOW)

    kept = again(row)
    assert (kept.state, kept.score, kept.answered_at, kept.entry, kept.satisfaction) == (
        "open",
        None,
        None,
        None,
        None,
    )
    assert not Answer.objects.exists() and not Satisfaction.objects.exists()
    assert not TimelineEntry.objects.filter(kind="survey").exists()
    answer(kept, given(5), channel="phone", by=fang, at=NOW)
    assert again(row).score == 5


def test_taking_back_one_leaves_the_bells_of_others_alone(fang, miao):
    first = asked(makers.family("孩0", "13800130000"), key="visit-1")
    answer(first, given(1), channel="phone", by=fang, at=NOW)
    Message.objects.create(member=miao.head, key=f"survey-{first.pk}0-unhappy", title="别家", at=NOW)

    reopen(first, by=fang, at=NOW)

    assert list(Message.objects.filter(read_at=None).values_list("title", flat=True)) == ["别家"]


def test_what_a_parent_sent_stays_theirs(row, fang):
    answer(row, given(2), channel="online", by=None, at=NOW)

    with pytest.raises(Refused, match="家长自己填的"):
        reopen(row, by=fang, at=NOW)


def test_an_open_sheet_is_not_reopened(row, fang):
    with pytest.raises(Refused, match="不用恢复"):
        reopen(row, by=fang, at=NOW)


def test_with_its_reason_an_open_question_goes(row):
    send(row, at=NOW)

    withdraw("visit-1", at=NOW)

    assert not SurveyResponse.objects.exists() and ParentMessage.objects.get().state == "dropped"


def test_an_answer_stays_when_its_reason_is_gone(row):
    answer(row, given(5), channel="online", by=None, at=NOW)

    withdraw("visit-1", at=NOW)

    assert again(row).state == "answered"


def test_the_words_about_a_forgotten_child_go_and_the_score_stays(miao):
    family = makers.family(enrolled=False)
    child = Child.objects.get()
    row = asked(family, child=child)
    answer(row, given(2, words="小满怕生"), channel="online", by=None, at=NOW)

    forget_child(child, by=None)

    assert (
        Answer.objects.filter(words__contains="小满").count() == 0
        and Satisfaction.objects.get().comment == ""
    )
    assert (
        SurveyResponse.objects.get().score == 2
        and Answer.objects.filter(question__kind=QuestionKind.FIVE).exists()
    )

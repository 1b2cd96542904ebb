"""心声 and 督导: who hears of it, who answers, what stays."""
import pytest

from audit.models import Entry
from churn.models import Oversight, Voice
from churn.voices.working import answer, answerers, oversee, reply, speak, take_back
from crm.models import WorkingGroup
from notifications.models import Message
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.churn.measures.makers import measure
from tests.conftest import make_member


@pytest.fixture
def people(school, head):
    roles = ("deputy", "marketing", "operations", "teacher", "agent", "inspector", "frontdesk")
    return {"head": head} | {role: make_member(school, role, role) for role in roles}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


def refusal(do) -> Refused:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value


def told(title: str = "") -> list[str]:
    return sorted(message.member.role for message in Message.objects.filter(title__contains=title,
            read_at=None).select_related("member"))


def said(people, kind="opinion", by="teacher", text="小班老师不够") -> Voice:
    return speak(kind, text, by=people[by], at=AT)


# -- speaking ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "roles"), [
    ("opinion", ["deputy", "head", "marketing"]),
    ("help", ["deputy", "head", "operations"]),
    ("resources", ["deputy", "head"]),
])
def test_whoever_answers_for_it_learns_of_it(inside, kind, roles):
    said(inside, kind)

    assert told("等您答复") == roles and sorted(one.role for one in answerers(kind)) == roles


def test_the_groups_own_leader_is_asked_before_the_one_of_the_rule(inside):
    WorkingGroup.objects.create(kind="improvement", name="执行", leader=inside["agent"])
    said(inside, "help")

    assert told("等您答复") == ["agent", "deputy", "head"]


def test_a_leader_who_is_of_the_management_is_asked_once(inside):
    WorkingGroup.objects.create(kind="churn", name="分析", leader=inside["head"])

    assert [one.role for one in answerers("opinion")] == ["head", "deputy"]


def test_who_speaks_is_not_asked_to_answer_it(inside):
    said(inside, "opinion", by="head")

    assert told("等您答复") == ["deputy", "marketing"]


def test_it_is_written_down_as_it_was_said_and_recorded(inside):
    row = speak("help", "  名单排不出来 ", measure=measure(inside["head"], DAY), by=inside["teacher"], at=AT)

    assert (row.text, row.state, row.measure.title, row.at) == ("名单排不出来", "open", "主班一年不换", AT)
    assert Entry.objects.filter(verb="churn.voice_spoken").count() == 1


@pytest.mark.parametrize(("kind", "text", "field"), [
    ("x", "y", "kind"),
    ("", "y", "kind"),
    ("opinion", "", "text"),
    ("opinion", "   ", "text"),
])
def test_nothing_is_said_without_words_or_kind(inside, kind, text, field):
    assert refusal(lambda: said(inside, kind, text=text)).field == field
    assert not Voice.objects.exists()


@pytest.mark.parametrize("role", ["inspector", "frontdesk", "teacher"])
def test_everybody_who_works_here_may_speak(inside, role):
    assert said(inside, by=role).by == inside[role]


# -- answering ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("state", "word"), [
    ("agreed", "同意了"),
    ("answered", "答复了"),
    ("declined", "没同意"),
])
def test_an_answer_reaches_who_spoke_and_settles_the_asking(inside, state, word):
    row = said(inside)
    answer(row, state, " 下月补一位 ", by=inside["marketing"], at=AT)

    assert (row.state, row.answer, row.answered_by, row.answered_at) == (state, "下月补一位", inside["marketing"], AT)
    assert told("等您答复") == []
    assert Message.objects.get(member=inside["teacher"]).title == f"您的“意见和建议”有答复了：{word}"


def test_an_answer_is_given_once(inside):
    row = said(inside)
    again = Voice.objects.get()
    answer(row, "agreed", "好", by=inside["head"], at=AT)

    assert refusal(lambda: answer(again, "declined", "不", by=inside["deputy"], at=AT)).code == "changed"
    assert Voice.objects.get().answer == "好"


@pytest.mark.parametrize(("state", "text", "field"), [
    ("open", "x", "state"),
    ("", "x", "state"),
    ("agreed", " ", "text"),
])
def test_an_answer_has_words_and_says_which_it_is(inside, state, text, field):
    assert refusal(lambda: answer(said(inside), state, text, by=inside["head"], at=AT)).field == field


@pytest.mark.parametrize(("kind", "may"), [
    ("opinion", {"head", "deputy", "marketing", "operations"}),
    ("help", {"head", "deputy", "marketing", "operations"}),
    ("resources", {"head", "deputy"}),
])
def test_resources_are_the_managements_to_give_and_the_rest_is_answered_by_who_steers(inside, kind, may):
    could = set()
    for role, member in inside.items():
        row = said(inside, kind)
        try:
            answer(row, "answered", "x", by=member, at=AT)
            could.add(role)
        except Forbidden:
            assert Voice.objects.get(pk=row.pk).state == "open"

    assert could == may


def test_who_answers_themselves_is_not_told(inside):
    answer(said(inside, by="marketing"), "answered", "自己记一笔", by=inside["marketing"], at=AT)

    assert not Message.objects.filter(title__contains="有答复了").exists()


# -- taking back -------------------------------------------------------------------------------------------------------------------
def test_it_is_taken_back_while_nobody_has_answered(inside):
    take_back(said(inside), by=inside["teacher"], at=AT)

    assert not Voice.objects.exists()
    assert told("等您答复") == []
    assert Entry.objects.filter(verb="churn.voice_taken_back").exists()


def test_it_is_not_taken_back_by_others_nor_after_the_answer(inside):
    row = said(inside)
    with pytest.raises(Forbidden):
        take_back(row, by=inside["head"], at=AT)
    answer(row, "agreed", "好", by=inside["head"], at=AT)

    assert refusal(lambda: take_back(row, by=inside["teacher"], at=AT)).code == "changed"
    assert Voice.objects.exists()


# -- the management ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("group", "leader"), [
    ("churn", "marketing"),
    ("improvement", "operations"),
])
@pytest.mark.parametrize("kind", ["guidance", "resources", "strategy"])
def test_the_management_writes_to_a_group_and_its_leader_learns_of_it(inside, group, leader, kind):
    row = oversee(group, kind, " 先管停车 ", by=inside["head"], at=AT)

    assert (row.group, row.kind, row.text, row.answer) == (group, kind, "先管停车", "")
    assert told("给小组写了") == [leader]


def test_the_groups_answer_reaches_who_wrote_once(inside):
    row = oversee("churn", "guidance", "先管停车", by=inside["deputy"], at=AT)
    again = Oversight.objects.get()
    reply(row, "这周去谈", by=inside["marketing"], at=AT)

    assert (row.answer, row.answered_by) == ("这周去谈", inside["marketing"])
    assert told("有回话了") == ["deputy"]
    assert told("给小组写了") == []
    assert refusal(lambda: reply(again, "x", by=inside["operations"], at=AT)).code == "changed"


@pytest.mark.parametrize(("group", "kind", "text", "field"), [
    ("x", "guidance", "x", "kind"),
    ("win_back", "guidance", "x", "kind"),
    ("churn", "x", "x", "kind"),
    ("churn", "guidance", " ", "text"),
])
def test_what_makes_no_sense_is_not_written(inside, group, kind, text, field):
    assert refusal(lambda: oversee(group, kind, text, by=inside["head"], at=AT)).field == field
    assert not Oversight.objects.exists()


def test_a_reply_has_words(inside):
    row = oversee("churn", "guidance", "x", by=inside["head"], at=AT)

    assert refusal(lambda: reply(row, " ", by=inside["marketing"], at=AT)).field == "text"


def test_only_the_management_oversees_and_only_who_steers_replies(inside):
    row = oversee("churn", "guidance", "x", by=inside["head"], at=AT)
    for role in ("marketing", "operations", "teacher", "inspector"):
        with pytest.raises(Forbidden):
            oversee("churn", "guidance", "x", by=inside[role], at=AT)
    for role in ("teacher", "agent", "inspector"):
        with pytest.raises(Forbidden):
            reply(row, "x", by=inside[role], at=AT)

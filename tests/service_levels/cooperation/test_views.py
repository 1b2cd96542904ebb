"""深度合作 on the screen: written down from the family's page, decided, told back; and with whom to talk."""
from datetime import timedelta

import pytest

from service_levels.cooperation import panels, queries, working
from service_levels.cooperation.forms import DecisionForm, TalkForm
from service_levels.models import Cooperation
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import derive, family
from tests.service_levels.cooperation.test_working import TALK, YES
from tests.service_levels.plans.test_views import text

ONE = timedelta(days=1)


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def calls(agent):
    return signed_in(agent)


@pytest.fixture
def home(school, on_the_day):
    """A family of tier A: its plan gives it a say."""
    with tenant_scope(school):
        customer = family(1, "A", "low")
        derive()
        return customer


@pytest.fixture
def row(school, agent, home):
    with tenant_scope(school):
        return working.write_down(home, TALK, by=agent, at=AT)


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/cooperation/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/cooperation/{row.pk}/do/{verb}/", typed, follow=True)


def now(school, row) -> Cooperation:
    with tenant_scope(school):
        return Cooperation.objects.get(pk=row.pk)


def test_an_empty_page_says_whom_to_ask(boss, at, home):
    page = seen(boss, at)

    assert "请最看重的家庭一起出主意" in page and "1 户一年没请教过了" in page and f"/service/cooperation/with/{home.pk}/" in page


def test_a_talk_is_written_down_from_the_familys_page(calls, at, school, home):
    assert f"/service/cooperation/with/{home.pk}/" in text(calls.get(f"{at}/families/{home.pk}/"))
    answer = calls.post(f"{at}/service/cooperation/with/{home.pk}/",
                        {"topic": "courses", "on": "2026-11-20", "channel": "face", "text": "希望加科学实验课"}, follow=True)

    assert "记下了，往来里也有" in text(answer) and "希望加科学实验课" in text(calls.get(f"{at}/families/{home.pk}/"))
    assert "该请教的都请教过了" in seen(calls, at)


@pytest.mark.parametrize("typed", [{"topic": "x"}, {"on": "2026-11-21"}, {"on": ""}, {"channel": "smoke"}, {"text": ""}, {"text": "长" * 501}])
def test_what_cannot_be_is_said_in_the_form(calls, at, school, home, typed):
    answer = calls.post(f"{at}/service/cooperation/with/{home.pk}/", {"topic": "courses", "on": "2026-11-20", "channel": "face", "text": "x"} | typed)

    assert answer.status_code == 422 and "mp-err" in text(answer)
    with tenant_scope(school):
        assert Cooperation.objects.count() == 0


def test_one_decides_the_other_tells_the_family(boss, calls, at, school, row):
    assert "1 条意见等结论" in seen(boss, at) and "等管方案的同事给结论" in seen(calls, at, f"{row.pk}/")
    did(boss, at, row, "decide", outcome="adopted", result="下学期每周一次")
    assert now(school, row).outcome == "adopted" and "1 条有了结论，还没回家长" in seen(calls, at)

    assert "下学期每周一次" in seen(calls, at, f"{row.pk}/")
    did(calls, at, row, "tell")
    assert now(school, row).told_on == DAY and "每条意见都有结论，也回了家长" in seen(calls, at)


def test_an_outcome_without_words_is_refused_and_what_was_typed_stays(boss, at, school, row):
    answer = did(boss, at, row, "decide", outcome="partly", result="")

    assert answer.status_code == 422 and now(school, row).outcome == ""


def test_a_colleague_who_was_first_is_told_of(boss, head, at, school, row):
    with tenant_scope(school):
        working.decide(row, YES, by=head, at=AT)

    answer = did(boss, at, row, "decide", outcome="not", result="太贵")
    assert answer.status_code == 422 and "同事刚处理过" in text(answer)


def test_an_outcome_is_taken_back(boss, at, school, row):
    did(boss, at, row, "decide", outcome="not", result="太贵")
    assert "结论写错了，重来" in seen(boss, at, f"{row.pk}/")

    did(boss, at, row, "reopen")
    assert now(school, row).outcome == ""


def test_who_only_talks_decides_nothing(calls, at, school, row):
    assert did(calls, at, row, "decide", outcome="not", result="x").status_code == 403
    assert did(calls, at, row, "sing").status_code == 409 and now(school, row).outcome == ""


@pytest.mark.parametrize(("asked", "there"), [("?tab=all", True), ("?tab=told", False), ("?q=孩1", True), ("?q=火星", False), ("?topic=courses", True),
                                              ("?topic=direction", False), ("?topic=x", True), ("?tab=x", True)])
def test_the_list_is_narrowed(boss, at, row, asked, there):
    assert ("希望加科学实验课" in seen(boss, at, asked)) is there


def test_another_schools_opinion_is_not_there(boss, at, row):
    assert boss.get(f"{at}/service/cooperation/{row.pk + 1000}/").status_code == 404


def test_a_member_of_another_campus_sees_none(school, at, row):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    client = signed_in(make_member(school, "deputy", "西园的", campuses=[west]))

    assert client.get(f"{at}/service/cooperation/{row.pk}/").status_code == 404 and "希望加科学实验课" not in seen(client, at, "?tab=all")


# -- reads -------------------------------------------------------------------------------------------------------------------------
def test_families_with_a_say_are_asked_once_a_year(school, head, agent, home):
    with tenant_scope(school):
        family(2, "B", "low")
        derive()
        assert [row.pk for row in queries.to_talk_with(head, DAY)] == [home.pk]
        row = working.write_down(home, TALK, by=agent, at=AT)
        assert list(queries.to_talk_with(head, DAY)) == []

        Cooperation.objects.filter(pk=row.pk).update(on=DAY - 365 * ONE)
        assert [row.pk for row in queries.to_talk_with(head, DAY)] == [home.pk]


def test_what_was_adopted_in_a_year_is_counted(school, head, agent, home):
    with tenant_scope(school):
        for outcome in ("adopted", "partly", "not"):
            working.decide(working.write_down(home, TALK, by=agent, at=AT), working.Decision(outcome, "x"), by=head, at=AT)
        working.write_down(home, TALK, by=agent, at=AT)

        assert queries.adopted(head, DAY) == {"decided": 3, "adopted": 2}
        assert queries.counts(head) == {"open": 1, "told": 3, "all": 4}


def test_the_familys_card_is_for_who_has_a_say_or_had_one(school, head, agent, home):
    with tenant_scope(school):
        other = family(2, "B", "low")
        derive()
        assert panels.of_family(head, home, DAY)["rows"] == [] and panels.of_family(head, other, DAY) is None

        row = working.write_down(other, TALK, by=agent, at=AT)
        assert panels.of_family(head, other, DAY)["rows"] == [row] and panels.of_family(head, other, DAY - ONE) is None


def test_forms_say_what_was_typed(on_the_day):
    talk = TalkForm({"topic": "management", "on": "2026-11-19", "channel": "phone", "text": "x"})
    decision = DecisionForm({"outcome": "not", "result": "太贵"})

    assert talk.is_valid() and talk.talk() == working.Talk("management", DAY - ONE, "x", "phone")
    assert decision.is_valid() and decision.decision() == working.Decision("not", "太贵")
    assert not DecisionForm({"outcome": "", "result": "x"}).is_valid()

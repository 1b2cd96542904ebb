"""推荐 on the screen: services, the children they suit, what families said."""
import pytest

from service_levels.models import CourseOffer, Recommendation
from service_levels.recommending import working
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.conftest import make_member, signed_in
from tests.service_levels.plans.test_views import text
from tests.service_levels.recommending.makers import PAINTING, fits, offer

TYPED = PAINTING | {"kind": "course", "is_on": "on"}


@pytest.fixture
def planner(school):
    return signed_in(make_member(school, "planner", "苏晴"))


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def calls(agent):
    return signed_in(agent)


@pytest.fixture
def painting(school, on_the_day):
    with tenant_scope(school):
        return offer()


@pytest.fixture
def child(school, painting):
    with tenant_scope(school):
        return fits()


@pytest.fixture
def row(school, agent, painting, child):
    with tenant_scope(school):
        return working.recommend(painting, child, by=agent, at=AT)


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/recommending/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb="answer", **typed):
    return client.post(f"{at}/service/recommended/{row.pk}/do/{verb}/", typed, follow=True)


def answer_of(school, row) -> str:
    with tenant_scope(school):
        return Recommendation.objects.get(pk=row.pk).answer


def test_an_empty_page_says_what_to_begin_with(planner, at, on_the_day):
    page = seen(planner, at)

    assert "写下可以推荐的服务和课程" in page and "还没有可以推荐的" in page and "写一项" in page


def test_a_service_is_written_and_the_children_are_there(planner, at, school, child):
    with tenant_scope(school):
        CourseOffer.objects.all().delete()
    assert planner.post(f"{at}/service/recommending/new/", TYPED).status_code == 302

    page = seen(planner, at)
    assert "现在正合适推荐的，有 1 人次" in page and "小画家班" in page


@pytest.mark.parametrize("typed", [{"name": ""}, {"from_months": "80"}, {"until_months": "x"}, {"until_months": "999"}, {"says": ""},
                                   {"kind": "x"}, {"here_days": "-1"}])
def test_what_cannot_be_is_said_in_the_form(planner, at, on_the_day, typed):
    answer = planner.post(f"{at}/service/recommending/new/", TYPED | typed)

    assert answer.status_code == 422 and "mp-err" in text(answer)


def test_who_organises_nothing_writes_no_service(calls, at, painting):
    assert calls.get(f"{at}/service/recommending/{painting.pk}/").status_code == 403 and "写一项" not in seen(calls, at)


def test_one_child_after_the_other_is_asked(calls, at, school, painting, child):
    page = seen(calls, at, f"{painting.pk}/fitting/")
    assert "1 个孩子正合适“小画家班”" in page and "手眼协调" in page

    answer = calls.post(f"{at}/service/recommending/{painting.pk}/recommend/", {"child": child.pk}, follow=True)
    assert "记下了，往来里也有" in text(answer) and "0 个孩子正合适" in text(answer)
    assert "家长在考虑" in seen(calls, at)


def test_twice_is_told(calls, at, painting, child, row):
    answer = calls.post(f"{at}/service/recommending/{painting.pk}/recommend/", {"child": child.pk}, follow=True)

    assert "推荐过了，家长还在考虑" in text(answer)


@pytest.mark.parametrize("odd", ["", "x", "-1"])
def test_what_names_no_child_is_told(calls, at, painting, child, odd):
    assert "请选一个孩子" in text(calls.post(f"{at}/service/recommending/{painting.pk}/recommend/", {"child": odd}, follow=True))


def test_a_child_that_is_not_there_is_not_found(calls, at, painting, child):
    assert calls.post(f"{at}/service/recommending/{painting.pk}/recommend/", {"child": "999999"}).status_code == 404


def test_the_family_says_yes(calls, at, school, row):
    did(calls, at, row, answer="accepted", words="")

    assert answer_of(school, row) == "accepted" and "100.0%" in seen(calls, at, "?tab=accepted")


def test_or_no_with_a_reason(calls, at, school, row):
    assert "请写为什么不要" in text(did(calls, at, row, answer="declined", words="")) and answer_of(school, row) == ""

    did(calls, at, row, answer="declined", words="周末没空")
    assert answer_of(school, row) == "declined" and "周末没空" in seen(calls, at, "?tab=declined")


def test_or_it_was_a_mistake(calls, at, school, row):
    did(calls, at, row, answer="accepted", words="")
    did(calls, at, row, "reopen")

    assert answer_of(school, row) == ""


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_another_answer_is_none(calls, at, school, row, answer):
    assert "请选要了还是不要" in text(did(calls, at, row, answer=answer)) and answer_of(school, row) == ""


def test_a_verb_that_is_none_is_told(calls, at, school, row):
    assert "没有这个操作" in text(did(calls, at, row, "sing")) and answer_of(school, row) == ""


def test_a_member_of_another_campus_sees_none(school, at, painting, child, row):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    client = signed_in(make_member(school, "agent", "西园的", campuses=[west]))

    assert "孩1" not in seen(client, at, "?tab=all")
    assert did(client, at, row, answer="accepted").status_code == 404
    assert client.post(f"{at}/service/recommending/{painting.pk}/recommend/", {"child": child.pk}).status_code == 404


def test_who_talks_to_no_families_reads_only(school, at, painting, row):
    inspector = signed_in(make_member(school, "inspector"))

    assert "家长答复了" not in seen(inspector, at) and did(inspector, at, row, answer="accepted").status_code == 403

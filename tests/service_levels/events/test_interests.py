"""兴趣和需要: which there are, which a family has, and who may say so."""
import pytest

from audit.models import Entry
from crm.duplicates import merge, undo
from service_levels.events import interests, queries
from service_levels.models import CustomerInterest, Interest
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family


@pytest.fixture
def planner(inside):
    return colleague("planner", "苏晴")


@pytest.fixture
def agent(inside):
    return colleague("agent", "高敏")


@pytest.fixture
def three(planner):
    return [interests.add(name, by=planner) for name in ("绘本", "运动", "科学")]


def of(customer) -> list[str]:
    return sorted(CustomerInterest.objects.filter(customer=customer).values_list("interest__name", flat=True))


def test_a_word_is_added_once(three, planner):
    with pytest.raises(Refused) as told:
        interests.add(" 绘本 ", by=planner)

    assert told.value.message == "已经有“绘本”了。" and told.value.field == "name"
    assert Interest.objects.count() == 3
    assert Entry.objects.filter(verb="service.interest_added").count() == 3


@pytest.mark.parametrize("word", ["", "   ", "A类", "高风险", "要挽留的"])
def test_what_is_no_interest_is_refused(planner, word):
    with pytest.raises(Refused) as told:
        interests.add(word, by=planner)

    assert told.value.field == "name" and Interest.objects.count() == 0


def test_there_is_an_end(planner, monkeypatch):
    monkeypatch.setattr(interests, "MOST", 2)
    interests.add("一", by=planner), interests.add("二", by=planner)

    with pytest.raises(Refused) as told:
        interests.add("三", by=planner)

    assert told.value.message == "最多 2 项，先去掉用不到的。"


def test_only_who_organises_adds(agent):
    with pytest.raises(Forbidden):
        interests.add("绘本", by=agent)


def test_a_family_has_what_was_ticked_and_nothing_else(three, agent):
    home = family(1)
    interests.keep(home, three[:2], by=agent)
    interests.keep(home, three[1:], by=agent)

    assert of(home) == ["科学", "运动"]
    assert Entry.objects.filter(verb="service.interests_kept").count() == 2


def test_keeping_the_same_again_changes_nothing(three, agent):
    home = family(1)
    interests.keep(home, three[:2], by=agent)
    before = set(CustomerInterest.objects.values_list("pk", flat=True))

    assert interests.keep(home, three[:2], by=agent) == 2
    assert set(CustomerInterest.objects.values_list("pk", flat=True)) == before


def test_none_ticked_is_none_kept(three, agent):
    home = family(1)
    interests.keep(home, three, by=agent)

    assert interests.keep(home, [], by=agent) == 0 and of(home) == []


def test_whoever_only_looks_keeps_nothing(three):
    with pytest.raises(Forbidden):
        interests.keep(family(1), three, by=colleague("inspector"))


def test_what_a_family_has_stays(three, planner, agent):
    interests.keep(family(1), three[:1], by=agent)

    with pytest.raises(Refused) as told:
        interests.remove(three[0], by=planner)

    assert told.value.code == "in_use" and Interest.objects.count() == 3


def test_what_nobody_has_goes(three, planner):
    interests.remove(three[2], by=planner)

    assert [row.name for row in queries.interests()] == sorted(["绘本", "运动"])


def test_each_says_how_many_have_it(three, agent):
    interests.keep(family(1), three[:2], by=agent)
    interests.keep(family(2), three[:1], by=agent)

    assert {row.name: row.n for row in queries.interests()} == {"绘本": 2, "运动": 1, "科学": 0}


def test_two_families_that_are_one_care_for_what_either_did(inside, three, agent):
    first, second = family(1), family(2)
    interests.keep(first, three[:2], by=agent)
    interests.keep(second, three[1:], by=agent)

    made = merge(first, second, take=[], by=inside.head, at=AT)
    assert of(first) == ["科学", "绘本", "运动"]

    undo(made, by=inside.head, at=AT)
    assert (of(first), of(second)) == (["绘本", "运动"], ["科学", "运动"])

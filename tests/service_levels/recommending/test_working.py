"""推荐: recommended as a contact, answered once with a reason for a no, taken back when it was a mistake."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.models import TimelineEntry
from service_levels.models import CourseOffer, Recommendation
from service_levels.recommending import working
from service_levels.recommending.working import Word
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.recommending.makers import PAINTING, fits, offer

ONE = timedelta(days=1)
YES, NO = Word("accepted"), Word("declined", "周末没空")


@pytest.fixture
def people(school, head):
    return {"head": head, "agent": make_member(school, "agent", "高敏"), "planner": make_member(school, "planner", "苏晴"),
            "inspector": make_member(school, "inspector")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


@pytest.fixture
def painting(inside):
    return offer()


@pytest.fixture
def child(inside):
    return fits()


@pytest.fixture
def row(painting, child, inside):
    return working.recommend(painting, child, by=inside["agent"], at=AT)


def refused(act, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value


# -- a service -----------------------------------------------------------------------------------------------------------------------
def test_whoever_organises_keeps_services(inside):
    row = working.keep_offer(CourseOffer(**PAINTING), by=inside["planner"])

    assert str(row) == "小画家班" and Entry.objects.filter(verb="service.offer_kept").count() == 1
    with pytest.raises(Forbidden):
        working.keep_offer(row, by=inside["agent"])


@pytest.mark.parametrize("wrong", [{"from_months": 72}, {"from_months": 80, "until_months": 60}, {"name": "重名"}])
def test_a_service_has_a_name_of_its_own_and_an_age(inside, wrong):
    offer(name="重名")

    with pytest.raises(IntegrityError), transaction.atomic():
        offer(**wrong)


# -- recommended ---------------------------------------------------------------------------------------------------------------------
def test_a_recommendation_is_a_contact_with_the_family(row, child, inside):
    assert (row.customer, row.child, row.on, row.by, row.answer) == (child.family.customer, child, DAY, inside["agent"], "")
    assert list(TimelineEntry.objects.values_list("kind", "title", "text", "child")) == [
        ("contact", "推荐：小画家班", "手眼协调，敢画敢说", child.pk)]


def test_while_a_family_considers_it_nobody_asks_again(row, painting, child, inside):
    no = refused(working.recommend, painting, child, by=inside["agent"], at=AT)

    assert no.code == "waits_already" and TimelineEntry.objects.count() == 1


def test_another_service_or_child_is_another_recommendation(row, painting, child, inside):
    working.recommend(offer(name="小小工程师"), child, by=inside["agent"], at=AT)
    working.recommend(painting, fits(2), by=inside["agent"], at=AT)

    assert Recommendation.objects.waiting().count() == 3


def test_what_is_switched_off_is_not_recommended(child, inside):
    assert refused(working.recommend, offer(is_on=False), child, by=inside["agent"], at=AT).code == "off"


def test_who_talks_to_no_families_recommends_nothing(painting, child, inside):
    with pytest.raises(Forbidden):
        working.recommend(painting, child, by=inside["inspector"], at=AT)


# -- answered ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("word", "state"), [(YES, ("accepted", "")), (NO, ("declined", "周末没空"))])
def test_a_family_says_yes_or_no(row, inside, word, state):
    working.answer(row, word, by=inside["agent"], at=AT + 3 * ONE)

    assert (row.answer, row.words) == state and row.answered_on == DAY + 3 * ONE


@pytest.mark.parametrize(("word", "field"), [(Word(""), "answer"), (Word("maybe"), "answer"), (Word("declined", " "), "words")])
def test_a_no_says_why(row, inside, word, field):
    assert refused(working.answer, row, word, by=inside["agent"], at=AT).field == field


def test_it_is_answered_once(row, inside):
    working.answer(row, YES, by=inside["agent"], at=AT)

    assert refused(working.answer, row, NO, by=inside["head"], at=AT).code == "changed"


def test_a_mistake_is_taken_back(row, inside):
    working.answer(row, NO, by=inside["agent"], at=AT)
    working.take_back(row, by=inside["agent"])

    assert (row.answer, row.words, row.answered_on) == ("", "", None)
    assert refused(working.take_back, row, by=inside["agent"]).code == "waits_already"


def test_not_where_it_was_recommended_once_more_since(row, painting, child, inside):
    working.answer(row, NO, by=inside["agent"], at=AT)
    working.recommend(painting, child, by=inside["agent"], at=AT + 200 * ONE)

    assert refused(working.take_back, row, by=inside["agent"]).code == "waits_already"


def test_the_database_keeps_answers_with_their_day(row):
    for wrong in ({"answer": "accepted"}, {"answered_on": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recommendation.objects.filter(pk=row.pk).update(**wrong)
    assert str(row) == f"{row.offer_id} 2026-11-20"


def test_every_step_is_in_the_audit(row, inside):
    working.answer(row, YES, by=inside["agent"], at=AT)
    working.take_back(row, by=inside["agent"])

    verbs = list(Entry.objects.filter(verb__startswith="service.recommen").order_by("id").values_list("verb", flat=True))
    assert verbs == ["service.recommended", "service.recommendation_answered", "service.recommendation_reopened"]

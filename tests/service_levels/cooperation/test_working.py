"""深度合作: an opinion is written down as a contact, decided by another, told back; each step once."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.models import TimelineEntry
from notifications.models import Message
from service_levels.cooperation import working
from service_levels.cooperation.working import Decision, Talk
from service_levels.models import Cooperation
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.conftest import family

ONE = timedelta(days=1)
TALK = Talk("courses", DAY, "希望加科学实验课", "face")
YES = Decision("adopted", "下学期每周一次")


@pytest.fixture
def people(school, head):
    return {"head": head, "agent": make_member(school, "agent", "高敏"), "relations": make_member(school, "relations", "陈老师"),
            "inspector": make_member(school, "inspector")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


@pytest.fixture
def home(inside):
    return family(1, "A", "low")


@pytest.fixture
def row(home, inside):
    return working.write_down(home, TALK, by=inside["agent"], at=AT)


@pytest.fixture
def decided(row, inside):
    working.decide(row, YES, by=inside["head"], at=AT)
    return row


def refused(act, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, at=AT, **more)
    return caught.value


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member, read_at=None).values_list("title", flat=True))


def told_of(customer) -> list[tuple[str, str, str]]:
    return list(TimelineEntry.objects.filter(customer=customer).order_by("id").values_list("kind", "title", "text"))


# -- written down ------------------------------------------------------------------------------------------------------------------
def test_a_talk_is_an_opinion_and_a_contact(row, home, inside):
    assert (row.topic, row.on, row.text, row.by, row.outcome) == ("courses", DAY, "希望加科学实验课", inside["agent"], "")
    assert told_of(home) == [("contact", "课程研发", "希望加科学实验课")] and row.entry.channel == "face"


def test_whoever_decides_is_told_without_a_name(row, inside):
    assert titles(inside["head"]) == titles(inside["relations"]) == ["有一条深度合作的意见等结论"] and titles(inside["agent"]) == []


def test_who_decides_and_talked_is_not_told(home, inside):
    working.write_down(home, TALK, by=inside["relations"], at=AT)

    assert titles(inside["relations"]) == []


def test_a_talk_of_an_earlier_day_stands_on_that_day(home, inside):
    row = working.write_down(home, Talk("direction", DAY - 3 * ONE, "开分园", "phone"), by=inside["agent"], at=AT)

    assert (row.on, row.entry.day, row.entry.channel) == (DAY - 3 * ONE, DAY - 3 * ONE, "phone")


@pytest.mark.parametrize(("talk", "field"), [(Talk("courses", DAY, "  "), "text"), (Talk("courses", DAY + ONE, "x"), "on")])
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(home, inside, talk, field):
    assert refused(working.write_down, home, talk, by=inside["agent"]).field == field
    assert Cooperation.objects.count() == 0 and told_of(home) == []


def test_who_talks_to_no_families_writes_nothing_down(home, inside):
    with pytest.raises(Forbidden):
        working.write_down(home, TALK, by=inside["inspector"], at=AT)


# -- decided -----------------------------------------------------------------------------------------------------------------------
def test_an_outcome_has_words_and_goes_back_to_who_talked(decided, inside):
    assert (decided.outcome, decided.result, decided.decided_by) == ("adopted", "下学期每周一次", inside["head"])
    assert titles(inside["agent"]) == ["一条深度合作的意见有结论了，回给家长"] and titles(inside["relations"]) == []


@pytest.mark.parametrize(("decision", "field"), [(Decision("", "x"), "outcome"), (Decision("maybe", "x"), "outcome"), (Decision("not", " "), "result")])
def test_an_outcome_without_a_reason_is_none(row, inside, decision, field):
    assert refused(working.decide, row, decision, by=inside["head"]).field == field


def test_it_is_decided_once(decided, inside):
    assert refused(working.decide, decided, Decision("not", "太贵"), by=inside["relations"]).code == "changed"


def test_who_only_talks_decides_nothing(row, inside):
    with pytest.raises(Forbidden):
        working.decide(row, YES, by=inside["agent"], at=AT)


def test_a_mistake_is_put_right_before_the_family_hears_of_it(decided, inside):
    working.reopen(decided, by=inside["head"], at=AT)

    assert (decided.outcome, decided.result, decided.decided_by, decided.decided_at) == ("", "", None, None) and titles(inside["agent"]) == []
    assert refused(working.reopen, decided, by=inside["head"]).code == "changed"


# -- told back ---------------------------------------------------------------------------------------------------------------------
def test_the_family_hears_of_it_once_and_the_timeline_knows(decided, home, inside):
    working.tell_back(decided, by=inside["agent"], at=AT)

    assert decided.told_on == DAY and titles(inside["agent"]) == []
    assert told_of(home)[-1] == ("contact", "回了深度合作的意见", "下学期每周一次")
    assert refused(working.tell_back, decided, by=inside["agent"]).code == "changed"
    assert refused(working.reopen, decided, by=inside["head"]).code == "changed"


def test_there_is_nothing_to_tell_before_an_outcome(row, inside):
    assert refused(working.tell_back, row, by=inside["agent"]).code == "changed"


def test_every_step_is_in_the_audit(decided, inside):
    working.tell_back(decided, by=inside["agent"], at=AT)

    verbs = list(Entry.objects.filter(verb__startswith="service.opinion").order_by("id").values_list("verb", flat=True))
    assert verbs == ["service.opinion_written", "service.opinion_decided", "service.opinion_told"]


# -- as rows -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [{"outcome": "adopted"}, {"outcome": "not", "decided_at": AT}, {"told_on": DAY}])
def test_the_database_keeps_outcomes_with_reasons(row, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Cooperation.objects.filter(pk=row.pk).update(**wrong)


def test_a_row_says_what_it_is(row):
    assert str(row) == "课程研发 2026-11-20" and list(Cooperation.objects.open()) == [row]

"""优惠: asked for, approved by a second person, made use of, withdrawn, lapsed; money and timeline follow each step."""
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.models import TimelineEntry
from notifications.models import Message
from service_levels import nightly
from service_levels.concessions import budgets, working
from service_levels.concessions.policy import Policy
from service_levels.concessions.working import Wish
from service_levels.models import Concession, ConcessionPolicy
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import CLASS, RULES, TUITION, asked, cased, granted, hold, troubled
from tests.service_levels.conftest import at_risk, derive, family, rated

State = Concession.State
ONE = timedelta(days=1)


@pytest.fixture
def people(school, head, deputy):
    return {"head": head, "deputy": deputy, "agent": make_member(school, "agent", "高敏"), "teacher": make_member(school, "teacher"),
            "inspector": make_member(school, "inspector")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        hold()
        yield people


@pytest.fixture
def home(inside):
    return troubled()


@pytest.fixture
def row(home, inside):
    return asked(home, inside["agent"])


def refused(act, *args, at=AT, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, at=at, **more)
    return caught.value


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member, read_at=None).values_list("title", flat=True))


def told_of(customer) -> list[str]:
    return list(TimelineEntry.objects.filter(customer=customer, kind="note").order_by("id").values_list("title", flat=True))


# -- asking ------------------------------------------------------------------------------------------------------------------------
def test_a_colleague_asks_and_whoever_may_approve_is_told(row, inside):
    assert (row.state, row.name, row.says, row.fen) == (State.ASKED, "学费优惠", TUITION.says, 50_000)
    assert titles(inside["head"]) == titles(inside["deputy"]) == ["有一份优惠等您批准"]
    assert titles(inside["agent"]) == [] and budgets.used(2026) == {}
    assert Entry.objects.filter(verb="service.concession_asked").count() == 1


def test_what_is_told_names_no_family(row, inside):
    assert not any("孩1" in title for title in titles(inside["head"]))


def test_one_who_may_approve_and_asks_is_not_asked(home, inside):
    asked(home, inside["head"])

    assert titles(inside["head"]) == [] and len(titles(inside["deputy"])) == 1


@pytest.mark.parametrize("who", ["teacher", "inspector"])
def test_who_may_not_ask_is_told_so(home, inside, who):
    with pytest.raises(Forbidden):
        asked(home, inside[who])


def test_without_a_reason_nobody_can_decide(home, inside):
    assert refused(working.ask, home, Wish("tuition", 100, "  "), by=inside["agent"]).field == "why"


def test_without_rules_in_force_nothing_is_given(home, inside):
    ConcessionPolicy.objects.update(state="retired")

    assert refused(working.ask, home, Wish("tuition", 100, "x"), by=inside["agent"]).code == "stale"


@pytest.mark.parametrize(("fen", "said"), [(50_001, "每次最多 500 元"), (0, "每次最多 500 元")])
def test_what_is_not_by_the_rule_is_refused_with_the_rule(home, inside, fen, said):
    no = refused(working.ask, home, Wish("tuition", fen, "x"), by=inside["agent"])

    assert no.code == "not_by_the_rule" and said in no.message and Concession.objects.count() == 0


def test_a_family_whose_plan_promises_nothing_off_gets_nothing_off(inside):
    happy = family(2, "A", "low")
    derive()

    assert "这一家的服务方案里有这一项" in refused(working.ask, happy, Wish("tuition", 100, "x"), by=inside["agent"]).message


def test_a_family_without_any_plan_gets_nothing_off(inside):
    assert refused(working.ask, family(3), Wish("tuition", 100, "x"), by=inside["agent"]).code == "not_by_the_rule"


def test_a_threat_without_causes_gets_nothing(home, inside):
    hold(Policy((replace(TUITION, caused=True),)))
    case = cased(home, inside["agent"], caused=False)

    assert "原因写清楚了" in refused(working.ask, home, Wish("tuition", 100, "x"), by=inside["agent"]).message
    case.delete()
    cased(home, inside["agent"])
    assert asked(home, inside["agent"]).state == State.ASKED


def test_for_the_same_there_is_one_application_and_the_second_is_led_to_it(row, home, inside):
    no = refused(working.ask, home, Wish("tuition", 100, "x"), by=inside["deputy"])

    assert (no.code, no.about) == ("asked_already", row)


def test_another_rule_is_another_application(row, home, inside):
    assert asked(home, inside["agent"], 30_000, "free-class").name == "免费兴趣班"


def test_a_child_of_another_family_is_none_of_this_one(home, inside):
    other = troubled(2)
    child = other.family.children.get()

    assert refused(working.ask, home, Wish("tuition", 100, "x", child), by=inside["agent"]).field == "child"


# -- approving ---------------------------------------------------------------------------------------------------------------------
def test_a_second_person_approves_and_the_money_is_set_aside(row, home, inside):
    working.grant(row, "这学期一次", by=inside["head"], at=AT)

    assert (row.state, row.decided_by, row.words, row.year, row.until_on) == (State.GRANTED, inside["head"], "这学期一次", 2026, DAY + 90 * ONE)
    assert budgets.used(2026) == {"tuition": 50_000}
    assert told_of(home) == ["批了优惠：学费优惠"]
    assert "500" not in TimelineEntry.objects.get(customer=home, kind="note").text, "who may not see money reads the timeline too"
    assert titles(inside["agent"]) == ["“学费优惠”批了，2027-02-18 前告诉家长、用掉"] and titles(inside["deputy"]) == []


def test_nobody_approves_what_they_asked_for(home, inside):
    row = asked(home, inside["head"])

    assert refused(working.grant, row, by=inside["head"]).code == "second_pair_of_eyes"
    assert refused(working.refuse, row, "不", by=inside["head"]).code == "second_pair_of_eyes"


def test_nor_can_the_database_be_told_so(home, inside):
    row = asked(home, inside["head"])

    with pytest.raises(IntegrityError), transaction.atomic():
        Concession.objects.filter(pk=row.pk).update(decided_by=inside["head"])


def test_who_only_asks_does_not_approve(row, inside):
    with pytest.raises(Forbidden):
        working.grant(row, by=inside["agent"], at=AT)


def test_what_was_decided_is_decided_once(row, inside):
    working.grant(row, by=inside["head"], at=AT)

    assert refused(working.grant, row, by=inside["deputy"]).code == "changed"
    assert refused(working.refuse, row, "晚了", by=inside["deputy"]).code == "changed"
    assert budgets.used(2026) == {"tuition": 50_000}


def test_the_rule_is_looked_at_again_when_it_is_approved(row, home, inside):
    at_risk(rated(home, "A", since=DAY), "low", since=DAY)
    derive(DAY)

    assert refused(working.grant, row, by=inside["head"]).code == "not_by_the_rule"


def test_a_rule_that_is_gone_approves_nothing(row, inside):
    hold(Policy((CLASS,)))

    assert refused(working.grant, row, by=inside["head"]).code == "stale"


def test_a_budget_is_not_overdrawn(inside):
    homes = [troubled(n) for n in (1, 2, 3)]
    rows = [asked(home, inside["agent"]) for home in homes]
    for row in rows[:2]:
        working.grant(row, by=inside["head"], at=AT)

    assert "今年的预算还剩 200 元" in refused(working.grant, rows[2], by=inside["head"]).message
    assert budgets.used(2026) == {"tuition": 100_000}


def test_two_rules_together_give_one_family_no_more_than_the_policy_says(home, inside):
    hold(replace(RULES, most_fen=60_000))
    granted(home, inside["agent"], inside["head"])

    assert "合起来最多 600 元，已给 500 元" in refused(working.ask, home, Wish("free-class", 30_000, "x"), by=inside["agent"]).message
    assert asked(home, inside["agent"], 10_000, "free-class").state == State.ASKED


def test_again_only_after_as_long_as_the_rule_says(home, inside):
    granted(home, inside["agent"], inside["head"])

    assert refused(working.ask, home, Wish("tuition", 100, "x"), by=inside["agent"], at=AT + 300 * ONE).code == "not_by_the_rule"


def test_a_refusal_says_why(row, inside):
    assert refused(working.refuse, row, " ", by=inside["head"]).field == "words"
    working.refuse(row, "已经减过伙食费", by=inside["head"], at=AT)

    assert (row.state, row.words, row.year) == (State.REFUSED, "已经减过伙食费", None)
    assert titles(inside["agent"]) == ["“学费优惠”没批：已经减过伙食费"] and budgets.used(2026) == {}


def test_after_a_refusal_one_may_ask_again(row, home, inside):
    working.refuse(row, "写清楚一点", by=inside["head"], at=AT)

    assert asked(home, inside["agent"], 20_000).state == State.ASKED


# -- made use of, or not -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def approved(home, inside):
    return granted(home, inside["agent"], inside["head"])


def test_what_the_family_has_had_is_written_down(approved, home, inside):
    working.give(approved, DAY, by=inside["agent"], at=AT)

    assert (approved.state, approved.given_on, approved.given_by) == (State.GIVEN, DAY, inside["agent"])
    assert told_of(home) == ["批了优惠：学费优惠", "兑现了优惠：学费优惠"] and titles(inside["agent"]) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_given_between_the_approval_and_today(approved, inside, days):
    assert refused(working.give, approved, DAY + days * ONE, by=inside["agent"]).field == "on"


def test_what_is_not_approved_is_not_given(row, inside):
    assert refused(working.give, row, DAY, by=inside["agent"]).field == "on"
    working.refuse(row, "不", by=inside["head"], at=AT)
    assert refused(working.give, row, DAY, by=inside["agent"]).code == "changed"


def test_a_mistake_is_put_right(approved, inside):
    working.give(approved, DAY, by=inside["agent"], at=AT)
    working.take_back(approved, by=inside["agent"], at=AT)

    assert (approved.state, approved.given_on, approved.given_by) == (State.GRANTED, None, None)
    assert budgets.used(2026) == {"tuition": 50_000}


def test_what_is_not_wanted_gives_the_money_back(approved, home, inside):
    working.withdraw(approved, by=inside["agent"], at=AT)

    assert approved.state == State.WITHDRAWN and budgets.used(2026) == {"tuition": 0}
    assert told_of(home)[-1] == "撤回了优惠：学费优惠"
    assert asked(home, inside["agent"]).state == State.ASKED, "what was withdrawn was never given"


def test_an_application_is_withdrawn_without_a_word_to_the_family(row, home, inside):
    working.withdraw(row, by=inside["agent"], at=AT)

    assert row.state == State.WITHDRAWN and told_of(home) == [] and titles(inside["head"]) == []


def test_what_was_given_is_not_withdrawn(approved, inside):
    working.give(approved, DAY, by=inside["agent"], at=AT)

    assert refused(working.withdraw, approved, by=inside["agent"]).code == "changed"


def test_money_goes_back_to_the_year_it_came_from(approved, inside):
    later = AT + 60 * ONE  # in the next year
    working.withdraw(approved, by=inside["agent"], at=later)

    assert (budgets.used(2026), budgets.used(2027)) == ({"tuition": 0}, {})


# -- over --------------------------------------------------------------------------------------------------------------------------
def test_what_nobody_used_in_time_lapses_and_its_money_is_there_again(approved, inside):
    last = approved.until_on
    assert working.lapse(last, at=AT) == 0, "it can be used on its last day"

    assert working.lapse(last + ONE, at=AT) == 1

    approved.refresh_from_db()
    assert approved.state == State.LAPSED and budgets.used(2026) == {"tuition": 0}
    assert "“学费优惠”过期没用，预算退回去了" in titles(inside["agent"])


def test_a_second_night_changes_nothing_more(approved):
    day = approved.until_on + ONE
    working.lapse(day, at=AT)

    assert working.lapse(day, at=AT) == 0 and budgets.used(2026) == {"tuition": 0}


def test_what_was_given_never_lapses(approved, inside):
    working.give(approved, DAY, by=inside["agent"], at=AT)

    assert working.lapse(approved.until_on + ONE, at=AT) == 0


def test_the_night_looks_after_it(approved):
    nightly.derive(approved.until_on + ONE, at=AT)

    approved.refresh_from_db()
    assert approved.state == State.LAPSED


# -- two families that are one -----------------------------------------------------------------------------------------------------
def test_of_two_that_are_one_the_survivors_application_goes_on(row, home, inside):
    other = troubled(2)
    second, free = asked(other, inside["agent"]), asked(other, inside["agent"], 100, "free-class")

    stays = Concession.objects.filter(working.stays_when_merged(home.pk), customer=other)

    assert list(stays) == [second] and free not in stays

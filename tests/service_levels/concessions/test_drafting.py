"""优惠办法的草案: one at a time, rule by rule, sound before it is submitted, put in force by a second person."""
from dataclasses import replace

import pytest

from audit.models import Entry
from notifications.models import Message
from service_levels.concessions import drafting, known
from service_levels.concessions.policy import MOST_RULES, Policy
from service_levels.models import ConcessionPolicy
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.conftest import make_member
from tests.service_levels.concessions.makers import CLASS, RULES, TUITION, hold


@pytest.fixture
def people(school, head, deputy):
    return {"head": head, "deputy": deputy, "relations": make_member(school, "relations", "陈老师"), "agent": make_member(school, "agent")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


@pytest.fixture
def draft(inside):
    return drafting.draft_of(by=inside["relations"], at=AT)


@pytest.fixture
def sound(draft, inside):
    drafting.keep(draft, RULES, by=inside["relations"], at=AT)
    return draft


@pytest.fixture
def submitted(sound, inside):
    drafting.submit(sound, by=inside["relations"], at=AT)
    return sound


def refused(act, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, at=AT, **more)
    return caught.value


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member, read_at=None).values_list("title", flat=True))


# -- begun -------------------------------------------------------------------------------------------------------------------------
def test_the_first_draft_has_the_shipped_rules_of_the_schools_plans_without_a_budget(draft, inside):
    policy = draft.as_policy()

    assert (draft.number, draft.state, draft.proposed_by) == (1, "draft", inside["relations"])
    assert [(rule.code, rule.budget_fen) for rule in policy.rules] == [("tuition", 0), ("free-class", 0)]


def test_until_somebody_approves_no_rule_is_in_force(draft):
    assert known.in_force() == Policy()


def test_there_is_one_draft_whoever_asks(draft, inside):
    assert drafting.draft_of(by=inside["head"], at=AT) == draft and ConcessionPolicy.objects.count() == 1


def test_the_next_draft_begins_as_what_is_in_force(inside):
    hold(Policy((TUITION,), 80_000))

    made = drafting.draft_of(by=inside["head"], at=AT)

    assert (made.number, made.as_policy()) == (2, Policy((TUITION,), 80_000))


@pytest.mark.parametrize("act", [
    lambda row, by: drafting.draft_of(by=by, at=AT),
    lambda row, by: drafting.keep(row, RULES, by=by, at=AT),
    lambda row, by: drafting.submit(row, by=by, at=AT),
    lambda row, by: drafting.approve(row, by=by, at=AT),
    lambda row, by: drafting.send_back(row, "x", by=by, at=AT),
    lambda row, by: drafting.discard(row, by=by, at=AT),
])
def test_who_only_asks_for_concessions_writes_no_rules(draft, inside, act):
    with pytest.raises(Forbidden):
        act(draft, inside["agent"])


# -- edited ------------------------------------------------------------------------------------------------------------------------
def test_a_rule_is_changed_and_the_others_stay(sound, inside):
    changed = replace(TUITION, most_fen=60_000)

    drafting.keep_rule(sound, changed, by=inside["relations"], at=AT)

    assert sound.as_policy().rules == (changed, CLASS)


def test_a_new_rule_comes_last(sound, inside):
    fresh = replace(CLASS, code="own-1", name="画画班")

    drafting.keep_rule(sound, fresh, by=inside["relations"], at=AT)

    assert sound.as_policy().rules == (TUITION, CLASS, fresh)


def test_a_rule_that_is_not_wanted_goes(sound, inside):
    drafting.drop_rule(sound, "tuition", by=inside["relations"], at=AT)

    assert sound.as_policy().rules == (CLASS,)


def test_what_one_family_may_have_is_kept_beside_the_rules(sound, inside):
    drafting.keep_cap(sound, 90_000, by=inside["relations"], at=AT)

    assert sound.as_policy() == replace(RULES, most_fen=90_000)


def test_no_code_is_used_twice_so_that_no_budget_is_inherited(sound, inside):
    own = replace(CLASS, code="own-3", name="画画班")
    drafting.keep_rule(sound, own, by=inside["relations"], at=AT)
    ConcessionPolicy.objects.update(state="retired")
    later = drafting.draft_of(by=inside["relations"], at=AT)

    assert drafting.fresh_code(later.as_policy()) == "own-4"


def test_the_first_of_ones_own_is_the_first(sound):
    assert drafting.fresh_code(sound.as_policy()) == "own-1"


def test_there_is_room_for_so_many(sound, inside):
    many = Policy(tuple(replace(CLASS, code=f"own-{n}", name=str(n)) for n in range(MOST_RULES)))
    drafting.keep(sound, many, by=inside["relations"], at=AT)

    assert "最多 20 条规则" in refused(drafting.keep_rule, sound, TUITION, by=inside["relations"]).message
    drafting.keep_rule(sound, replace(CLASS, code="own-0", name="改了"), by=inside["relations"], at=AT)
    assert sound.as_policy().rules[0].name == "改了"


# -- a second person ---------------------------------------------------------------------------------------------------------------
def test_what_is_not_sound_is_not_submitted(draft, inside):
    assert "写每年的预算" in refused(drafting.submit, draft, by=inside["relations"]).message


def test_whoever_may_approve_is_asked(submitted, inside):
    assert submitted.state == "submitted"
    assert titles(inside["head"]) == titles(inside["deputy"]) == ["优惠办法第 1 版等您批准"] and titles(inside["relations"]) == []


def test_what_is_submitted_is_not_edited(submitted, inside):
    assert refused(drafting.keep, submitted, RULES, by=inside["relations"]).code == "stale"
    assert refused(drafting.discard, submitted, by=inside["relations"]).code == "stale"


def test_another_puts_it_in_force_and_the_one_before_retires(submitted, inside):
    before = hold(Policy((CLASS,)))

    drafting.approve(submitted, by=inside["deputy"], at=AT)

    before.refresh_from_db()
    assert (submitted.state, before.state, known.in_force()) == ("in_force", "retired", RULES)
    assert titles(inside["relations"]) == ["优惠办法第 1 版批准了，已经生效"] and titles(inside["head"]) == []


def test_nobody_approves_what_they_submitted(sound, inside):
    drafting.submit(sound, by=inside["head"], at=AT)

    assert refused(drafting.approve, sound, by=inside["head"]).code == "second_pair_of_eyes"


def test_it_is_sent_back_with_what_to_change(submitted, inside):
    assert refused(drafting.send_back, submitted, " ", by=inside["head"]).field == "words"
    drafting.send_back(submitted, "预算减半", by=inside["head"], at=AT)

    assert submitted.state == "draft" and titles(inside["relations"]) == ["优惠办法退回了：预算减半"] and titles(inside["head"]) == []


def test_who_submitted_it_takes_it_back_without_a_word(submitted, inside):
    drafting.send_back(submitted, "", by=inside["relations"], at=AT)

    assert submitted.state == "draft" and titles(inside["relations"]) == []


def test_a_draft_that_nobody_wants_goes(draft, inside):
    drafting.discard(draft, by=inside["relations"], at=AT)

    assert ConcessionPolicy.objects.count() == 0


def test_every_step_is_in_the_audit(submitted, inside):
    drafting.approve(submitted, by=inside["deputy"], at=AT)

    verbs = list(Entry.objects.filter(verb__startswith="service.policy").order_by("id").values_list("verb", flat=True))
    assert verbs == ["service.policy_begun", "service.policy_submitted", "service.policy_approved"]

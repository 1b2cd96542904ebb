"""优惠办法: what must hold before a family is given something, on generated cases too; what keeps rules from being used."""
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.concessions.policy import (
    MOST_RULES,
    SHIPPED,
    Facts,
    Policy,
    Rule,
    as_data,
    checks,
    from_data,
    problems,
    shipped,
    yuan,
)
from service_levels.plans.presets import KINDERGARTEN, TRAINING

DAY = date(2026, 11, 20)
ONE = timedelta(days=1)
RULE = Rule("tuition", "学费优惠", "K30(a)", "减一次学费。", 50_000, 120_000)
GOOD = Facts(owed=frozenset({"K30(a)"}), left_fen=120_000)
RULES = st.builds(Rule, st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8), st.sampled_from(["K30(a)", "K30(b)"]), st.text(),
                  st.integers(0, 10**7), st.integers(0, 10**9), st.integers(1, 800), st.integers(1, 200), st.booleans())


def failing(fen: int = 50_000, facts: Facts = GOOD, rule: Rule = RULE, policy: Policy | None = None) -> list[str]:
    """What stands in the way, in words."""
    held = policy or Policy((rule,))
    return [check.said for check in checks(held, rule, fen, facts, DAY) if not check.holds]


# -- what must hold ----------------------------------------------------------------------------------------------------------------
def test_a_family_to_whom_it_is_promised_gets_it_by_the_rule():
    assert failing() == []


def test_a_plan_that_does_not_promise_it_gives_nothing():
    assert failing(facts=replace(GOOD, owed=frozenset({"K30(b)"}))) == ["这一家的服务方案里有这一项"]


@pytest.mark.parametrize(("fen", "wrong"), [(1, []), (50_000, []), (50_001, ["每次最多 500 元"]), (0, ["每次最多 500 元"]),
                                            (-1, ["每次最多 500 元"])])
def test_nobody_gets_more_than_the_rule_says_and_nothing_is_no_concession(fen, wrong):
    assert failing(fen) == wrong


@pytest.mark.parametrize(("days", "may"), [(1, False), (364, False), (365, True), (400, True)])
def test_two_for_one_family_lie_as_far_apart_as_the_rule_says(days, may):
    wrong = failing(facts=replace(GOOD, last_on=DAY - days * ONE))

    assert (wrong == []) is may


def test_when_it_is_possible_again_is_told_by_the_day():
    assert failing(facts=replace(GOOD, last_on=date(2026, 3, 1))) == ["上一次是 2026-03-01，2027-03-01 起才能再给"]


def test_a_threat_alone_gives_nothing_where_the_rule_asks_for_causes():
    strict = replace(RULE, caused=True)

    assert failing(rule=strict) == ["有在办的流失个案，原因写清楚了"]
    assert failing(rule=strict, facts=replace(GOOD, has_causes=True)) == []


@pytest.mark.parametrize(("given_fen", "may"), [(0, True), (30_000, True), (30_001, False), (80_000, False)])
def test_all_rules_together_give_one_family_no_more_than_the_policy_says(given_fen, may):
    wrong = failing(facts=replace(GOOD, given_fen=given_fen), policy=Policy((RULE,), most_fen=80_000))

    assert (wrong == []) is may


@pytest.mark.parametrize(("left", "may"), [(120_000, True), (50_000, True), (49_999, False), (0, False), (-5, False)])
def test_a_budget_must_reach(left, may):
    wrong = failing(facts=replace(GOOD, left_fen=left))

    assert (wrong == []) is may


def test_what_is_left_is_never_told_as_less_than_nothing():
    assert failing(facts=replace(GOOD, left_fen=-5)) == ["今年的预算还剩 0 元"]


@given(rule=RULES, fen=st.integers(-10, 10**8), last=st.none() | st.dates(date(2020, 1, 1), DAY), given_fen=st.integers(0, 10**7),
       caused=st.booleans(), left=st.integers(-10**6, 10**9), most=st.integers(0, 10**7), owed=st.booleans())
def test_everything_holds_only_for_what_the_rule_promises(rule, fen, last, given_fen, caused, left, most, owed):
    """The whole law in one line: what passes is promised, within each limit, late enough, and paid for."""
    facts = Facts(frozenset({rule.line} if owed else ()), last, given_fen, caused, left)

    passes = all(check.holds for check in checks(Policy((rule,), most), rule, fen, facts, DAY))

    assert passes == (owed and 0 < fen <= min(rule.most_fen, left) and (last is None or (DAY - last).days >= rule.apart)
                      and (caused or not rule.caused) and (most == 0 or given_fen + fen <= most))


@given(rule=RULES, fen=st.integers(1, 10**7), left=st.integers(0, 10**7))
def test_who_may_have_so_much_may_have_less(rule, fen, left):
    facts = Facts(frozenset({rule.line}), None, 0, True, left)

    def may(amount: int) -> bool:
        return all(check.holds for check in checks(Policy((rule,)), rule, amount, facts, DAY))

    assert not may(fen) or may(max(1, fen // 2))


# -- what keeps a version from being used ------------------------------------------------------------------------------------------
LINES = ["K30(a)", "K30(b)"]


def wrong(*rules: Rule) -> list[str]:
    return [str(said) for _where, said in problems(Policy(rules), LINES)]


def test_sound_rules_have_no_problems():
    assert wrong(RULE, replace(RULE, code="b", name="兴趣班", line="K30(b)")) == []


@pytest.mark.parametrize(("change", "said"), [
    ({"line": "S10(a)"}, "方案里没有这一项优惠了"),
    ({"says": "  "}, "用一句谁都看得懂的话"),
    ({"most_fen": 0}, "写每次最多给多少"),
    ({"most_fen": 10_000_001, "budget_fen": 10**9}, "不超过 10 万元"),
    ({"budget_fen": 0}, "写每年的预算"),
    ({"budget_fen": 49_999}, "至少够给一家"),
])
def test_what_is_not_sound_is_said_with_the_name_of_the_rule(change, said):
    found = wrong(replace(RULE, **change))

    assert len(found) == 1 and said in found[0] and "“学费优惠”" in found[0]


def test_no_rules_are_no_policy():
    assert wrong() == ["还没有一条规则。"]


def test_two_rules_have_two_names():
    assert wrong(RULE, replace(RULE, code="b")) == ["两条规则不能同名。"]


def test_there_are_only_so_many_rules():
    assert wrong(*(replace(RULE, code=str(n), name=str(n)) for n in range(MOST_RULES + 1))) == ["最多 20 条规则。"]


# -- as data, and what is shipped --------------------------------------------------------------------------------------------------
@given(rules=st.lists(RULES, max_size=4), most=st.integers(0, 10**9))
def test_a_policy_is_kept_exactly_as_it_was(rules, most):
    policy = Policy(tuple(rules), most)

    assert from_data(as_data(policy)) == policy


def test_a_rule_is_found_by_its_code_and_by_the_line_it_puts_into_practice():
    policy = Policy((RULE,))

    assert policy.rule("tuition") == RULE and policy.rule("x") is None
    assert policy.of_line("K30(a)") == (RULE,) and policy.of_line("S10(a)") == ()


@pytest.mark.parametrize(("book", "codes"), [(KINDERGARTEN, ["tuition", "free-class"]), (TRAINING, ["price", "discount"])])
def test_every_concession_of_the_shipped_plans_has_a_shipped_rule(book, codes):
    lines = {line.key for plan in book.plans for line in plan.lines if line.ruled}

    assert [rule.code for rule in shipped(sorted(lines)).rules] == codes
    assert {rule.line for rule in shipped(sorted(lines)).rules} == lines


def test_a_shipped_rule_lacks_nothing_but_its_budget():
    lines = [rule.line for rule in SHIPPED.rules]

    assert [str(said)[-14:] for _where, said in problems(SHIPPED, lines)] == ["写每年的预算，至少够给一家。"] * 4


@pytest.mark.parametrize(("fen", "said"), [(0, "0"), (50_000, "500"), (5, "0.05"), (123_456_789, "1,234,567.89")])
def test_money_is_written_in_yuan(fen, said):
    assert yuan(fen) == said

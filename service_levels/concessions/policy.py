"""优惠办法: by which published rule a family may be given something off, and what stands in the way (SPEC X10, K30, S10). Pure.

A plan says that its families may be given a concession; a rule says how much, how often, after what, and out of which budget. Nothing is
given outside of a rule: who wants an exception changes the rule, for everybody.
"""
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from tenancy.said import Said

MOST_RULES = 20
DEAREST = 10_000_000      # 分 that one family may be given at once
YEAR = timedelta(days=365)
Problem = tuple[str, Said]


@dataclass(frozen=True)
class Rule:
    """一条规则. ``line`` is the key of the plans' line that promises it (``Line.key``); ``says`` the rule in words that anybody may read.

    ``most_fen`` each time, ``budget_fen`` for all families in a calendar year; ``apart`` days at least between two for one family;
    ``caused``: only while the family has an open case with its causes written down, so that nobody is paid for a threat (K28b);
    ``valid`` days to make use of it.
    """

    code: str
    name: str
    line: str
    says: str = ""
    most_fen: int = 0
    budget_fen: int = 0
    apart: int = 365
    valid: int = 90
    caused: bool = False


@dataclass(frozen=True)
class Policy:
    """A version: its rules, and what one family may be given by all of them in any 365 days; 0: as much as the rules come to."""

    rules: tuple[Rule, ...] = ()
    most_fen: int = 0

    def rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)

    def of_line(self, key: str) -> tuple[Rule, ...]:
        """The rules that put a line of the plans into practice."""
        return tuple(rule for rule in self.rules if rule.line == key)


@dataclass(frozen=True)
class Facts:
    """What is known of a family and of the money when something is asked for, beside the application itself."""

    owed: frozenset[str] = frozenset()  # keys of the concessions that its plan of today promises
    last_on: date | None = None         # when it was last given one by this rule
    given_fen: int = 0                  # by all rules, in the last 365 days
    has_causes: bool = False            # an open case, and why, is written down
    left_fen: int = 0                   # of the rule's budget of the year


@dataclass(frozen=True)
class Check:
    """One thing that must hold, in words, and whether it does."""

    holds: bool
    said: Said


def checks(policy: Policy, rule: Rule, fen: int, facts: Facts, day: date) -> tuple[Check, ...]:
    """Everything that must hold before a family is given ``fen`` by a rule on a day, in the order in which people ask."""
    return tuple(_checks(policy, rule, fen, facts, day))


def _checks(policy: Policy, rule: Rule, fen: int, facts: Facts, day: date) -> Iterator[Check]:
    yield Check(rule.line in facts.owed, Said("这一家的服务方案里有这一项"))
    yield Check(0 < fen <= rule.most_fen, Said("每次最多 %(most)s 元", most=yuan(rule.most_fen)))
    if facts.last_on is None:
        yield Check(True, Said("以前没有给过"))
    else:
        again = facts.last_on + timedelta(days=rule.apart)
        yield Check(again <= day, Said("上一次是 %(last)s，%(again)s 起才能再给", last=facts.last_on, again=again))
    if rule.caused:
        yield Check(facts.has_causes, Said("有在办的流失个案，原因写清楚了"))
    if policy.most_fen:
        yield Check(facts.given_fen + fen <= policy.most_fen, Said("一家一年里各种优惠合起来最多 %(most)s 元，已给 %(given)s 元",
                                                                  most=yuan(policy.most_fen), given=yuan(facts.given_fen)))
    yield Check(fen <= facts.left_fen, Said("今年的预算还剩 %(left)s 元", left=yuan(max(0, facts.left_fen))))


def yuan(fen: int) -> str:
    """分 as yuan; 分 are shown only where there are any."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


# -- what keeps a version from being used ----------------------------------------------------------------
def problems(policy: Policy, lines: Sequence[str]) -> list[Problem]:
    """(where, what to put right); ``lines`` are the keys of the concessions that plans promise."""
    if not policy.rules:
        return [("rules", Said("还没有一条规则。"))]
    if len(policy.rules) > MOST_RULES:
        return [("rules", Said("最多 %(most)s 条规则。", most=MOST_RULES))]
    if len({rule.name for rule in policy.rules}) != len(policy.rules):
        return [("rules", Said("两条规则不能同名。"))]
    return [problem for number, rule in enumerate(policy.rules) for problem in _of_a_rule(f"rule-{number}", rule, lines)]


def _of_a_rule(where: str, rule: Rule, lines: Sequence[str]) -> Iterator[Problem]:
    if rule.line not in lines:
        yield where, Said("“%(name)s”：方案里没有这一项优惠了。", name=rule.name)
    if not rule.says.strip():
        yield where, Said("“%(name)s”：用一句谁都看得懂的话写清楚给谁、给多少。", name=rule.name)
    if not 0 < rule.most_fen <= DEAREST:
        yield where, Said("“%(name)s”：写每次最多给多少，不超过 10 万元。", name=rule.name)
    if rule.budget_fen < rule.most_fen:
        yield where, Said("“%(name)s”：写每年的预算，至少够给一家。", name=rule.name)


# -- as data -----------------------------------------------------------------------------------------------
def as_data(policy: Policy) -> dict[str, Any]:
    """The policy as JSON, for storing a version exactly as it was."""
    return asdict(policy)


def from_data(data: Mapping[str, Any]) -> Policy:
    """The inverse of as_data()."""
    return Policy(tuple(Rule(**rule) for rule in data["rules"]), data["most_fen"])


SHIPPED = Policy((
    Rule("tuition", "学费优惠", "K30(a)", "多次提出困难、原因查清的家庭，减一次学费。", 50_000, caused=True),
    Rule("free-class", "免费兴趣班", "K30(b)", "多次提出困难、原因查清的家庭，送一期兴趣班。", 30_000, caused=True),
    Rule("price", "专属价格", "S10(a)", "一级家庭续费时的专属价格，每年一次。", 20_000),
    Rule("discount", "续费折扣", "S10(b)", "一级家庭一次续满一年的折扣，每年一次。", 20_000)))


def shipped(lines: Sequence[str]) -> Policy:
    """What a school begins with: the rules whose lines its plans have, each still without a budget."""
    return Policy(tuple(rule for rule in SHIPPED.rules if rule.line in lines))

"""The clauses of the two rules, letter by letter: a customer as the text describes stands in its tier, and each letter counts.

Facts in the units of tiering.rules: 分, rating × 100, referral points × 10, days, counts.
"""
import pytest

from tiering.presets import KINDERGARTEN, PARTNER, PROSPECT, SERVICE
from tiering.rules import FACTS, decide

YEAR = 365
# 《幼儿园客户分级管理制度》: what each tier's paragraph describes
KINDER = {
    "A": {"spend": 2600000, "intent": 480, "influence": 110, "tenure": 3 * YEAR + 10, "activities": 9, "contacts": 8,
            "satisfaction": 480,
          "referred": 3, "converted": 2, "known": 1200},
    "B": {"spend": 1900000, "intent": 400, "influence": 20, "tenure": 2 * YEAR, "activities": 5, "contacts": 4,
            "satisfaction": 400,
          "referred": 1, "known": 800},
    "C": {"spend": 1450000, "intent": 300, "influence": 0, "tenure": YEAR, "activities": 3, "contacts": 2,
            "satisfaction": 320, "known": 400},
    "D": {"spend": 500000, "intent": 150, "influence": 0, "tenure": 120, "activities": 0, "contacts": 0,
            "satisfaction": 180,
          "transfer": 1, "known": 120},
}
BELOW = {"A": "B", "B": "C", "C": "D"}
RATED = {"intent", "credit", "complexity", "satisfaction"}


def facts(**known):
    return [known.get(name, None if name in RATED else 0) for name in FACTS]


def tier(scheme, known):
    return scheme.labels[decide(scheme, facts(**known)).tier]


@pytest.mark.parametrize("label", "ABCD")
def test_a_customer_as_the_paragraph_describes_stands_in_its_tier(label):
    assert tier(KINDERGARTEN, KINDER[label]) == label


# clause → (tier, the fact that proves it); (b), (c) and (e) of A are answers of the intent rubric and activities
CLAUSES = {
    "K11(a)": ("A", "spend"), "K11(b)": ("A", "intent"), "K11(c)": ("A", "activities"), "K11(d)": ("A",
            "contacts"), "K11(e)": ("A", "intent"),
    "K11(f)": ("A", "influence"), "K11(h)": ("A", "tenure"),
    "K12(a)": ("B", "spend"), "K12(b)": ("B", "intent"), "K12(c)": ("B", "activities"), "K12(d)": ("B",
            "intent"), "K12(e)": ("B", "influence"),
    "K12(f)": ("B", "tenure"),
    "K13(a)": ("C", "spend"), "K13(b)": ("C", "satisfaction"), "K13(c)": ("C", "activities"), "K13(d)": ("C",
            "intent"), "K13(f)": ("C", "tenure"),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_each_letter_counts(clause):
    """With this one fact as the tier below describes it, the customer scores less."""
    label, fact = CLAUSES[clause]
    whole = KINDER[label]
    weaker = whole | {fact: KINDER[BELOW[label]][fact]}

    assert decide(KINDERGARTEN, facts(**weaker)).score < decide(KINDERGARTEN, facts(**whole)).score


def test_k11_g_without_a_new_customer_brought_in_nobody_is_a():
    assert tier(KINDERGARTEN, KINDER["A"] | {"converted": 0}) == "B"


def test_k13_e_few_referrals_earn_less_than_one_that_visited():
    none, one = (decide(KINDERGARTEN, facts(**KINDER["C"] | {"influence": points})).score for points in (0, 20))

    assert none < one


@pytest.mark.parametrize("clause,fact,better", [
    ("K14(a)", "spend", 1500000), ("K14(b)", "satisfaction", 450), ("K14(c)", "activities", 9), ("K14(d)", "intent",
            450), ("K14(e)", "influence", 50), ("K14(f)", "tenure", 3 * YEAR),
])
def test_what_makes_a_d_is_what_would_raise_it(clause, fact, better):
    low, high = (decide(KINDERGARTEN, facts(**known)).score for known in (KINDER["D"], KINDER["D"] | {fact: better}))

    assert low < high


def test_k14_g_who_talks_of_leaving_is_d_whatever_else_is_true():
    decision = decide(KINDERGARTEN, facts(**KINDER["A"] | {"transfer": 1}))

    assert (KINDERGARTEN.labels[decision.tier], KINDERGARTEN.labels[decision.uncapped]) == ("D", "A")


# 《客户服务分级管理办法》
SERVED = {
    "1": {"spend": 2000000, "frequency": 6, "tenure": 2 * YEAR, "credit": 500, "complexity": 400},
    "2": {"spend": 900000, "frequency": 3, "tenure": YEAR, "credit": 400, "complexity": 300},
    "3": {"spend": 400000, "frequency": 1, "tenure": 180, "credit": 300, "complexity": 200},
    "4": {"spend": 100000, "frequency": 0, "tenure": 30, "credit": 150, "complexity": 100},
}


@pytest.mark.parametrize("clause,label", [("S4(a)", "1"), ("S4(b)", "2"), ("S4(c)", "3"), ("S4(d)", "4")])
def test_a_client_as_the_tier_is_described_stands_in_it(clause, label):
    assert tier(SERVICE, SERVED[label]) == label


@pytest.mark.parametrize("clause,fact", [("S3(a)", "spend"), ("S3(b)", "frequency"), ("S3(c)", "credit"),
        ("S3(d)", "tenure"), ("S3(e)", "complexity")])
def test_each_of_the_five_indicators_counts(clause, fact):
    assert decide(SERVICE, facts(**SERVED["2"] | {fact: SERVED["4"][fact]})).score < decide(SERVICE,
            facts(**SERVED["2"])).score


def test_x7_a_prospect_is_judged_by_intent_and_contact_and_a_partner_by_what_it_brings():
    eager = {"intent": 500, "contacts": 4, "activities": 2, "known": 30}
    strong = {"influence": 300, "tenure": 3 * YEAR, "credit": 500}

    assert (tier(PROSPECT, eager), tier(PROSPECT, {"intent": 100, "known": 30})) == ("A", "D")
    assert (tier(PARTNER, strong), tier(PARTNER, {"credit": 100})) == ("A", "D")

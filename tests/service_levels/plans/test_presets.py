"""The shipped plans, written a second time by hand: what each row of the two written rules became, and that nothing was left out."""
import pytest

from service_levels.plans.book import BANDS, Occasion, Section, Unit, problems
from service_levels.plans.presets import BY_SCHEME, KINDERGARTEN, TRAINING
from tiering.presets import PRESETS

# plan, row of the rule, part of the plan, how often a year, whether it needs a rule and a budget of its own
OWED = [
    ("dedicated", "K16(a)", "people", 0, False),
    ("dedicated", "K16(b)", "process", 0, False),
    ("dedicated", "K16(c)", "standard", 0, False),
    ("dedicated", "K17(a)", "event", 4, False),
    ("dedicated", "K17(b)", "event", 4, False),
    ("dedicated", "K17(c)", "event", 1, False),
    ("dedicated", "K17(d)", "event", 2, False),
    ("dedicated", "K18(a)", "content", 1, False),
    ("dedicated", "K18(b)", "content", 1, False),
    ("dedicated", "K18(c)", "content", 1, False),
    ("dedicated", "K18(d)", "process", 1, False),
    ("dedicated", "K19(a)", "benefit", 2, False),
    ("dedicated", "K19(b)", "benefit", 2, False),
    ("dedicated", "K19(c)", "cadence", 4, False),
    ("dedicated", "K19(d)", "cadence", 1, False),
    ("dedicated", "K19(e)", "benefit", 1, False),
    ("quality", "K20", "standard", 0, False),
    ("quality", "K21(a)", "cadence", 12, False),
    ("quality", "K21(b)", "content", 0, False),
    ("quality", "K21(c)", "content", 0, False),
    ("quality", "K22(a)", "event", 12, False),
    ("quality", "K22(b)", "benefit", 4, False),
    ("quality", "K23(a)", "content", 2, False),
    ("quality", "K23(b)", "content", 2, False),
    ("closer", "K24(a)", "cadence", 12, False),
    ("closer", "K24(b)", "cadence", 12, False),
    ("closer", "K24(c)", "content", 0, False),
    ("closer", "K24(d)", "content", 0, False),
    ("closer", "K24(e)", "process", 4, False),
    ("closer", "K25(a)", "content", 0, False),
    ("closer", "K25(b)", "content", 0, False),
    ("closer", "K26(a)", "cadence", 1, False),
    ("closer", "K26(b)", "cadence", 2, False),
    ("closer", "K27", "event", 12, False),
    ("win-back", "K28(a)", "people", 0, False),
    ("win-back", "K28(b)", "process", 4, False),
    ("win-back", "K28(c)", "process", 4, False),
    ("win-back", "K28(d)", "content", 4, False),
    ("win-back", "K28(e)", "content", 4, False),
    ("win-back", "K29(a)", "cadence", 52, False),
    ("win-back", "K29(b)", "content", 0, False),
    ("win-back", "K29(c)", "content", 0, False),
    ("win-back", "K29(d)", "content", 0, False),
    ("win-back", "K30(a)", "benefit", 1, True),
    ("win-back", "K30(b)", "benefit", 1, True),
    ("win-back", "K30(c)", "content", 0, False),
    ("win-back", "K31(a)", "process", 0, False),
    ("win-back", "K31(b)", "standard", 0, False),
    ("win-back", "K31(c)", "event", 4, False),
    ("team", "S6(a)", "people", 0, False),
    ("team", "S6(b)", "people", 0, False),
    ("team", "S6(c)", "people", 0, False),
    ("team", "S7(a)", "process", 0, False),
    ("team", "S7(b)", "process", 0, False),
    ("team", "S8", "content", 2, False),
    ("team", "S9", "cadence", 12, False),
    ("team", "S10(a)", "benefit", 1, True),
    ("team", "S10(b)", "benefit", 1, True),
    ("team", "S10(c)", "benefit", 2, False),
    ("team", "S11(a)", "event", 2, False),
    ("team", "S11(b)", "event", 2, False),
    ("team", "S11(c)", "content", 4, False),
    ("named", "S12(a)", "people", 0, False),
    ("named", "S12(b)", "standard", 0, False),
    ("named", "S12(c)", "content", 0, False),
    ("named", "S12(d)", "cadence", 12, False),
    ("named", "S12(e)", "event", 4, False),
    ("pool", "S13(a)", "people", 0, False),
    ("pool", "S13(b)", "standard", 0, False),
    ("pool", "S13(c)", "content", 0, False),
    ("pool", "S13(d)", "cadence", 2, False),
    ("self", "S14(a)", "people", 0, False),
    ("self", "S14(b)", "process", 0, False),
    ("self", "S14(c)", "standard", 0, False),
]
PLANS = {plan.code: plan for book in BY_SCHEME.values() for plan in book.plans}


@pytest.mark.parametrize(("code", "source", "section", "a_year", "ruled"), OWED)
def test_a_row_of_the_written_rule_is_something_that_somebody_does(code, source, section, a_year, ruled):
    line = next(line for line in PLANS[code].lines if line.source == source)

    assert (line.section, line.a_year, line.ruled) == (section, a_year, ruled)
    assert line.text


def test_nothing_else_is_shipped_and_nothing_is_left_out():
    shipped = {(plan.code, line.source) for plan in PLANS.values() for line in plan.lines if not plan.code.endswith("hold")}

    assert shipped == {(code, source) for code, source, _section, _a_year, _ruled in OWED}


@pytest.mark.parametrize("code", sorted(BY_SCHEME))
def test_what_is_shipped_can_be_used(code):
    assert problems(BY_SCHEME[code]) == []


@pytest.mark.parametrize("code", sorted(BY_SCHEME))
def test_the_plans_speak_of_the_tiers_of_their_scheme(code):
    labels = {preset.code: preset.scheme.labels for presets in PRESETS.values() for preset in presets}

    assert BY_SCHEME[code].labels == labels[code]


def test_d_gets_the_most_contact_and_level_four_the_least():
    def contacts(book, label: str) -> int:
        return sum(line.a_year for line in book.owed(label, "low").of(Section.CADENCE))

    assert max("ABCD", key=lambda label: contacts(KINDERGARTEN, label)) == "D"
    assert min("1234", key=lambda label: contacts(TRAINING, label)) == "4"


def test_d_is_spoken_to_every_week():
    assert [line.unit for line in KINDERGARTEN.owed("D", "low").of(Section.CADENCE)] == [Unit.WEEK]


@pytest.mark.parametrize("label", ["A", "B", "C", "D", ""])
def test_whoever_is_about_to_leave_a_kindergarten_is_held_back(label):
    assert KINDERGARTEN.owed(label, "high").code in ("hold", "win-back")


def test_an_a_at_risk_keeps_what_an_a_has():
    calm, leaving = KINDERGARTEN.owed("A", "low"), KINDERGARTEN.owed("A", "high")

    assert set(calm.lines) < set(leaving.lines)
    assert leaving.respond < calm.respond


def test_level_four_helps_itself_at_every_risk():
    assert {TRAINING.owed("4", str(band)).code for band in BANDS} == {"self"}


@pytest.mark.parametrize(("book", "labels"), [(KINDERGARTEN, "ABC"), (TRAINING, "1234")])
def test_a_better_tier_is_not_answered_later(book, labels):
    targets = [book.owed(label, "low").respond for label in labels]

    assert targets == sorted(targets)


def test_no_line_that_is_told_to_customers_names_a_tier():
    told = [line.text for plan in PLANS.values() for line in plan.lines if line.told]

    assert not [text for text in told if any(word in text for word in ("等级", "A 级", "D 级", "一级", "四级", "挽回"))]


@pytest.mark.parametrize("code", sorted(BY_SCHEME))
def test_what_is_kept_on_a_day_of_the_family_is_told_by_its_occasion(code):
    """No line waits for a day by its words alone."""
    words = {"生日": Occasion.BIRTHDAY, "节日": Occasion.FESTIVAL, "纪念日专属": Occasion.ANNIVERSARY, "纪念日定制": Occasion.GIFT,
             "感谢": Occasion.THANKS, "进步": Occasion.PROGRESS}
    lines = {line for plan in BY_SCHEME[code].plans for line in plan.lines if line.keeps_in_touch}

    for word, occasion in words.items():
        assert {line.occasion for line in lines if word in line.text} <= {occasion}


@pytest.mark.parametrize(("code", "keys"), [
    ("dedicated", {"K19(a)", "K19(b)", "K19(c)", "K19(d)", "K19(e)"}),
    ("quality", {"K21(a)"}),
    ("closer", {"K24(a)", "K24(b)", "K26(a)", "K26(b)"}),
    ("win-back", {"K29(a)"}),
    ("hold", {"K19(a)", "K19(b)", "K19(c)", "K19(d)", "K19(e)", "K29(a)"}),
])
def test_which_contacts_each_plan_of_a_kindergarten_owes(code, keys):
    plan = BY_SCHEME["kg-ad"].plan(code)

    assert {line.key for line in plan.lines if line.keeps_in_touch} == keys


@pytest.mark.parametrize(("code", "keys"), [
    ("team", {"S9", "S11(c)"}),
    ("team-hold", {"S9", "S11(c)", "K29(a)"}),
    ("named", {"S12(d)"}),
    ("named-hold", {"S12(d)", "K29(a)"}),
    ("pool", {"S13(d)"}),
    ("self", set()),
])
def test_what_each_level_of_a_training_centre_is_to_get(code, keys):
    plan = BY_SCHEME["svc-14"].plan(code)

    assert {line.key for line in plan.lines if line.keeps_in_touch} == keys

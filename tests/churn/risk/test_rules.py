"""The risk of leaving: points with reasons, compared with a slow reference that looks at every sign on its own."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.risk.rules import FALLING, MOST, SHIPPED, SIGNS, Band, Reason, Weights, band_of, faults, judge


def facts(**known):
    """Nothing is known but this."""
    return [known.get(code) for code in SIGNS]


def slowly(weights, known):
    """One sign after the other, from the mildest step on, as one would do it by hand."""
    score, reasons, missing = 0, [], []
    for place, code in enumerate(SIGNS):
        steps = weights.steps.get(code, ())
        if not steps:
            continue
        value = known[place]
        if value is None:
            missing.append(code)
            continue
        earned = 0
        for bound, points in steps:
            if (code in FALLING and value <= bound) or (code not in FALLING and value >= bound):
                earned = points
        score += earned
        if earned:
            reasons.append((code, value, earned))
    score = score if score < 100 else 100
    band = "low" if score < weights.watch else "watch" if score < weights.high else "high"
    return score, band, sorted(reasons, key=lambda reason: (-reason[2], SIGNS.index(reason[0]))), missing


@st.composite
def steps_of(draw, code):
    bounds = sorted(draw(st.sets(st.integers(0, 400), min_size=1, max_size=4)), reverse=code in FALLING)
    points = sorted(draw(st.sets(st.integers(1, 100), min_size=len(bounds), max_size=len(bounds))))
    return tuple(zip(bounds, points, strict=True))


@st.composite
def weights(draw):
    codes = draw(st.sets(st.sampled_from(SIGNS)))
    watch = draw(st.integers(1, 99))
    return Weights({code: draw(steps_of(code)) for code in codes}, watch, draw(st.integers(watch + 1, 100)))


known = st.lists(st.none() | st.integers(-10, 500), min_size=len(SIGNS), max_size=len(SIGNS))


# -- against the reference -----------------------------------------------------------------------------------------------------
@given(weights=weights(), known=known)
def test_it_says_what_the_slow_reference_says(weights, known):
    risk = judge(weights, known)

    assert (risk.score, str(risk.band), [(r.sign, r.value, r.points) for r in risk.reasons],
            list(risk.missing)) == slowly(weights, known)


@given(weights=weights(), known=known)
def test_the_reasons_add_up_to_the_score(weights, known):
    risk = judge(weights, known)

    assert risk.score == min(MOST, sum(reason.points for reason in risk.reasons))
    assert all(0 < reason.points <= reason.most for reason in risk.reasons)


@given(weights=weights(), known=known, sign=st.sampled_from(SIGNS), worse=st.integers(0, 300))
def test_a_sign_that_grows_worse_never_lowers_the_risk(weights, known, sign, worse):
    before = judge(weights, known).score
    place = SIGNS.index(sign)
    value = known[place] or 0
    after = [*known]
    after[place] = value - worse if sign in FALLING else value + worse

    assert judge(weights, after).score >= before


@given(weights=weights())
def test_generated_weights_have_no_fault(weights):
    assert faults(weights) == []


# -- by example --------------------------------------------------------------------------------------------------------------
def test_of_whom_nothing_is_known_nothing_is_feared_and_everything_is_missing():
    risk = judge(SHIPPED, facts())

    assert (risk.score, risk.band, risk.reasons, risk.missing) == (0, Band.LOW, (), SIGNS)


def test_a_quiet_family_is_at_ease():
    risk = judge(SHIPPED, facts(missed=5, run=0, lapsed=80, silent=10, unanswered=0, broken=0, satisfaction=450,
            complaints=0,
                                lessons=30, tenure=400, transfer=0))

    assert (risk.score, risk.band, risk.reasons, risk.missing) == (0, Band.LOW, (), ())


def test_the_heaviest_reason_stands_first():
    risk = judge(SHIPPED, facts(complaints=1, transfer=1, silent=50))

    assert risk.reasons == (Reason("transfer", 1, 40, 55), Reason("complaints", 1, 12, 22), Reason("silent", 50, 5, 12))
    assert (risk.score, risk.band) == (57, Band.HIGH)


@pytest.mark.parametrize(("sign", "value", "points"), [
    ("missed", 14, 0),
    ("missed", 15, 8),
    ("missed", 29, 8),
    ("missed", 30, 18),
    ("missed", 50, 30),
    ("missed", 100, 30),
    ("run", 2, 0),
    ("run", 3, 8),
    ("run", 5, 16),
    ("run", 10, 30),
    ("lapsed", 149, 0),
    ("lapsed", 150, 10),
    ("lapsed", 200, 25),
    ("lapsed", 300, 40),
    ("silent", 44, 0),
    ("silent", 45, 5),
    ("silent", 90, 12),
    ("unanswered", 0, 0),
    ("unanswered", 1, 4),
    ("unanswered", 2, 8),
    ("broken", 1, 10),
    ("broken", 2, 18),
    ("satisfaction", 301, 0),
    ("satisfaction", 300, 10),
    ("satisfaction", 200, 25),
    ("satisfaction", 100, 25),
    ("complaints", 1, 12),
    ("complaints", 5, 22),
    ("lessons", 9, 0),
    ("lessons", 8, 8),
    ("lessons", 4, 15),
    ("lessons", 0, 30),
    ("tenure", 91, 0),
    ("tenure", 90, 8),
    ("tenure", 30, 12),
    ("transfer", 0, 0),
    ("transfer", 1, 40),
    ("transfer", 2, 55),
])
def test_what_the_shipped_weights_give_for_a_sign(sign, value, points):
    assert judge(SHIPPED, facts(**{sign: value})).score == points


@pytest.mark.parametrize(("score", "band"), [
    (0, Band.LOW),
    (24, Band.LOW),
    (25, Band.WATCH),
    (49, Band.WATCH),
    (50, Band.HIGH),
    (100, Band.HIGH),
])
def test_a_score_on_a_cut_off_belongs_to_the_higher_band(score, band):
    assert band_of(SHIPPED, score) == band


def test_what_is_over_a_hundred_stays_a_hundred():
    risk = judge(SHIPPED, facts(missed=100, run=20, lapsed=900, transfer=3))

    assert (risk.score, sum(reason.points for reason in risk.reasons)) == (100, 155)


def test_a_sign_without_steps_is_neither_counted_nor_missed():
    weights = Weights({"run": ((3, 10),), "transfer": ()})

    assert judge(weights, facts(transfer=9, missed=100)) == judge(weights, facts())
    assert judge(weights, facts()).missing == ("run",)


@pytest.mark.parametrize("band", [Band.LOW, Band.WATCH, Band.HIGH])
def test_bands_are_the_words_of_the_glossary(band):
    assert band in ("low", "watch", "high")


# -- weights that somebody typed -----------------------------------------------------------------------------------------------
def test_the_shipped_weights_have_no_fault_and_look_at_every_sign():
    assert (faults(SHIPPED), set(SHIPPED.steps)) == ([], set(SIGNS))


@pytest.mark.parametrize(("weights", "found"), [
    (Weights({"weather": ((1, 5),)}), ["unknown:weather"]),
    (Weights({"run": ((5, 5), (3, 9))}), ["steps:run"]),
    (Weights({"run": ((3, 9), (5, 9))}), ["steps:run"]),
    (Weights({"lessons": ((0, 5), (4, 9))}), ["steps:lessons"]),
    (Weights({"run": ((3, 0),)}), ["steps:run"]),
    (Weights({"run": ((3, 101),)}), ["steps:run"]),
    (Weights({}, 0, 50), ["cutoffs"]),
    (Weights({}, 50, 50), ["cutoffs"]),
    (Weights({}, 25, 101), ["cutoffs"]),
    (Weights({"x": ((1, 5),), "run": ((3, 0),)}, 9, 8), ["unknown:x", "steps:run", "cutoffs"]),
    (Weights({"lessons": ((4, 5), (0, 9))}, 1, 100), []),
])
def test_weights_that_cannot_be_used_are_named(weights, found):
    assert faults(weights) == found

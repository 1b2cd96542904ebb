"""What is typed about plans: the grid as it stands, a plan that comes back as it was, and what is wrong said at its field."""
from dataclasses import replace

import pytest
from django.forms import ChoiceField, MultipleChoiceField
from hypothesis import given
from hypothesis import strategies as st

from service_levels.plans.book import Line, Occasion, People, Plan, Section, Solution, Unit
from service_levels.plans.forms import GridForm, LineForm, MeansForm, NewPlanForm, PlanForm, edited, lines_of
from service_levels.plans.presets import BY_SCHEME, KINDERGARTEN

PLANS = [plan for book in BY_SCHEME.values() for plan in book.plans]
TYPED = {"section": "cadence", "text": "问候", "unit": "week", "times": "1", "minutes": "12", "fen": "", "source": ""}


def posted_of(plan: Plan) -> dict:
    """What a browser sends back of the form as it was shown."""
    form, lines = PlanForm(initial=vars(plan)), lines_of(plan)
    sent = {name: form[name].value() for name in form.fields}
    sent |= {f"l-{name}": lines.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    for line in lines.forms:
        for field in line:
            value = field.value()
            if value is None and isinstance(field.field, ChoiceField) and not isinstance(field.field, MultipleChoiceField):
                value = field.field.choices[0][0]  # a browser sends the first of a list where nothing was chosen
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def read(plan: Plan, sent: dict) -> Plan:
    """The plan as it was typed, through the forms."""
    form, lines = PlanForm(sent), lines_of(plan, sent)

    assert form.is_valid(), form.errors
    assert lines.is_valid(), lines.errors
    return edited(plan, form, lines)


# -- one plan ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("plan", PLANS, ids=[plan.code for plan in PLANS])
def test_a_plan_that_is_sent_back_untouched_is_the_same(miao, plan):
    assert read(plan, posted_of(plan)) == plan


LINES = st.builds(
    Line, st.sampled_from([section for section in Section if section is not Section.CADENCE]),
    st.text("你好问候礼物", min_size=1, max_size=12), st.sampled_from(["", "K16(a)"]), st.sampled_from(Unit), st.integers(1, 60),
    st.integers(0, 600), st.integers(0, 10_000_000), st.lists(st.sampled_from(["phone", "wechat", "face"]), unique=True).map(tuple),
    st.booleans(), st.booleans())


@given(st.lists(LINES, max_size=4).map(tuple), st.integers(1, 4), st.integers(1, 100), st.integers(100, 43_200))
def test_every_plan_comes_back_as_it_was(lines, priority, respond, resolve):
    plan = Plan("x", "方案", People.POOL, Solution.STANDARD, priority, respond, resolve, lines)

    assert read(plan, posted_of(plan)) == plan


def test_a_line_that_is_dropped_or_emptied_is_gone(miao):
    plan = KINDERGARTEN.plan("quality")
    sent = posted_of(plan) | {"l-0-DELETE": "on", "l-1-text": "  "}

    assert read(plan, sent).lines == plan.lines[2:]


def test_an_empty_row_takes_one_more_line(miao):
    plan = KINDERGARTEN.plan("closer")
    place = len(plan.lines)
    sent = posted_of(plan) | {f"l-{place}-{name}": value for name, value in (TYPED | {"fen": "12.5", "by": ["phone"]}).items()}

    assert read(plan, sent).lines == (*plan.lines, Line(Section.CADENCE, "问候", "", Unit.WEEK, 1, 12, 1250, ("phone",)))


@pytest.mark.parametrize(("typed", "field"), [
    ({"name": ""}, "name"),
    ({"name": "字" * 21}, "name"),
    ({"people": "robots"}, "people"),
    ({"solution": "magic"}, "solution"),
    ({"priority": "0"}, "priority"),
    ({"priority": "5"}, "priority"),
    ({"respond": "0"}, "respond"),
    ({"respond": "很快"}, "respond"),
    ({"resolve": "43201"}, "resolve"),
    ({"respond": "600", "resolve": "599"}, "resolve"),
])
def test_what_is_wrong_with_a_plan_is_said_at_its_field(miao, typed, field):
    plan = KINDERGARTEN.plan("quality")
    form = PlanForm(posted_of(plan) | typed)

    assert field in form.errors


@pytest.mark.parametrize(("typed", "field"), [
    ({"section": "x"}, "section"),
    ({"text": "字" * 81}, "text"),
    ({"unit": "decade"}, "unit"),
    ({"unit": "always"}, "unit"),
    ({"times": "0"}, "times"),
    ({"times": "61"}, "times"),
    ({"minutes": "-1"}, "minutes"),
    ({"minutes": "601"}, "minutes"),
    ({"fen": "¥x"}, "fen"),
    ({"fen": "-5"}, "fen"),
    ({"by": ["pigeon"]}, "by"),
])
def test_what_is_wrong_with_a_line_is_said_at_its_field(miao, typed, field):
    assert field in LineForm(TYPED | typed).errors


def test_too_many_lines_are_refused(miao):
    plan = replace(KINDERGARTEN.plan("quality"), lines=(KINDERGARTEN.plan("quality").lines[0],) * 60)
    sent = posted_of(plan)
    lines = lines_of(plan, sent | {"l-TOTAL_FORMS": "61"} | {f"l-60-{name}": value for name, value in TYPED.items()})

    assert not lines.is_valid()


# -- the grid ----------------------------------------------------------------------------------------------------------------------
def test_the_grid_stands_as_it_is_with_high_risk_first(miao):
    form = GridForm(book=KINDERGARTEN)

    assert [(label, [field.value() for field in fields]) for label, fields in form.rows] == [
        ("A", ["hold", "dedicated", "dedicated"]), ("B", ["win-back", "quality", "quality"]), ("C", ["win-back", "closer", "closer"]),
        ("D", ["win-back", "win-back", "win-back"]), ("", ["win-back", "quality", "quality"])]


def test_every_cell_has_a_name_for_who_cannot_see_the_table(miao):
    rows = GridForm(book=KINDERGARTEN).rows

    assert [field.field.widget.attrs["aria-label"] for field in rows[0][1]] == ["A 级，高风险", "A 级，留意", "A 级，平稳"]
    assert rows[-1][1][0].field.widget.attrs["aria-label"] == "未定级，高风险"


def test_the_grid_sent_back_is_the_grid(miao):
    form = GridForm(book=KINDERGARTEN)
    sent = {name: form[name].value() for name in form.fields}
    again = GridForm(sent | {"cell-1-watch": "closer"}, book=KINDERGARTEN)

    assert again.is_valid()
    assert again.cells() == {(label, band): code for label, band, code in KINDERGARTEN.pairs()} | {("B", "watch"): "closer"}


@pytest.mark.parametrize("typed", [{"cell-0-high": "gold"}, {"cell-4-low": ""}, {"cell-4-low": "gold"}])
def test_a_cell_takes_only_a_plan_of_the_book(miao, typed):
    form = GridForm(book=KINDERGARTEN)
    sent = {name: form[name].value() for name in form.fields}

    assert set(GridForm(sent | typed, book=KINDERGARTEN).errors) == set(typed)


# -- the rest ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "wrong"), [
    ({"code": "quality", "name": "新的"}, set()),
    ({"code": "gold", "name": "新的"}, {"code"}),
    ({"code": "quality", "name": ""}, {"name"}),
    ({"code": "quality", "name": "字" * 21}, {"name"}),
])
def test_a_new_plan_names_what_it_begins_as(miao, typed, wrong):
    assert set(NewPlanForm(typed, book=KINDERGARTEN).errors) == wrong


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"hours_week": "40", "budget_fen": "5万"}, {"budget_fen"}),
    ({"hours_week": "40", "budget_fen": "50,000"}, set()),
    ({"hours_week": "-1", "budget_fen": "0"}, {"hours_week"}),
    ({"hours_week": "100001", "budget_fen": "0"}, {"hours_week"}),
    ({"hours_week": "40", "budget_fen": "-1"}, {"budget_fen"}),
    ({"hours_week": "", "budget_fen": ""}, {"hours_week", "budget_fen"}),
])
def test_staff_and_budget_are_figures(miao, typed, wrong):
    assert set(MeansForm(typed).errors) == wrong


# -- what a line waits for -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("occasion", list(Occasion))
def test_a_line_waits_for_what_was_chosen(miao, occasion):
    form = LineForm(TYPED | {"occasion": occasion.value})

    assert form.is_valid(), form.errors
    assert form.line().occasion is occasion


@pytest.mark.parametrize("typed", ["", "easter"])
def test_another_occasion_is_none(miao, typed):
    assert "occasion" in LineForm(TYPED | {"occasion": typed}).errors


def test_an_occasion_that_is_changed_is_another_line(miao):
    plan = KINDERGARTEN.plan("closer")
    sent = posted_of(plan)
    number = next(n for n, line in enumerate(plan.lines) if line.source == "K26(a)")
    sent[f"l-{number}-occasion"] = "anniversary"
    after = read(plan, sent)

    assert after.lines[number] == replace(plan.lines[number], occasion=Occasion.ANNIVERSARY)
    assert [line for line in after.lines if line not in plan.lines] == [after.lines[number]]

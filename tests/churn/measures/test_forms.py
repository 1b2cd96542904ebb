"""What is typed about a measure, word by word."""
import pytest

from churn.measures.forms import CheckForm, DecideForm, MeasureForm, MoveForm, RulesForm, StepForm
from churn.models import EffectRules
from crm.models import ClassGroup
from tenancy.models import Campus
from tests.churn.cases.conftest import cause
from tests.churn.conftest import DAY


@pytest.fixture
def typed(head, miao, on_the_day):
    return {
        "title": " 停车位 ",
        "department": "admin",
        "owner": head.pk,
        "starts_on": "2026-11-20",
        "due_on": "2026-12-10",
        "indicator": "churn",
    }


def form(data) -> MeasureForm:
    made = MeasureForm(data, campuses=Campus.objects.all())
    made.is_valid()
    return made


def test_the_least_that_makes_a_plan(typed, head):
    made = form(typed)
    plan = made.plan()

    assert made.errors == {}
    assert (plan.title, plan.owner, plan.starts_on, plan.campus, plan.cause) == ("停车位", head, DAY, None, None)
    assert made.steps_of() == []


def test_everything_that_can_be_said_of_a_plan(typed):
    campus = Campus.objects.get(code="main")
    group = ClassGroup.objects.create(campus=campus, name="朝阳班")
    more = {
        "cause": cause().pk,
        "why": "两次被贴条",
        "campus": campus.pk,
        "class_group": group.pk,
        "resources": "油漆两桶",
        "steps": "和物业谈 12-01\n划线",
    }
    made = form(typed | more)
    plan = made.plan()

    assert (plan.cause.name, plan.why, plan.campus, plan.class_group, plan.resources) == ("换老师太多", "两次被贴条",
            campus, group, "油漆两桶")
    assert [(text, str(due or "")) for text, due in made.steps_of()] == [("和物业谈", "2026-12-01"), ("划线", "")]


@pytest.mark.parametrize("field", ["title", "department", "owner", "starts_on", "due_on", "indicator"])
def test_what_a_plan_cannot_do_without(typed, field):
    assert set(form(typed | {field: ""}).errors) == {field}


@pytest.mark.parametrize(("field", "value"), [
    ("title", "停" * 61),
    ("department", "x"),
    ("owner", "999"),
    ("starts_on", "2026-02-30"),
    ("due_on", "2199-01-01"),
    ("indicator", "x"),
    ("why", "x" * 301),
    ("resources", "x" * 301),
    ("steps", "x" * 2001),
    ("campus", "999"),
    ("class_group", "999"),
    ("cause", "999"),
])
def test_what_cannot_be_is_said_at_its_field(typed, field, value):
    assert set(form(typed | {field: value}).errors) == {field}


def test_a_cause_that_is_used_no_more_cannot_be_chosen(typed):
    row = cause()
    row.is_open = False
    row.save()

    assert set(form(typed | {"cause": row.pk}).errors) == {"cause"}


def test_a_class_that_is_closed_cannot_be_chosen_and_an_open_one_says_its_campus(typed):
    campus = Campus.objects.get(code="main")
    closed = ClassGroup.objects.create(campus=campus, name="旧班", closed_on=DAY)
    ClassGroup.objects.create(campus=campus, name="朝阳班")
    made = form(typed | {"class_group": closed.pk})

    assert set(made.errors) == {"class_group"}
    assert f"{campus.name} 朝阳班" in str(made["class_group"])
    assert "旧班" not in str(made["class_group"])


@pytest.mark.parametrize(("kind", "good", "bad"), [
    (StepForm, {"text": "谈"}, {"text": ""}),
    (StepForm, {"text": "谈", "due_on": "2026-12-01"}, {"text": "谈", "due_on": "x"}),
    (CheckForm, {"progress": "0"}, {"progress": "-1"}),
    (CheckForm, {"progress": "100", "problem": "慢"}, {"progress": ""}),
    (MoveForm, {"due_on": "2026-12-01", "why": "等"}, {"due_on": "2026-12-01", "why": ""}),
    (DecideForm, {"state": "stopped", "lesson": "贵"}, {"state": "running", "lesson": "贵"}),
    (DecideForm, {"state": "adopted", "lesson": "好"}, {"state": "adopted", "lesson": " "}),
    (RulesForm, {"formula": "end", "satisfied": 4, "least": 30, "span_days": 14},
            {"formula": "end", "satisfied": 4, "least": 29, "span_days": 14}),
    (RulesForm, {"formula": "end", "satisfied": 5, "least": 1000, "span_days": 366},
            {"formula": "x", "satisfied": 5, "least": 50, "span_days": 90}),
])
def test_the_smaller_forms_take_what_makes_sense_and_refuse_the_rest(miao, on_the_day, kind, good, bad):
    assert kind(good).is_valid() and not kind(bad).is_valid()


def test_the_rules_are_shown_as_they_hold(miao):
    shown = RulesForm.of(EffectRules(formula="average", satisfied=5, least=60, span_days=30))

    assert shown.initial == {"formula": "average", "satisfied": 5, "least": 60, "span_days": 30}


def test_the_forms_and_the_model_agree_on_what_is_possible(miao):
    limits = {name: [v.limit_value for v in EffectRules._meta.get_field(name).validators[:2]] for name in ("satisfied", "least", "span_days")}
    fields = RulesForm.base_fields

    assert {name: [fields[name].min_value, fields[name].max_value] for name in limits} == limits

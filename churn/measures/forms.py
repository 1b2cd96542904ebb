"""What is typed about a measure: the plan, a check, a decision, how effects are judged."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.cases.forms import workers
from churn.measures import typed
from churn.measures.working import ENDS, Plan
from churn.models import Cause, Department, EffectRules, Formula, Indicator, Measure
from crm.days import planned
from crm.forms import SchoolForm
from crm.models import ClassGroup


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "mp-input"})


class MeasureForm(SchoolForm):
    title = forms.CharField(label=_("做什么"), max_length=60)
    cause: Any = forms.ModelChoiceField(None, label=_("针对哪个原因"), required=False)
    why = forms.CharField(label=_("为什么"), max_length=300, required=False, widget=area(2))
    department = forms.ChoiceField(label=_("责任部门"), choices=Department.choices)
    owner: Any = forms.ModelChoiceField(None, label=_("责任人"))
    starts_on = forms.DateField(label=_("从哪天起做"), validators=[planned])
    due_on = forms.DateField(label=_("最晚哪天做完"), validators=[planned])
    campus: Any = forms.ModelChoiceField(None, label=_("在哪个园所做"), required=False, empty_label=_("全部园所"))
    class_group: Any = forms.ModelChoiceField(None, label=_("只在一个班做"), required=False)
    indicator = forms.ChoiceField(label=_("看哪个指标有没有变好"), choices=Indicator.choices, initial=Indicator.CHURN)
    resources = forms.CharField(label=_("需要什么：钱、人、培训"), max_length=300, required=False)
    steps = forms.CharField(label=_("分几步，一行一步，行末可写日期"), max_length=2000, required=False, widget=area(4))

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].queryset = Cause.objects.filter(is_open=True)
        self.fields["owner"].queryset = workers()
        self.fields["campus"].queryset = campuses
        self.fields["class_group"].queryset = ClassGroup.objects.filter(closed_on=None, campus__in=campuses).select_related("campus")
        self.fields["class_group"].label_from_instance = lambda row: f"{row.campus.name} {row.name}"

    def plan(self) -> Plan:
        return Plan(**{name: value for name, value in self.cleaned_data.items() if name != "steps"})

    def steps_of(self) -> list[tuple[str, Any]]:
        return [(text[:120], due) for text, due in typed.steps(self.cleaned_data["steps"], self.cleaned_data["starts_on"])]


class StepForm(SchoolForm):
    text = forms.CharField(label=_("再加一步"), max_length=120)
    due_on = forms.DateField(label=_("最晚哪天"), required=False, validators=[planned])


class CheckForm(SchoolForm):
    progress = forms.IntegerField(label=_("做到百分之几"), min_value=0, max_value=100)
    problem = forms.CharField(label=_("遇到什么问题"), max_length=300, required=False)
    answer = forms.CharField(label=_("怎么解决"), max_length=300, required=False)


class MoveForm(SchoolForm):
    due_on = forms.DateField(label=_("改到哪天"), validators=[planned])
    why = forms.CharField(label=_("为什么改期"), max_length=200)


class DecideForm(SchoolForm):
    state = forms.ChoiceField(label=_("定下来怎么办"), choices=[end for end in Measure.State.choices if end[0] in ENDS])
    lesson = forms.CharField(label=_("学到了什么"), max_length=500, widget=area(3))


class RulesForm(SchoolForm):
    formula = forms.ChoiceField(label=_("续费率除以"), choices=Formula.choices)
    satisfied = forms.IntegerField(label=_("几分起算满意"), min_value=2, max_value=5)
    least = forms.IntegerField(label=_("每组至少多少户才下结论"), min_value=30, max_value=1000)
    span_days = forms.IntegerField(label=_("前后各看多少天"), min_value=14, max_value=366)

    @classmethod
    def of(cls, row: EffectRules) -> "RulesForm":
        return cls(initial={name: getattr(row, name) for name in ("formula", "satisfied", "least", "span_days")})

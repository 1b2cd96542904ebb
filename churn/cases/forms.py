"""What is typed about a case: opening one, its causes, a talk, how it ends."""
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.cases.working import WHOLE, End
from churn.models import Cause, ChurnCase, DeepDive
from crm.days import happened
from crm.forms import SchoolForm
from tenancy.models import Membership
from tenancy.roles import RIGHTS


def workers() -> Any:
    """Colleagues who may handle a case."""
    roles = [role for role, held in RIGHTS.items() if "churn.case" in held]
    return Membership.objects.filter(is_active=True, role__in=roles).order_by("name")


class OpenForm(SchoolForm):
    child: Any = forms.ModelChoiceField(None, label=_("哪个孩子"), required=False, empty_label=_("整个家庭"))
    note = forms.CharField(label=_("看到或听到了什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    owner: Any = forms.ModelChoiceField(None, label=_("谁来处理"), required=False)

    def __init__(self, *args: Any, children: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = children
        self.fields["owner"].queryset = workers()


class CauseForm(SchoolForm):
    cause: Any = forms.ModelChoiceField(None, label=_("原因"))
    weight = forms.IntegerField(label=_("占几成"), min_value=1, max_value=WHOLE, initial=WHOLE)
    evidence = forms.CharField(label=_("依据"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].queryset = Cause.objects.filter(is_open=True)


class TalkForm(SchoolForm):
    """One talk: the questions of the guide, each with room for what they said."""

    way = forms.ChoiceField(label=_("怎么了解的"), choices=[way for way in DeepDive.Way.choices if way[0] != DeepDive.Way.QUESTIONNAIRE])
    on = forms.DateField(label=_("哪天"), validators=[happened])

    def __init__(self, *args: Any, guide: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = list(guide)
        for number, question in enumerate(self.guide):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=question, max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "mp-input"}))

    def answers(self) -> list[tuple[str, str]]:
        return [(question, self.cleaned_data.get(f"answer_{number}", "")) for number, question in enumerate(self.guide)]


class EndForm(SchoolForm):
    state = forms.ChoiceField(label=_("怎么了结"), choices=[end for end in ChurnCase.State.choices if end[0] != ChurnCase.State.OPEN])
    natural = forms.ChoiceField(label=_("自然流失的原因"), required=False, choices=[("", _("不是自然流失")), *ChurnCase.NATURAL_REASONS])
    left_on = forms.DateField(label=_("哪天离开"), required=False, validators=[happened])
    went_to = forms.CharField(label=_("去了哪里"), max_length=60, required=False)
    result = forms.CharField(label=_("怎么回事、做了什么"), max_length=300, required=False,
                             widget=forms.Textarea(attrs={"rows": 2, "class": "mp-input"}))

    def end(self) -> End:
        typed = self.cleaned_data
        return End(typed["state"], typed["result"], typed["natural"], typed["left_on"], typed["went_to"])

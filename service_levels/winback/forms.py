"""What is typed about 挽回: the strategy, a measure, its result, what became of it."""
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.asked import today
from crm.forms import RowForm, SchoolForm
from crm.models import Training
from service_levels.models import WinBack, WinBackStep
from service_levels.touches.settling import IN_PERSON
from service_levels.winback.working import End, Strategy, leads
from tenancy.models import Membership

A_YEAR = timedelta(days=365)
ENDS = [choice for choice in WinBack.State.choices if choice[0] != WinBack.State.OPEN]
AREA = {"rows": 3, "class": "mp-input"}


class StrategyForm(SchoolForm):
    why = forms.CharField(label=_("为什么不满意"), max_length=500, widget=forms.Textarea(attrs=AREA),
                          help_text=_("谁说的、看到了什么；有流失个案的，原因会一起带过来。"))
    strategy = forms.CharField(label=_("怎么挽回"), max_length=500, widget=forms.Textarea(attrs=AREA))
    lead: Any = forms.ModelChoiceField(None, label=_("谁牵头"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = Membership.objects.filter(pk__in=[one.pk for one in leads()]).order_by("name")

    def wish(self) -> Strategy:
        typed = self.cleaned_data
        return Strategy(typed["why"], typed["strategy"], typed["lead"])


class StepForm(RowForm):
    class Meta:
        model = WinBackStep
        fields = ["kind", "what", "member", "due_on"]
        help_texts = {"what": _("家长会看到这一句，照着能说给家长听的写。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Membership.objects.filter(is_active=True).order_by("name")


class DoneForm(SchoolForm):
    result = forms.CharField(label=_("结果"), max_length=200)
    training: Any = forms.ModelChoiceField(None, label=_("哪次培训"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["training"].queryset = Training.objects.filter(on__gt=today() - A_YEAR).order_by("-on", "-id")


class ShowForm(SchoolForm):
    how = forms.ChoiceField(label=_("怎么给看的"), choices=[(one.value, one.label) for one in IN_PERSON])


class EndForm(SchoolForm):
    state = forms.ChoiceField(label=_("结果怎么样"), choices=ENDS)
    result = forms.CharField(label=_("怎么留住的，为什么没留住"), max_length=300, widget=forms.Textarea(attrs=AREA))

    def end(self) -> End:
        return End(self.cleaned_data["state"], self.cleaned_data["result"])

"""What is typed about 原因和改进."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.models import Cause
from crm.days import planned
from crm.forms import SchoolForm
from service_levels.findings.working import Change
from service_levels.models import Finding
from service_levels.touches.settling import IN_PERSON
from tenancy.models import Membership


class FindingForm(SchoolForm):
    cause: Any = forms.ModelChoiceField(None, label=_("什么原因"))
    evidence = forms.CharField(label=_("谁说的，看到了什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].queryset = Cause.objects.filter(is_open=True)


class ChangeForm(SchoolForm):
    kind = forms.ChoiceField(label=_("改哪一类"), choices=[choice for choice in Finding.Kind.choices if choice[0]])
    what = forms.CharField(label=_("为这一家改什么"), max_length=200, help_text=_("家长会听到这一句。"))
    member: Any = forms.ModelChoiceField(None, label=_("谁来改"))
    due_on = forms.DateField(label=_("哪天前"), validators=[planned])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Membership.objects.filter(is_active=True).order_by("name")

    def change(self) -> Change:
        typed = self.cleaned_data
        return Change(typed["kind"], typed["what"], typed["member"], typed["due_on"])


class DoneForm(SchoolForm):
    result = forms.CharField(label=_("改得怎么样"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class TellForm(SchoolForm):
    how = forms.ChoiceField(label=_("怎么告诉的"), choices=[(one.value, one.label) for one in IN_PERSON])

"""What is typed about a 撞单."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm

WORDS = {"rows": 2, "class": "mp-input"}


class RaiseForm(SchoolForm):
    other: Any = forms.ModelChoiceField(None, label=_("另一份档案（同一家建了两份时选）"), required=False)
    reason = forms.CharField(label=_("怎么回事"), max_length=300, widget=forms.Textarea(attrs=WORDS))

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others


class DecideForm(SchoolForm):
    owner: Any = forms.ModelChoiceField(None, label=_("归谁"))
    campus: Any = forms.ModelChoiceField(None, label=_("归哪个园所"), required=False, empty_label=_("不变"))
    words = forms.CharField(label=_("理由，双方都会看到"), max_length=300, widget=forms.Textarea(attrs=WORDS))

    def __init__(self, *args: Any, people: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset, self.fields["campus"].queryset = people, campuses


class RulesForm(SchoolForm):
    silent_days = forms.IntegerField(label=_("几天没跟进就不再受保护"), min_value=1, max_value=365)

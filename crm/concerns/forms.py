"""What is typed about 投诉与意见: by a colleague at the phone, by a parent at the box."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.concerns.taking import Said
from crm.forms import SchoolForm, phone_field
from crm.models import Concern

TEXT = {"rows": 4, "class": "mp-input"}
HEARD = [(one.value, one.label) for one in (Concern.Source.HOTLINE, Concern.Source.PAPER)]


class WhereForm(SchoolForm):
    """At which campus; where there is one only, nothing is asked, and ``only`` is it."""

    campus: Any = forms.ModelChoiceField(None, label=_("哪个园所"), required=False, empty_label=_("不限"))

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        self.only = campuses[0] if len(campuses) == 1 else None
        if self.only:
            del self.fields["campus"]


class SaidForm(WhereForm):
    """What both have in common."""

    field_order = ["kind", "about", "campus", "text"]
    kind = forms.ChoiceField(label=_("投诉还是意见"), choices=Concern.Kind.choices)
    about = forms.ChoiceField(label=_("关于什么"), choices=Concern.About.choices)
    text = forms.CharField(label=_("什么事"), max_length=2000, widget=forms.Textarea(attrs=TEXT))
    caller = forms.CharField(label=_("怎么称呼"), max_length=40, required=False)
    phone = phone_field(_("手机"), required=False)

    def said(self) -> Said:
        typed = self.cleaned_data
        return Said(typed["kind"], typed["about"], typed["text"], typed.get("campus") or self.only, typed["caller"], typed["phone"])


class BoxForm(SaidForm):
    """A parent's slip, in the look of parents' pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class LogForm(SaidForm):
    """A call to the hotline, or a slip out of the box at the door."""

    source = forms.ChoiceField(label=_("从哪里来"), choices=HEARD)


class AnswerForm(SchoolForm):
    answer = forms.CharField(label=_("怎么处理的"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "class": "mp-input"}))

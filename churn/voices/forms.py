"""What is typed on the page of voices."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.models import Oversight, Voice
from crm.forms import SchoolForm


def words() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "class": "mp-input"})


class VoiceForm(SchoolForm):
    kind = forms.ChoiceField(label=_("什么事"), choices=Voice.Kind.choices)
    measure: Any = forms.ModelChoiceField(None, label=_("为哪项措施"), required=False)
    text = forms.CharField(label=_("说什么"), max_length=500, widget=words())

    def __init__(self, *args: Any, measures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = measures
        if measures.query.is_empty():
            del self.fields["measure"]


class OversightForm(SchoolForm):
    to = forms.ChoiceField(label=_("给哪个小组"), choices=Oversight.GROUPS)
    kind = forms.ChoiceField(label=_("什么事"), choices=Oversight.Kind.choices)
    text = forms.CharField(label=_("说什么"), max_length=500, widget=words())

"""What a department enters of its own work."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.models import MATTERS_OF, Department, Matter
from crm.days import happened
from crm.forms import SchoolForm


class FindingForm(SchoolForm):
    """A short one: what, which day, how many families; its matters are the department's own."""

    matter = forms.ChoiceField(label=_("哪方面"))
    text = forms.CharField(label=_("看到什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "class": "mp-input"}))
    on = forms.DateField(label=_("哪天"), validators=[happened])
    families = forms.IntegerField(label=_("牵涉几家"), min_value=1, max_value=999, required=False)
    campus: Any = forms.ModelChoiceField(None, label=_("园所"), required=False, empty_label=_("不限"))

    def __init__(self, *args: Any, department: str, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = [(one.value, Matter(one).label) for one in MATTERS_OF.get(Department(department), ())]
        self.fields["campus"].queryset = campuses

"""What is typed under a report."""
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm


class SummaryForm(SchoolForm):
    summary = forms.CharField(label=_("分析和建议"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5, "class": "mp-input"}))

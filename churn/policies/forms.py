"""What is typed when a version is published."""
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import planned
from crm.forms import SchoolForm


class PublishForm(SchoolForm):
    effective_on = forms.DateField(label=_("从哪天起"), validators=[planned])
    note = forms.CharField(label=_("这次改了什么、为什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "class": "mp-input"}))

"""What is typed of 市场信息."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import RowForm
from service_levels.models import MarketNote


class NoteForm(RowForm):
    class Meta:
        model = MarketNote
        fields = ["title", "text", "source", "on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "class": "mp-input"})}
        help_texts = {"text": _("照着发给家长的话，别写具体哪一家。"), "source": _("哪里来的，例如区教育局 9 月的通知；家长也看得到。"),
                      "on": _("从这天起发这一份，用到有新的或满 100 天。")}

"""Forms of the tier engine."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm


class OverrideForm(SchoolForm):
    tier = forms.TypedChoiceField(label=_("调整为"), coerce=int)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = forms.DateField(label=_("到期日"), help_text=_("到期后自动回到规则算出的等级。"))

    def __init__(self, *args: Any, labels: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = list(enumerate(labels))

"""What is typed when somebody has called, and the school's rules of keeping in touch."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm
from service_levels.models import Touch
from service_levels.models.touches import MOST_CALLS
from service_levels.touches.settling import TALKS
from service_levels.words import FESTIVALS


class TouchesForm(SchoolForm):
    """Which of a family's touches are meant: those that are ticked, of the open ones."""

    touches: Any = forms.ModelMultipleChoiceField(Touch.objects.none(), label=_("哪几件"), required=False, error_messages={
        "invalid_choice": _("有一件已经做了或免了，请刷新页面。"), "invalid_pk_value": _("有一件已经做了或免了，请刷新页面。")})

    def __init__(self, *args: Any, customer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["touches"].queryset = Touch.objects.open().filter(customer=customer)


class TalkForm(TouchesForm):
    channel = forms.ChoiceField(label=_("怎么联系的"), choices=[(one.value, one.label) for one in TALKS])
    text = forms.CharField(label=_("说了什么"), max_length=500, required=False)


class ExcuseForm(TouchesForm):
    why = forms.CharField(label=_("为什么不用"), max_length=80)


class RulesForm(SchoolForm):
    festivals = forms.MultipleChoiceField(label=_("问候哪些节日"), choices=list(FESTIVALS.items()), required=False,
                                          widget=forms.CheckboxSelectMultiple)
    most_a_week = forms.IntegerField(label=_("同一家一周最多主动联系几次"), min_value=1, max_value=MOST_CALLS)

"""What is typed about 深度合作: a talk, and what comes of it."""
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.asked import today
from crm.days import happened
from crm.forms import SchoolForm
from service_levels.cooperation.working import Decision, Talk
from service_levels.models import Cooperation
from service_levels.touches.settling import IN_PERSON

WAYS = [(one.value, one.label) for one in IN_PERSON]


class TalkForm(SchoolForm):
    topic = forms.ChoiceField(label=_("谈什么"), choices=Cooperation.Topic.choices)
    on = forms.DateField(label=_("哪天谈的"), validators=[happened], initial=today)
    channel = forms.ChoiceField(label=_("怎么谈的"), choices=WAYS)
    text = forms.CharField(label=_("家长的意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def talk(self) -> Talk:
        typed = self.cleaned_data
        return Talk(typed["topic"], typed["on"], typed["text"], typed["channel"])


class DecisionForm(SchoolForm):
    outcome = forms.ChoiceField(label=_("采纳没有"), choices=[choice for choice in Cooperation.Outcome.choices if choice[0]])
    result = forms.CharField(label=_("怎么做的，或为什么不做"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text=_("回给家长的就是这一段。"))

    def decision(self) -> Decision:
        return Decision(self.cleaned_data["outcome"], self.cleaned_data["result"])

"""What is written down after talking: a consultation with its promises, a follow-up."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.acts import ONE_TO_FIVE, QUESTIONS
from crm.consulting import SELF_CHECK, Told
from crm.forms import SchoolForm, yuan_field
from crm.models import INTENT_SCALES
from reception.consulting import Promised
from reception.following import Contact
from reception.models.following import CHANNELS, Answer
from tenancy.models import Membership

PROMISES = ("1", "2", "3")  # lines for promises on one sheet


def _said(word: Any) -> dict[str, Any]:
    """A field in a row says by itself what it is."""
    return {"class": "mp-input", "aria-label": word, "placeholder": word}


def words(label: Any, rows: int = 2, most: int = 500) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": rows}))


class ConsultationForm(SchoolForm):
    """咨询记录 (R21–R23). The five scales are answered all or not at all; a promise has all three of its parts."""

    needs = words(_("具体需要"))
    budget = yuan_field(_("每月预算（元）"), required=False)
    expectations = words(_("期望"))
    worries = words(_("担心的地方"))
    course = forms.CharField(label=_("意向课程"), max_length=60, required=False)
    proposal = words(_("建议方案"), 3, 1000)
    self_check = forms.MultipleChoiceField(label=_("接待自查"), choices=list(SELF_CHECK.items()), required=False,
                                       widget=forms.CheckboxSelectMultiple)
    evidence = forms.CharField(label=_("依据"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in INTENT_SCALES:
            self.fields[name] = forms.TypedChoiceField(label=QUESTIONS[name], choices=ONE_TO_FIVE, coerce=int, required=False,
                                                       empty_value=None, widget=forms.RadioSelect)
        people = Membership.objects.filter(is_active=True).order_by("name")
        for n in PROMISES:
            self.fields[f"text-{n}"] = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs=_said(_("答应了什么"))))
            self.fields[f"owner-{n}"] = forms.ModelChoiceField(people, required=False, empty_label=_("谁来做"),
                                                               widget=forms.Select(attrs=_said(_("谁来做"))))
            self.fields[f"due_on-{n}"] = forms.DateField(required=False, widget=forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date"} | _said(_("最晚哪天"))))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        answered = [name for name in INTENT_SCALES if told.get(name)]
        if answered and len(answered) < len(INTENT_SCALES):
            self.add_error("evidence", _("五项都评，或都不评。"))
        for n in PROMISES:
            parts = [told.get(f"text-{n}"), told.get(f"owner-{n}"), told.get(f"due_on-{n}")]
            if parts[0] and not all(parts):
                self.add_error(f"text-{n}", _("每件承诺要写谁来做、最晚哪天。"))
            elif any(parts[1:]) and not parts[0] and parts[2]:
                self.add_error(f"text-{n}", _("写一下答应了什么，或清空这一行。"))
        return told

    def told(self) -> Told:
        said = self.cleaned_data
        scores = {name: said[name] for name in INTENT_SCALES if said.get(name)}
        return Told(said["needs"], said["budget"] or None, said["expectations"], said["worries"], said["course"], said["proposal"],
                    tuple(said["self_check"]), scores or None, said["evidence"])

    def promised(self) -> list[Promised]:
        said = self.cleaned_data
        return [Promised(said[f"text-{n}"], said[f"owner-{n}"], said[f"due_on-{n}"]) for n in PROMISES if said[f"text-{n}"]]

    def scales(self) -> list[Any]:
        return [self[name] for name in INTENT_SCALES]

    def promise_rows(self) -> list[list[Any]]:
        return [[self[f"{part}-{n}"] for part in ("text", "owner", "due_on")] for n in PROMISES]


def shown(told: Told) -> dict[str, Any]:
    """What stands written, as the form's first values."""
    budget = "" if told.budget_fen is None else f"{told.budget_fen / 100:g}"
    return {"needs": told.needs, "budget": budget, "expectations": told.expectations, "worries": told.worries, "course": told.course,
            "proposal": told.proposal, "self_check": list(told.self_check), "evidence": told.evidence, **(told.scores or {})}


class FollowUpForm(SchoolForm):
    """跟进记录 (R30): how the family was reached and what it said."""

    channel = forms.ChoiceField(label=_("渠道"), choices=CHANNELS)
    answer = forms.ChoiceField(label=_("家长怎么说"), choices=Answer.choices)
    adaptation = forms.TypedChoiceField(label=_("孩子适应"), choices=[("", "—"), *ONE_TO_FIVE], coerce=int, empty_value=None,
                                        required=False)
    text = forms.CharField(label=_("内容"), max_length=2000, required=False)
    again_on = forms.DateField(label=_("再联系的日期"), required=False)

    def contact(self) -> Contact:
        said = self.cleaned_data
        return Contact(said["channel"], said["text"], said["answer"], said["adaptation"], said["again_on"])

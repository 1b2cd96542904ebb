"""What is typed about 优惠: an application, what is decided on it, and a rule."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.asked import today
from crm.days import happened
from crm.forms import SchoolForm, yuan_field
from crm.models import Child, Customer
from service_levels.concessions.policy import Policy, Rule
from service_levels.concessions.working import Wish
from service_levels.plans.book import Line


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AskForm(SchoolForm):
    """For one family: by which rule, how much, why."""

    rule = forms.ChoiceField(label=_("按哪一条规则"))
    fen = yuan_field(_("多少（元）"))
    child = forms.ModelChoiceField(Child.objects.none(), label=_("给哪个孩子"), required=False)
    why = forms.CharField(label=_("为什么给"), max_length=300, widget=_area(3), help_text=_("写情况和依据，批的人看得到；家长看不到。"))

    def __init__(self, *args: Any, customer: Customer, rules: list[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(rule.code, rule.name) for rule in rules]  # type: ignore[attr-defined]
        self.fields["child"].queryset = Child.objects.filter(family__customer=customer)  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        typed = self.cleaned_data
        return Wish(typed["rule"], typed["fen"], typed["why"], typed["child"])


class GrantForm(SchoolForm):
    words = forms.CharField(label=_("说明"), max_length=200, required=False, widget=_area())


class RefuseForm(SchoolForm):
    words = forms.CharField(label=_("为什么不批"), max_length=200, widget=_area())


class GiveForm(SchoolForm):
    on = forms.DateField(label=_("哪天兑现的"), validators=[happened], initial=today)


class SendBackForm(SchoolForm):
    words = forms.CharField(label=_("要改什么"), max_length=200, required=False, widget=_area())


class CapForm(SchoolForm):
    """What one family may be given by all rules."""

    most_fen = yuan_field(_("一家一年里合起来最多（元），0 是不限"))

    def clean_most_fen(self) -> int:
        fen: int = self.cleaned_data["most_fen"]
        if fen < 0:
            raise forms.ValidationError(_("不能是负数。"))
        return fen


class RuleForm(SchoolForm):
    """One rule. What makes it unsound is said when the draft is submitted; here only what cannot be kept."""

    name = forms.CharField(label=_("叫什么"), max_length=30)
    line = forms.ChoiceField(label=_("兑现方案里的哪一项"), help_text=_("方案里勾了“要有规则、预算和审批”的才在这里。"))
    says = forms.CharField(label=_("规则：给谁、给多少"), max_length=200, required=False, widget=_area(3),
                           help_text=_("谁问都拿得出来的一句话。家长要求说明时，就照这一句说。"))
    most_fen = yuan_field(_("每次最多（元）"))
    budget_fen = yuan_field(_("每年的预算（元）"))
    apart = forms.IntegerField(label=_("同一家隔多少天才能再给"), min_value=1, max_value=3650, initial=365)
    valid = forms.IntegerField(label=_("批了以后多少天内用"), min_value=1, max_value=730, initial=90)
    caused = forms.BooleanField(label=_("先要有流失个案，原因写清楚了才能给"), required=False)

    def __init__(self, *args: Any, rule: Rule | None, lines: dict[str, Line], **kwargs: Any) -> None:
        super().__init__(*args, initial=_shown(rule) if rule else None, **kwargs)
        gone = [(rule.line, _("方案里没有了：%(key)s") % {"key": rule.line})] if rule and rule.line not in lines else []
        self.fields["line"].choices = [*gone, *((key, line.text) for key, line in lines.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("most_fen", "budget_fen"):
            if isinstance(typed.get(name), int) and typed[name] < 0:
                self.add_error(name, _("不能是负数。"))
        return typed

    def rule(self, code: str) -> Rule:
        typed = self.cleaned_data
        return Rule(code, typed["name"].strip(), typed["line"], typed["says"].strip(), typed["most_fen"], typed["budget_fen"],
                    typed["apart"], typed["valid"], typed["caused"])


def _shown(rule: Rule) -> dict[str, Any]:
    return vars(rule) | {"most_fen": f"{rule.most_fen / 100:.2f}", "budget_fen": f"{rule.budget_fen / 100:.2f}"}


def cap_form(policy: Policy, posted: Any = None) -> CapForm:
    return CapForm(posted, initial={"most_fen": f"{policy.most_fen / 100:.2f}"})

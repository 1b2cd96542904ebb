"""What is typed about refunds: an application, the figures of each payment, a save offer, words of a decision, the school's rules."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.models import RefundLine, RefundRequest, SaveOffer
from churn.refunds.counting import KNOWN, figures_of
from churn.refunds.in_force import FIGURELESS, OWN
from churn.refunds.known import LOOK_BACK
from churn.refunds.rules import Pack
from churn.refunds.words import METHODS
from churn.refunds.working import Asked
from crm.days import happened, planned
from crm.forms import SchoolForm, yuan_field
from crm.models import Channel, FeeKind, LessonPackage
from tenancy.refusals import Refused

WORDS = {"rows": 2, "class": "mp-input"}


class ApplicationForm(SchoolForm):
    child: Any = forms.ModelChoiceField(None, label=_("哪个孩子"), required=False, empty_label=_("整个家庭"))
    asked_on = forms.DateField(label=_("哪天申请的"), validators=[happened])
    channel = forms.ChoiceField(label=_("怎么提的"), choices=Channel.choices, initial=Channel.FACE)
    leaves_on = forms.DateField(label=_("打算哪天离开"), required=False, validators=[planned])
    reason = forms.CharField(label=_("家长说的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "class": "mp-input"}))

    def __init__(self, *args: Any, children: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = children

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        asked_on, leaves_on = typed.get("asked_on"), typed.get("leaves_on")
        if asked_on and leaves_on and leaves_on < asked_on - LOOK_BACK:
            self.add_error("leaves_on", _("离开的日子比申请早了一年多，请核对年份。"))
        return typed

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class LineForm(SchoolForm):
    """One payment: only the figures that its rule asks for."""

    is_in = forms.BooleanField(label=_("这笔退"), required=False)
    package: Any = forms.ModelChoiceField(None, label=_("课时包"), required=False)
    first_on = forms.DateField(label=_("费用从哪天起"), required=False)
    last_on = forms.DateField(label=_("费用到哪天"), required=False)
    attended = forms.IntegerField(label=_("当月出勤天数"), min_value=0, max_value=31, required=False)
    school_days = forms.IntegerField(label=_("当月在园日"), min_value=0, max_value=31, required=False)
    absent = forms.IntegerField(label=_("连续缺勤天数"), min_value=0, max_value=400, required=False)
    agreed_fen = yuan_field(_("商定退（元）"), required=False)
    why = forms.CharField(label=_("为什么和规则不同"), max_length=120, required=False)

    def __init__(self, *args: Any, line: RefundLine, packages: Any, asks: tuple[str, ...], **kwargs: Any) -> None:
        initial = {name: getattr(line, name) for name in KNOWN} | {
            "agreed_fen": "" if line.agreed_fen is None else f"{line.agreed_fen / 100:.2f}"}
        super().__init__(*args, prefix=f"l{line.pk}", initial=initial, **kwargs)
        self.line, self.asked = line, asks
        self.fields["package"].queryset = packages
        for name in set(self.fields) - {"is_in", "agreed_fen", "why", *asks}:
            del self.fields[name]

    @property
    def figures(self) -> list[Any]:
        """The fields its rule asks for."""
        return [self[name] for name in self.asked]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for low, high, said in (("first_on", "last_on", _("结束不能早于开始。")), ("attended", "school_days", _("出勤不能多于在园日。"))):
            least, most = typed.get(low), typed.get(high)
            if least is not None and most is not None and (most < least):
                self.add_error(high, said)
        if (typed.get("agreed_fen") or 0) < 0:
            self.add_error("agreed_fen", _("退的不能是负数。"))
        return typed

    def written(self) -> RefundLine:
        """The line with what was typed; an empty agreed amount leaves it to the rule."""
        for name, value in self.cleaned_data.items():
            setattr(self.line, name, None if name == "agreed_fen" and value == "" else value)
        return self.line


class DayForm(SchoolForm):
    counted_on = forms.DateField(label=_("按哪天算"), validators=[planned])


class Sheet:
    """The figures of all payments of an application, as one form."""

    def __init__(self, row: RefundRequest, lines: list[RefundLine], pack: Pack | None, typed: Any = None) -> None:
        packages = LessonPackage.objects.filter(customer=row.customer_id)
        self.day = DayForm(typed, initial={"counted_on": row.counted_on})
        figures = [figures_of(pack, line.payment) if pack else () for line in lines]
        self.forms = [LineForm(typed, line=line, packages=packages, asks=wanted) for line, wanted in zip(lines, figures, strict=True)]
        self.refused = ""

    def is_valid(self) -> bool:
        return all([self.day.is_valid(), *(form.is_valid() for form in self.forms)])

    def refuse(self, refusal: Refused) -> None:
        """At the field of the payment it is about, else above all of them."""
        name, _sep, pk = (refusal.field or "").partition("-")
        for form in self.forms:
            if str(form.line.pk) == pk and name in form.fields:
                form.add_error(name, refusal.message)
                return
        self.refused = refusal.message


class OfferForm(SchoolForm):
    kind = forms.ChoiceField(label=_("什么方案"), choices=SaveOffer.Kind.choices)
    text = forms.CharField(label=_("怎么做"), max_length=200)
    lessons = forms.IntegerField(label=_("送几课时"), min_value=1, max_value=200, required=False)
    fen = yuan_field(_("成本（元），送课时可以不填"), required=False)

    def clean_fen(self) -> int | str:
        fen: int | str = self.cleaned_data["fen"]
        if isinstance(fen, int) and fen < 0:
            raise forms.ValidationError(_("成本不能是负数。"))
        return fen

    def typed(self) -> dict[str, Any]:
        return self.cleaned_data | {"fen": self.cleaned_data["fen"] if self.cleaned_data["fen"] != "" else None}


class WordsForm(SchoolForm):
    words = forms.CharField(label=_("审批意见"), max_length=300, required=False, widget=forms.Textarea(attrs=WORDS))


class RulesForm(SchoolForm):
    """A shipped pack, or a clause of one's own for each group of fees."""

    pack = forms.ChoiceField(label=_("按哪一套规则"), widget=forms.RadioSelect)
    basis = forms.CharField(label=_("依据：合同哪一条，或哪份文件"), max_length=200, required=False)

    def __init__(self, *args: Any, packs: list[Pack], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [*((pack.code, f"{pack.name}　{pack.basis}") for pack in packs), (OWN, _("自己写条款"))]
        for group, label in FeeKind.Group.choices:
            self.fields[f"method_{group}"] = forms.ChoiceField(
                label=label, required=False, choices=[(code, METHODS[code]) for code in FIGURELESS],
                widget=forms.Select(attrs={"class": "mp-input"}))
            self.fields[f"clause_{group}"] = forms.CharField(label=_("条款"), max_length=200, required=False,
                                                             widget=forms.TextInput(attrs={"class": "mp-input"}))

    def clauses(self) -> list[tuple[Any, Any]]:
        return [(self[f"method_{group}"], self[f"clause_{group}"]) for group in FeeKind.Group.values]

    def own(self) -> dict[str, dict[str, Any]]:
        typed = self.cleaned_data
        return {group: {"method": typed[f"method_{group}"], "clause": typed[f"clause_{group}"]} for group in FeeKind.Group.values}

"""What is typed for a contract: its terms, a template, a signature."""
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import planned
from crm.forms import SchoolForm, yuan_field
from crm.models import Child, ClassGroup, Customer, Relation
from reception.contracts.actions import Signing, Terms
from reception.models import ContractTemplate


class TermsForm(SchoolForm):
    """拟合同: from which template, for whom, from when to when, how much a month."""

    template = forms.ModelChoiceField(ContractTemplate.objects.none(), label=_("合同模板"))
    child = forms.ModelChoiceField(Child.objects.none(), label=_("孩子"))
    class_group = forms.ModelChoiceField(ClassGroup.objects.none(), label=_("班级"), required=False)
    starts_on = forms.DateField(label=_("开始日期"), validators=[planned])
    ends_on = forms.DateField(label=_("结束日期"))
    fee_fen = yuan_field(_("每月费用（元）"))

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = ContractTemplate.objects.filter(state=ContractTemplate.State.APPROVED)
        self.fields["child"].queryset = Child.objects.filter(family__customer=customer)
        self.fields["class_group"].queryset = ClassGroup.objects.filter(closed_on=None)

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(said["child"], said["starts_on"], said["ends_on"], said["fee_fen"], said["class_group"])


class TemplateForm(SchoolForm):
    """合同模板: clauses with titles, the fee statement and the commitments that go with it (R28)."""

    name = forms.CharField(label=_("名称"), max_length=40)
    body = forms.CharField(label=_("条款"), max_length=20000, widget=forms.Textarea(attrs={"rows": 18}),
                           help_text=_("每一条的标题单独一行，前面写 ##。空格写在花括号里，例如 {孩子姓名}。"))
    fees = forms.CharField(label=_("收费标准说明"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    commitments = forms.CharField(label=_("后续服务承诺"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}))


class SignForm(SchoolForm):
    """签字: who signs, as what, and what was drawn."""

    signer = forms.CharField(label=_("签字人姓名"), max_length=40)
    relation = forms.ChoiceField(label=_("与孩子关系"), choices=Relation.choices, initial=Relation.MOTHER)
    strokes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200_000)
    agreed = forms.BooleanField(label=_("合同全文、收费说明和承诺我都看过，同意签订"))

    def signing(self, where: str) -> Signing:
        said = self.cleaned_data
        return Signing(said["signer"], said["relation"], said["strokes"], where)


def school_year_end(day: date) -> date:
    """A contract usually runs to the end of July that comes next, at least three months away."""
    year = day.year if (day.month, day.day) < (5, 1) else day.year + 1
    return date(year, 7, 31)

"""登记: the small forms that hang on a family's page, one row each: title, right, form, and the verb it calls."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm import actions, facts, promises
from crm.days import born, happened, planned
from crm.forms import SchoolForm, campus_field, phone_field, yuan_field
from crm.models import (
    INTENT_SCALES,
    Anniversary,
    Assessment,
    Channel,
    Child,
    ClassGroup,
    Customer,
    ExtraField,
    ExtraValue,
    Guardian,
    IntentRating,
    LessonPackage,
    Payment,
    Promise,
    Relation,
    Sex,
)
from tenancy.models import Campus, Membership

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of the months
ONE_TO_FIVE = [(n, str(n)) for n in range(1, 6)]
QUESTIONS = {name: IntentRating._meta.get_field(name).verbose_name for name in INTENT_SCALES}


class ActForm(SchoolForm):
    """A form about one customer; pickers offer that customer's rows only."""

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        rows = {"guardian": Guardian.objects.filter(family__customer=customer),
                "child": Child.objects.filter(family__customer=customer),
                "payment": Payment.objects.filter(customer=customer, amount_fen__gt=0).select_related("fee_kind"),
                "campus": Campus.objects.all(), "package": LessonPackage.objects.filter(customer=customer).order_by("-bought_on"),
                "owner": Membership.objects.filter(is_active=True).order_by("name"),
                "class_group": ClassGroup.objects.filter(closed_on=None), "to": ClassGroup.objects.filter(closed_on=None),
                "row": Anniversary.objects.filter(family__customer=customer)}
        for name, queryset in rows.items():
            if name in self.fields:
                self.fields[name].queryset = queryset


def pick(label: Any, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Child.objects.none(), label=label, required=required)


def rating(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=ONE_TO_FIVE, coerce=int, initial=3)


class GuardianForm(ActForm):
    guardian = pick(_("改谁（不选就是新加一位）"), required=False)
    name = forms.CharField(label=_("姓名"), max_length=40)
    relation = forms.ChoiceField(label=_("与孩子关系"), choices=Relation.choices)
    phone = phone_field(_("手机（不填就不改）"), required=False)


class ChildForm(ActForm):
    name = forms.CharField(label=_("孩子姓名"), max_length=40)
    born_on = forms.DateField(label=_("出生日期"), required=False, validators=[born])
    sex = forms.ChoiceField(label=_("性别"), choices=[("", "—"), *Sex.choices], required=False)


class EnrolForm(ActForm):
    child = pick(_("孩子"))
    campus = campus_field()
    class_group = pick(_("班级"), required=False)
    from_on = forms.DateField(label=_("入园日期"), validators=[planned])


class ClassForm(ActForm):
    child = pick(_("孩子"))
    to = pick(_("转到哪个班"))
    on = forms.DateField(label=_("从哪天起"), validators=[planned])


class RefundForm(ActForm):
    payment = pick(_("哪一笔"))
    amount = yuan_field(_("退多少（元）"))
    on = forms.DateField(label=_("退费日期"), validators=[happened])


class ReferralForm(ActForm):
    name = forms.CharField(label=_("被推荐家长"), max_length=40)
    phone = phone_field(_("被推荐人的手机"))
    on = forms.DateField(label=_("推荐日期"), validators=[happened])


class IntentForm(ActForm):
    philosophy, teaching, co_education = (rating(QUESTIONS[q]) for q in ("philosophy", "teaching", "co_education"))
    eagerness, likelihood = (rating(QUESTIONS[q]) for q in ("eagerness", "likelihood"))
    evidence = forms.CharField(label=_("依据"), max_length=300)
    on = forms.DateField(label=_("日期"), validators=[happened])


class AssessForm(ActForm):
    about = forms.ChoiceField(label=_("方面"), choices=Assessment.About.choices)
    score = rating(_("评分"))
    ground = forms.CharField(label=_("依据"), max_length=300)
    on = forms.DateField(label=_("日期"), validators=[happened])


class AnswerForm(ActForm):
    score = rating(_("满意度"))
    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    comment = forms.CharField(label=_("意见"), max_length=500, required=False)
    on = forms.DateField(label=_("日期"), validators=[happened])


class ConsentForm(ActForm):
    guardian = pick(_("哪位监护人"))
    granted = forms.TypedChoiceField(label=_("答复"), coerce=lambda v: v == "1", help_text=_("答复前把家长的权利和义务给他看过。"),
                                     choices=[("1", _("同意")), ("0", _("不同意，只留必要资料"))])
    notice = forms.CharField(label=_("告知书版本"), max_length=20)


class AddressForm(ActForm):
    address = forms.CharField(label=_("家庭住址"), max_length=200, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        self.fields["address"].initial = customer.family.address


class LessonsForm(ActForm):
    child = pick(_("孩子"), required=False)
    course = forms.CharField(label=_("课程"), max_length=60)
    bought = forms.IntegerField(label=_("购买课时"), min_value=1, max_value=1000)
    gifted = forms.IntegerField(label=_("赠送课时"), min_value=0, max_value=1000, initial=0)
    on = forms.DateField(label=_("购买日期"), validators=[happened])
    expires_on = forms.DateField(label=_("有效期至"), required=False)


class UseLessonsForm(ActForm):
    package = pick(_("课时包"))
    count = forms.IntegerField(label=_("上了几课时"), min_value=1, max_value=100, initial=1)


class ExtrasForm(ActForm):
    """One field for each 自定义资料项 of the school, filled with what is known."""

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        known = {row.field_id: row.value for row in ExtraValue.objects.filter(customer=customer)}
        for extra in ExtraField.objects.filter(is_open=True):
            self.fields[f"extra-{extra.pk}"] = _extra_field(extra, known.get(extra.pk, ""))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        return {"values": {int(name.removeprefix("extra-")): str(value or "") for name, value in values.items()}}


def _extra_field(extra: ExtraField, value: str) -> forms.Field:
    common: dict[str, Any] = {"label": extra.name, "required": False, "initial": value}
    if extra.kind == ExtraField.Kind.DATE:
        return forms.DateField(**common, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "mp-input"}))
    if extra.kind == ExtraField.Kind.CHOICE:
        words = extra.options()
        kept = [value] if value and value not in words else []
        return forms.ChoiceField(**common, choices=[("", "—"), *((w, w) for w in [*words, *kept])],
                                 widget=forms.Select(attrs={"class": "mp-input"}))
    return forms.CharField(**common, max_length=200, widget=forms.TextInput(attrs={"class": "mp-input"}))


class PromiseForm(ActForm):
    text = forms.CharField(label=_("答应了什么"), max_length=200)
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("谁来做"))
    due_on = forms.DateField(label=_("最晚哪天"), validators=[planned])
    made_in = forms.ChoiceField(label=_("在什么时候答应的"), choices=Promise.MadeIn.choices, initial=Promise.MadeIn.OTHER)


class AnniversaryForm(ActForm):
    row = forms.ModelChoiceField(Anniversary.objects.none(), label=_("改哪一个（不选就是新加）"), required=False)
    name = forms.CharField(label=_("什么日子"), max_length=30, help_text=_("例如：爸爸妈妈结婚纪念日、奶奶生日"))
    month = forms.IntegerField(label=_("几月"), min_value=1, max_value=12)
    day = forms.IntegerField(label=_("几日"), min_value=1, max_value=31)
    lunar = forms.BooleanField(label=_("按农历"), required=False)
    drop = forms.BooleanField(label=_("不再过这个日子"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        month, day, lunar = (typed.get(name) for name in ("month", "day", "lunar"))
        if month and day and day > (30 if lunar else LENGTHS[month - 1]):
            self.add_error("day", _("没有这一天，请核对几月几日。"))
        if typed.get("drop") and not typed.get("row"):
            self.add_error("row", _("选一个不再过的日子。"))
        return typed


class WithdrawForm(ActForm):
    sure = forms.BooleanField(label=_("监护人要求撤回，健康备注等不再显示"))


@dataclass(frozen=True)
class Act:
    title: Any
    right: str
    form: type[ActForm]
    do: Callable[..., Any]


def _intent(customer: Customer, values: dict[str, Any], by: Membership, at: Any) -> None:
    facts.rate_intent(customer, scores={q: values[q] for q in QUESTIONS}, evidence=values["evidence"], on=values["on"], by=by)


ACTS: dict[str, Act] = {
    "guardian": Act(_("家里人与手机"), "crm.change", GuardianForm, lambda c, v, by, at: facts.save_guardian(c, by=by, **v)),
    "child": Act(_("加一个孩子"), "crm.change", ChildForm, lambda c, v, by, at: facts.add_child(c, by=by, **v)),
    "enrol": Act(_("登记入园"), "crm.change", EnrolForm, lambda c, v, by, at: actions.enrol(by=by, **v)),
    "class": Act(_("转班、转园所"), "crm.change", ClassForm, lambda c, v, by, at: facts.change_class(by=by, **v)),
    "refund": Act(_("退费"), "crm.refund", RefundForm,
                  lambda c, v, by, at: actions.refund(v["payment"], amount_fen=v["amount"], on=v["on"], by=by)),
    "referral": Act(_("登记推荐"), "crm.change", ReferralForm, lambda c, v, by, at: actions.add_referral(c, by=by, **v)),
    "intent": Act(_("合作意向量表"), "crm.log", IntentForm, _intent),
    "assess": Act(_("信用与需求"), "crm.change", AssessForm, lambda c, v, by, at: facts.assess(c, by=by, **v)),
    "answer": Act(_("满意度"), "crm.log", AnswerForm, lambda c, v, by, at: facts.answer(c, by=by, **v)),
    "address": Act(_("改住址"), "crm.change", AddressForm, lambda c, v, by, at: actions.move_home(c.family, by=by, **v)),
    "extras": Act(_("自定义资料"), "crm.change", ExtrasForm, lambda c, v, by, at: facts.write_extras(c, v["values"], by=by)),
    "lessons": Act(_("登记课时包"), "crm.money", LessonsForm, lambda c, v, by, at: facts.sell_lessons(c, by=by, **v)),
    "use": Act(_("消课"), "crm.log", UseLessonsForm, lambda c, v, by, at: facts.use_lessons(v["package"], v["count"], by=by)),
    "promise": Act(_("答应了一件事"), "crm.log", PromiseForm, lambda c, v, by, at: promises.promise(c, by=by, at=at, **v)),
    "anniversary": Act(_("纪念日"), "crm.change", AnniversaryForm, lambda c, v, by, at: facts.keep_anniversary(c, by=by, **v)),
    "withdraw": Act(_("撤回同意"), "crm.change", WithdrawForm,
                    lambda c, v, by, at: facts.withdraw_consent(c.family, by=by, at=at)),
    "consent": Act(_("监护人同意"), "crm.change", ConsentForm, lambda c, v, by, at: actions.answer_consent(c.family, by=by, at=at, **v)),
}

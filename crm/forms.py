"""What people type into the archive. Labels are the glossary's; a refusal by a rule lands on its field."""
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from crm.days import born, happened, planned
from crm.models import Channel, Child, Customer, CustomerType, EntryKind, FeeKind, ImportKind, Outcome, Relation, Topic
from crm.parse import Unreadable, clean_name, parse_fen, parse_phone
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused, spoken
from tenancy.site import SchoolForm as ModelForm

CONTACT_KINDS = [(k.value, k.label) for k in (EntryKind.CONTACT, EntryKind.CONSULTATION, EntryKind.VISIT, EntryKind.EVENT,
                                              EntryKind.COMPLAINT, EntryKind.SUGGESTION, EntryKind.TRANSFER_SIGNAL,
                                              EntryKind.NOTE)]
SOURCES = ["转介绍", "老带新", "小红书", "抖音", "大众点评", "地推", "异业合作", "路过", "电话咨询"]

EMPTY = "---------"  # Django's own word for nothing chosen


class SchoolForm(forms.Form):
    """Every widget gets the field class; rows of the open school are read when the form is made."""

    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about: Any = None
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect | forms.FileInput):
                field.widget.attrs.setdefault("class", "mp-input")
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == EMPTY:
                field.empty_label = _("请选择") if field.required else _("不选")
            if isinstance(field, forms.DateField):  # a browser's date field speaks ISO in every language
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "mp-input"})

    def refuse(self, refusal: Refused) -> None:
        """Show a rule's refusal at its field, or above the form; a page may link to the row that stands in the way."""
        self.about = refusal.about
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class RowForm(SchoolForm, ModelForm):
    """A form that is one row; the verb that keeps it writes it."""

    def row(self) -> Any:
        """The row as it was typed."""
        return self.save(commit=False)


class ReadField(forms.CharField):
    """What people type in many spellings, read by one of the readers of ``crm.parse``; its doubt is the field's error."""

    def __init__(self, *args: Any, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return self.read(typed) if typed else typed
        except Unreadable as doubt:
            raise forms.ValidationError(spoken(doubt.said)) from None


def phone_field(label: Any, **kwargs: Any) -> ReadField:
    return ReadField(read=parse_phone, label=label, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}), **kwargs)


def yuan_field(label: Any, **kwargs: Any) -> ReadField:
    """An amount in yuan as people write it; cleaned, it is fen."""
    return ReadField(read=parse_fen, label=label, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)


def campus_field(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Campus.objects.none(), label=_("园所"), empty_label=None, **kwargs)


class FamilyForm(SchoolForm):
    guardian = ReadField(read=lambda typed: clean_name(typed, "家长姓名"), label=_("家长姓名"), max_length=40)
    phone = phone_field(_("手机"))
    relation = forms.ChoiceField(label=_("与孩子关系"), choices=Relation.choices, initial=Relation.MOTHER)
    child = forms.CharField(label=_("孩子姓名"), max_length=40, required=False)
    born_on = forms.DateField(label=_("出生日期"), required=False, validators=[born])
    address = forms.CharField(label=_("家庭住址"), max_length=200, required=False)
    occupation = forms.CharField(label=_("职业"), max_length=40, required=False)
    campus = campus_field()
    type = forms.ModelChoiceField(CustomerType.objects.none(), label=_("客户类型"), empty_label=None)
    source = forms.ChoiceField(label=_("来源"), choices=[("", "—"), *((s, s) for s in SOURCES)], required=False)
    note = forms.CharField(label=_("咨询内容"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        types = CustomerType.objects.filter(half="family").order_by("id")
        self.fields["type"].queryset = types
        if len(types) < 2:  # nothing to choose: the school's one type of family
            del self.fields["type"]


class PartnerForm(SchoolForm):
    name = forms.CharField(label=_("机构名称"), max_length=40)
    type = forms.ModelChoiceField(CustomerType.objects.none(), label=_("客户类型"), empty_label=None)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = phone_field(_("电话"), required=False)
    field = forms.CharField(label=_("合作内容"), max_length=100, required=False)
    campus = campus_field()
    since = forms.DateField(label=_("合作开始"), validators=[happened])

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        self.fields["type"].queryset = CustomerType.objects.filter(half="partner").order_by("id")


class ContactForm(SchoolForm):
    kind = forms.ChoiceField(label=_("类型"), choices=CONTACT_KINDS)
    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    text = forms.CharField(label=_("说了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class EndEnrolmentForm(SchoolForm):
    until_on = forms.DateField(label=_("最后一天"), validators=[planned])
    outcome = forms.ChoiceField(label=_("原因"), choices=Outcome.choices)


class PaymentForm(SchoolForm):
    """One payment of a customer; the child is asked for only where there are several."""

    fee_kind = forms.ModelChoiceField(FeeKind.objects.none(), label=_("收费项目"), empty_label=None)
    amount = yuan_field(_("金额（元）"))
    paid_on = forms.DateField(label=_("缴费日期"), validators=[happened])
    method = forms.ChoiceField(label=_("支付方式"), choices=[(m, m) for m in ("微信", "支付宝", "银行转账", "现金")])
    receipt = forms.CharField(label=_("票据号"), max_length=40, required=False)
    child = forms.ModelChoiceField(Child.objects.none(), label=_("哪个孩子"), required=False, empty_label=_("全家"))

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee_kind"].queryset = FeeKind.objects.all()
        children = Child.objects.filter(family__customer=customer)
        self.fields["child"].queryset = children
        if len(children) < 2:
            del self.fields["child"]


class UploadForm(SchoolForm):
    kind = forms.ChoiceField(label=_("这是什么表"), choices=ImportKind.choices)
    campus = campus_field()
    file = forms.FileField(label=_("文件"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.xls,.csv,.txt"}))

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses


class TrainingForm(SchoolForm):
    """记一次培训 (R37b)."""

    subject = forms.CharField(label=_("练了什么"), max_length=60)
    topic = forms.ChoiceField(label=_("方面"), choices=Topic.choices, initial=Topic.OTHER)
    on = forms.DateField(label=_("日期"), validators=[happened])
    trainer = forms.ModelChoiceField(Membership.objects.none(), label=_("谁带的"))
    campus = forms.ModelChoiceField(Campus.objects.none(), label=_("园所"), required=False)
    notes = forms.CharField(label=_("要点"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    members = forms.ModelMultipleChoiceField(Membership.objects.none(), label=_("谁参加了"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Membership.objects.filter(is_active=True).order_by("name")
        self.fields["trainer"].queryset = self.fields["members"].queryset = here
        self.fields["campus"].queryset, self.fields["campus"].empty_label = campuses, _("全部园所")


class ImprovementForm(SchoolForm):
    """提一件改进 (R34)."""

    title = forms.CharField(label=_("改什么"), max_length=60)
    why = forms.CharField(label=_("为什么"), max_length=300, required=False)
    topic = forms.ChoiceField(label=_("方面"), choices=Topic.choices, initial=Topic.OTHER)
    campus = forms.ModelChoiceField(Campus.objects.none(), label=_("园所"), required=False)
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("谁来改"))
    due_on = forms.DateField(label=_("最晚哪天"), validators=[planned])

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        self.fields["campus"].empty_label = _("全部园所")
        self.fields["owner"].queryset = Membership.objects.filter(is_active=True).order_by("name")

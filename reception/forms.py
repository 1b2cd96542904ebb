"""What the desk types: a booking for a family, a slot's places, the school's booking rules."""
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SOURCES, ReadField, SchoolForm, phone_field
from crm.models import LeadChannel
from crm.parse import clean_name
from reception.booking import Wish
from reception.models import BookingRules, Slot
from tenancy.models import Membership
from tenancy.site import SchoolForm as ModelForm

SPOKEN = "口头"  # the version of a notice that was told, not shown
DESK_CHANNELS = [(c.value, c.label) for c in (LeadChannel.PHONE, LeadChannel.WECHAT, LeadChannel.WALK_IN, LeadChannel.PARTNER,
                                              LeadChannel.OTHER)]


class SlotChoice(forms.ModelChoiceField):
    """A slot by its time, kind and free places."""

    def label_from_instance(self, slot: Slot) -> str:
        return f"{slot} {slot.campus} {_('余')} {slot.free}"


class FamilyForm(SchoolForm):
    """What a family tells of itself (R6, X9). The child's data is taken down with the guardian's spoken yes only."""

    guardian_name = ReadField(read=lambda typed: clean_name(typed, "称呼"), label=_("家长称呼"), max_length=40)
    phone = phone_field(_("手机"))
    child_data = forms.BooleanField(label=_("家长同意记下孩子的信息"), required=False)
    child_name = forms.CharField(label=_("孩子姓名"), max_length=40, required=False)
    birth_month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])\Z", label=_("出生年月"), required=False,
                                   widget=forms.TextInput(attrs={"type": "month"}))
    course = forms.CharField(label=_("意向课程"), max_length=60, required=False)
    needs = forms.CharField(label=_("想了解什么"), max_length=120, required=False, help_text=_("用顿号隔开"))
    special = forms.CharField(label=_("特殊要求"), max_length=300, required=False)
    source = forms.ChoiceField(label=_("来源"), choices=[("", "—"), *((s, s) for s in SOURCES)], required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("child_data") and (told.get("child_name") or told.get("birth_month")):
            self.add_error("child_data", _("家长同意了才能记孩子的信息；没同意就把孩子的两项留空。"))
        return told

    def wish(self) -> Wish:
        told = self.cleaned_data
        needs = tuple(part.strip()[:20] for part in told["needs"].replace("，", "、").replace(",", "、").split("、") if part.strip())
        notice = SPOKEN if told["child_data"] else ""
        return Wish(told["guardian_name"], told["phone"], notice_version=notice, child_data=told["child_data"],
                    child_name=told["child_name"].strip(), birth_month=told["birth_month"],
                    course=told["course"].strip(), needs=needs[:10], special=told["special"].strip(), source=told["source"])


class DeskBookingForm(FamilyForm):
    """What is asked on the telephone: the family, and when it comes."""

    slot = SlotChoice(Slot.objects.none(), label=_("时段"), empty_label=_("请选择"))
    channel = forms.ChoiceField(label=_("渠道"), choices=DESK_CHANNELS)
    field_order = ["slot", "channel"]

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots


class MoveForm(SchoolForm):
    slot = SlotChoice(Slot.objects.none(), label=_("改到"), empty_label=_("请选择"))

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots


class HostForm(SchoolForm):
    host = forms.ModelChoiceField(Membership.objects.none(), label=_("接待人"), empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = Membership.objects.filter(is_active=True)


class SlotForm(SchoolForm):
    capacity = forms.IntegerField(label=_("几组"), min_value=0, max_value=200)


class RulesForm(ModelForm):
    class Meta:
        model = BookingRules
        fields = ["hold_minutes", "offer_minutes", "change_minutes", "token_days", "child_days",
                  "remind_day_before", "remind_minutes", "code", "per_phone", "address_code_after",
                  "address_most", "tenant_code_after", "page_seconds", "courses", "notice_text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "mp-input")

    def clean(self) -> dict[str, Any]:
        """What the notice promises is what is done."""
        told = super().clean() or {}
        days = str(told.get("child_days", ""))
        if days and days not in re.findall(r"\d+", told.get("notice_text", "")):
            self.add_error("notice_text", _("告知书要写明没有报名时 %(days)s 天后删除孩子的信息。") % {"days": days})
        return told

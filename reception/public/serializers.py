"""The bodies and answers of the public API; messages are for parents, codes for programs."""
import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from rest_framework import serializers

from crm.models import CHILD_FIELDS
from crm.parse import Unreadable, clean_name, parse_phone
from reception.booking import Wish
from reception.models import Slot
from tenancy.refusals import spoken

MOBILE = re.compile(r"^1[3-9]\d{9}$")
OLDEST = 18  # years


def opaque(kind: str, pk: int) -> str:
    """An id as the public API writes it; whoever reads one treats it as a word."""
    return f"{kind}{pk}"


class Opaque(serializers.CharField):
    """An opaque id of one kind; anything else is the id of nothing."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        word = super().to_internal_value(data)
        digits = word.removeprefix(self.kind)
        known = word.startswith(self.kind) and digits.isascii() and digits.isdecimal() and len(digits) <= 18
        return int(digits) if known else 0


class CampusOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)


class SlotOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    type = serializers.CharField(help_text="tour, trial, consultation …")
    campus = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    free = serializers.IntegerField()
    waitlist = serializers.BooleanField(help_text="约满了，可以候补")


def slot_out(slot: Slot, zone: Any) -> dict[str, Any]:
    return {"id": opaque("s", slot.pk), "type": slot.type.code, "campus": opaque("c", slot.campus_id), "free": slot.free,
            "starts_at": slot.starts_at.astimezone(zone).isoformat(), "ends_at": slot.ends_at.astimezone(zone).isoformat(),
            "waitlist": slot.free == 0}


class SlotsIn(serializers.Serializer[Any]):
    """Which slots: inclusive dates of the campus, 31 days at most."""

    campus = Opaque("c", required=False)
    type = serializers.SlugField(max_length=20, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs["from"], attrs["to"]
        if last < first:
            raise serializers.ValidationError({"to": _("最后一天不能早于第一天。")})
        if (last - first).days > 30:
            raise serializers.ValidationError({"to": _("一次最多看 31 天。")})
        if not date(2000, 1, 1) <= first <= last <= date(2099, 12, 31):
            raise serializers.ValidationError({"from": _("请看最近的日子。")})
        return attrs


class HoldIn(serializers.Serializer[Any]):
    slot = Opaque("s")


class HoldOut(serializers.Serializer[Any]):
    hold = serializers.CharField()
    expires_at = serializers.DateTimeField()


def missing(words: Any) -> dict[str, Any]:
    """What is said where nothing was filled in, in place of the framework's words."""
    return {"required": words, "blank": words, "null": words}


class GuardianField(serializers.CharField):
    """How a parent wishes to be called."""

    default_error_messages = missing(gettext_lazy("请写一下怎么称呼您。"))

    def run_validation(self, data: Any = serializers.empty) -> str:
        return read_name(super().run_validation(data), _("称呼"))  # after the length, so that a long one is told to be too long


class PhoneField(serializers.CharField):
    """A mobile in any spelling; cleaned, its digits."""

    default_error_messages = missing(gettext_lazy("请填手机号，好跟您确认时间。"))

    def to_internal_value(self, data: Any) -> str:
        try:
            digits = parse_phone(super().to_internal_value(data))
        except Unreadable as doubt:
            raise serializers.ValidationError(spoken(doubt.said), code="phone") from None
        if not MOBILE.match(digits):
            raise serializers.ValidationError(_("请留手机号，方便收到提醒。"), code="phone")
        return digits


def read_name(text: str, what: str) -> str:
    try:
        return clean_name(text, what)
    except Unreadable as doubt:
        raise serializers.ValidationError(spoken(doubt.said)) from None


class CodeIn(serializers.Serializer[Any]):
    phone = PhoneField(max_length=40)


class ConsentIn(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=20)
    child_data = serializers.BooleanField()


class BookingIn(serializers.Serializer[Any]):
    """What a parent tells. Without consent to the use of the child's data no field about the child may come."""

    slot = Opaque("s", required=False)
    hold = serializers.CharField(max_length=80, required=False)
    guardian_name = GuardianField(max_length=40)
    phone = PhoneField(max_length=40)
    consent = ConsentIn()
    code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    child_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    birth_month = serializers.RegexField(r"^\d{4}-(0[1-9]|1[0-2])\Z", required=False, allow_blank=True)
    course = serializers.CharField(max_length=60, required=False, allow_blank=True)
    needs = serializers.ListField(child=serializers.CharField(max_length=20), max_length=10, required=False)
    special = serializers.CharField(max_length=300, required=False, allow_blank=True)
    source = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=120, required=False, allow_blank=True, help_text="机构能发邮件时，没有短信就发到这里")
    website = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="不要填")
    page = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="预约页自己带的，别的程序不用")

    def validate_child_name(self, name: str) -> str:
        return read_name(name, _("孩子的名字")) if name.strip() else ""

    def validate_birth_month(self, month: str) -> str:
        if not month:
            return ""
        today = timezone.localdate()
        told = date.fromisoformat(f"{month}-01") if int(month[:4]) >= 1900 else date.min
        if told > today or told.year < today.year - OLDEST:
            raise serializers.ValidationError(_("出生年月不对，请重新选。"))
        return month

    def validate_website(self, trap: str) -> str:
        if trap:  # a field that no person sees
            raise serializers.ValidationError(_("这一项请留空。"))
        return trap

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("slot" in attrs) == ("hold" in attrs):
            raise serializers.ValidationError({"slot": _("请选一个时间。")})
        told = [name for name in CHILD_FIELDS if attrs.get(name)]
        if told and not attrs["consent"]["child_data"]:
            raise serializers.ValidationError({name: serializers.ErrorDetail(_("没有同意使用孩子的信息，这一项请留空。"), code="no_consent")
                                               for name in told})
        return attrs


def wish_of(told: dict[str, Any]) -> Wish:
    said = {name: told.get(name, "") for name in ("guardian_name", "phone", "child_name", "birth_month", "course", "special", "source",
                                                  "email")}
    return Wish(**said, language=get_language() or "", needs=tuple(told.get("needs", ())), notice_version=told["consent"]["version"],
                child_data=told["consent"]["child_data"])


class BookedOut(serializers.Serializer[Any]):
    reference = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    campus = serializers.CharField()
    manage_url = serializers.URLField()
    calendar_url = serializers.URLField()


class WaitingOut(serializers.Serializer[Any]):
    reference = serializers.CharField()
    position = serializers.IntegerField()
    manage_url = serializers.URLField()


class NoticeOut(serializers.Serializer[Any]):
    version = serializers.CharField()
    text = serializers.CharField()


class BookingOut(serializers.Serializer[Any]):
    """One's own booking, with everything that is stored of it."""

    reference = serializers.CharField()
    state = serializers.CharField()
    type = serializers.CharField()
    slot = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    campus = CampusOut()
    host = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    changes_until = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    told = serializers.DictField()


class MoveIn(serializers.Serializer[Any]):
    slot = Opaque("s")


def aware(moment: datetime, zone: Any) -> str:
    return moment.astimezone(zone).isoformat()

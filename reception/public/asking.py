"""Two more pages for parents: "no time fits, tell us yours", and a lost link that comes back by a code (SPEC B10)."""
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from reception import access, flow, wishing
from reception.booking import Wish, token_of
from reception.codes import can_send, check_code, send_code
from reception.models import Booking
from reception.places import rules
from reception.public.admission import admitted
from reception.public.limits import Knock, once_a_minute
from reception.public.offered import Choice, offered
from reception.public.page_age import stamp
from reception.public.pages import at_fields, first_words
from reception.public.serializers import GuardianField, PhoneField, missing
from reception.public.submitting import ONLINE
from tenancy.doors import address_of
from tenancy.refusals import Absent, Refused
from tenancy.sealing import blind_index
from tenancy.visitors import shown, strict


class WishIn(serializers.Serializer[Any]):
    guardian_name = GuardianField(max_length=40)
    phone = PhoneField(max_length=40)
    when = serializers.CharField(max_length=200, error_messages=missing(gettext_lazy("请写一下什么时候方便。")))
    code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    website = serializers.CharField(max_length=0, required=False, allow_blank=True)  # a field that no person sees


class LostIn(serializers.Serializer[Any]):
    phone = PhoneField(max_length=40, error_messages=missing(gettext_lazy("请填预约时留的手机号。")))
    code = serializers.CharField(max_length=12, required=False, allow_blank=True)


# -- no time fits ----------------------------------------------------------------------------------------------------------
@strict
def wish(request: HttpRequest, slug: str) -> HttpResponse:
    """没有合适的时间: who, which number, when they could come. No word about the child is asked for."""
    now = timezone.now()
    choice = offered(request.GET, now)
    if choice.campus is None or choice.kind is None:
        raise Absent(_("暂时不能在网上预约，请直接打电话给园里。"), code="not_found")
    if request.method != "POST":
        return _wish(request, choice, {"page": stamp(now)})
    told = {name: request.POST.get(name, "") for name in ("guardian_name", "phone", "when", "code", "website", "page")}
    form = WishIn(data=told)
    try:
        form.is_valid(raise_exception=True)
        if "send" in request.POST:
            _send(form.validated_data["phone"], request, now)
            return _wish(request, choice, told, sent=True)
        with transaction.atomic():
            _take_down(form.validated_data, told["page"], choice, address_of(request), now)
    except ValidationError as error:
        return _wish(request, choice, told, first_words(error), status=422)
    except Refused as refusal:
        return _wish(request, choice, told, at_fields(refusal), refusal.message, refusal.status)
    return shown(request, "public/wished.html", {"choice": choice})


def _take_down(told: dict[str, Any], page: str, choice: Choice, address: str, now: datetime) -> None:
    assert choice.campus is not None and choice.kind is not None
    with admitted(told | {"page": page}, rules(), address, now):
        said = Wish(told["guardian_name"], told["phone"], when=told["when"].strip(), language=translation.get_language() or "")
        wishing.wish_time(said, campus=choice.campus, kind=choice.kind, channel=ONLINE, at=now)


def _wish(request: HttpRequest, choice: Choice, told: dict[str, str], errors: dict[str, str] | None = None, message: str = "",
          status: int = 200, *, sent: bool = False) -> HttpResponse:
    return shown(request, "public/wish.html", {"choice": choice, "told": told, "errors": errors or {}, "message": message,
                                               "wants_code": sent or "code" in (errors or {})}, status)


# -- a lost link -------------------------------------------------------------------------------------------------------------
@strict
def lost(request: HttpRequest, slug: str) -> HttpResponse:
    """链接丢了: a code to the phone, then every booking of that phone. Whether it has any is told to its owner only."""
    if not can_send():
        return shown(request, "public/lost.html", {"closed": True, "told": {}, "errors": {}})
    told = {name: request.POST.get(name, "") for name in ("phone", "code")}
    if request.method != "POST":
        return _lost(request, told)
    now, form = timezone.now(), LostIn(data=told)
    try:
        form.is_valid(raise_exception=True)
        phone = form.validated_data["phone"]
        if "send" in request.POST or not told["code"].strip():
            _send(phone, request, now)
            return _lost(request, told, sent=True)
        check_code(phone, told["code"], at=now)
    except ValidationError as error:
        return _lost(request, told, first_words(error), status=422)
    except Refused as refusal:
        return _lost(request, told, at_fields(refusal), refusal.message, refusal.status, sent=True)
    return shown(request, "public/found.html", {"rows": [(row, token_of(row)) for row in _bookings_of(phone, now)]})


def _bookings_of(phone: str, at: datetime) -> Any:
    """What was booked with this number and can still be opened by a link, the next first."""
    since = at - timedelta(days=rules().token_days)
    rows = Booking.objects.filter(lead__phone_index=blind_index(phone), token_revoked_at=None, ends_at__gt=since)
    return rows.exclude(state__in=access.GONE).exclude(state=flow.State.CANCELLED).select_related("slot__type", "slot__campus")[:20]


def _lost(request: HttpRequest, told: dict[str, str], errors: dict[str, str] | None = None, message: str = "", status: int = 200, *,
          sent: bool = False) -> HttpResponse:
    return shown(request, "public/lost.html", {"told": told, "errors": errors or {}, "message": message, "sent": sent}, status)


def _send(phone: str, request: HttpRequest, now: datetime) -> None:
    once_a_minute(Knock(phone, address_of(request), now), rules())
    send_code(phone, language=translation.get_language() or "", at=now)

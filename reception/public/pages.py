"""Parents' pages (SPEC B10): three steps that work as plain forms, and one's own booking by its link. Strict CSP, no account."""
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError

from reception import access, booking, flow, rights
from reception.codes import can_send
from reception.models import Booking, CodeWanted, Slot
from reception.places import rules
from reception.public import submitting
from reception.public.offered import offered
from reception.public.page_age import stamp
from reception.public.serializers import opaque
from reception.public.submitting import Submission, submit
from tenancy.doors import address_of
from tenancy.qr import qr
from tenancy.refusals import Refused
from tenancy.typed import as_id
from tenancy.visitors import shown, strict

NEEDS = [gettext_lazy("吃饭和过敏"), gettext_lazy("午睡"), gettext_lazy("接送时间"), gettext_lazy("费用"), gettext_lazy("试听")]
YEARS = 8


# -- the three steps ----------------------------------------------------------------------------------------------------
@strict
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """第一步: campus, kind, day, time."""
    choice = offered(request.GET, timezone.now())
    return shown(request, "public/choose.html", {"choice": choice, "again": request.GET.get("again", ""), "step": 1})


@strict
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """第二步: how to reach you. What is wrong stands at its field, and nothing typed is lost."""
    now = timezone.now()
    words = request.POST if request.method == "POST" else request.GET
    slot = access.public_slot(as_id(words.get("slot", "").removeprefix("s")) or 0, now)
    if request.method != "POST":
        return _form(request, slot, _known(request.GET.get("again", ""), now))
    told = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        with transaction.atomic():
            answer = submit(_sent(request, told), submitting.wait if slot.free == 0 else submitting.book, at=now)
    except ValidationError as error:
        return _form(request, slot, told, first_words(error), status=422)
    except Refused as refusal:
        return _form(request, access.public_slot(slot.pk, now), told, at_fields(refusal), refusal.message, status=refusal.status)
    return redirect(urlsplit(answer["manage_url"]).path)


PLAIN = ("guardian_name", "phone", "course", "special", "source", "code", "website", "email", "page")  # which the API calls the same
FIELDS = (*PLAIN, "child_data", "child_name", "birth_year", "birth_month", "key", "notice_version")


def _sent(request: HttpRequest, told: dict[str, str]) -> Submission:
    """The plain form as the API's body."""
    body: dict[str, Any] = {name: told[name] for name in PLAIN}
    yes = told["child_data"] == "yes"
    body |= {"slot": request.POST.get("slot", ""), "needs": request.POST.getlist("needs"),
             "consent": {"version": told["notice_version"], "child_data": yes}}
    if yes:
        both = told["birth_year"] and told["birth_month"]
        body |= {"child_name": told["child_name"], "birth_month": f"{told['birth_year']}-{told['birth_month']}" if both else ""}
    return Submission(told["key"], request.path, body, address_of(request))


def at_fields(refusal: Refused) -> dict[str, str]:
    """What a refusal says of single fields."""
    return {name: found[0]["message"] for name, found in refusal.more.get("fields", {}).items()}


def first_words(error: ValidationError) -> dict[str, str]:
    """The first word on each field."""
    return {name: str(found[0] if isinstance(found, list) else next(iter(found.values()))[0] if isinstance(found, dict) else found)
            for name, found in error.detail.items()} if isinstance(error.detail, dict) else {}


def _known(token: str, at: datetime) -> dict[str, str]:
    """A second child: the parent's own words come from the first booking, the child's do not."""
    if not token:
        return {}
    told = access.booking_by_token(token, at).lead.told()  # type: ignore[union-attr]
    return {name: told.get(name, "") for name in ("guardian_name", "phone", "email")}


def _form(request: HttpRequest, slot: Slot, told: dict[str, str], errors: dict[str, str] | None = None, message: str = "",
          status: int = 200) -> HttpResponse:
    now, ruled = timezone.localtime(), rules()
    picked = request.POST.getlist("needs")
    return shown(request, "public/details.html", {
        "slot": slot, "slot_id": opaque("s", slot.pk), "told": told, "errors": errors or {}, "message": message, "rules": ruled, "step": 2,
        "key": told.get("key") or secrets.token_urlsafe(24), "needs": [(str(word), str(word) in picked) for word in NEEDS],
        "waits": slot.free == 0, "courses": ruled.course_list,
        "years": range(now.year, now.year - YEARS, -1), "months": [f"{n:02d}" for n in range(1, 13)],
        "wants_code": can_send() and (ruled.code == CodeWanted.ALWAYS or "code" in (errors or {})), "may_send": can_send(),
        "page": told.get("page") or stamp(timezone.now()), "mail": settings.MIAOPU_MAIL}, status=status)


# -- one's own booking ----------------------------------------------------------------------------------------------------
@strict
def own(request: HttpRequest, token: str) -> HttpResponse:
    """第三步, and from then on: when, where, the code for the door, moving, cancelling, one's rights."""
    row = access.booking_by_token(token, timezone.now())
    return _own(request, row, token)


def _own(request: HttpRequest, row: Booking, token: str, message: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    return shown(request, "public/own.html", {
        "booking": row, "token": token, "told": row.lead.told() if row.lead else {}, "step": 3, "message": message,
        "is_coming": row.state in flow.COMING, "is_open": access.is_open(row), "until": access.changes_until(row),
        "may_change": access.is_open(row) and now <= access.changes_until(row), "code": qr(row.reference),
        "before_end": row.ends_at > now,
        "in_wechat": "MicroMessenger" in request.headers.get("User-Agent", ""),
        "minutes": int((row.ends_at - row.starts_at).total_seconds() // 60)}, status=status)


@strict
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Another time instead of the one that was booked."""
    now = timezone.now()
    row = access.booking_by_token(token, now)
    words = {"campus": opaque("c", row.slot.campus_id), "type": row.slot.type.code} | request.GET.dict()
    return shown(request, "public/change.html", {"booking": row, "token": token, "choice": offered(words, now), "step": 3})


@strict
@require_POST
def act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """One act on one's own booking, by a plain form."""
    now = timezone.now()
    row = access.booking_by_token(token, now)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    do, said = ACTS[verb]
    try:
        if verb in ("cancel", "move"):
            access.must_be_changeable(row, now)
        do(request, row, now)
    except Refused as refusal:
        return _own(request, access.booking_by_token(token, now), token, refusal.message, refusal.status)
    messages.success(request, str(said))
    return redirect("own", token)


def _move(request: HttpRequest, row: Booking, now: datetime) -> None:
    slot = access.public_slot(as_id(request.POST.get("slot", "").removeprefix("s")) or 0, now)
    booking.move(row, slot, cutoff=access.cutoff_of(slot, now), at=now)


ACTS: dict[str, tuple[Any, Any]] = {
    "cancel": (lambda r, row, now: booking.cancel(row, reason=_("家长自己取消"), at=now), gettext_lazy("已取消，欢迎下次再来")),
    "move": (_move, gettext_lazy("已改到新的时间")),
    "accept": (lambda r, row, now: booking.accept(row, at=now), gettext_lazy("约好了")),
    "withdraw": (lambda r, row, now: rights.withdraw(row, at=now), gettext_lazy("已撤回，孩子的信息不再使用")),
    "delete": (lambda r, row, now: rights.ask_deletion(row), gettext_lazy("已转告园里，会有人联系您")),
}

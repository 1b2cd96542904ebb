"""The one way a parent's booking comes in, from the API or from the plain form: checked, counted, done once for its key."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions

from crm.opening import zone
from reception import access, booking, places
from reception.booking import Made, SlotFull
from reception.once import LONGEST, SHORTEST, Answer, once
from reception.public import serializers as shapes
from reception.public.admission import admitted
from reception.public.serializers import aware, opaque, slot_out
from tenancy.refusals import Refused

ONLINE = "online"
Act = Callable[[dict[str, Any], datetime], Answer]


class Unkeyed(Refused):
    """No Idempotency-Key, or none that can be one: 400."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("请求头里要有 Idempotency-Key，16 到 64 个字符。"), code="bad_request")


@dataclass(frozen=True)
class Submission:
    """What came: the key of the attempt, where it was sent to, its body, and from which address."""

    key: str
    path: str
    body: Any
    address: str


def submit(sent: Submission, act: Act, *, at: datetime) -> Answer:
    """Check the form, count the knock, ask for a code where one is wanted, and do it once. Raises what is wrong."""
    if not SHORTEST <= len(sent.key) <= LONGEST:
        raise Unkeyed
    form = shapes.BookingIn(data=sent.body)
    form.is_valid(raise_exception=True)
    told, ruled = dict(form.validated_data), places.rules()
    if told["consent"]["version"] != ruled.notice_version:
        raise exceptions.ValidationError({"consent": _("告知书更新了，请看过新的再提交。")})

    def do() -> Answer:
        with admitted(told, ruled, sent.address, at):
            return speak(act, told, at)
    return once(sent.key, {"path": sent.path, "body": sent.body}, do, at=at)[0]


def book(told: dict[str, Any], at: datetime) -> Answer:
    """A slot, or the place that was kept."""
    wish = shapes.wish_of(told)
    if "hold" in told:
        kept = access.held(told["hold"], at)
        return booked_out(booking.book_held(kept, wish, cutoff=access.cutoff_of(kept.slot, at), channel=ONLINE, at=at))
    slot, cutoff, lead_id = access.slot_to_book(told["slot"], at)
    if not slot.free and not places.release_run_out(slot.pk, at=at):  # a rush at a full slot is turned away before anything is written
        raise SlotFull(booking.alternatives(slot, cutoff))
    return booked_out(booking.book(slot, wish, cutoff=cutoff, channel=ONLINE, at=at, lead_id=lead_id))


def wait(told: dict[str, Any], at: datetime) -> Answer:
    """A place in the queue of a full slot."""
    if "slot" not in told:
        raise exceptions.ValidationError({"slot": _("请选一个时间。")})
    slot = access.public_slot(told["slot"], at)
    made, position = booking.join_waitlist(slot, shapes.wish_of(told), cutoff=access.cutoff_of(slot, at), channel=ONLINE, at=at)
    return {"reference": made.booking.reference, "position": position, "manage_url": manage_url(made.token)}


def speak(verb: Any, *args: Any, **kwargs: Any) -> Any:
    """A full slot names the nearest others in the answer."""
    try:
        return verb(*args, **kwargs)
    except SlotFull as full:
        here = zone()
        full.more = {"alternatives": [slot_out(slot, here) for slot in full.alternatives]}
        raise


def manage_url(token: str) -> str:
    return f"{settings.MIAOPU_ORIGIN}/b/{token}/"


def booked_out(made: Made) -> Answer:
    row = made.booking
    return {"reference": row.reference, "state": str(row.state), "starts_at": aware(row.starts_at, zone()),
            "campus": opaque("c", row.slot.campus_id), "manage_url": manage_url(made.token),
            "calendar_url": f"{settings.MIAOPU_ORIGIN}/api/v1/public/b/{made.token}/calendar.ics"}

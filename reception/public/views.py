"""The public REST API (SPEC B10): no account. Each view reads, calls one verb, answers."""
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status, throttling
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.opening import day_begins, zone
from reception import access, booking
from reception.codes import can_send, send_code
from reception.models import Booking, CodeWanted, Offer
from reception.places import rules
from reception.public import serializers as shapes
from reception.public import submitting
from reception.public.calendar_file import as_ics
from reception.public.limits import MINUTE, Knock, count_hold, is_loop, once_a_minute
from reception.public.serializers import aware, opaque, slot_out
from reception.public.submitting import ONLINE, Submission, speak, submit
from tenancy.doors import address_of
from tenancy.models import Campus

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
                       description="16 到 64 个字符，每次提交随机一个；同一个键和同样的内容只预约一次，48 小时内回同样的答案")


class KnockThrottle(throttling.BaseThrottle):
    """Asking is free, within reason; an address is counted under an HMAC."""

    def allow_request(self, request: Any, view: Any) -> bool:
        self.knock = Knock("", address_of(request._request), timezone.now())
        return not is_loop(self.knock)

    def wait(self) -> float:
        return self.knock.left(MINUTE)


class Public(APIView):
    """No sign-in and no session; the address has opened the school."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes = [KnockThrottle]

    def taken(self, shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
        form = shape(data=data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)


class Campuses(Public):
    @extend_schema(operation_id="public_campuses", responses=shapes.CampusOut(many=True))
    def get(self, request: Any, slug: str) -> Response:
        """Where one can come to: campuses that receive families."""
        open_now = Offer.objects.filter(is_open=True, type__is_open=True, type__is_public=True).values("campus")
        return Response([campus_out(row) for row in Campus.objects.filter(pk__in=open_now)])


class Notice(Public):
    @extend_schema(operation_id="public_notice", responses=shapes.NoticeOut)
    def get(self, request: Any, slug: str) -> Response:
        """The privacy notice that ``consent.version`` names."""
        now = rules()
        return Response({"version": now.notice_version, "text": now.notice_text})


class Slots(Public):
    @extend_schema(operation_id="public_slots", responses=shapes.SlotOut(many=True), parameters=[
        OpenApiParameter("campus", str), OpenApiParameter("type", str), OpenApiParameter("from", date, required=True),
        OpenApiParameter("to", date, required=True)])
    def get(self, request: Any, slug: str) -> Response:
        """Slots that can be booked or waited for, by the campus's dates."""
        asked, here = self.taken(shapes.SlotsIn, request.query_params), zone()
        rows = access.public_slots(timezone.now()).filter(
            starts_at__gte=day_begins(asked["from"]), starts_at__lt=day_begins(asked["to"] + timedelta(days=1)))
        words = {name: asked[name] for name in ("campus",) if name in asked} | ({"type__code": asked["type"]} if "type" in asked else {})
        return Response([slot_out(row, here) for row in rows.filter(**words)])


class Holds(Public):
    @extend_schema(operation_id="public_hold", request=shapes.HoldIn, responses={201: shapes.HoldOut})
    def post(self, request: Any, slug: str) -> Response:
        """Keep a place while the form is filled in."""
        now = timezone.now()
        slot = access.public_slot(self.taken(shapes.HoldIn, request.data)["slot"], now)
        count_hold(Knock("", address_of(request._request), now), rules())
        made = speak(booking.hold, slot, cutoff=access.cutoff_of(slot, now), channel=ONLINE, at=now)
        return Response({"hold": made.token, "expires_at": aware(made.booking.expires_at, zone())}, status=status.HTTP_201_CREATED)


class Hold(Public):
    @extend_schema(operation_id="public_let_go", responses={204: None})
    def delete(self, request: Any, slug: str, hold: str) -> Response:
        """Give the place back: the form was left without booking."""
        now = timezone.now()
        booking.let_go(access.held(hold, now), at=now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Codes(Public):
    @extend_schema(operation_id="public_code", request=shapes.CodeIn, responses={202: None})
    def post(self, request: Any, slug: str) -> Response:
        """Send a one-time code to a phone, where the school wants one."""
        now, ruled = timezone.now(), rules()
        phone = self.taken(shapes.CodeIn, request.data)["phone"]
        if ruled.code == CodeWanted.NEVER or not can_send():
            raise exceptions.NotFound(_("没有找到。"))
        once_a_minute(Knock(phone, address_of(request._request), now), ruled)
        send_code(phone, language=get_language() or "", at=now)
        return Response(status=status.HTTP_202_ACCEPTED)


class Keyed(Public):
    """A POST that is done once for each Idempotency-Key."""

    def post_once(self, request: Any, act: Any) -> Response:
        sent = Submission(request.headers.get("Idempotency-Key", ""), request.path, request.data, address_of(request._request))
        return Response(submit(sent, act, at=timezone.now()), status=status.HTTP_201_CREATED)


class Bookings(Keyed):
    @extend_schema(operation_id="public_book", parameters=[KEY], request=shapes.BookingIn, responses={201: shapes.BookedOut})
    def post(self, request: Any, slug: str) -> Response:
        """Book a slot, or turn a hold into a booking."""
        return self.post_once(request, submitting.book)


class Waitlist(Keyed):
    @extend_schema(operation_id="public_wait", parameters=[KEY], request=shapes.BookingIn, responses={201: shapes.WaitingOut})
    def post(self, request: Any, slug: str) -> Response:
        """Wait for a place in a full slot."""
        return self.post_once(request, submitting.wait)


class Own(Public):
    """One's own booking, by the link."""

    def found(self, token: str) -> Booking:
        return access.booking_by_token(token, timezone.now())

    @extend_schema(operation_id="public_booking", responses=shapes.BookingOut)
    def get(self, request: Any, token: str) -> Response:
        """The booking and everything that is stored of it."""
        return Response(own_out(self.found(token)))

    @extend_schema(operation_id="public_move", request=shapes.MoveIn, responses=shapes.BookingOut)
    def patch(self, request: Any, token: str) -> Response:
        """Another slot instead; into a full one it is refused and the booking stays."""
        now, row = timezone.now(), self._changeable(token)
        slot = access.public_slot(self.taken(shapes.MoveIn, request.data)["slot"], now)
        speak(booking.move, row, slot, cutoff=access.cutoff_of(slot, now), at=now)
        return Response(own_out(self.found(token)))

    @extend_schema(operation_id="public_cancel", responses={204: None})
    def delete(self, request: Any, token: str) -> Response:
        """Cancel, or stop waiting."""
        row = self._changeable(token)
        booking.cancel(row, reason=_("家长自己取消"), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _changeable(self, token: str) -> Booking:
        row = self.found(token)
        access.must_be_changeable(row, timezone.now())
        return row


class Accept(Own):
    http_method_names = ["post", "options"]

    @extend_schema(operation_id="public_accept", request=None, responses=shapes.BookingOut)
    def post(self, request: Any, token: str) -> Response:
        """Take the place that was offered to somebody who waited."""
        booking.accept(self.found(token), at=timezone.now())
        return Response(own_out(self.found(token)))


class CalendarFile(Own):
    http_method_names = ["get", "head", "options"]

    @extend_schema(operation_id="public_calendar", responses={(200, "text/calendar"): str})
    def get(self, request: Any, token: str) -> HttpResponse:
        """The visit as a calendar file."""
        row = self.found(token)
        answer = HttpResponse(as_ics(row), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{row.reference}.ics"'
        return answer


# -- what they share -----------------------------------------------------------------------------------------------------
def campus_out(campus: Campus) -> dict[str, str]:
    return {"id": opaque("c", campus.pk), "name": campus.name, "address": campus.address}


def own_out(row: Booking) -> dict[str, Any]:
    here, slot = zone(), row.slot
    return {"reference": row.reference, "state": row.state, "type": slot.type.spoken_name, "slot": opaque("s", slot.pk),
            "starts_at": aware(row.starts_at, here), "ends_at": aware(row.ends_at, here), "campus": campus_out(slot.campus),
            "host": row.host.name if row.host else "", "before": slot.type.spoken_before,
            "changes_until": aware(access.changes_until(row), here),
            "expires_at": aware(row.expires_at, here) if row.expires_at else None,
            "told": row.lead.told() if row.lead else {}}


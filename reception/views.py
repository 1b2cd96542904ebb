"""预约 for the desk: the day's bookings, one booking and what can be done with it, slots."""
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.asked import day_asked
from crm.opening import calendar_for, zone
from reception import access, booking, desk, flow, hosts, places, queries
from reception.forms import DeskBookingForm, HostForm, MoveForm, SlotForm
from reception.models import Booking, Slot, TimeWish, VisitType
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.site import need, page
from tenancy.typed import as_id

Act = Callable[[HttpRequest, Booking, int | None], object]


def visits(request: HttpRequest) -> HttpResponse:
    """A day's bookings by the hour, with search; whom to call because their slot is gone comes first."""
    member = need(request, "reception.view")
    day, words = day_asked(request.GET), request.GET.get("q", "").strip()[:80]
    rows = queries.day_of(member, day, words)
    coming = sum(row.booking.state in flow.COMING for row in rows)
    return page(request, "reception/visits.html", {
        "title": _("预约"), "day": day, "q": words, "rows": rows, "coming": coming, "to_call": queries.to_call(member, timezone.now()),
        "others": queries.on_other_days(member, day, words),
        "wishes": access.wishes(member).count() if member.may("reception.book") else 0,
        "plan": calendar_for().plan(day), **_around(day)})


def slots(request: HttpRequest) -> HttpResponse:
    """A day's slots: how full, blocked at once, opened again, more or fewer places."""
    member = need(request, "reception.view")
    day = day_asked(request.GET)
    chosen = {name: as_id(request.GET.get(name, "")) for name in ("type", "campus")}
    return page(request, "reception/slots.html", {
        "title": _("时段"), "crumb": _("预约"), "day": day, "rows": queries.slots_of(member, day, **chosen), "chosen": chosen,
        "types": VisitType.objects.filter(is_open=True), "campuses": campuses_of(member), **_around(day)})


def book(request: HttpRequest) -> HttpResponse:
    """Book for a family that calls, writes or stands at the door. A full slot offers to wait."""
    member = need(request, "reception.book")
    now = timezone.now()
    free = access.slots(member).filter(state=Slot.State.OPEN, starts_at__gt=now - desk.STARTED)
    if kind := as_id(request.GET.get("type", "")):
        free = free.filter(type=kind)
    chosen = as_id((request.POST or request.GET).get("slot", ""))
    day = queries.day_to_offer(free, chosen, request.GET.get("day") and day_asked(request.GET))
    wish = access.wish_opened(member, as_id(request.GET.get("wish", "")))
    before = access.booking_again(member, as_id(request.GET.get("again", "")))
    form = DeskBookingForm(request.POST or None, slots=free, initial={"slot": chosen} | queries.told_with(wish, before))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            made = _booked(form, request, now, wish)
            messages.success(request, _("约好了，预约号 %(ref)s") % {"ref": made.reference})
            return redirect("reception:visit", made.pk)
    form.fields["slot"].queryset = queries.of_day(free, day)  # a day's slots can be looked through, a month's cannot
    return page(request, "reception/form.html", {"title": _("替家长预约"), "crumb": _("预约"), "form": form, "submit": _("约好"),
                                                 "wish": queries.when_of(wish), "day": day, "waits": "slot" in form.errors},
                status=422 if form.errors else 200)


def visit(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.booking_seen(request.member, pk)
    return _shown(request, row)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One act on a booking; what a colleague did meanwhile is told, and nothing is overwritten."""
    row = access.booking_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    done, said = ACTS[verb]
    try:
        done(request, row, as_id(request.POST.get("version", "")))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _shown(request, access.booking_for(request.member, pk), status=refusal.status)
    messages.success(request, str(said))
    return redirect("reception:visits") if request.POST.get("back") == "list" else redirect("reception:visit", pk)


@require_POST
def slot_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Block a slot, open it again, or give it another number of places."""
    slot, now = access.slot_for(request.member, pk), timezone.now()
    if verb == "block":
        places.block(slot.pk, request.POST.get("reason", ""), by=request.member)
        messages.success(request, _("已停用，已约的家庭列在上面"))
    elif verb == "open":
        places.reopen(slot.pk, at=now, by=request.member)
        messages.success(request, _("已恢复"))
    else:
        form = SlotForm(request.POST)
        if not form.is_valid():
            raise Refused(form.errors["capacity"][0])
        places.resize(slot.pk, form.cleaned_data["capacity"], at=now, by=request.member)
        messages.success(request, _("已改为 %(n)s 组") % {"n": form.cleaned_data["capacity"]})
    return redirect(f"{reverse('reception:slots')}?day={timezone.localtime(slot.starts_at, zone()):%Y-%m-%d}")


# -- what they share -----------------------------------------------------------------------------------------------------
def _around(day: date) -> dict[str, date]:
    return {"before": day - timedelta(days=1), "after": day + timedelta(days=1), "today": timezone.localdate(timezone=zone())}


def _booked(form: DeskBookingForm, request: HttpRequest, now: datetime, wish: TimeWish | None) -> Booking:
    told = form.cleaned_data
    return desk.book_for(told["slot"], form.wish(), channel=told["channel"], waits="wait" in request.POST, by=request.member, at=now,
                         wish=wish)


def _shown(request: HttpRequest, row: Booking, status: int = 200) -> HttpResponse:
    now = timezone.now()
    free = queries.free_slots(request.member, row.slot.type, row.slot.campus, now)
    choice = access.slots(request.member).filter(pk__in=[s.pk for s in free if s.pk != row.slot_id])
    return page(request, "reception/visit.html", {
        "title": f"{queries.row_of(row).guardian} · {row.reference}", "crumb": _("预约"), "booking": row, "row": queries.row_of(row),
        "told": row.lead.told() if row.lead else {}, "verbs": [verb for verb in flow.MOVES if flow.may(verb, row.state)],
        "is_early": booking.is_early(row, now),
        "move": MoveForm(slots=choice), "host": HostForm(initial={"host": row.host_id}), "link": request.session.pop(f"link:{row.pk}", "")},
        status=status)


def _move(request: HttpRequest, row: Booking, version: int | None) -> None:
    form = MoveForm(request.POST, slots=access.slots(request.member))
    if not form.is_valid():
        raise Refused(_("请选一个时间。"))
    now = timezone.now()
    booking.move(row, form.cleaned_data["slot"], cutoff=now, at=now, by=request.member, version=version)


def _host(request: HttpRequest, row: Booking, version: int | None) -> None:
    form = HostForm(request.POST)
    if not form.is_valid():
        raise Refused(_("请选一位接待人。"))
    hosts.assign(row, form.cleaned_data["host"], by=request.member, version=version)


def _link(request: HttpRequest, row: Booking, version: int | None) -> None:
    """A lost link comes back through the desk: the new one is shown once, the old one stops working."""
    request.session[f"link:{row.pk}"] = f"{settings.MIAOPU_ORIGIN}/b/{booking.renew_link(row, by=request.member)}/"


ACTS: dict[str, tuple[Act, Any]] = {
    "confirm": (lambda r, row, v: booking.confirm(row, by=r.member, version=v), _("已确认")),
    "arrive": (lambda r, row, v: booking.come(row, "arrive", by=r.member, at=timezone.now(), version=v), _("已登记到访")),
    "miss": (lambda r, row, v: booking.come(row, "miss", by=r.member, at=timezone.now(), version=v), _("已登记未到")),
    "recall": (lambda r, row, v: booking.come(row, "recall", by=r.member, at=timezone.now(), version=v), _("已改回已确认")),
    "cancel": (lambda r, row, v: booking.cancel(row, reason=r.POST.get("reason", ""), at=timezone.now(), by=r.member, version=v),
               _("已取消，位置让给候补或重新开放")),
    "move": (_move, _("已改约")),
    "host": (_host, _("接待人已安排")),
    "link": (_link, _("新链接在下面，旧的不能用了")),
}

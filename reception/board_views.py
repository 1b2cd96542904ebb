"""今天的到访: the board at the front desk. A picture that renews itself; every button is a plain form as well."""
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from crm.asked import day_asked, today
from crm.opening import calendar_for, zone
from reception import access, board, manual, preparing, queries, registering, stages, surveying, visiting, walkins
from reception.forms import FamilyForm
from reception.models import Area, Booking, CheckItem, VisitType
from reception.models.visits import Exit, TookPart
from reception.stages import Step
from reception.visiting import Tap
from tenancy.access import campus_for, campuses_of
from tenancy.models import Campus
from tenancy.refusals import Absent, Refused
from tenancy.site import need, page
from tenancy.typed import as_id


def day(request: HttpRequest) -> HttpResponse:
    """The day's families on the left, the chosen one with its stopwatch on the right."""
    member = need(request, "reception.view")
    shown = _shown(request, *_asked(request))
    record(member, "reception.listed", ids=[card.booking.pk for card in shown["cards"]])
    return page(request, "reception/board/page.html", shown)


def live(request: HttpRequest) -> HttpResponse:
    """The board anew, or 204 while nothing has changed since the picture that is looked at."""
    member = need(request, "reception.view")
    day, campus, chosen = _asked(request)
    if request.GET.get("seen") == board.stamp_of(member, day, campus):
        return HttpResponse(status=204)
    return page(request, "reception/board/board.html", _shown(request, day, campus, chosen))


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap. A tablet that was without network sends when it was tapped; the same key counts once."""
    row = access.visit_for(request.member, pk)
    to = request.POST.get("to", "")
    if to not in stages.ORDER:
        raise Refused(_("没有这个操作。"))
    return _done(request, row, lambda now: visiting.take_step(row, _tap(request, to, now), by=request.member, now=now))


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.visit_for(request.member, pk)
    return _done(request, row, lambda now: visiting.take_back(row, seen=request.POST.get("seen", ""), by=request.member, now=now))


@require_POST
def retime(request: HttpRequest, pk: int) -> HttpResponse:
    """The step was at another time of the day."""
    row = access.visit_for(request.member, pk)
    return _done(request, row, lambda now: visiting.put_right(row, request.POST.get("step", ""), _clock(request, row), by=request.member,
                                                              now=now))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.visit_for(request.member, pk)
    reason = request.POST.get("exit", "")
    if reason not in Exit.values:
        raise Refused(_("请选一个原因。"), "exit")
    return _done(request, row, lambda now: visiting.leave(row, reason, request.POST.get("note", ""), _tap(request, Step.LEFT, now),
                                                          by=request.member, now=now))


@require_POST
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """An area was shown to the family, or was not after all."""
    row = access.visit_for(request.member, pk)
    shown = Area.objects.filter(pk=as_id(request.POST.get("area", "")), campus=row.slot.campus_id).first()
    if shown is None:
        raise Refused(_("这个园所没有这个区域。"), "area")
    return _done(request, row, lambda now: visiting.show_area(row, shown, seen=request.POST.get("seen") == "1", by=request.member, at=now))


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """An item of the day's preparation: ready, lacking, or neither."""
    member = need(request, "reception.visit")
    item = CheckItem.objects.filter(pk=pk).first()
    if item is None:
        raise Absent(_("清单里没有这一项。"))
    campus, day = campus_for(member, as_id(request.POST.get("campus", ""))), day_asked(request.POST or request.GET)
    preparing.tick(item, campus, day, request.POST.get("state", ""), by=member, at=timezone.now(), lacking=request.POST.get("lacking", ""))
    return _back_to(request, None, campus, day)


@require_POST
def check_all(request: HttpRequest) -> HttpResponse:
    member = need(request, "reception.visit")
    campus, day = campus_for(member, as_id(request.POST.get("campus", ""))), day_asked(request.POST or request.GET)
    preparing.tick_rest(campus, day, by=member, at=timezone.now())
    return _back_to(request, None, campus, day)


@require_POST
def walk_in(request: HttpRequest) -> HttpResponse:
    """临时到访, the second tap: what for."""
    member, now = need(request, "reception.book"), timezone.now()
    campus = campus_for(member, as_id(request.POST.get("campus", "")))
    kind = VisitType.objects.filter(pk=as_id(request.POST.get("type", "")), is_open=True).first()
    if kind is None:
        raise Refused(_("请选一种到访类型。"), "type")
    row = walkins.walk_in(campus, kind, key=_key(request), by=member, at=now)
    return _back_to(request, row, campus, today())


@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """到访签到: the code at the door, scanned into the field or typed; whoever is here already is only shown."""
    day = today()
    try:
        row = access.booking_by_reference(request.member, request.POST.get("reference", ""), lambda rows: queries.of_day(rows, day))
    except Absent as absent:
        messages.error(request, absent.message)
        return redirect("reception:board")
    seen = visiting.visit_of(row).step
    if stages.place(seen) >= stages.place(Step.ARRIVED):
        return _back_to(request, row, row.slot.campus, day)
    return _done(request, row, lambda now: visiting.take_step(row, Tap(Step.ARRIVED, seen, now, _key(request)), by=request.member, now=now))


def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """信息登记: what the family tells when it sits down; nothing that was told before is asked again."""
    row = access.visit_for(request.member, pk)
    if request.method != "POST":
        looked(request.member, "reception.booking_viewed", [row])
    form = FamilyForm(request.POST or None, initial=queries.told_before(row))
    if request.method == "POST" and form.is_valid():
        try:
            registering.register(row, form.wish(), by=request.member, at=timezone.now())
            messages.success(request, _("登记好了，已经进档案"))
            return _back_to(request, row, row.slot.campus, timezone.localdate(row.starts_at, zone()))
        except Refused as refusal:
            form.refuse(refusal)
    return page(request, "reception/registration.html", {"title": _("信息登记"), "crumb": _("今天的到访"), "form": form, "booking": row},
                status=422 if form.errors else 200)


def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    """接待简报: one sheet for whoever receives the family, to read beforehand or to print."""
    row = access.booking_seen(request.member, pk)
    card = board.card_of(row, timezone.localdate(row.starts_at, zone()), today())
    return page(request, "reception/briefing.html", {"title": _("接待简报"), "crumb": _("今天的到访"), "card": card,
                                                     "earlier": queries.earlier_of(row), **_of_one(card)})


# -- what they share -----------------------------------------------------------------------------------------------------
def _asked(request: HttpRequest) -> tuple[date, Campus, int | None]:
    """Which day, which campus, which family: as the address says."""
    campus = campus_for(request.member, as_id(request.GET.get("campus", "")))
    return day_asked(request.GET), campus, as_id(request.GET.get("v", ""))


def _view(request: HttpRequest) -> str:
    """The day as a list, or as columns of the nine stages."""
    return "columns" if (request.POST or request.GET).get("view") == "columns" else ""


def _kept_view(request: HttpRequest) -> str:
    return "&view=columns" if _view(request) else ""


def _shown(request: HttpRequest, day: date, campus: Campus, pk: int | None) -> dict[str, Any]:
    member = request.member
    stamp = board.stamp_of(member, day, campus)  # before the picture: what happens in between is drawn anew, never taken as seen
    cards = board.cards_of(member, day, campus, today())
    chosen = _chosen(cards, pk)
    ready, now = board.ready_of(cards, campus, day), timezone.now()
    return {
        "title": _("今天的到访") if day == today() else _("到访"), "query": f"day={day:%Y-%m-%d}&campus={campus.pk}{_kept_view(request)}",
        "day": day, "today": today(), "campus": campus, "cards": cards,
        "campuses": campuses_of(member), "figures": board.figures_of(cards), "ready": ready, "late": ready.is_late(now), "now": now,
        "view": _view(request), "columns": board.columns_of(cards) if _view(request) else [],
        "stamp": stamp, "card": chosen, "plan": calendar_for(campus).plan(day),
        "types": VisitType.objects.filter(is_open=True), "exits": Exit.choices, "trial_words": TookPart.choices,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1), "words": [(str(one), visiting.words_of(one)) for one in stages.ORDER],
        **(_of_one(chosen) if chosen else {}),
        **({"stage": manual.stage_of(stages.stage_of(chosen.step), campus)} if chosen else {})}


def _of_one(card: board.Card) -> dict[str, Any]:
    areas = board.areas_of(card)
    return {"watch": board.watch_of(card), "areas": areas, "left_out": [area for area, seen in areas if not seen],
            "brief": board.briefing_of(card), "told": card.booking.lead.told() if card.booking.lead else {},
            "sheet": surveying.sheet_of(card.booking) if card.step in (Step.LEFT, Step.FEEDBACK) else None}


def _chosen(cards: list[board.Card], pk: int | None) -> board.Card | None:
    """The one that was tapped; else who waits, else who is in the house, else who comes next, else who came last."""
    asked = [card for card in cards if card.booking.pk == pk]
    order = asked + [c for c in cards if c.waits] + [c for c in cards if c.is_here] + [c for c in cards if c.next] + cards[-1:]
    return order[0] if order else None


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:64] or f"{request.member.pk}-{timezone.now().timestamp()}"


def _tap(request: HttpRequest, to: str, now: datetime) -> Tap:
    """When it was tapped, in milliseconds of the tablet's own clock set right by how long ago that was."""
    ago = request.POST.get("ago", "")
    waited = timedelta(milliseconds=int(ago)) if ago.isascii() and ago.isdecimal() and len(ago) <= 9 else timedelta()
    return Tap(to, request.POST.get("seen", ""), now - waited, _key(request))


def _clock(request: HttpRequest, row: Booking) -> datetime:
    try:
        told = datetime.strptime(request.POST.get("at", ""), "%H:%M").time()
    except ValueError:
        raise Refused(_("请写成 09:30 这样的时间。"), "at") from None
    return datetime.combine(timezone.localdate(row.starts_at, zone()), told, zone()).astimezone(UTC)


def _done(request: HttpRequest, row: Booking, act: Any) -> HttpResponse:
    """Do it and show the board; a refusal is shown on the board as it is now."""
    campus, day = row.slot.campus, timezone.localdate(row.starts_at, zone())
    try:
        act(timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        template = "reception/board/board.html" if request.htmx else "reception/board/page.html"
        return page(request, template, _shown(request, day, campus, row.pk), status=refusal.status)
    return _back_to(request, row, campus, day)


def _back_to(request: HttpRequest, row: Booking | None, campus: Campus, day: date) -> HttpResponse:
    chosen = f"&v={row.pk}" if row else f"&v={as_id(request.POST.get('v', '')) or ''}"
    where = "reception:board_live" if request.htmx else "reception:board"
    return redirect(f"{reverse(where)}?day={day:%Y-%m-%d}&campus={campus.pk}{chosen}{_kept_view(request)}")

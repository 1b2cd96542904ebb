"""咨询、体验课表现 and 跟进: what is written down while the family is here, and after it has left."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from crm import asked
from crm.consulting import Told, told_of
from crm.opening import zone
from reception import access, board, consulting, following, queries, visiting
from reception.models import Booking, VisitType
from reception.models.following import CHANNELS, Answer
from reception.models.visits import TookPart
from reception.talk_forms import ConsultationForm, FollowUpForm, shown
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page


def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """咨询记录 (R21–R23), with what the family told before beside it. Saved, it stands on the family's timeline."""
    row = access.visit_for(request.member, pk)
    if row.lead is None or row.lead.customer_id is None:
        messages.info(request, _("先做信息登记，再记咨询。"))
        return redirect("reception:registration", pk)
    known = visiting.visit_of(row).consultation
    first = {"version": known.version if known else 0} | shown(told_of(known) if known else _begun(row))
    form = ConsultationForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            consulting.note(row, form.told(), form.promised(), version=form.cleaned_data["version"] or 0, by=request.member,
                            at=timezone.now())
            messages.success(request, _("咨询记好了，已经进档案"))
            return redirect(_board_of(row))
    if request.method != "POST":
        looked(request.member, "reception.booking_viewed", [row])
    return page(request, "reception/consultation.html", {
        "title": _("咨询记录"), "crumb": _("今天的到访"), "form": form, "booking": row, "back": _board_of(row),
        **_beside(row)}, status=422 if form.errors else 200)


@require_POST
def took_part(request: HttpRequest, pk: int) -> HttpResponse:
    """体验课表现 (R20): one tap for how the child took part."""
    row = access.visit_for(request.member, pk)
    how = request.POST.get("took_part", "")
    if how not in TookPart.values:
        raise Refused(_("请选孩子在体验课上的表现。"), "took_part")
    visiting.took_part(row, how, request.POST.get("note", ""), by=request.member)
    messages.success(request, _("体验课表现记好了"))
    return redirect(_board_of(row))


def follow_ups(request: HttpRequest) -> HttpResponse:
    """Whom to speak to: what is late on top, then today, then the week."""
    member, today = need(request, "reception.view"), asked.today()
    whose = "all" if request.GET.get("whose") == "all" else "me"
    rows = access.follow_ups(member)
    owed = queries.owed(rows.filter(owner=member) if whose == "me" else rows, today)
    record(member, "reception.follow_ups_listed", ids=[row.pk for row in owed.rows()])
    return page(request, "reception/follow_ups.html", {
        "title": _("跟进"), "owed": owed, "whose": whose, "today": today, "channels": CHANNELS, "answers": Answer.choices,
        "others": 0 if whose == "all" else rows.open().filter(due_on__lte=today).exclude(owner=member).values("booking").distinct().count(),
        "groups": [(_("过期的"), owed.late), (_("今天"), owed.today), (_("一周内"), owed.soon)], "later": today + timedelta(days=1)})


@require_POST
def follow_up(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The family was spoken to, later, or not at all."""
    row = access.follow_up_for(request.member, pk)
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, VERBS[verb](request, row))
    return redirect(f"{reverse('reception:follow_ups')}?{request.GET.urlencode()}")


# -- what they share -----------------------------------------------------------------------------------------------------
def _done(request: HttpRequest, row: Any) -> str:
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    again = following.note(row, form.contact(), by=request.member, at=timezone.now())
    return _("记下了，%(day)s 再联系") % {"day": again.due_on} if again else _("记下了，往来里也有了")


def _put_off(request: HttpRequest, row: Any) -> str:
    day = asked.day_typed(request.POST, "due_on")
    following.put_off(row, day, by=request.member, at=timezone.now())
    return _("改到 %(day)s") % {"day": day}


def _dropped(request: HttpRequest, row: Any) -> str:
    following.drop(row, by=request.member, at=timezone.now())
    return _("这一次不跟进了")


VERBS = {"done": _done, "later": _put_off, "drop": _dropped}


def _begun(row: Booking) -> Told:
    """What the family told when it booked, as a beginning."""
    told = row.lead.told() if row.lead else {}
    return Told(needs="、".join(told.get("needs", [])), worries=str(told.get("special", "")), course=str(told.get("course", "")))


def _beside(row: Booking) -> dict[str, Any]:
    card = board.card_of(row, timezone.localdate(row.starts_at, zone()), asked.today())
    trial = next((kind for kind in VisitType.objects.filter(is_open=True) if kind.is_trial), None)
    return {"card": card, "brief": board.briefing_of(card), "earlier": queries.earlier_of(row), "trial": trial,
            "promises": row.lead.customer.promises.open().select_related("owner") if row.lead and row.lead.customer else []}


def _board_of(row: Booking) -> str:
    day = timezone.localdate(row.starts_at, zone())
    return f"{reverse('reception:board')}?day={day:%Y-%m-%d}&campus={row.slot.campus_id}&v={row.pk}"

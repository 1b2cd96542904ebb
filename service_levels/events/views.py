"""活动 on the screen: what is coming, one event with all that belongs to it, one event beside the other, interests."""
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.events import interests, planning, preparing, queries
from service_levels.events.forms import CancelForm, CloseForm, EventForm, FamilyInterestsForm, InterestForm, TaskForm
from service_levels.events.links import door_link
from service_levels.models import Event, EventTask
from service_levels.models.events import STANDS
from service_levels.sheets import Columns, sheet, whose
from service_levels.words import EVENT_TABS, GUEST_TABS
from tenancy import doing
from tenancy.access import campuses_of
from tenancy.qr import qr
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page

PAGE, GUESTS, FIRST = 20, 40, 10


def events(request: HttpRequest) -> HttpResponseBase:
    """What is coming, what waits for a look back, and whom nobody has asked for a quarter; export gives the list."""
    member, words, now = need(request, access.VIEW), request.GET, timezone.now()
    tab = words.get("tab", "") if words.get("tab", "") in EVENT_TABS else "coming"
    kind, text = words.get("kind", "")[:12], words.get("q", "").strip()[:80]
    found = queries.listed(member, tab, now, kind, text)
    if made := sheet(request, "events", _("活动"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(words.get("page"))
    for row in rows:
        row.standing = STANDS[row.stands(now)]
    owed = queries.owed(member, today())
    return page(request, "service_levels/events/list.html", {
        "title": _("活动"), "rows": rows, "tab": tab, "tabs": EVENT_TABS, "counts": queries.counts(member, now), "kind": kind,
        "q": text, "kinds": Event.Kind.choices, "owed": owed[:FIRST], "owed_count": owed.count()})


def _columns() -> Columns:
    return [(_("活动"), "title"), (_("哪一类"), "get_kind_display"), (_("园所"), "campus.name"), (_("哪天"), "starts_at"),
            (_("地点"), "place"), (_("请了"), "asked"), (_("说来"), "yes"), (_("来了"), "came"),
            (_("打分"), lambda row: row.score and round(row.score, 1)), (_("花了"), lambda row: Decimal(row.fen) / 100),
            (_("效果怎么样"), "effect"), (_("下次怎么做"), "lessons")]


def effects(request: HttpRequest) -> HttpResponseBase:
    """A year of events, one beside the other; export gives the same."""
    member, kind = need(request, access.VIEW), request.GET.get("kind", "")[:12]
    rows = list(queries.held(member, timezone.now(), kind))
    if made := sheet(request, "events", _("活动效果"), _columns(), rows):
        return made
    return page(request, "service_levels/events/effects.html", {
        "title": _("活动效果"), "crumb": _("活动"), "rows": rows, "kind": kind, "kinds": Event.Kind.choices,
        "came": sum(row.came for row in rows), "asked": sum(row.asked for row in rows)})


def plan(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new event, or another time, place or audience for one."""
    member = need(request, access.ORGANISE)
    row = access.event_for(member, pk, access.ORGANISE) if pk else Event(kind=request.GET.get("kind", Event.Kind.PARENT_CHILD)[:12])
    form = EventForm(request.POST or None, instance=row, campuses=campuses_of(member), plans=queries.plan_names(),
                     is_free=member.campus_ids() is None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            kept = planning.keep(form.row(), by=member, at=timezone.now())
            messages.success(request, _("记下了") if pk else _("写好了，接着列清单、挑请谁"))
            return redirect("service:event", kept.pk)
    return page(request, "service_levels/events/plan.html", {
        "title": row.title if pk else _("策划活动"), "crumb": _("活动"), "form": form, "row": row, "submit": _("保存"),
        "last": preparing.last_alike(row) if pk else None}, status=422 if form.errors else 200)


def event(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One event; export gives its guests as the page lists them."""
    row, words = access.event_for(request.member, pk), request.GET
    guests = queries.guests(request.member, row, words.get("tab", "all"), words.get("q", "").strip()[:80])
    return sheet(request, "guests", _("请的家庭"), _guest_columns(), guests) or _event(request, row)


def _guest_columns() -> Columns:
    return [*whose(), (_("答复"), "get_answer_display"), (_("几个人来"), "people"), (_("想说的"), "words"), (_("嘉宾"), "get_part_display"),
            (_("讲什么，做什么"), "topic"), (_("签到"), "came_at"), (_("评分"), "score"), (_("意见"), "opinion")]


FORMS: dict[str, Any] = {"task": TaskForm, "cancel": CancelForm, "close": CloseForm}


def _event(request: HttpRequest, row: Event, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The event with its list, its guests and what came of it, with the form in which something was wrong as it was filled in."""
    member, words, now = request.member, request.GET, timezone.now()
    stands = row.stands(now)
    own_forms: dict[str, Any] = {"task": TaskForm(auto_id="task-%s", initial={"due_on": timezone.localdate(row.starts_at)}),
                                 "cancel": CancelForm(auto_id="cancel-%s"),
                                 "close": CloseForm(auto_id="close-%s", initial={"effect": row.effect, "lessons": row.lessons})}
    if form in own_forms:
        own_forms[form] = filled
    if form:
        refused = refused or next(iter(filled.non_field_errors()), "")
    tab, text = words.get("tab", "all"), words.get("q", "").strip()[:80]
    rows = Paginator(queries.guests(member, row, tab, text), GUESTS).get_page(words.get("page"))
    record(member, "service.event_seen", row, ids=[one.customer_id for one in rows])
    tasks = list(row.tasks.select_related("member"))
    return page(request, "service_levels/events/detail.html", {
        "title": row.title, "crumb": _("活动"), "row": row, "stands": stands, "standing": STANDS[stands], "refused": refused,
        "figures": queries.figures(member, row), "tasks": tasks, "done": sum(1 for one in tasks if one.done_at), "today": today(),
        "rows": rows, "tab": tab, "tabs": GUEST_TABS, "q": text, "forms": own_forms, "spent": sum(one.fen for one in tasks),
        "last": preparing.last_alike(row) if stands in ("planned", "open") else None,
        "shares": queries.by_plan(row) if stands in ("over", "closed") else [],
        "joined": queries.joined(row) if stands in ("over", "closed") else 0, "may_organise": member.may(access.ORGANISE),
        "may_log": member.may(preparing.LOG), "is_day": timezone.localdate(row.starts_at) <= today(), "now": now,
        "plan_names": [name for code, name in queries.plan_names().items() if code in row.plans]}, status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with an event."""
    return doing.do(request, DOING, access.event_for(request.member, pk), verb)


def _open(request: HttpRequest, row: Event, form: Any) -> str:
    n = planning.open_invitations(row, by=request.member, at=timezone.now())
    return _("邀请发出去了，%(n)s 户；静默时段里的早上再发") % {"n": n}


def _cancel(request: HttpRequest, row: Event, form: CancelForm) -> str:
    n = planning.cancel(row, form.cleaned_data["why"], by=request.member, at=timezone.now())
    return _("取消了，告诉 %(n)s 户") % {"n": n}


def _close(request: HttpRequest, row: Event, form: CloseForm) -> str:
    planning.close(row, form.cleaned_data["effect"], form.cleaned_data["lessons"], by=request.member, at=timezone.now())
    return _("总结好了，下次办同类活动会看到")


def _again(request: HttpRequest, row: Event, form: Any) -> str:
    planning.look_again(row, by=request.member)
    return _("可以重新总结了")


def _begin(request: HttpRequest, row: Event, form: Any) -> str:
    n = preparing.begin(row, by=request.member, at=timezone.now())
    return _("列好了 %(n)s 项，改成合适的") % {"n": n}


def _task(request: HttpRequest, row: Event, form: TaskForm) -> str:
    task = form.row()
    task.event = row
    preparing.keep(task, by=request.member, at=timezone.now())
    return _("加到清单里了")


DOING = doing.Page("service:event", _event,
                   {"open": _open, "cancel": _cancel, "close": _close, "again": _again, "begin": _begin, "task": _task},
                   {"cancel": lambda request, row: CancelForm(request.POST, auto_id="cancel-%s"),
                    "close": lambda request, row: CloseForm(request.POST, auto_id="close-%s"),
                    "task": lambda request, row: TaskForm(request.POST, auto_id="task-%s")})


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """An item of the list is changed."""
    row = access.event_task_for(request.member, pk, access.ORGANISE)

    def do(form: TaskForm) -> str:
        preparing.keep(form.row(), by=request.member, at=timezone.now())
        return _("记下了")
    return one_form(request, TaskForm(request.POST or None, instance=row), do, reverse("service:event", args=[row.event_id]),
                    title=row.what, crumb=row.event.title)


TASKS: dict[str, Any] = {"done": preparing.done, "not-done": preparing.not_done, "remove": preparing.remove}


@require_POST
def task_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """An item is there, is not there after all, is not needed."""
    row: EventTask = access.event_task_for(request.member, pk, preparing.LOG)
    with Telling(on_the_next_page(request)):
        if verb not in TASKS:
            raise Refused(_("没有这个操作。"))
        TASKS[verb](row, by=request.member, at=timezone.now())
        messages.success(request, {"done": _("好了一项"), "not-done": _("又算没好"), "remove": _("去掉了一项")}[verb])
    return redirect("service:event", row.event_id)


def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster for the door: scan it and type a number."""
    row = access.event_for(request.member, pk)
    address = door_link(row) if row.opened_at and not row.cancelled_at else ""
    return page(request, "service_levels/events/door.html", {
        "title": _("门口的签到码"), "crumb": row.title, "row": row, "address": address, "code": qr(address, border=2) if address else ""})


# -- interests -----------------------------------------------------------------------------------------------------------------
def interest_list(request: HttpRequest) -> HttpResponse:
    """Which interests there are, and how many families have each."""
    member = need(request, access.ORGANISE)
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            interests.add(form.cleaned_data["name"], by=member)
            messages.success(request, _("加上了，打开一家就能选"))
            return redirect("service:interests")
    return page(request, "service_levels/events/interests.html", {
        "title": _("兴趣和需要"), "crumb": _("活动"), "form": form, "rows": queries.interests()}, status=422 if form.errors else 200)


@require_POST
def interest_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.interest_for(request.member, pk)
    with Telling(on_the_next_page(request)):
        interests.remove(row, by=request.member)
        messages.success(request, _("去掉了"))
    return redirect("service:interests")


@require_POST
def interests_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What a family cares for, as it was ticked on its page."""
    customer = customer_for(request.member, pk, interests.LOG)
    form = FamilyInterestsForm(request.POST)
    with Telling(on_the_next_page(request)):
        if not form.is_valid():
            raise Refused(_("有一项刚被去掉了，请刷新再选。"))
        interests.keep(customer, form.cleaned_data["interests"], by=request.member)
        messages.success(request, _("记下了，办活动的时候会先请到"))
    return redirect(f"{reverse('crm:family', args=[pk])}#events")

"""服务请求 on the screen: an agent's queue, taking one down, and everything that is done with it."""
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from crm.access import customer_for
from crm.asked import campus_asked, today
from crm.models import Channel
from crm.opening import calendar_for, day_begins
from service_levels import access
from service_levels.answers.queries import templates_for
from service_levels.models import ServiceRequest
from service_levels.requests import files, forms, links, queries, telling, timing, working
from service_levels.requests.queries import Asked
from service_levels.words import SAID, TABS
from tenancy import doing
from tenancy.access import campuses_of
from tenancy.refusals import Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page
from tenancy.typed import as_id

PAGE, MOST = 20, 5000
LOG = "crm.log"


def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits, the next deadline first; export gives the list."""
    member, words, now = need(request, access.VIEW), request.GET, timezone.now()
    campus = campus_asked(member, words)
    tab = words.get("tab", "")
    asked = Asked(tab if tab in TABS else "mine", words.get("kind", ""), campus.pk if campus else None, words.get("late") == "1",
                  words.get("q", "").strip()[:80])
    rows = queries.listed(member, asked, now)
    if words.get("export", "") in FORMATS:
        need(request, "crm.export")
        return _file(request, words["export"], list(rows[:MOST]))
    shown = Paginator(rows, PAGE).get_page(words.get("page"))
    seen = "-".join(str(row.pk) for row in shown)
    if words.get("seen") != seen:  # a list that renews itself is looked at once
        record(member, "service.requests_listed", ids=[row.pk for row in shown])
    month = day_begins(today().replace(day=1))
    template = "list.html" if request.htmx else "queue.html"
    return page(request, f"service_levels/requests/{template}", {
        "title": _("服务请求"), "seen": seen, "page_rows": shown, "rows": queries.shown(shown, now), "asked": asked,
        "tabs": TABS, "now": now,
        "counts": queries.counts(member, now), "kinds": ServiceRequest.Kind.choices, "campuses": campuses_of(member), "day": today(),
        "shifts": calendar_for().plan(today()).shifts, "waiting": access.waiting_recount(member), "kept": queries.kept(member, month, now),
        "content": queries.content(member, month, now)})


def _file(request: HttpRequest, form: str, rows: list[ServiceRequest]) -> HttpResponseBase:
    record(request.member, "service.requests_exported", requests=len(rows))
    header = [_("编号"), _("类型"), _("从哪里来"), _("园所"), _("家庭"), _("什么事"), _("收到"), _("首次答复"), _("办结"), _("结果"),
              _("满意度"), _("谁在办")]
    cells = [[row.number, row.get_kind_display(), row.get_channel_display(), str(row.place or ""), str(row.customer or ""), row.text,
              _moment(row.opened_at), _moment(row.replied_at), _moment(row.resolved_at), row.result, row.score or "",
              str(row.owner or "")] for row in rows]
    return as_file(form, _("服务请求"), header, cells, reader=request.member.name)


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def new(request: HttpRequest) -> HttpResponse:
    """Take one down: of the family that is named, or of whoever calls."""
    member = need(request, LOG)
    pk = as_id(request.GET.get("customer", ""))
    customer = customer_for(member, pk, LOG) if pk else None
    form = forms.WishForm(request.POST or None, campuses=campuses_of(member), known=customer is not None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = working.open_request(form.wish(), customer=customer, by=member, at=timezone.now())
            messages.success(request, _("已登记 %(number)s，时限开始走了") % {"number": row.number})
            return redirect("service:request", row.pk)
    title = _("登记 %(family)s 的请求") % {"family": customer.name} if customer else _("登记一件请求")
    return page(request, "crm/form.html", {"title": title, "crumb": _("服务请求"), "form": form, "submit": _("登记")},
                status=422 if form.errors else 200)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, access.request_for(request.member, pk))


def _detail(request: HttpRequest, row: ServiceRequest, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    member, now = request.member, timezone.now()
    shown: dict[str, Any] = {name: _form(name, row, member) for name in FORMS}
    if form:
        shown[form] = filled
    looked(member, "service.request_seen", [row])
    may_log = member.may(LOG)
    return page(request, "service_levels/requests/detail.html", {
        "title": row.number, "crumb": _("服务请求"), "row": row, "readings": timing.readings(row, now), "forms": shown, "refused": refused,
        "events": queries.course(row), "may_log": may_log, "now": now, "wrong": form, "stand": queries.shown([row], now)[0],
        "words": templates_for(row, by=member) if may_log else (), "link": links.link_of(row), "reachable": telling.reachable(row),
        "likely": queries.likely(member, row)}, status=422 if form or refused else 200)


FORMS: dict[str, Any] = {"reply": forms.ReplyForm, "heard": forms.HeardForm, "note": forms.NoteForm, "pause": forms.PauseForm,
                         "hand": forms.HandForm, "resolve": forms.ResolveForm, "reopen": forms.ReopenForm, "confirm": forms.ConfirmForm,
                         "known": forms.KnownForm}


def _form(name: str, row: ServiceRequest, member: Any, typed: Any = None) -> Any:
    """One of the forms of the page; each names its fields apart from the others'."""
    more: dict[str, Any] = {"member": member} if name == "known" else {}
    if name == "reply" and row.channel == Channel.ONLINE:
        more = {"initial": {"channel": Channel.ONLINE}}
    if name == "resolve" and not telling.reachable(row):
        more = {"initial": {"told": False}}
    return FORMS[name](typed, auto_id=f"{name}-%s", **more)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a request."""
    return doing.do(request, DOING, access.request_for(request.member, pk, LOG), verb)


def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that came with a request; that somebody looked is written down, since a child may be on it."""
    row = access.attachment_for(request.member, pk)
    looked(request.member, "service.attachment_seen", [row])
    return files.served(row)


def _done(do: Any, said: Any) -> doing.Act:
    """An act whose form has just the words that it takes."""
    def act_of(request: HttpRequest, row: ServiceRequest, form: Any) -> str:
        do(row, **(form.cleaned_data if form is not None else {}), by=request.member, at=timezone.now())
        return str(said)
    return act_of


def _renew(request: HttpRequest, row: ServiceRequest, form: Any) -> str:
    links.renew(row, by=request.member)
    return _("换了新的链接，旧的打不开了")


def _phone(request: HttpRequest, row: ServiceRequest, form: Any) -> str:
    need(request, "crm.reveal")
    looked(request.member, "service.request_phone", [row])
    return _("%(who)s %(phone)s") % {"who": row.caller or _("没留称呼"), "phone": row.phone or _("没留手机")}


DOES = {"take": working.take, "reply": working.reply, "heard": working.heard, "note": working.note, "pause": working.pause,
        "resume": working.resume, "hand": working.hand_over, "resolve": working.resolve, "reopen": working.reopen,
        "confirm": working.confirm, "known": working.put_to}
DOING = doing.Page("service:request", _detail,
                   {verb: _done(do, SAID[verb]) for verb, do in DOES.items()} | {"phone": _phone, "renew": _renew},
                   {name: (lambda request, row, name=name: _form(name, row, request.member, request.POST)) for name in FORMS})

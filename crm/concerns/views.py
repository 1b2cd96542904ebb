"""投诉与意见 on the screen: what waits, writing one down, closing it; the poster of the suggestion box."""
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from crm.access import customer_for
from crm.asked import campus_asked
from crm.concerns import queries, taking
from crm.concerns.forms import LogForm
from crm.models import Concern
from tenancy.access import campuses_of
from tenancy.qr import qr
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 20
SHOWS = [("", gettext_lazy("没办结")), ("closed", gettext_lazy("办结了")), ("all", gettext_lazy("全部"))]


def concerns(request: HttpRequest) -> HttpResponseBase:
    """What waits, the longest first; POST writes down one more; export gives the list."""
    member, words = need(request, "crm.view"), request.GET
    form = LogForm(request.POST or None, campuses=campuses_of(member))
    if request.method == "POST" and form.is_valid() and _taken(request, form):
        return redirect("crm:concerns")
    campus = campus_asked(member, words)
    asked = queries.Asked(words.get("show", ""), words.get("kind", ""), words.get("about", ""), words.get("source", ""),
                          campus.pk if campus else None, words.get("q", "").strip()[:80])
    rows = queries.listed(member, asked)
    wanted = words.get("export", "")
    if wanted in FORMATS:
        need(request, "crm.export")
        return _file(request, wanted, list(rows[:5000]))
    shown = Paginator(rows, PAGE).get_page(words.get("page"))
    likely = queries.families_of(member, shown)
    for row in shown:
        row.likely = likely.get(row.pk)
    record(member, "crm.concerns_listed", ids=[row.pk for row in shown])
    box = f"{settings.MIAOPU_ORIGIN}/t/{request.tenant.slug}/box/"
    return page(request, "crm/concerns/list.html", {
        "title": _("投诉与意见"), "rows": shown, "asked": asked, "counts": queries.counts(member), "shows": SHOWS, "form": form,
        "kinds": Concern.Kind.choices, "abouts": Concern.About.choices, "sources": Concern.Source.choices, "campuses": campuses_of(member),
        "box": box, "code": qr(box), "may_log": member.may("crm.log")}, status=422 if form.errors else 200)


def _taken(request: HttpRequest, form: Any) -> bool:
    """Whether it was written down; a refusal stands in the form."""
    with Telling(form.refuse):
        taking.take(form.said(), form.cleaned_data["source"], by=request.member, at=timezone.now())
        messages.success(request, _("已登记，办结前一直在这里"))
        return True
    return False


def _file(request: HttpRequest, form: str, rows: list[Any]) -> HttpResponseBase:
    record(request.member, "crm.exported", concerns=len(rows))
    header = [_("时间"), _("类型"), _("从哪里来"), _("关于什么"), _("园所"), _("家庭"), _("内容"), _("处理结果"), _("办结时间"),
              _("谁办结")]
    cells = [[_moment(row.opened_at), row.get_kind_display(), row.get_source_display(), row.get_about_display() if row.about else "",
              str(row.place or ""), row.customer.name if row.customer else "", row.text, row.answer, _moment(row.closed_at),
              str(row.answered_by or "")] for row in rows]
    return as_file(form, _("投诉与意见"), header, cells, reader=request.member.name)


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Close, open again, put to a family, show the number that was left."""
    row = queries.concern_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, ACTS[verb](request, row))
    return redirect("crm:concerns")


def _close(request: HttpRequest, row: Concern) -> str:
    taking.close(row, request.POST.get("answer", ""), by=request.member, at=timezone.now())
    return _("已办结")


def _reopen(request: HttpRequest, row: Concern) -> str:
    taking.reopen(row, by=request.member)
    return _("已重开")


def _put(request: HttpRequest, row: Concern) -> str:
    taking.put_to(row, customer_for(request.member, as_id(request.POST.get("customer", "")), "crm.log"), by=request.member)
    return _("已挂到这一家，往来里也有了")


def _phone(request: HttpRequest, row: Concern) -> str:
    need(request, "crm.reveal")
    looked(request.member, "crm.concern_phone", [row])
    return _("%(who)s %(phone)s") % {"who": row.caller or _("没留称呼"), "phone": row.phone or _("没留手机")}


ACTS: dict[str, Callable[[HttpRequest, Concern], str]] = {"close": _close, "reopen": _reopen, "put": _put, "phone": _phone}

"""Batches, schemes and the quarterly report: parse, call one verb, render."""
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for, customers
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused, Telling
from tenancy.site import need, page
from tenancy.typed import as_id
from tiering import actions, queries, reports
from tiering.access import batch_for, override_for, scheme_for
from tiering.calendar import quarter_ends
from tiering.charts import stacked
from tiering.fairness import compare
from tiering.forms import OverrideForm
from tiering.models import Batch, Override, Scheme
from tiering.report_files import pdf, xlsx
from tiering.review import batch_page, movers_page
from tiering.sweeps import beside_standing, drifted, rederive

PAGE = 50


def batches(request: HttpRequest) -> HttpResponse:
    member = need(request, "tiering.view")
    rows = Batch.objects.select_related("version__scheme", "computed_by", "published_by")[:60]
    schemes = Scheme.objects.filter(versions__state="in_force").order_by("id")
    return page(request, "tiering/batches.html", {
        "title": _("定级批次"), "rows": rows, "schemes": schemes, "today": timezone.localdate(), "can": member.may("tiering.compute"),
        "quarters": quarter_ends(timezone.localdate(), 8)})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("日期要写成 2026-09-30。"), "as_of") from None


@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    member = need(request, "tiering.compute")
    scheme = scheme_for(member, request.POST.get("scheme"), "tiering.compute")
    batch = actions.compute(actions.in_force(scheme), as_of=_day(request.POST.get("as_of", "")), today=timezone.localdate(),
                            by=member, at=timezone.now(), worked_back=bool(request.POST.get("worked_back")))
    messages.success(request, _("已算完 %(n)s 户") % {"n": batch.size})
    return redirect("tiering:batch", batch.pk)


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    row = batch_for(request.member, pk)
    context = batch_page(row, request.member, request.GET)
    record(request.member, "tiering.batch_viewed", row, ids=[line.customer.pk for line in context["lines"]])
    return page(request, "tiering/batch.html", context | {"title": _("%(quarter)s 定级批次") % {"quarter": row.quarter}})


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The batch's verbs: submit, review, publish, reject, rerun."""
    member, row, now = request.member, batch_for(request.member, pk), timezone.now()
    note = request.POST.get("note", "")
    if verb == "submit":
        actions.submit(row, by=member, at=now)
        said = _("已提交，等部门复核和二次审批")
    elif verb == "review":
        actions.review(row, by=member, agrees=request.POST.get("agrees") == "1", note=note, at=now)
        said = _("已记下您的复核意见")
    elif verb == "publish":
        actions.publish(row, by=member, at=now)
        said = _("已发布 %(n)s 户的等级") % {"n": row.size}
    elif verb == "reject":
        actions.reject(row, by=member, remark=note)
        said = _("已退回")
    elif verb == "rerun":
        said = _("重算一致：逐户相同") if actions.rerun(row) else _("重算不一致，请把批次号告诉平台运营")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("tiering:batch", pk)


def movers(request: HttpRequest, pk: int) -> HttpResponse:
    """The list behind one cell of the matrix."""
    row = batch_for(request.member, pk)
    context = movers_page(row, request.member, request.GET.get("from", ""), request.GET.get("to", ""))
    return page(request, "tiering/movers.html", context | {"title": _("变动名单"), "crumb": _("定级批次"), "batch": row})


def report(request: HttpRequest) -> HttpResponse:
    """The newest report of the chosen customer type (or the first), or the empty state."""
    need(request, "tiering.view")
    rows = Batch.objects.filter(state=Batch.State.PUBLISHED).order_by("version__scheme_id", "-as_of", "-id")
    chosen = as_id(request.GET.get("scheme", ""))
    row = (rows.filter(version__scheme_id=chosen) if chosen else rows).first()
    if row is None:
        return page(request, "tiering/report_empty.html", {"title": _("季度报告")})
    return redirect("tiering:batch_report", row.pk)


def _campus(request: HttpRequest) -> int | None:
    """The chosen campus, or the only one the member works for."""
    own = request.member.campus_ids()
    chosen = as_id(request.GET.get("campus", ""))
    if own is not None and chosen not in own:
        chosen = own[0]
    return chosen


def batch_report(request: HttpRequest, pk: int) -> HttpResponse:
    row = batch_for(request.member, pk)
    built = reports.build(row, _campus(request))
    own = request.member.campus_ids()
    campuses = Campus.objects.all() if own is None else Campus.objects.filter(pk__in=own)
    history = Batch.objects.filter(state__in=["published", "worked_back"]).select_related("version__scheme")[:12]
    return page(request, "tiering/report.html", {
        "title": _("%(quarter)s 客户分级报告") % {"quarter": row.quarter}, "crumb": _("分级"), "report": built, "batch": row,
        "findings": reports.findings(built), "headline": reports.headline(built), "pictures": reports.pictures(built),
        "written": reports.report_of(row), "campuses": campuses, "history": history, "formulas": reports.FORMULAS,
        "schemes": Scheme.objects.filter(versions__batches__state=Batch.State.PUBLISHED).distinct().order_by("id"),
        "scale": queries.label_of(built.labels, 0)})


def fairness(request: HttpRequest, pk: int) -> HttpResponse:
    """公平检查: tiers by campus, class and fee policy, with a test and its smallness said."""
    row = batch_for(request.member, pk)
    labels = row.version.as_rules().labels
    titles = {"campus": _("按园所"), "class": _("按班级"), "policy": _("按收费政策")}
    names = {"waived": _("有减免"), "full": _("无减免")}
    parts = []
    for by, counts in queries.fairness_groups(row).items():
        verdict = compare({names.get(name, name): tiers for name, tiers in sorted(counts.items())}, labels)
        bars = [(name, stacked(tiers, 380), sum(n for _label, n in tiers)) for name, tiers in verdict.groups]
        parts.append((titles[by], verdict, bars))
    return page(request, "tiering/fairness.html", {"title": _("公平检查"), "crumb": _("定级批次"), "batch": row, "parts": parts})


@require_POST
def write_report(request: HttpRequest, pk: int) -> HttpResponse:
    row = batch_for(request.member, pk, "tiering.sign")
    if "summary" in request.POST:
        reports.write_summary(row, request.POST["summary"], by=request.member)
    if request.POST.get("sign"):
        reports.sign(row, by=request.member, at=timezone.now())
    messages.success(request, _("已签发") if request.POST.get("sign") else _("已保存"))
    return redirect("tiering:batch_report", pk)


def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The report as PDF or XLSX, with reader and time on it; counted."""
    row = batch_for(request.member, pk)
    built = reports.build(row, _campus(request))
    reader = f"{request.member.name} {timezone.localtime():%Y-%m-%d %H:%M}"
    make, kind = (pdf, "application/pdf") if form == "pdf" else (xlsx, "application/vnd.ms-excel")
    record(request.member, f"tiering.report_{form}", row)
    name = _("%(quarter)s 客户分级报告") % {"quarter": row.quarter}
    return FileResponse(make(built, request.tenant, reader), as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose another tier for one family."""
    member = need(request, "tiering.override")
    customer = customer_for(member, pk)
    scheme = queries.scheme_of(customer)
    form = OverrideForm(request.POST or None, labels=actions.in_force(scheme).as_rules().labels)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            actions.propose_override(customer, scheme, **form.cleaned_data, by=member, at=timezone.now())
            messages.success(request, _("已提出，等另一位同事批准"))
            return redirect("crm:family", pk)
    return page(request, "crm/form.html", {"title": _("人工调整：%(name)s") % {"name": customer.name}, "form": form,
                                           "crumb": _("分级"), "submit": _("提出调整")}, status=422 if form.errors else 200)


def drift(request: HttpRequest) -> HttpResponse:
    """资料变了: whom today's facts would put elsewhere; a POST judges now, all of a scheme or the ones ticked (K46)."""
    member = need(request, "tiering.view")
    schemes = Scheme.objects.filter(versions__state="in_force").order_by("id")
    chosen = request.GET.get("scheme") or request.POST.get("scheme")
    scheme = scheme_for(member, chosen) if chosen else schemes.first()
    if request.method == "POST":
        need(request, "tiering.compute")
        count = rederive(actions.in_force(scheme), timezone.localdate(), _whom(member, request.POST.getlist("customer")))
        record(member, "tiering.rejudged", scheme, changed=count)
        messages.success(request, _("已按今天的资料重算，%(n)s 户有变化") % {"n": count})
        return redirect(f"{reverse('tiering:drift')}?scheme={scheme.pk}")
    shown = Paginator(drifted(scheme, customers(member)) if scheme else [], PAGE).get_page(request.GET.get("page"))
    return page(request, "tiering/drift.html", {"title": _("资料变了的客户"), "crumb": _("分级"), "shown": shown, "scheme": scheme,
                                                "rows": beside_standing(scheme, shown.object_list) if scheme else [], "schemes": schemes,
                                                "can": member.may("tiering.compute")})


def _whom(member: Membership, ticked: list[str]) -> list[int] | None:
    """The ticked ones whom the member sees; none ticked: everybody the member sees, which is ``None`` with all campuses."""
    seen = customers(member).values_list("pk", flat=True)
    if ticked:
        return list(seen.filter(pk__in=[pk for pk in map(as_id, ticked) if pk]))
    return None if member.campus_ids() is None else list(seen)


def overrides(request: HttpRequest) -> HttpResponse:
    member = need(request, "tiering.view")
    if request.method == "POST":
        actions.approve_override(override_for(member, request.POST.get("id"), "tiering.override"), by=member, at=timezone.now())
        messages.success(request, _("已批准"))
        return redirect("tiering:overrides")
    labels = {scheme.pk: actions.in_force(scheme).as_rules().labels for scheme in Scheme.objects.filter(versions__state="in_force")}
    rows = Override.objects.filter(customer__in=customers(member)).select_related("customer", "scheme", "proposed_by", "approved_by")
    shown = [(row, queries.label_of(labels.get(row.scheme_id, ()), row.tier)) for row in rows[:200]]
    return page(request, "tiering/overrides.html", {"title": _("人工调整"), "crumb": _("分级"), "rows": shown,
                                                    "people": queries.who_overrides(), "today": timezone.localdate()})

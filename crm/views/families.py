"""Families: list and search, one family's page, and the acts that start there."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm import actions, queries
from crm.access import customer_for, customers, family_seen, guardian_for
from crm.acts import ACTS
from crm.exports import families_sheet
from crm.forms import ContactForm, EndEnrolmentForm, FamilyForm, PaymentForm
from crm.handover import looked_after_by
from crm.models import Customer, CustomerType, Enrolment, TimelineEntry
from tenancy import panels
from tenancy.access import find
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.site import need, page

PAGE = 25


def campuses_of(request: HttpRequest) -> Any:
    ids = request.member.campus_ids()
    return Campus.objects.all() if ids is None else Campus.objects.filter(pk__in=ids)


def today(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.view")
    rows = customers(member)
    figures = queries.today_figures(rows, timezone.localdate())
    return page(request, "crm/today.html", {"title": _("今天"), "figures": figures,
                                            "panels": panels.build("today", member)})


def filtered(request: HttpRequest) -> Any:
    """The list a person sees, by the words in its address; export gives the same."""
    rows = customers(request.member)
    chosen = {name: request.GET.get(name, "") for name in ("q", "campus", "type", "stage", "owner")}
    if chosen["q"].strip():
        rows = queries.search(rows, chosen["q"])
    for name in ("campus", "type"):
        if chosen[name].isdigit():
            rows = rows.filter(**{f"{name}_id": int(chosen[name])})
    if chosen["owner"] == "me":
        rows = rows.filter(owner_id__in=looked_after_by(request.member))
    enrolled = Enrolment.objects.on(timezone.localdate()).values("child__family__customer_id")
    if chosen["stage"] == "enrolled":
        rows = rows.filter(pk__in=enrolled)
    elif chosen["stage"] == "prospect":
        rows = rows.filter(type__half="family").exclude(pk__in=Enrolment.objects.values("child__family__customer_id"))
    for panel in panels.build("family_filter", request, rows):
        rows = panel.data
    return rows, chosen


def families(request: HttpRequest) -> HttpResponseBase:
    member = need(request, "crm.view")
    rows, chosen = filtered(request)
    if request.GET.get("export"):
        need(request, "crm.export")
        return families_sheet(member, rows)
    shown = Paginator(queries.with_children(rows).order_by("external_ref"), PAGE).get_page(request.GET.get("page"))
    ids = [row.pk for row in shown]
    record(member, "crm.listed", ids=ids)
    columns = {pk: cells for panel in panels.build("family_row", member, ids) for pk, cells in panel.data.items()}
    return page(request, "crm/families.html", {
        "title": _("家庭"), "rows": shown, "chosen": chosen, "enrolled": queries.enrolled_now(ids, timezone.localdate()),
        "campuses": campuses_of(request), "types": CustomerType.objects.all(), "columns": columns})


def family(request: HttpRequest, pk: int) -> HttpResponse:
    member = need(request, "crm.view")
    customer = family_seen(member, pk)
    day = timezone.localdate()
    kind = request.GET.get("kind", "")
    timeline = customer.timeline.select_related("by", "child")
    if kind:
        timeline = timeline.filter(kind=kind)
    return page(request, "crm/family.html", {
        "title": customer.name, "customer": customer, "home": getattr(customer, "family", None), "kind": kind,
        "partner": getattr(customer, "partner", None), "enrolments": queries.enrolled_now([pk], day).get(pk, []),
        "timeline": timeline[:60], "contact": ContactForm(), "payment": PaymentForm(initial={"paid_on": day}),
        "leaving": EndEnrolmentForm(initial={"until_on": day}), "spend": queries.spend_since(customer, day - timedelta(365)),
        "payments": customer.payments.select_related("fee_kind", "child")[:12], "consent": queries.consent_now(customer),
        "referrals": customer.referrals_made.select_related("referred")[:12], "today": day,
        "panels": panels.build("family", member, customer),
        "acts": [(what, act.title) for what, act in ACTS.items() if member.may(act.right)]})


def add(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.change")
    form = FamilyForm(request.POST or None, campuses=campuses_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_family(**form.cleaned_data, by=member, at=timezone.now())
            messages.success(request, _("已建档 %(ref)s") % {"ref": made.external_ref})
            return redirect("crm:family", made.pk)
        except Refused as refusal:
            form.refuse(refusal)
    return page(request, "crm/form.html", {"title": _("新建家庭"), "form": form, "submit": _("建档"), "crumb": _("家庭")},
                status=422 if form.errors else 200)


def _after(request: HttpRequest, customer: Customer, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("crm:family", customer.pk)


def _first_error(form: Any) -> str:
    return next(iter(form.errors.values()))[0]


@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for(request.member, pk, "crm.log")
    form = ContactForm(request.POST)
    if not form.is_valid():
        raise Refused(_("没有记下：%(why)s") % {"why": _first_error(form)})
    actions.log_contact(customer, **form.cleaned_data, by=request.member, at=timezone.now())
    return _after(request, customer, _("已记一次沟通"))


@require_POST
def unlog(request: HttpRequest, pk: int) -> HttpResponse:
    rows = TimelineEntry.objects.filter(customer__in=customers(request.member)).select_related("customer")
    entry = find(request.member, rows, pk, "crm.log")
    actions.undo_entry(entry, by=request.member)
    return _after(request, entry.customer, _("已撤销"))


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    guardian = guardian_for(request.member, pk, "crm.reveal")
    number = actions.reveal(guardian, by=request.member)
    if request.htmx:
        return HttpResponse(f'<a class="num" href="tel:{number}">{number}</a>')
    return page(request, "crm/revealed.html", {"title": guardian.name, "guardian": guardian, "number": number})


@require_POST
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for(request.member, pk, "crm.money")
    form = PaymentForm(request.POST)
    if not form.is_valid():
        raise Refused(_("没有登记：%(why)s") % {"why": _first_error(form)})
    values = form.cleaned_data
    actions.take_payment(customer, fee_kind=values["fee_kind"], amount_fen=values["amount"], paid_on=values["paid_on"], child=None,
                         method=values["method"], receipt=values["receipt"], by=request.member, today=timezone.localdate())
    return _after(request, customer, _("已登记缴费"))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Enrolment.objects.filter(child__family__customer__in=customers(request.member)).select_related("child__family__customer")
    enrolment = find(request.member, rows, pk, "crm.change")
    form = EndEnrolmentForm(request.POST)
    if not form.is_valid():
        raise Refused(_("没有登记：%(why)s") % {"why": _first_error(form)})
    actions.end_enrolment(enrolment, **form.cleaned_data, by=request.member, at=timezone.now())
    return _after(request, enrolment.child.family.customer, _("已登记离园"))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for(request.member, pk, "crm.delete")
    actions.delete_family(customer, typed_name=request.POST.get("typed_name", ""), by=request.member, at=timezone.now())
    messages.success(request, _("已删除，30 天内可以在“已删除”里恢复"))
    return redirect("crm:families")


def bin_(request: HttpRequest) -> HttpResponse:
    need(request, "crm.delete")
    rows = Customer.objects.filter(erased_at=None).exclude(deleted_at=None).in_campuses(request.member.campus_ids())
    if request.method == "POST":
        customer = find(request.member, rows, request.POST.get("id"), "crm.delete")
        actions.restore_family(customer, by=request.member, at=timezone.now())
        return _after(request, customer, _("已恢复"))
    return page(request, "crm/bin.html", {"title": _("已删除"), "crumb": _("家庭"), "rows": rows.order_by("-deleted_at")[:200]})

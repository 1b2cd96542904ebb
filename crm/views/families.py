"""Families: today, list and search, new ones, deleted ones."""
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm import actions, queries
from crm.access import customers
from crm.exports import families_file
from crm.forms import FamilyForm, PartnerForm
from crm.handover import looked_after_by
from crm.models import Customer, CustomerType, Enrolment
from tenancy import panels
from tenancy.access import campuses_of, find
from tenancy.refusals import Telling
from tenancy.site import need, page
from tenancy.typed import as_id

PAGE = 25


def today(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.view")
    figures = queries.today_figures(member, timezone.localdate())
    return page(request, "crm/today.html", {"title": _("今天"), "figures": figures, "waiting": queries.waiting_imports(member),
                                            "owed": queries.owed(member, timezone.localdate()), "day": timezone.localdate(),
                                            "panels": panels.build("today", member)})


def filtered(request: HttpRequest) -> Any:
    """The list a person sees, by the words in its address; export gives the same."""
    rows = customers(request.member)
    chosen = {name: request.GET.get(name, "") for name in ("q", "campus", "type", "stage", "owner")}
    if chosen["q"].strip():
        rows = queries.search(rows, chosen["q"])
    for name in ("campus", "type"):
        if number := as_id(chosen[name]):
            rows = rows.filter(**{f"{name}_id": number})
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
        return families_file(member, rows, "csv" if request.GET["export"] == "csv" else "xlsx")
    shown = Paginator(queries.with_children(rows).order_by("external_ref"), PAGE).get_page(request.GET.get("page"))
    ids = [row.pk for row in shown]
    record(member, "crm.listed", ids=ids)
    return page(request, "crm/families.html", {
        "title": _("家庭"), "rows": shown, "chosen": chosen, "enrolled": queries.enrolled_now(ids, timezone.localdate()),
        "campuses": campuses_of(request.member), "types": CustomerType.objects.all(), "columns": panels.build("family_row", member, ids)})


def add(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.change")
    form = FamilyForm(request.POST or None, campuses=campuses_of(request.member))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            made = actions.add_family(**form.cleaned_data, by=member, at=timezone.now())
            messages.success(request, _("已建档 %(ref)s") % {"ref": made.external_ref})
            return redirect("crm:family", made.pk)
    return page(request, "crm/form.html", {"title": _("新建家庭"), "form": form, "submit": _("建档"), "crumb": _("家庭"),
                                           "known": form.about}, status=422 if form.errors else 200)


def add_partner(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.change")
    form = PartnerForm(request.POST or None, campuses=campuses_of(request.member), initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            made = actions.add_partner(**form.cleaned_data, by=member)
            messages.success(request, _("已建档 %(ref)s") % {"ref": made.external_ref})
            return redirect("crm:family", made.pk)
    return page(request, "crm/form.html", {"title": _("新建合作机构"), "form": form, "submit": _("建档"), "crumb": _("家庭")},
                status=422 if form.errors else 200)


def bin_(request: HttpRequest) -> HttpResponse:
    need(request, "crm.delete")
    rows = Customer.objects.filter(erased_at=None).exclude(deleted_at=None).in_campuses(request.member.campus_ids())
    if request.method == "POST":
        customer = find(request.member, rows, request.POST.get("id"), "crm.delete")
        actions.restore_family(customer, by=request.member, at=timezone.now())
        messages.success(request, _("已恢复"))
        return redirect("crm:family", customer.pk)
    return page(request, "crm/bin.html", {"title": _("已删除"), "crumb": _("家庭"), "rows": rows.order_by("-deleted_at")[:200]})

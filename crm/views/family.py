"""One family's page as of a day, and the acts that start there."""
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import actions, queries
from crm.access import customer_for, customers, family_seen, guardian_for
from crm.acts import ACTS
from crm.forms import ContactForm, EndEnrolmentForm, PaymentForm
from crm.models import Customer, Enrolment
from crm.parse import Unreadable, parse_past
from crm.views.filling import fill
from tenancy import panels
from tenancy.access import find
from tenancy.site import need, page

SHOWN = 60


def chosen_day(request: HttpRequest) -> date:
    """``?as_of=2026-06-30``: a day that is over; anything else is today."""
    today = timezone.localdate()
    try:
        return parse_past(request.GET.get("as_of"), today)
    except Unreadable:
        return today


def family(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of one customer, as it stood on the chosen day (B24)."""
    member = need(request, "crm.view")
    customer = family_seen(member, pk)
    day, today = chosen_day(request), timezone.localdate()
    context = {"title": customer.name, "crumb": _("家庭"), "customer": customer, "today": today, "day": day, "past": day < today,
               "home": getattr(customer, "family", None), "partner": getattr(customer, "partner", None),
               "panels": panels.build("family", member, customer, day), "strip": panels.build("family_strip", member, customer, day),
               "acts": [(what, act.title) for what, act in ACTS.items() if member.may(act.right)]}
    return page(request, "crm/family.html", context | _told(customer, day, request.GET.get("kind", "")) | _forms(customer, today))


def _told(customer: Customer, day: date, kind: str) -> dict[str, Any]:
    """What the page tells: facts up to the day, newest first."""
    timeline = customer.timeline.filter(day__lte=day).select_related("by", "child")
    return {"kind": kind, "timeline": (timeline.filter(kind=kind) if kind else timeline)[:SHOWN],
            "enrolments": queries.enrolled_now([customer.pk], day).get(customer.pk, []),
            "spend": queries.spend_of_a_year(customer, day), "consent": queries.consent_on(customer, day),
            "promises": customer.promises.filter(made_on__lte=day).select_related("owner").order_by("-state", "due_on", "id")[:12],
            "payments": customer.payments.filter(paid_on__lte=day).select_related("fee_kind", "child")[:12],
            "packages": customer.packages.filter(bought_on__lte=day).order_by("-bought_on")[:6],
            "referrals": customer.referrals_made.filter(referred_on__lte=day).select_related("referred")[:12],
            "anniversaries": list(home.anniversaries.all()) if (home := getattr(customer, "family", None)) else [],
            "extras": [(row.field.name, row.value) for row in customer.extras.select_related("field").order_by("field_id")]}


def _forms(customer: Customer, today: date) -> dict[str, Any]:
    return {"contact": ContactForm(), "payment": PaymentForm(customer=customer, initial={"paid_on": today}),
            "leaving": EndEnrolmentForm(initial={"until_on": today})}


@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for(request.member, pk, "crm.log")

    def do(values: dict[str, Any]) -> None:
        actions.log_contact(customer, **values, by=request.member, at=timezone.now())
    return fill(request, customer, ContactForm(request.POST), do, title=_("记一次沟通"), said=_("已记一次沟通"), submit=_("记下"))


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

    def do(values: dict[str, Any]) -> None:
        actions.take_payment(customer, fee_kind=values["fee_kind"], amount_fen=values["amount"], paid_on=values["paid_on"],
                             child=values.get("child"), method=values["method"], receipt=values["receipt"], by=request.member,
                             today=timezone.localdate())
        if values["fee_kind"].warning:
            messages.warning(request, values["fee_kind"].warning)
    return fill(request, customer, PaymentForm(request.POST, customer=customer), do, title=_("登记缴费"), said=_("已登记缴费"))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Enrolment.objects.filter(child__family__customer__in=customers(request.member)).select_related("child__family__customer")
    enrolment = find(request.member, rows, pk, "crm.change")

    def do(values: dict[str, Any]) -> None:
        actions.end_enrolment(enrolment, **values, by=request.member, at=timezone.now())
    return fill(request, enrolment.child.family.customer, EndEnrolmentForm(request.POST), do, said=_("已登记离园"),
                title=_("%(name)s 离园") % {"name": enrolment.child.name}, submit=_("登记离园"))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for(request.member, pk, "crm.delete")
    actions.delete_family(customer, typed_name=request.POST.get("typed_name", ""), by=request.member, at=timezone.now())
    messages.success(request, _("已删除，30 天内可以在“已删除”里恢复"))
    return redirect("crm:families")

"""撞单裁决 on the screen: what waits and what looks like it, the evidence on one timeline, deciding, taking it back."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.actions import record
from crm import duplicates
from crm.access import customer_for, customers
from crm.asked import today
from crm.models import Customer, Dispute
from crm.ownership import deciding, evidence
from crm.ownership.forms import DecideForm, RaiseForm, RulesForm
from crm.ownership.words import WHY
from tenancy.access import campuses_of, find, must, open_now
from tenancy.models import Membership
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 20
SHOWS = [("", gettext_lazy("等裁决")), ("decided", gettext_lazy("已裁决")), ("dropped", gettext_lazy("不是撞单"))]


def disputes_of(member: Membership) -> Any:
    """Those whose files the member may see, both of them while they are two."""
    must(member, "crm.view")
    mine = customers(member)
    rows = Dispute.objects.filter(customer__in=mine).filter(Q(other=None) | Q(other__in=mine) | Q(other__deleted_at__isnull=False))
    return rows.select_related("customer__campus", "customer__owner", "other__campus", "by", "proposed", "owner", "campus", "decided_by",
                               "merge")


def dispute_for(member: Membership, pk: Any, right: str = "crm.view") -> Dispute:
    found: Dispute = find(member, disputes_of(member), pk, right)
    return found


def disputes(request: HttpRequest) -> HttpResponse:
    """What waits, and families that look like it."""
    member, show = need(request, "crm.view"), request.GET.get("show", "")
    rows = disputes_of(member)
    state = show if show in Dispute.State.values else Dispute.State.OPEN
    likely = list(evidence.looks_disputed(member, today())) if show == "" else []
    record(member, "crm.disputes_listed", ids=sorted({row.pk for row in likely}))
    return page(request, "crm/ownership/list.html", {
        "title": _("撞单裁决"), "rows": Paginator(rows.filter(state=state), PAGE).get_page(request.GET.get("page")), "show": show,
        "shows": SHOWS,
        "open": rows.open().count(), "likely": likely, "rules": RulesForm(initial={"silent_days": deciding.rules().silent_days}),
        "silent": deciding.rules().silent_days, "may_judge": member.may("crm.referee"), "may_raise": member.may("crm.log")})


def new(request: HttpRequest) -> HttpResponse:
    """Say that a family is somebody else's too."""
    member = need(request, "crm.log")
    customer = customer_for(member, as_id((request.POST or request.GET).get("customer", "")))
    form = RaiseForm(request.POST or None, others=_alike(member, customer))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = deciding.raise_it(customer, **form.cleaned_data, by=member, at=timezone.now())
            messages.success(request, _("已提出，主管会裁决"))
            return redirect("crm:dispute", row.pk)
    return page(request, "crm/ownership/new.html", {"title": _("提一件撞单"), "crumb": _("撞单裁决"), "form": form, "customer": customer},
                status=422 if form.errors else 200)


def _alike(member: Membership, customer: Customer) -> Any:
    """Other files that may be the same family."""
    pairs = [pair for pair in duplicates.candidates(member) if customer.pk in (pair.first.pk, pair.second.pk)]
    ids = {one.pk for pair in pairs for one in (pair.first, pair.second)} - {customer.pk}
    return customers(member).filter(pk__in=ids)


def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence, what the rule says, what was decided."""
    return _dispute(request, dispute_for(request.member, pk))


def _dispute(request: HttpRequest, row: Dispute, form: Any = None) -> HttpResponse:
    member, found = request.member, evidence.facts(deciding.files_of(row))
    told = deciding.proposal_for(row)
    people = {fact.who.pk: fact.who for fact in found}
    staff = Membership.objects.filter(open_now()).order_by("name", "pk")
    form = form or DecideForm(people=staff, campuses=campuses_of(member), initial={"owner": told.who})
    record(member, "crm.dispute_seen", row)
    return page(request, "crm/ownership/dispute.html", {
        "title": row.customer.name, "crumb": _("撞单裁决"), "row": row, "facts": found, "people": list(people.values()), "form": form,
        "proposed": people.get(told.who or 0), "why": WHY[told.why], "before": people.get(told.before or 0),
        "silent": deciding.rules().silent_days, "may_judge": member.may("crm.referee"), "is_party": member.pk in people},
        status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Decide, drop, take back."""
    row = dispute_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    staff = Membership.objects.filter(open_now()).order_by("name", "pk")
    form = DecideForm(request.POST, people=staff, campuses=campuses_of(request.member)) if verb == "decide" else None
    if form is not None and not form.is_valid():
        return _dispute(request, row, form)
    with Telling(form.refuse if form else on_the_next_page(request)):
        messages.success(request, ACTS[verb](request, row, form))
        form = None
    return _dispute(request, row, form) if form else redirect("crm:dispute", row.pk)


def _decide(request: HttpRequest, row: Dispute, form: Any) -> str:
    deciding.decide(row, **form.cleaned_data, by=request.member, at=timezone.now())
    return _("已裁决，双方会收到")


def _drop(request: HttpRequest, row: Dispute, form: Any) -> str:
    deciding.drop(row, request.POST.get("words", ""), by=request.member, at=timezone.now())
    return _("记下了，不是撞单")


def _undo(request: HttpRequest, row: Dispute, form: Any) -> str:
    deciding.undo(row, by=request.member, at=timezone.now())
    return _("裁决已撤销，回到等裁决")


ACTS: dict[str, Callable[[HttpRequest, Dispute, Any], str]] = {"decide": _decide, "drop": _drop, "undo": _undo}


@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """How long a silent colleague stays protected."""
    form = RulesForm(request.POST)
    need(request, "crm.referee")
    if form.is_valid():
        deciding.keep_rules(form.cleaned_data["silent_days"], by=request.member)
        messages.success(request, _("已保存，以后的撞单按这个算"))
    else:
        messages.error(request, _("请填 1 到 365 天。"))
    return redirect("crm:disputes")

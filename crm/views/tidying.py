"""升班 and 可能重复: preview, act, undo."""
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import duplicates, promotion
from crm.access import customer_for, customers, merge_for, promotion_for
from crm.models import Merge, Promotion
from crm.parse import Unreadable, parse_planned
from tenancy.access import campuses_of, find
from tenancy.refusals import Refused
from tenancy.site import need, page
from tenancy.typed import numbered


def _first_of_september(today: date) -> date:
    return date(today.year if today.month >= 6 else today.year - 1, 9, 1)


def _chosen_day(request: HttpRequest) -> date:
    today = timezone.localdate()
    try:
        return parse_planned(request.GET.get("on") or request.POST.get("on"), today)
    except Unreadable:
        return _first_of_september(today)


def promote(request: HttpRequest) -> HttpResponse:
    """Choose campus and day, look at where everybody goes, then move them."""
    member = need(request, "crm.import")
    campuses = campuses_of(request.member)
    chosen = request.GET.get("campus") or request.POST.get("campus")
    campus = find(member, campuses, chosen, "crm.import") if chosen else campuses.first()
    on = _chosen_day(request)
    if request.method == "POST":
        targets = {group: target.strip() for group, target in numbered(request, "class").items() if target.strip()}
        made = promotion.promote(campus, targets, on=on, by=member, at=timezone.now())
        messages.success(request, _("%(n)s 个孩子已升班") % {"n": len(made.moves)})
        return redirect("crm:promote")
    history = Promotion.objects.filter(campus__in=campuses).select_related("campus", "by")[:10]
    return page(request, "crm/promote.html", {"title": _("升班"), "crumb": _("家庭"), "campuses": campuses, "campus": campus, "on": on,
                                              "steps": promotion.propose(campus, on) if campus else [], "history": history})


def promotion_undo(request: HttpRequest, pk: int) -> HttpResponse:
    row = promotion_for(request.member, pk)
    if request.method == "POST":
        promotion.undo(row, by=request.member, at=timezone.now())
        messages.success(request, _("已撤销升班"))
    return redirect("crm:promote")


def pairs(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.merge")
    history = Merge.objects.filter(kept__in=customers(member)).select_related("kept", "dropped", "by")[:10]
    return page(request, "crm/duplicates.html", {"title": _("可能重复"), "crumb": _("家庭"), "pairs": duplicates.candidates(member),
                                                 "history": history})


def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Side by side; field by field which value stays."""
    member = request.member
    first, second = customer_for(member, pk, "crm.merge"), customer_for(member, other, "crm.merge")
    if request.method == "POST":
        if request.POST.get("verdict") == "different":
            duplicates.not_duplicate(first, second, by=member)
            messages.success(request, _("记下了，这两家不再提示"))
            return redirect("crm:duplicates")
        take = [name for name in duplicates.CHOICES if request.POST.get(name) == "second"]
        duplicates.merge(first, second, take=take, by=member, at=timezone.now())
        messages.success(request, _("已合并，可以撤销"))
        return redirect("crm:family", first.pk)
    if getattr(first, "family", None) is None or getattr(second, "family", None) is None:
        raise Refused(_("只有家庭可以合并。"))
    labels = (_("编号"), _("称呼"), _("园所"), _("维护人"), _("建档日期"), _("来源"))
    rows = [(name, label, getattr(first, name.removesuffix("_id")), getattr(second, name.removesuffix("_id")))
            for name, label in zip(duplicates.CHOICES, labels, strict=True)]
    return page(request, "crm/compare.html", {"title": _("是不是同一家？"), "crumb": _("可能重复"), "first": first, "second": second,
                                              "fields": rows})


def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    row = merge_for(request.member, pk)
    if request.method == "POST":
        duplicates.undo(row, by=request.member, at=timezone.now())
        messages.success(request, _("已撤销合并"))
    return redirect("crm:duplicates")

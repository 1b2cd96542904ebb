"""应触达 on the screen: whom to call today and what was said, how much of it is kept, and the school's rules of it."""
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
from churn.models.risk import Level
from crm.access import customer_for
from crm.asked import campus_asked, today
from crm.models import Customer
from service_levels import access
from service_levels.market.queries import told
from service_levels.touches import coverage as kept
from service_levels.touches import queries, settling
from service_levels.touches.forms import ExcuseForm, RulesForm, TalkForm, TouchesForm
from service_levels.touches.queries import Asked
from service_levels.touches.rules import keep, rules
from service_levels.words import WHOSE
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, on_the_next_page, page

PAGE, MOST = 20, 5000


def touches(request: HttpRequest) -> HttpResponseBase:
    """Whom to call, the most urgent first; export gives the same."""
    member, words, day = need(request, access.VIEW), request.GET, today()
    campus = campus_asked(member, words)
    asked = Asked(words.get("whose", "") if words.get("whose") in WHOSE else "me",
                  words.get("show", "") if words.get("show") in queries.SHOWS else "all",
                  words.get("q", "").strip()[:80], words.get("tier", "")[:12], words.get("band", ""), campus.pk if campus else None)
    found = queries.due(member, asked, day)
    if words.get("export", "") in FORMATS:
        need(request, "crm.export")
        return _file(request, words["export"], queries.households(member, found[:MOST], day))
    shown = Paginator(found, PAGE).get_page(words.get("page"))
    record(member, "service.touches_listed", ids=[row.customer for row in shown])
    return page(request, "service_levels/touches/touches.html", {
        "title": _("应触达"), "rows": shown, "households": queries.households(member, shown, day), "asked": asked, "whoses": WHOSE,
        "late": sum(row.first < day for row in found), "day": day, "most": rules().most_a_week, "campuses": campuses_of(member),
        "levels": Level.choices, "talks": settling.TALKS, "note": told(day)})


def _file(request: HttpRequest, form: str, rows: list[queries.Household]) -> HttpResponseBase:
    member = request.member
    record(member, "service.touches_exported", customers=len(rows))
    header = [_("编号"), _("称呼"), _("园所"), _("等级"), _("风险"), _("要联系的事"), _("最晚哪天"), _("维护人")]
    risks = {code: str(word) for code, word in Level.choices}
    cells = [[row.customer.external_ref, row.customer.name, row.customer.campus.name, row.label if member.may("tiering.view") else "",
              risks[row.band] if member.may("churn.view") else "", _("、").join(touch.text for touch in row.touches),
              row.touches[0].due_on, str(row.customer.owner or "")] for row in rows]
    return as_file(form, _("应触达"), header, cells, reader=member.name)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One tap: somebody called, sent something, reached nobody, or it is not needed."""
    customer = customer_for(request.member, pk, "crm.log")
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, VERBS[verb](request, customer))
    if request.POST.get("back") == "family":
        return redirect(f"{reverse('crm:family', args=[pk])}#touches")
    return redirect(f"{reverse('service:touches')}?{request.GET.urlencode()}")


def _talked(request: HttpRequest, customer: Customer) -> str:
    typed = _typed(TalkForm(request.POST, customer=customer))
    settling.talked(customer, typed["touches"], channel=typed["channel"], text=typed["text"], by=request.member, at=timezone.now())
    return _("记下了，%(family)s 这次要联系的都算做到") % {"family": customer.name}


def _sent(request: HttpRequest, customer: Customer) -> str:
    for touch in _typed(TouchesForm(request.POST, customer=customer))["touches"]:
        settling.sent(customer, touch, by=request.member, at=timezone.now())
    return _("记下了：送出")


def _no_answer(request: HttpRequest, customer: Customer) -> str:
    settling.no_answer(customer, by=request.member, at=timezone.now())
    return _("记下了：没打通，排到今天的最后")


def _excuse(request: HttpRequest, customer: Customer) -> str:
    typed = _typed(ExcuseForm(request.POST, customer=customer))
    count = settling.excuse(customer, typed["touches"], why=typed["why"], by=request.member, at=timezone.now())
    return _("免了 %(n)s 件，原因记在这一家的应触达里") % {"n": count}


def _typed(form: TouchesForm) -> dict[str, Any]:
    """What was typed; Refused with the first thing that is wrong, since these forms stand in a list."""
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Refused(f"{form.fields[field].label}：{errors[0]}", field)
    return form.cleaned_data


VERBS = {"talked": _talked, "sent": _sent, "no_answer": _no_answer, "excuse": _excuse}


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """What was excused is owed after all."""
    touch = access.touch_for(request.member, pk, "crm.log")
    with Telling(on_the_next_page(request)):
        settling.owe_again(touch, by=request.member)
        messages.success(request, _("恢复了，又在应触达里"))
    return redirect(f"{reverse('crm:family', args=[touch.customer_id])}#touches")


def coverage(request: HttpRequest) -> HttpResponse:
    """How much of what was owed was done: by tier and week, by colleague, by what it was."""
    member = need(request, "tiering.view")
    campus = campus_asked(member, request.GET)
    found = kept.coverage(member, today(), campus=campus.pk if campus else None)
    record(member, "service.coverage_seen")
    return page(request, "service_levels/touches/coverage.html", {
        "title": _("联系到位"), "crumb": _("应触达"), "found": found, "floor": kept.FLOOR, "campuses": campuses_of(member),
        "campus": campus})


def keep_rules(request: HttpRequest) -> HttpResponse:
    """Which festivals, how often a household is called."""
    member, known = need(request, access.EDIT), rules()
    form = RulesForm(request.POST or None, initial={"festivals": known.festivals, "most_a_week": known.most_a_week})
    if request.method == "POST" and form.is_valid():
        keep(**form.cleaned_data, by=member)
        messages.success(request, _("已保存，今天夜里按它算"))
        return redirect("service:touches")
    return page(request, "service_levels/touches/rules.html", {"title": _("触达规则"), "crumb": _("应触达"), "form": form},
                status=422 if form.errors else 200)

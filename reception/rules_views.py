"""预约规则, and the poster that leads parents to the booking page."""
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from reception.forms import RulesForm
from reception.settings import keep_rules, rules_row
from tenancy.qr import qr
from tenancy.site import need, page


def rules(request: HttpRequest) -> HttpResponse:
    """预约规则: how long a place is kept, when a code is asked for, what the notice says."""
    member = need(request, "reception.manage")
    form = RulesForm(request.POST or None, instance=rules_row())
    if request.method == "POST" and form.is_valid():
        keep_rules(form.instance, by=member)
        messages.success(request, _("预约规则已保存"))
        return redirect("reception:rules")
    return page(request, "reception/rules.html", {"title": _("预约规则"), "form": form, "address": _address(request)},
                status=422 if form.errors else 200)


def poster(request: HttpRequest) -> HttpResponse:
    """One sheet to print and hang up: the school, one line, the code to scan."""
    need(request, "reception.view")
    return page(request, "reception/poster.html", {"title": _("预约海报"), "crumb": _("预约规则"), "address": _address(request),
                                                   "code": qr(_address(request), border=2)})


def _address(request: HttpRequest) -> str:
    return f"{settings.MIAOPU_ORIGIN}/t/{request.tenant.slug}/book/"

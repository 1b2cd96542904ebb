"""制度 on the screen: the version in force, what has changed since, publishing the next, who has read it."""
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from churn import access
from churn.models import Policy
from churn.policies import clauses, files, working
from churn.policies.forms import PublishForm
from crm.asked import today
from tenancy.refusals import Refused, Telling
from tenancy.site import need, page

MADE = {"docx": files.docx, "pdf": files.pdf}


def policy(request: HttpRequest) -> HttpResponse:
    """The latest version; before there is one, the text as the settings make it."""
    need(request, "crm.view")
    row = Policy.objects.select_related("published_by").first()
    return _policy(request, row, PublishForm(initial={"effective_on": today()}))


def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, old or new."""
    return _policy(request, access.policy_for(request.member, pk), PublishForm(initial={"effective_on": today()}))


def _policy(request: HttpRequest, row: Policy | None, form: PublishForm) -> HttpResponse:
    member, live = request.member, clauses.sections(request.tenant)
    latest = Policy.objects.first()
    then, now = (clauses.texts(latest.sections) if latest else []), clauses.texts(live)
    return page(request, "churn/policies/policy.html", {
        "title": _("流失管理制度"), "row": row, "sections": row.sections if row else live, "form": form,
        "versions": access.policies(member),
        "added": [one for one in now if one not in then] if latest else [], "gone": [one for one in then if one not in now],
        "is_read": row is not None and row.receipts.filter(member=member).exists(), "may_publish": member.may("churn.oversee"),
        "unread": working.unread(row) if row else [], "is_latest": row == latest, "today": today(),
        "may_see_readers": member.may("churn.plan")}, status=422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """The next version."""
    form = PublishForm(request.POST)
    if form.is_valid():
        with Telling(form.refuse):
            row = working.publish(**form.cleaned_data, by=need(request, "churn.oversee"), at=timezone.now())
            messages.success(request, _("第 %(n)s 版已发布，已请所有同事确认") % {"n": row.number})
            return redirect("churn:policy")
    need(request, "churn.oversee")
    return _policy(request, Policy.objects.select_related("published_by").first(), form)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """已阅."""
    row = access.policy_for(request.member, pk)
    working.confirm(row, by=request.member, at=timezone.now())
    messages.success(request, _("已确认，您读过这一版"))
    return redirect("churn:policy_version", row.pk)


def policy_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The version as DOCX or PDF."""
    row = access.policy_for(request.member, pk)
    if form not in MADE:
        raise Refused(_("没有这种文件。"))
    record(request.member, "churn.exported", policy=row.number, form=form)
    made: Any = MADE[form](row, request.tenant.name)
    return FileResponse(made, as_attachment=True, filename=f"{files.TITLE} {row.number}.{form}")

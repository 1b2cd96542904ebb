"""团队分工 on the screen: how full everybody's week is, which families are misplaced, profiles, rules, leave."""
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.models import Leave
from service_levels.models.team import Skill
from service_levels.sheets import Columns, sheet
from service_levels.team import keeping, leaving, queries
from service_levels.team.forms import AssignForm, LeaveForm, ProfileForm, StaffRulesForm
from service_levels.words import MISPLACED
from tenancy.refusals import Forbidden, Refused, Telling
from tenancy.site import need, on_the_next_page, page

SHOWN = 30


def team(request: HttpRequest) -> HttpResponseBase:
    """Everybody in work, whose week is fullest first; beside it the families that are not where the rules want them.

    Export gives the team.
    """
    member, day, words = need(request, access.VIEW), today(), request.GET
    text, skill = words.get("q", "").strip()[:80], words.get("skill", "") if words.get("skill", "") in Skill.values else ""
    everybody = queries.team(member, day)
    rows = queries.sought(everybody, text, skill)
    if made := sheet(request, "team", _("团队分工"), _columns(), rows):
        return made
    misplaced = queries.misplaced(member, everybody) if member.may(access.EDIT) else []
    ahead = Leave.objects.ahead(day).select_related("member", "cover")
    record(member, "service.team_seen", ids=[one.customer.pk for one in misplaced[:SHOWN]])
    return page(request, "service_levels/team/list.html", {
        "title": _("团队分工"), "rows": rows, "serving": sum(1 for row in everybody if row.week.capacity),
        "over": sum(1 for row in everybody if row.is_over), "q": text, "skill": skill,
        "misplaced": misplaced[:SHOWN], "misplaced_count": len(misplaced), "placed": sum(1 for one in misplaced if one.to),
        "words": MISPLACED, "skills": dict(Skill.choices), "leaves": ahead, "rules": keeping.rules(), "may_edit": member.may(access.EDIT),
        "manages": member.may(keeping.MANAGE), "me": member})


def _columns() -> Columns:
    skills = dict(Skill.choices)
    return [(_("同事"), "member.name"), (_("岗位"), "member.get_role_display"), (_("岗位叫法"), "profile.title"),
            (_("有经验"), "week.is_experienced"), (_("擅长"), lambda row: "、".join(str(skills[one]) for one in row.skills)),
            (_("会说的话"), "profile.languages"), (_("带几户"), "families"), (_("每周要用几分钟"), lambda row: round(row.week.minutes)),
            (_("每周有几分钟"), lambda row: round(row.week.capacity)), (_("请假到"), "leave.until_on"), (_("谁代班"), "leave.cover.name")]


def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What a colleague brings along: one's own, or of whoever one manages."""
    member = request.member
    colleague = access.colleague_for(member, pk)
    keeping.own_or_manager(colleague, member)
    form = ProfileForm(request.POST or None, instance=keeping.profile_of(colleague), manages=member.may(keeping.MANAGE))

    def do(filled: ProfileForm) -> str:
        keeping.keep_profile(filled.row(), by=member)
        return _("记下了")
    return one_form(request, form, do, "service:team", title=colleague.name, crumb=_("团队分工"))


def rules(request: HttpRequest) -> HttpResponse:
    """From when on somebody is experienced, and how many minutes a week there are for families."""
    member = need(request, access.EDIT)

    def do(form: StaffRulesForm) -> str:
        keeping.keep_rules(form.row(), by=member)
        return _("已保存")
    return one_form(request, StaffRulesForm(request.POST or None, instance=keeping.rules()), do, "service:team",
                    title=_("分配规则"), crumb=_("团队分工"))


def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is away for some days, and who stands in."""
    member = request.member
    colleague = access.colleague_for(member, pk)
    keeping.own_or_manager(colleague, member)

    def do(form: LeaveForm) -> str:
        leaving.plan(form.row(), by=member, at=timezone.now())
        return _("登记了，代班的同事会收到")
    form = LeaveForm(request.POST or None, instance=Leave(member=colleague), initial={"from_on": today()})
    return one_form(request, form, do, "service:team", title=_("%(name)s请假") % {"name": colleague.name}, crumb=_("团队分工"))


@require_POST
def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.leave_for(request.member, pk)
    with Telling(on_the_next_page(request)):
        leaving.end(row, by=request.member, at=timezone.now())
        messages.success(request, _("结束了，家庭还由本人带"))
    return redirect("service:team")


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would suit a family, and who is to have it."""
    member = need(request, access.EDIT)
    customer = customer_for(member, pk)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            to = form.cleaned_data["to"]
            keeping.assign(customer, to, by=member)
            messages.success(request, _("交给%(name)s了") % {"name": to.name})
            return redirect("service:team")
    return page(request, "service_levels/team/assign.html", {
        "title": _("%(name)s由谁带") % {"name": customer.name}, "crumb": _("团队分工"), "customer": customer, "form": form,
        "rows": queries.for_one(member, customer, today())}, status=422 if form.errors else 200)


@require_POST
def assign_all(request: HttpRequest) -> HttpResponse:
    """Every family that is misplaced goes to whom the rules propose; of those that meanwhile went elsewhere none."""
    member = need(request, access.EDIT)
    with Telling(on_the_next_page(request)):
        done = sum(_placed(member, one) for one in queries.misplaced(member, queries.people(today())) if one.to)
        if not done:
            raise Refused(_("没有能照办的了，可能同事刚处理过。"))
        messages.success(request, _("%(n)s 户照规则交接好了") % {"n": done})
    return redirect("service:team")


def _placed(member: Any, one: queries.Misplaced) -> int:
    assert one.to is not None
    try:
        keeping.assign(one.customer, one.to, by=member)
    except Forbidden:
        raise
    except Refused:
        return 0
    return 1

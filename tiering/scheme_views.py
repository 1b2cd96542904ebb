"""Schemes: list, the editor of the draft, the sandbox beside it, submission and approval."""
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenancy import panels
from tenancy.refusals import spoken
from tenancy.site import need, page
from tiering import actions
from tiering.access import scheme_for, version_for
from tiering.calendar import past_quarters
from tiering.models import Scheme, SchemeVersion
from tiering.review import Shown
from tiering.rules import Indicator, from_data, problems
from tiering.rules import Scheme as Rules
from tiering.scheme_form import Unfit, bands, limits, read, typed
from tiering.simulate import backtest, simulate
from tiering.words import CHOICES, NAMES, SPANS, cap_sentence, gate_sentence, indicator_sentence, unit


def schemes(request: HttpRequest) -> HttpResponse:
    member = need(request, "tiering.view")
    rows = []
    for scheme in Scheme.objects.select_related("customer_type").order_by("id"):
        versions = list(scheme.versions.select_related("approved_by", "proposed_by"))
        current = next((v for v in versions if v.state == "in_force"), None)
        rows.append((scheme, current, current.as_rules() if current else None, versions))
    return page(request, "tiering/schemes.html", {"title": _("方案与试算"), "rows": rows, "can": member.may("tiering.edit_scheme")})


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The scheme's draft; a POST saves what is typed and stays."""
    member = need(request, "tiering.edit_scheme")
    draft = actions.draft_of(scheme_for(member, pk), by=member, at=timezone.now())
    form, trouble = None, []
    if request.method == "POST":
        try:
            actions.save_draft(draft, read(request.POST, draft.as_rules()), by=member, at=timezone.now())
            if request.POST.get("go") == "sandbox" and not problems(draft.as_rules()):
                return redirect("tiering:sandbox", draft.pk)
            messages.success(request, _("草案已保存"))
            return redirect("tiering:scheme", pk)
        except Unfit as unfit:
            form, trouble = request.POST, [(unfit.field, str(unfit))]
    return page(request, "tiering/scheme.html", _editor(draft, form, trouble), status=422 if trouble else 200)


def _editor(draft: SchemeVersion, refused: QueryDict | None, trouble: list[tuple[str, str]]) -> dict[str, Any]:
    """The fields hold the draft, or all that was typed where a part of it could not be read: nothing typed is lost."""
    rules, current = draft.as_rules(), actions.in_force(draft.scheme)
    form = refused or typed(rules)
    labels, found = form.getlist("label"), trouble or _troubles(rules)
    return {"title": draft.scheme.name, "crumb": _("方案与试算"), "draft": draft, "current": current, "form": form,
            "indicators": [_row(i, current.as_rules(), form) for i in rules.indicators], "problems": [_told(*one) for one in found],
            "open": {where.removeprefix("bands-") for where, _said in found},
            "gates": _limits(form, "gate", [] if refused else [gate_sentence(rules, g) for g in rules.gates]),
            "caps": _limits(form, "cap", [] if refused else [cap_sentence(rules, c) for c in rules.caps]),
            "tiers": [(str(n), label, cut) for n, (label, cut) in enumerate(zip(labels, form.getlist("cut"), strict=False))],
            "facts": [(code, name) for code, name in NAMES.items() if code != "known"],
            "added": form.get("add-indicator", ""),
            "more": [(code, name) for code, name in CHOICES if code not in {i.code for i in rules.indicators}],
            "total": sum(i.weight for i in rules.indicators), "changes": _changes(current.as_rules(), rules)}


def _row(indicator: Indicator, current: Rules, form: QueryDict) -> dict[str, Any]:
    code, was = indicator.code, next((str(i.weight) for i in current.indicators if i.code == indicator.code), None)
    held = {name: form.get(f"{name}-{code}", "") for name in ("weight", "window", "missing", "smooth", "drop")}
    return held | {"code": code, "name": NAMES[code], "unit": unit(code)[0], "sentence": indicator_sentence(indicator),
                   "bands": bands(form, code), "was": was}


def _told(where: str, text: str) -> tuple[str, str]:
    """A trouble with the name of its indicator or field before it, for bands and days look alike."""
    name = NAMES.get(where.removeprefix("bands-")) or SPANS.get(where)
    return where, _("%(name)s：%(text)s") % {"name": name, "text": text} if name else text


def _limits(form: QueryDict, name: str, sentences: list[str]) -> list[tuple[str, tuple[str, str, str]]]:
    return list(zip_longest(sentences, limits(form, name), fillvalue=""))


def _changes(old: Rules, new: Rules) -> list[str]:
    """What the draft changes, one short phrase each."""
    before, after = ({i.code: i for i in rules.indicators} for rules in (old, new))
    found = []
    for code in [*before, *(c for c in after if c not in before)]:
        a, b = before.get(code), after.get(code)
        if a is None or b is None:
            found.append((_("加上%(name)s") if a is None else _("去掉%(name)s")) % {"name": NAMES[code]})
        elif a.weight != b.weight:
            found.append(f"{NAMES[code]} {a.weight} → {b.weight}")
        elif a != b:
            found.append(_("%(name)s的计分") % {"name": NAMES[code]})
    found += [_("分数线")] if old.cuts != new.cuts else []
    found += [_("门槛与封顶")] if (old.gates, old.caps) != (new.gates, new.caps) else []
    return found


def _troubles(rules: Any) -> list[tuple[str, str]]:
    """What keeps the rules from being used, in the reader's language."""
    return [(where, spoken(said)) for where, said in problems(rules)]


def sandbox(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft on everybody beside the version in force; nothing is written."""
    member = need(request, "tiering.view")
    draft = version_for(member, pk)
    current = actions.in_force(draft.scheme)
    found = _troubles(from_data(draft.rules))
    context: dict[str, Any] = {"title": _("试算：%(name)s") % {"name": draft.scheme.name}, "crumb": _("方案与试算"), "draft": draft,
                               "current": current, "problems": found, "mine": draft.proposed_by_id == member.pk,
                               "changes": _changes(current.as_rules(), draft.as_rules())}
    if not found:
        result = simulate(current, draft, timezone.localdate(), member.campus_ids())
        movers = [Shown(m.customer, m.before, m.after, NAMES.get(m.decided_by, _("分数线或门槛")), m.score_after, m.score_before)
                  for m in result.movers]
        today = timezone.localdate()
        tried = [backtest(current, draft, day, after) for day, after in past_quarters(today, 3)]
        context |= {"result": result, "backtests": tried, "movers": movers, "panels": panels.build("sandbox", current, draft)}
    return page(request, "tiering/sandbox.html", context)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    actions.submit_version(version_for(request.member, pk, "tiering.edit_scheme"), by=request.member)
    messages.success(request, _("已提交，等另一位同事审批"))
    return redirect("tiering:sandbox", pk)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request.member, pk, "tiering.publish")
    actions.approve_version(version, by=request.member, at=timezone.now())
    messages.success(request, _("第 %(n)s 版已生效，下一批定级按它计算") % {"n": version.number})
    return redirect("tiering:schemes")


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    actions.discard_version(version_for(request.member, pk, "tiering.edit_scheme"), by=request.member)
    messages.success(request, _("已放弃草案"))
    return redirect("tiering:schemes")

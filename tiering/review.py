"""What the batch page shows: who moved and why, what departments said, how far along it is."""
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from tenancy.models import Membership
from tiering import queries
from tiering.models import Batch, Result
from tiering.rules import Decision, deciding_indicator
from tiering.why import explain
from tiering.words import NAMES, limit_sentences

PAGE = 50
VIEWS = ("down", "up", "held", "same", "all")


def batch_page(batch: Batch, member: Membership, chosen: Any) -> dict[str, Any]:
    view = chosen.get("view", "")
    view = view if view in VIEWS else "down"
    lines = _lines(batch, member)
    groups = {name: [line for line in lines if name in line["groups"]] for name in VIEWS}
    if not chosen.get("view") and not groups["down"]:
        view = "up" if groups["up"] else "all"
    shown = Paginator(groups[view], PAGE).get_page(chosen.get("page"))
    moved = len(groups["down"]) + len(groups["up"])
    _add_names(batch, shown)
    return {"batch": batch, "view": view, "counts": [(name, title, len(groups[name])) for name, title in _titles()],
            "rows": [line["result"] for line in shown], "lines": shown, "moved": moved, "steps": _steps(batch),
            "movement": queries.movement(batch), "reviews": batch.reviews.select_related("by"),
            "mine": batch.proposed_by_id == member.pk}


def _titles() -> list[tuple[str, str]]:
    return [("down", _("降级")), ("up", _("升级")), ("held", _("门槛、封顶")), ("same", _("未变")), ("all", _("全部"))]


def _lines(batch: Batch, member: Membership) -> list[dict[str, Any]]:
    """Every result with where it came from; names are added for the page that is shown only."""
    rows = Result.objects.filter(batch=batch).order_by("customer_id")
    campuses = member.campus_ids()
    if campuses is not None:
        rows = rows.filter(campus_id_then__in=campuses)
    labels = batch.version.as_rules().labels
    before = {r.customer_id: r for r in Result.objects.filter(batch=batch.previous)} if batch.previous else {}
    old_labels = batch.previous.version.as_rules().labels if batch.previous else labels
    lines = []
    for result in rows:
        was = before.get(result.customer_id)
        first = queries.label_of(old_labels, was.tier) if was else ""
        last = queries.label_of(labels, result.tier)
        lines.append({"result": result, "before": first, "after": last, "was": was, "groups": _groups(first, last, result, labels)})
    return lines


def _groups(before: str, after: str, result: Result, labels: tuple[str, ...]) -> set[str]:
    groups = {"all"}
    if result.held:
        groups.add("held")
    if before in labels and after:
        gap = labels.index(after) - labels.index(before)
        groups.add("down" if gap > 0 else "up" if gap < 0 else "same")
    return groups


def _add_names(batch: Batch, lines: Any) -> None:
    rules = batch.version.as_rules()
    sentences = limit_sentences(rules)
    results = Result.objects.filter(pk__in=[line["result"].pk for line in lines]).select_related("customer__campus")
    named = {result.pk: result for result in results}
    for line in lines:
        result = named[line["result"].pk]
        line["customer"] = result.customer
        line["why"] = _why(rules, line["was"], result, sentences)
        line["score"] = result.score / 100


def _why(rules: Any, was: Result | None, result: Result, sentences: list[str]) -> str:
    """What decided it: a limit, else the indicator that changed most since last time, else the weakest."""
    if result.held:
        return sentences[result.held[0]]
    if was is not None and len(was.facts) == len(result.facts):
        code = deciding_indicator(rules, was.facts, result.facts)
        if code:
            number = [i.code for i in rules.indicators].index(code)
            change = (result.parts[number] - (was.parts[number] if number < len(was.parts) else 0)) / 100
            return _("%(name)s %(change)+.1f 分") % {"name": NAMES[code], "change": change}
    decision = Decision(result.score, result.tier, result.uncapped, tuple(result.parts), tuple(result.held), tuple(result.missing))
    return explain(rules, result.facts, decision).headline


def _steps(batch: Batch) -> list[tuple[str, str, str]]:
    """Frozen to published: (name, detail, state of the dot)."""
    at = {"computed": 2, "worked_back": 2, "in_review": 3, "rejected": 2, "published": 5}[batch.state]
    reviewed = batch.reviews.count()
    details = [(_("冻结输入"), str(batch.as_of)), (_("计算完成"), f"{batch.computed_at:%m-%d}"),
               (_("提交"), str(batch.proposed_by or "")), (_("部门复核"), _("%(n)s 个部门看过") % {"n": reviewed}),
               (_("二次审批并发布"), str(batch.published_by or ""))]
    return [(name, detail, "is-done" if n < at else "is-now" if n == at else "") for n, (name, detail) in enumerate(details)]


def movers_page(batch: Batch, member: Membership, before: str, after: str) -> dict[str, Any]:
    lines = [line for line in _lines(batch, member)
             if (line["before"] or queries.NEW) == before and line["after"] == after]
    shown = Paginator(lines, PAGE * 4).get_page(1)
    _add_names(batch, shown)
    return {"lines": shown, "before": before, "after": after}

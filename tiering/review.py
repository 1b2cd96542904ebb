"""What the batch page shows: who moved and why, what departments said, how far along it is."""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer
from tenancy.models import Membership
from tenancy.remembered import remembered, seen_by
from tiering import movement
from tiering.models import Batch, Result
from tiering.movement import GONE, NEW, Line
from tiering.rules import Decision, Scheme, deciding_indicator
from tiering.why import explain
from tiering.words import NAMES, limit_sentences, signed

PAGE = 50


@dataclass
class Shown:
    """One line of the page: the customer, from where to where, what decided it."""

    customer: Any
    before: str
    after: str
    why: str
    score: float | None
    score_before: float | None = None  # told where two schemes are compared


class _View:
    """One view's lines for a paginator: counted beforehand, sliced in the database."""

    def __init__(self, batch: Batch, view: str, campuses: Sequence[int] | None, count: int) -> None:
        self.batch, self.view, self.campuses, self.size = batch, view, campuses, count

    def count(self) -> int:
        return self.size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> list[Line]:
        return movement.listed(self.batch, self.view, self.campuses, first=part.start, count=part.stop - part.start)


def batch_page(batch: Batch, member: Membership, chosen: Any) -> dict[str, Any]:
    campuses = member.campus_ids()
    # neither this batch nor the one before it changes any more; whoever turns its pages has them counted once
    found = movement.counted(batch, remembered(seen_by(member, "lines", batch.pk), lambda: movement.counts(batch, campuses)))
    counts = found.views
    view = chosen.get("view") or ("down" if counts["down"] else "up" if counts["up"] else "all")
    view = view if view in movement.VIEWS else "all"
    shown = Paginator(_View(batch, view, campuses, counts[view]), PAGE).get_page(chosen.get("page"))
    shown.object_list = _shown(batch, list(shown.object_list))
    return {"batch": batch, "view": view, "counts": [(name, title, counts[name]) for name, title in _titles()], "lines": shown,
            "moved": counts["down"] + counts["up"], "steps": _steps(batch), "movement": found.movement,
            "reviews": batch.reviews.select_related("by"), "mine": batch.proposed_by_id == member.pk}


def _titles() -> list[tuple[str, str]]:
    return [("down", _("降级")), ("up", _("升级")), ("held", _("门槛、封顶")), ("same", _("未变")), ("all", _("全部"))]


def movers_page(batch: Batch, member: Membership, before: str, after: str) -> dict[str, Any]:
    """The list behind one cell of the matrix; at most four pages' worth."""
    lines = movement.cell(batch, before, after, member.campus_ids(), count=PAGE * 4)
    return {"lines": _shown(batch, lines), "before": before, "after": after, "new": NEW, "gone": GONE}


def _shown(batch: Batch, lines: list[Line]) -> list[Shown]:
    """Names, scores and reasons for the lines of one page."""
    rules = batch.version.as_rules()
    ids = [line.customer for line in lines]
    customers = Customer.objects.select_related("campus").in_bulk(ids)
    now, was = _results(batch, ids), _results(batch.previous, ids)
    sentences = limit_sentences(rules)
    return [Shown(customers[line.customer], _label(rules, line.before), _label(rules, line.after),
                  _why(rules, was.get(line.customer), now.get(line.customer), sentences),
                  now[line.customer].score / 100 if line.customer in now else None) for line in lines]


def _results(batch: Batch | None, ids: list[int]) -> dict[int, Result]:
    rows = Result.objects.filter(batch=batch, customer_id__in=ids) if batch else []
    return {result.customer_id: result for result in rows}


def _label(rules: Scheme, tier: int | None) -> str:
    return "" if tier is None else rules.labels[tier]


def _why(rules: Any, was: Result | None, result: Result | None, sentences: list[str]) -> str:
    """What decided it: a limit, else the indicator that changed most since last time, else the weakest."""
    if result is None:
        return _("这一批里没有了")
    if result.held:
        return sentences[result.held[0]]
    if was is not None and len(was.facts) == len(result.facts):
        code = deciding_indicator(rules, was.facts, result.facts)
        if code:
            number = [i.code for i in rules.indicators].index(code)
            change = (result.parts[number] - (was.parts[number] if number < len(was.parts) else 0)) / 100
            return _("%(name)s %(change)s 分") % {"name": NAMES[code], "change": signed(change)}
    decision = Decision(result.score, result.tier, result.uncapped, tuple(result.parts), tuple(result.held), tuple(result.missing))
    return explain(rules, result.facts, decision).headline


def _steps(batch: Batch) -> list[tuple[str, str, str]]:
    """Frozen to published: (name, detail, state of the dot)."""
    at = {"computed": 2, "worked_back": 2, "in_review": 3, "rejected": 2, "published": 5}[batch.state]
    reviewed = batch.reviews.count()
    details = [(_("冻结输入"), str(batch.as_of)), (_("计算完成"), f"{timezone.localtime(batch.computed_at):%m-%d}"),
               (_("提交"), str(batch.proposed_by or "")), (_("部门复核"), _("%(n)s 个部门看过") % {"n": reviewed}),
               (_("二次审批并发布"), str(batch.published_by or ""))]
    return [(name, detail, "is-done" if n < at else "is-now" if n == at else "") for n, (name, detail) in enumerate(details)]

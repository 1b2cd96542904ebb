"""咨询记录 (R15, R16, R21–R23): what a family told and was advised, on the timeline and apart, so that it can be counted and used.

A rating of the family's intent feeds the tiers (K8); promises made on the way are kept in the ledger (B11).
"""
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actions import record
from crm.actions import CONTACTED
from crm.facts import rate_intent
from crm.models import INTENT_SCALES, Child, Consultation, Customer, EntryKind, IntentRating, TimelineEntry
from tenancy import panels
from tenancy.models import Membership
from tenancy.refusals import Refused

# 不硬推销 (R16, R23): what whoever consults checks of themselves
SELF_CHECK = {"listened": gettext_lazy("先听完家长的需要再介绍"), "limits": gettext_lazy("说了不适合的地方和别的选择"),
              "rules": gettext_lazy("价格和退费规则讲清楚了"), "unhurried": gettext_lazy("没有催着今天定")}
LINES = (("needs", gettext_lazy("需要：%(said)s")), ("budget", gettext_lazy("每月预算：%(said)s 元")),
         ("expectations", gettext_lazy("期望：%(said)s")), ("worries", gettext_lazy("担心：%(said)s")),
         ("course", gettext_lazy("意向课程：%(said)s")), ("proposal", gettext_lazy("建议：%(said)s")))


@dataclass(frozen=True)
class Told:
    """What was said in a consultation; the budget in 分 a month; scores of 1 to 5 for all five scales, or none."""

    needs: str = ""
    budget_fen: int | None = None
    expectations: str = ""
    worries: str = ""
    course: str = ""
    proposal: str = ""
    self_check: tuple[str, ...] = ()
    scores: dict[str, int] | None = None
    evidence: str = ""

    def words(self) -> dict[str, str]:
        """Line by line as the timeline tells it; what was not said is left out."""
        budget = "" if self.budget_fen is None else f"{self.budget_fen // 100}"
        said = {"needs": self.needs, "budget": budget, "expectations": self.expectations, "worries": self.worries, "course": self.course,
                "proposal": self.proposal}
        return {name: text.strip() for name, text in said.items() if text.strip()}

    def text(self) -> str:
        words = self.words()
        return "\n".join(str(line) % {"said": words[name]} for name, line in LINES if name in words)


@transaction.atomic
def consult(customer: Customer, told: Told, *, by: Membership, at: datetime, child: Child | None = None, channel: str = "face",
            title: str = "") -> Consultation:
    """Write a consultation down."""
    _check(told)
    day = timezone.localdate(at)
    entry = TimelineEntry.objects.create(customer=customer, child=child, kind=EntryKind.CONSULTATION, channel=channel, at=at, day=day,
                                         by=by, title=(title or _("咨询"))[:80], text=told.text())
    rating = _rate(customer, None, told, by, at)
    made = Consultation.objects.create(customer=customer, child=child, entry=entry, on=day, by=by, rating=rating, **_columns(told))
    record(by, "crm.consulted", made, customer=customer.pk)
    panels.build(CONTACTED, entry)
    return made


@transaction.atomic
def rewrite(row: Consultation, told: Told, *, version: int, by: Membership, at: datetime) -> None:
    """Write more or put right; whoever works from an old picture is refused, nothing of the other's is lost."""
    _check(told)
    fresh = Consultation.objects.filter(pk=row.pk, version=version).update(**_columns(told), version=F("version") + 1)
    if not fresh:
        raise Refused(_("同事刚改过这份咨询记录，请核对后再保存。"), code="stale")
    rating = _rate(row.customer, row.rating, told, by, at)
    Consultation.objects.filter(pk=row.pk).update(rating=rating)
    TimelineEntry.objects.filter(pk=row.entry_id).update(text=told.text())
    row.refresh_from_db()
    record(by, "crm.consultation_rewritten", row, customer=row.customer_id)


def told_of(row: Consultation | None) -> Told:
    """What stands written, to go on from."""
    if row is None:
        return Told()
    scores = {name: getattr(row.rating, name) for name in INTENT_SCALES} if row.rating else None
    return Told(row.needs, row.budget_fen, row.expectations, row.worries, row.course, row.proposal, tuple(row.self_check), scores,
                row.rating.evidence if row.rating else "")


def _check(told: Told) -> None:
    if not told.words():
        raise Refused(_("还什么都没有写。至少写一项家长说的。"), "needs")
    if told.scores and not told.evidence.strip():
        raise Refused(_("评了意向，请写依据：家长说了什么、做了什么。"), "evidence")


def _columns(told: Told) -> dict[str, Any]:
    return {"needs": told.needs.strip(), "budget_fen": told.budget_fen, "expectations": told.expectations.strip(),
            "worries": told.worries.strip(), "course": told.course.strip(), "proposal": told.proposal.strip(),
            "self_check": [name for name in SELF_CHECK if name in told.self_check]}


def _rate(customer: Customer, before: IntentRating | None, told: Told, by: Membership, at: datetime) -> IntentRating | None:
    """The rating given in the consultation: made, changed, or taken away."""
    if told.scores is None:
        if before is not None:
            before.delete()
        return None
    if before is None:
        return rate_intent(customer, scores=told.scores, evidence=told.evidence.strip(), on=timezone.localdate(at), by=by)
    IntentRating.objects.filter(pk=before.pk).update(**told.scores, evidence=told.evidence.strip(), by=by)
    return before

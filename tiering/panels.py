"""What the tier engine adds to pages of the archive."""
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from crm.access import customers
from tenancy.models import Membership
from tenancy.remembered import newest, remembered, seen_by
from tiering.actions import in_force
from tiering.charts import stacked
from tiering.facts import gather
from tiering.models import Batch, Result, Scheme, SchemeVersion, Standing
from tiering.queries import labels_now, scheme_of, standing_on
from tiering.rules import decide
from tiering.why import explain


def badge(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The tier in force on the day, for the family page's first line."""
    if not member.may("tiering.view"):
        return None
    standing = standing_on(customer, day)
    if standing is None:  # never rated yet, or rated once and not among those who are rated any more
        return {"label": "", "scheme": "", "before": Standing.objects.filter(customer=customer, from_on__lte=day).exists()}
    return {"label": standing.label, "scheme": standing.scheme.name}


def why_card(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """Why this tier: by the facts frozen in the batch that gave it, or by the day's own when there is none yet."""
    scheme = scheme_of(customer) if member.may("tiering.view") else None
    if scheme is None or not Scheme.objects.filter(pk=scheme.pk, versions__state="in_force").exists():
        return None
    history = Standing.objects.filter(customer=customer, from_on__lte=day).order_by("-from_on", "-id")
    result = _result(customer, scheme, day)
    if result is not None:
        rules, facts, as_of = result.batch.version.as_rules(), result.facts, result.batch.as_of
    else:
        rules, as_of = in_force(scheme).as_rules(), day
        known = next(iter(gather(rules, scheme.customer_type_id, as_of, [customer.pk])), None)
        if known is None:
            return None
        facts = known.facts
    return {"why": explain(rules, facts, decide(rules, facts)), "as_of": as_of, "history": history[:12], "customer": customer.pk}


def _result(customer: Any, scheme: Scheme, day: date) -> Result | None:
    rows = Result.objects.filter(customer=customer, batch__version__scheme=scheme, batch__state=Batch.State.PUBLISHED,
                                 batch__as_of__lte=day)
    return rows.select_related("batch__version").order_by("-batch__as_of").first()


def row_labels(member: Membership, customer_ids: list[int]) -> dict[str, Any] | None:
    """The column on the list of families."""
    return {"title": _("等级"), "cells": labels_now(customer_ids)} if member.may("tiering.view") else None


def filter_by_tier(request: Any, rows: Any) -> Any:
    """``?tier=A`` on the family list."""
    label = request.GET.get("tier", "")
    if not label or not request.member.may("tiering.view"):
        return None
    return rows.filter(pk__in=Standing.objects.now().filter(label=label).values("customer_id"))


def tiers_now(member: Membership) -> list[dict[str, Any]] | None:
    """How the families the member sees stand, scheme by scheme, for the first page."""
    if not member.may("tiering.view"):
        return None
    counts = remembered(seen_by(member, "tiers", newest(Standing)), lambda: _counted(member))
    found = []
    for version in SchemeVersion.objects.filter(state="in_force").select_related("scheme").order_by("scheme_id"):
        tiers = [(label, counts.get((version.scheme_id, label), 0)) for label in version.as_rules().labels]
        total = sum(n for _label, n in tiers)
        if total:
            found.append({"name": version.scheme.name, "pieces": stacked(tiers), "n": total})
    return found or None


def _counted(member: Membership) -> dict[tuple[int, str], int]:
    rows = Standing.objects.now().exclude(tier=None).filter(customer__in=customers(member))
    return {(scheme, label): n for scheme, label, n in rows.values_list("scheme_id", "label").annotate(n=Count("id"))}


def waiting_batches(member: Membership) -> list[Batch] | None:
    """Batches that wait for this member, on the first page."""
    if not member.may("tiering.review"):
        return None
    rows = Batch.objects.filter(state=Batch.State.IN_REVIEW).select_related("version__scheme", "proposed_by")
    return list(rows) or None

"""What the risk adds to pages of the archive: a badge and its reasons on the family page, a column and a filter on the list."""
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from churn.models import RiskStanding
from churn.risk import charts, queries
from churn.risk.facts import gather
from churn.risk.rules import Band, Reason, judge
from churn.risk.weighing import in_force
from churn.risk.words import FIRST_HELP, NAMES, evidence_link, names_of, sentence
from crm.asked import today
from tenancy.models import Membership


def badge(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The band on the day, for the family page's first line."""
    if not member.may("churn.view"):
        return None
    standing = RiskStanding.objects.on(day).filter(customer=customer).first()
    return {"band": standing.band, "score": standing.score} if standing else None


def why_card(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """Why this risk, by what is known on the day under the rules in force, and how it went until then.

    None for who is not with the school on the day.
    """
    if not member.may("churn.view"):
        return None
    known = next(gather(day, today=today(), only=[customer.pk]), None)
    if known is None:
        return None
    risk = judge(in_force()[1], known.facts)
    past = queries.history(customer, day)
    spans = [(row.from_on, min(row.until_on or day, day), row.score, row.band) for row in past]
    return {"risk": risk, "reasons": [_told(reason, customer.pk) for reason in risk.reasons], "missing": names_of(risk.missing),
            "help": FIRST_HELP[risk.reasons[0].sign] if risk.reasons and risk.band is not Band.LOW else "",
            "steps": charts.steps(spans) if len(spans) > 1 else (), "since": past[0].from_on if past else None, "day": day}


def _told(reason: Reason, customer: int) -> dict[str, Any]:
    return {"name": NAMES[reason.sign], "said": sentence(reason.sign, reason.value), "points": reason.points, "most": reason.most,
            "link": evidence_link(reason.sign, customer)}


def row_bands(member: Membership, customer_ids: list[int]) -> dict[str, Any] | None:
    """The column on the list of families."""
    return {"title": _("风险"), "cells": queries.bands_now(customer_ids)} if member.may("churn.view") else None


def filter_by_band(request: Any, rows: Any) -> Any:
    """``?risk=high`` on the list of families."""
    band = request.GET.get("risk", "")
    if band not in set(Band) or not request.member.may("churn.view"):
        return None
    return rows.filter(pk__in=RiskStanding.objects.now().filter(band=band).values("customer_id"))


def at_risk(member: Membership) -> dict[str, Any] | None:
    """On the first page: how many families are at high risk, and whom of one's own."""
    if not member.may("churn.view") or queries.last_night(member) is None:
        return None
    listed = queries.told(member, queries.foremost(member), today())
    grid = queries.grid(member)
    return {"high": grid.band(Band.HIGH), "watch": grid.band(Band.WATCH), "rows": listed} if listed else None

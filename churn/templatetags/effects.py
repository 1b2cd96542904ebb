"""Marks of effects in templates: signed percentage points, counts with their share, the verdict in shape and word."""
from datetime import date

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from churn.measures.verdict import Count
from churn.models import Evaluation

register = template.Library()


@register.filter
def signed(share: float | None) -> str:
    """``+14.0`` and ``−0.8`` percentage points."""
    if share is None:
        return "–"
    tenths = round(share * 1000)
    return f"{'+' if tenths > 0 else '−' if tenths < 0 else ''}{abs(tenths) / 10:.1f}"


@register.filter
def counted(count: Count) -> str:
    """``84.6%``, or a dash where nobody was counted; fewer than thirty never without their counts (UI §5)."""
    if count.share is None:
        return "–"
    shown = f"{count.share * 100:.1f}%"
    return shown if count.of >= 30 else f"{shown}（{count.hits}/{count.of}）"


@register.simple_tag
def verdict(code: str) -> SafeString:
    """有效 ✓, 无效 ✗, 样本不足 ···: a shape and a word, so that colour is never alone."""
    word = Evaluation.Outcome(code).label if code in Evaluation.Outcome.values else ""
    return render_to_string("churn/measures/verdict.html", {"code": code, "word": word})


@register.filter
def days_until(first: date, last: date) -> int:
    """Days from one to the other."""
    return (last - first).days

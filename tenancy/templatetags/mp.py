"""Template words for marks that appear on many pages."""
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenancy import menu

register = template.Library()
STEP_OF_LABEL = {"A": "a", "B": "b", "C": "c", "D": "d", "1": "a", "2": "b", "3": "c", "4": "d"}
WEEKDAYS = (gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"),
            gettext_lazy("周六"), gettext_lazy("周日"))


@register.simple_tag
def tier(label: str, size: str = "") -> SafeString:
    """The tier badge; reads without colour by its number of leaves."""
    return render_to_string("mp/tier.html", {"label": label, "step": STEP_OF_LABEL.get(label, "none"), "size": size})


@register.simple_tag(takes_context=True)
def shortcuts(context: Any) -> list[dict[str, Any]]:
    """Where G and a key lead."""
    return menu.shortcuts(getattr(context.get("request"), "member", None))


@register.filter
def step(label: str) -> str:
    return STEP_OF_LABEL.get(label, "none")


@register.filter
def yuan(fen: int | None) -> str:
    """Integer 分 as ``18,640 元``; 分 are shown only where there are any."""
    if fen is None:
        return "–"
    amount = Decimal(fen) / 100
    shown = f"{amount:,.0f}" if amount == amount.to_integral() else f"{amount:,.2f}"
    return f"{shown} {_('元')}"


@register.filter
def percent(share: float | Decimal | None) -> str:
    return "–" if share is None else f"{float(share) * 100:.1f}%"


@register.filter
def points(value: Any) -> str:
    return "–" if value is None else f"{Decimal(str(value)):.1f}"


@register.filter
def day(value: date | None) -> str:
    """``10-13 周二``"""
    if value is None:
        return ""
    here = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{here:%m-%d} {WEEKDAYS[here.weekday()]}"


@register.filter
def weekday(value: date) -> str:
    """``周二``; of a time, the weekday where the reader is."""
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return str(WEEKDAYS[day.weekday()])


@register.filter
def prefixed(value: Any, prefix: str) -> str:
    return f"{prefix}{value}"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if hasattr(mapping, "get") else mapping[key]


@register.simple_tag
def bar(share: float, step: str = "data", label: str = "", height: int = 12) -> SafeString:
    """A bar whose length is an SVG attribute, so that no inline style is needed."""
    width = max(0.0, min(1.0, float(share))) * 100
    return render_to_string("mp/bar.html", {"width": f"{width:.2f}", "step": step, "label": label, "height": height})


@register.filter
def age(child: Any, day: date) -> tuple[int, int] | None:
    return child.age_on(day)


@register.filter
def add_num(value: float, more: float) -> str:
    return f"{float(value) + float(more):.1f}"


@register.filter
def times(value: float, scale: float) -> str:
    return f"{float(value) * float(scale):.1f}"


@register.filter
def half(value: float) -> str:
    """Where the baseline of 12 px text stands in the middle of a bar."""
    return f"{float(value) / 2 + 4.5:.1f}"


@register.filter
def share(rate: Any) -> str:
    """A Rate as a percentage, or a dash when nothing was counted."""
    return percent(rate.share if rate else None)


@register.filter
def total(numbers: Any) -> int:
    return sum(numbers)


@register.filter
def ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

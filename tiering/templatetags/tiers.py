"""Names of facts in templates."""
from typing import Any

from django import template

from tiering.why import evidence_link
from tiering.words import NAMES

register = template.Library()


@register.filter
def fact_name(code: str) -> Any:
    return NAMES.get(code, code)


@register.simple_tag
def evidence(customer: int, code: str) -> str:
    """Where the records behind one bar of the why-card are listed."""
    return evidence_link(code, customer)

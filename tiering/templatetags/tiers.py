"""Names of facts in templates."""
from typing import Any

from django import template

from tiering.words import NAMES

register = template.Library()


@register.filter
def fact_name(code: str) -> Any:
    return NAMES.get(code, code)

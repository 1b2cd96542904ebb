"""Codes of the refund rules as words in templates."""
from django import template
from django.utils.translation import gettext

from churn.refunds.shipped import packs
from churn.refunds.words import LACKS, METHODS
from crm.models import FeeKind

register = template.Library()


@register.filter
def refund_method(code: str) -> str:
    """按剩余课时, 按缺勤天数, …"""
    return str(METHODS.get(code, ""))


@register.filter
def refund_lacks(code: str) -> str:
    """Which figure is missing, and what to do about it."""
    return str(LACKS.get(code, ""))


@register.filter
def fee_group(code: str) -> str:
    return str(FeeKind.Group(code).label)


@register.filter
def pack_name(code: str) -> str:
    """A shipped pack's name; the school's own clauses have no code."""
    return packs()[code].name if code in packs() else gettext("自己写的条款")

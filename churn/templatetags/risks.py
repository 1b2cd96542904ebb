"""Marks of risk in templates."""
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from churn.models.risk import Level
from churn.risk.rules import Reason
from churn.risk.words import NAMES, sentence

register = template.Library()


@register.simple_tag
def risk(band: str) -> SafeString:
    """The risk badge: a shape and a word, so that colour is never alone."""
    return render_to_string("churn/risk/badge.html", {"band": band, "word": Level(band).label if band in Level.values else ""})


@register.filter
def band_name(band: str) -> str:
    return str(Level(band).label) if band in Level.values else ""


@register.filter
def said(reason: Reason) -> str:
    """A reason in words."""
    return sentence(reason.sign, reason.value)


@register.filter
def sign_name(sign: str) -> Any:
    return NAMES.get(sign, "")

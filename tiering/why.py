"""为什么: one decision laid out for a person — bars, limits, what is missing, the nearest way up (B2)."""
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tiering.rules import CONVERTED, POSITION, VISITED, Decision, Facts, Indicator, Scheme, next_steps
from tiering.words import NAMES, amount, limit_sentences


@dataclass
class Bar:
    """One indicator: its part of its weight, on a track as long as the weight."""

    name: str
    basis: str
    part: float
    weight: int
    track: float
    filled: float
    missing: bool
    code: str


# which list holds the records that an indicator counts; the family page links there with its customer
EVIDENCE = {"spend": "admin:crm_payment_changelist", "frequency": "admin:crm_payment_changelist",
            "intent": "admin:crm_intentrating_changelist", "influence": "admin:crm_referral_changelist",
            "referred": "admin:crm_referral_changelist", "converted": "admin:crm_referral_changelist",
            "activities": "admin:crm_timelineentry_changelist", "contacts": "admin:crm_timelineentry_changelist",
            "complaints": "admin:crm_timelineentry_changelist", "satisfaction": "admin:crm_satisfaction_changelist",
            "credit": "admin:crm_assessment_changelist", "complexity": "admin:crm_assessment_changelist"}
NARROWED = {"activities": "kind__exact=event", "contacts": "kind__exact=contact", "complaints": "kind__exact=complaint",
            "credit": "about__exact=credit", "complexity": "about__exact=complexity"}
OWNER = {"admin:crm_referral_changelist": "referrer__id__exact"}


def evidence_link(code: str, customer: int) -> str:
    """The list of records that an indicator counts for one customer; empty where it rests on the family's page itself."""
    place = EVIDENCE.get(code, "")
    if not place:
        return ""
    words = [f"{OWNER.get(place, 'customer__id__exact')}={customer}", NARROWED.get(code, "")]
    return f"{reverse(place)}?{'&'.join(word for word in words if word)}"


@dataclass
class Why:
    label: str
    score: float
    bars: list[Bar]
    cuts: list[dict[str, Any]]
    limits: list[tuple[str, bool]]
    missing: list[str]
    headline: str
    next_step: str


def explain(scheme: Scheme, facts: Facts, decision: Decision) -> Why:
    heaviest = max(i.weight for i in scheme.indicators)
    bars = [_bar(indicator, facts, part, heaviest) for indicator, part in zip(scheme.indicators, decision.parts, strict=True)]
    held = set(decision.held_back_by)
    limits = [(sentence, number in held) for number, sentence in enumerate(limit_sentences(scheme))]
    label = scheme.labels[decision.tier] if decision.tier is not None else ""
    return Why(label, decision.score / 100, bars, _cuts(scheme), limits, [str(NAMES[code]) for code in decision.missing],
               _headline(bars, limits, decision), _next(scheme, facts, decision))


def _bar(indicator: Indicator, facts: Facts, part: int, heaviest: int) -> Bar:
    value = facts[POSITION[indicator.code]]
    track = indicator.weight / heaviest * 100
    return Bar(str(NAMES[indicator.code]), amount(indicator.code, value), part / 100, indicator.weight, round(track, 2),
               round(track * part / (indicator.weight * 100), 2), value is None, indicator.code)


def _cuts(scheme: Scheme) -> list[dict[str, Any]]:
    """The scale from worst to best: where each tier begins and how wide it is, in points."""
    edges = [*scheme.cuts[::-1], 10000]
    return [{"label": label, "at": low / 100, "width": (high - low) / 100, "middle": (low + high) / 200}
            for label, low, high in zip(scheme.labels[::-1], edges, edges[1:], strict=False)]


def _headline(bars: list[Bar], limits: list[tuple[str, bool]], decision: Decision) -> str:
    if decision.tier is None:
        return _("新家庭，还没到定级的时候")
    hit = next((sentence for sentence, held in limits if held), None)
    if hit:
        return hit
    full = next((bar.name for bar in bars if bar.part >= bar.weight), None)
    weakest = max(bars, key=lambda bar: bar.weight - bar.part)
    if full and full != weakest.name:
        return _("%(full)s已满分，差在%(weak)s") % {"full": full, "weak": weakest.name}
    return _("差得最多的是%(weak)s") % {"weak": weakest.name}


def _next(scheme: Scheme, facts: Facts, decision: Decision) -> str:
    if decision.tier is None:
        return _("满 %(days)s 天后参加定级。") % {"days": scheme.min_days}
    if decision.tier == 0:
        return _("已经是最高一级。")
    steps = next_steps(scheme, facts)
    if not steps:
        return _("单靠一项到不了上一级，要几项一起提高。")
    step = steps[0]
    now = facts[POSITION[step.fact]] or 0
    if step.fact == "influence":
        return _("再推荐 %(seen)s 户来参观，或推荐 %(joined)s 户报名，就到 %(score).1f 分、%(tier)s 级。") % {
            "seen": -((now - step.needed) // VISITED), "joined": -((now - step.needed) // CONVERTED), "score": step.score / 100,
            "tier": scheme.labels[step.tier]}
    return _("%(fact)s从 %(now)s 到 %(needed)s，就到 %(score).1f 分、%(tier)s 级。") % {
        "fact": NAMES[step.fact], "now": amount(step.fact, now), "needed": amount(step.fact, step.needed),
        "score": step.score / 100, "tier": scheme.labels[step.tier]}

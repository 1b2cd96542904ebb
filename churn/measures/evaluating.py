"""效果评估: every measure counted every night; when its days are full, the rule's word is kept and told (SPEC B8, C18, C19, C27)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import Kind, group
from churn.measures import rules
from churn.measures.counting import sides, tallies, windows
from churn.measures.indicators import MORE_IS_BETTER, Tally, count_of, tally_of
from churn.measures.verdict import Comparison, Group, compare
from churn.models import EffectRules, Evaluation, Indicator, Measure
from notifications.actions import tell
from tenancy.models import Membership


@dataclass(frozen=True)
class Seen:
    """One indicator of an evaluation: its groups and what the rule makes of them."""

    indicator: str
    name: str
    treated: Group
    control: Group | None
    found: Comparison
    more_is_better: bool


def seen(evaluation: Evaluation, indicator: str = "") -> Seen:
    """What an evaluation says of its own indicator or of another; by the formula and the least number that it was made with."""
    asked = indicator or evaluation.indicator

    def pair(before: str, after: str) -> Group | None:
        first, last = evaluation.tally(before), evaluation.tally(after)
        if first is None or last is None:
            return None
        return Group(*(count_of(tally_of(kept), asked, evaluation.formula) for kept in (first, last)))

    treated, control = pair("before", "after"), pair("control_before", "control_after")
    assert treated is not None
    found = compare(treated, control, more_is_better=MORE_IS_BETTER[asked], least=evaluation.least)
    return Seen(asked, str(Indicator(asked).label), treated, control, found, MORE_IS_BETTER[asked])


def all_seen(evaluation: Evaluation) -> list[Seen]:
    """Its own indicator first, then the others: what improved one thing may have harmed another."""
    codes = [evaluation.indicator, *(code for code in Indicator.values if code != evaluation.indicator)]
    return [seen(evaluation, code) for code in codes]


def renew(day: date, *, at: datetime) -> int:
    """The night's round over every measure that has begun and is not decided; returns how many got their last word."""
    begun = Measure.objects.undecided().filter(starts_on__lt=day).order_by("pk").values_list("pk", flat=True)
    how = rules.in_force()
    return sum(_renew(pk, day, how=how, at=at) for pk in list(begun))


@transaction.atomic
def _renew(pk: int, day: date, *, how: EffectRules, at: datetime) -> bool:
    """One measure, unless it has its last word; two mornings at once take turns, so it gets one."""
    measure = Measure.objects.select_for_update(of=("self",)).select_related("class_group", "owner").get(pk=pk)
    return not measure.evaluations.filter(is_final=True).exists() and evaluate(measure, day, how=how, at=at).is_final


@transaction.atomic
def evaluate(measure: Measure, day: date, *, how: EffectRules, at: datetime) -> Evaluation:
    """Count it as of a day. Raises ValueError for a measure that has not begun."""
    days = windows(measure.starts_on, how.span_days, day)
    if days is None:
        raise ValueError(f"measure {measure.pk} has not begun on {day}")
    where = sides(measure, days)
    (before, beside_before), (after, beside_after) = (tallies(where, window, satisfied=how.satisfied) for window in days)
    length = (days[1].last - days[1].first).days + 1
    row = Evaluation(measure=measure, is_final=length >= how.span_days, on=day, days=length, control=where.beside,
                     counts=_counts(before, after, beside_before, beside_after), indicator=measure.indicator, formula=how.formula,
                     satisfied=how.satisfied, least=how.least)
    found = seen(row).found
    row.verdict, row.is_worse = str(found.verdict), found.is_worse
    Evaluation.objects.filter(measure=measure, is_final=False).delete()
    row.save(force_insert=True)
    if row.is_final:
        _tell(row, at)
    return row


def _counts(before: Tally, after: Tally, beside_before: Tally | None, beside_after: Tally | None) -> dict[str, Any]:
    kept = {"before": before.as_json(), "after": after.as_json()}
    if beside_before is not None and beside_after is not None:
        kept |= {"control_before": beside_before.as_json(), "control_after": beside_after.as_json()}
    return kept


def _tell(row: Evaluation, at: datetime) -> None:
    """The owner and the leader of the group learn of it; what failed comes back to the meeting by itself."""
    measure = row.measure
    said = _("“%(title)s”评估出来了：%(verdict)s") % {"title": measure.title, "verdict": row.get_verdict_display()}
    tell(_once([measure.owner, group(Kind.IMPROVEMENT).leader]), said, key=f"measure-{measure.pk}-verdict-{row.pk}",
         link=f"churn/measures/{measure.pk}/#effect", at=at)


def _once(people: Iterable[Membership | None]) -> list[Membership]:
    return list({one.pk: one for one in people if one is not None and one.is_active}.values())


@transaction.atomic
def again(measure: Measure, *, day: date, by: Membership, at: datetime) -> Evaluation:
    """Counted anew after its last word, over as many days as the rules in force say: more families may have come together."""
    Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    row = evaluate(measure, day, how=rules.in_force(), at=at)
    record(by, "churn.measure_evaluated", measure, verdict=row.verdict)
    return row

"""预警规则: the version in force, keeping a new one, and what it would change before it is kept (SPEC C27)."""
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import WeightsVersion
from churn.risk.facts import Known, gather
from churn.risk.rules import SHIPPED, Band, Weights, band_of, faults, pointer, score_of
from notifications.actions import later
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

SWEEP = "churn.sweep"


def in_force() -> tuple[int, Weights]:
    """The number of the version in force and what it says; 0 and the shipped one where the school has not changed anything."""
    version = WeightsVersion.objects.first()
    return (version.number, version.as_weights()) if version else (0, SHIPPED)


@transaction.atomic
def keep(weights: Weights, *, after: int, note: str, by: Membership, at: datetime) -> WeightsVersion:
    """Put new weights in force and have every family judged by them. ``after`` is the version they were changed from."""
    must(by, "churn.rules")
    if faults(weights):
        raise Refused(_("规则还有要改的地方，见红字。"), code="faulty")
    number, known = in_force()
    if known == weights:
        raise Refused(_("和现在的规则一样，没有要保存的。"), code="same")
    steps = {code: [list(step) for step in rows] for code, rows in weights.steps.items()}
    try:
        if number != after:
            raise IntegrityError
        with transaction.atomic():
            version = WeightsVersion.objects.create(number=number + 1, steps=steps, watch=weights.watch, high=weights.high,
                                                    note=note.strip(), by=by, since=at)
    except IntegrityError:  # the number is taken: somebody kept theirs in the meantime
        raise Refused(_("同事刚改过规则。请打开新的一版再改。"), code="stale") from None
    record(by, "churn.weights_kept", version, number=version.number)
    later(SWEEP)
    return version


@dataclass(frozen=True)
class Preview:
    """How many families each band holds, by the rules in force and by others; and how many change their band."""

    families: int
    before: Counter[str]
    after: Counter[str]
    worse: int
    better: int


def preview(weights: Weights, today: date, campuses: Iterable[int] | None = None) -> Preview:
    """Both rules on every family as it is today; nothing is written. ``campuses`` are those the reader works for; None means all."""
    old, new = _bands(in_force()[1]), _bands(weights)
    mine = None if campuses is None else set(campuses)
    pairs = [(old(known), new(known)) for known in gather(today, today=today) if mine is None or known.campus in mine]
    order = list(Band)
    worse = sum(order.index(now) > order.index(was) for was, now in pairs)
    better = sum(order.index(now) < order.index(was) for was, now in pairs)
    before, after = (Counter(str(pair[place]) for pair in pairs) for place in (0, 1))
    return Preview(len(pairs), before, after, worse, better)


def _bands(weights: Weights) -> Callable[[Known], Band]:
    points_of = pointer(weights)

    def band(known: Known) -> Band:
        return band_of(weights, score_of(points_of(known.facts)))
    return band

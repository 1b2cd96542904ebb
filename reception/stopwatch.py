"""到访计时 (B9, R39c): from the times of the steps to waiting time and stage lengths, with median and 90th percentile. Pure."""
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from reception.stages import ORDER, WATCHED, Step

Marks = Mapping[str, datetime]


@dataclass(frozen=True)
class Length:
    """How long a step lasted: until the next that was taken, or still running."""

    step: Step
    began: datetime
    lasted: timedelta | None


def lengths(marks: Marks) -> list[Length]:
    """The steps that were taken, in order, each with its length; the last before leaving is still running."""
    taken = [step for step in ORDER if step in marks and step in WATCHED]
    ends = [marks[step] for step in taken[1:]] + [None] * bool(taken)
    return [Length(step, marks[step], end - marks[step] if end else None) for step, end in zip(taken, ends, strict=True)]


def waited(marks: Marks) -> timedelta | None:
    """From arriving to being greeted, or to whatever came first; None while nobody has come, or nobody has been received yet."""
    first = lengths(marks)[:1]
    return first[0].lasted if first and first[0].step == Step.ARRIVED else None


def stayed(marks: Marks) -> timedelta | None:
    """From arriving to leaving."""
    return marks[Step.LEFT] - marks[Step.ARRIVED] if Step.ARRIVED in marks and Step.LEFT in marks else None


@dataclass(frozen=True)
class Spread:
    """Of so many visits: the median, and what nine in ten did not exceed (nearest rank)."""

    count: int
    median: timedelta
    ninth: timedelta

    @property
    def words(self) -> tuple[str, str]:
        """Both as a clock shows them."""
        return clock(self.median), clock(self.ninth)


def spread(spans: Iterable[timedelta | None]) -> Spread | None:
    """None where nothing was timed."""
    known = sorted(span for span in spans if span is not None)
    if not known:
        return None
    middle = timedelta(seconds=statistics.median(span.total_seconds() for span in known))
    return Spread(len(known), middle, known[ceil(0.9 * len(known)) - 1])


def fits(step: str, at: datetime, marks: Marks) -> bool:
    """Whether a step may have been at that time: not before the steps before it, not after those behind it."""
    own = ORDER.index(Step(step))
    return all((marks[other] <= at) if ORDER.index(Step(other)) < own else (at <= marks[other]) for other in marks if other != step)


def clock(span: timedelta | None) -> str:
    """``3:20``, ``1:02:05``."""
    if span is None:
        return ""
    hours, rest = divmod(max(int(span.total_seconds()), 0), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"

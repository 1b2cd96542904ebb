"""What people write in one line: a step with its day, a decision with its owner and day. Pure; nothing that was typed is lost."""
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DAY_LAST = re.compile(r"^(?P<text>.*?)[\s,，、:：]*(?:(?P<year>\d{4})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*"
                      r"(?P<day>\d{1,2})\s*[日号]?(?:前|之前)?\s*[。.]?$")
BREAKS = "，,、：: 。;；"


def day_at_end(line: str, since: date) -> tuple[str, date | None]:
    """The words and the day that a line ends with. A day without its year is the first such day on or after ``since``.

    What is no day of the calendar, or leaves no words before it, stays part of the words.
    """
    text = line.strip()
    found = DAY_LAST.match(text)
    if found is None or not found["text"].strip(BREAKS):
        return text, None
    day = _day(found["year"], int(found["month"]), int(found["day"]), since)
    return (text, None) if day is None else (found["text"].strip(BREAKS), day)


def _day(year: str | None, month: int, day: int, since: date) -> date | None:
    years = [int(year)] if year else range(since.year, since.year + 9)  # 29 February comes again within eight years
    for one in years:
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year or found >= since:
            return found
    return None


def steps(text: str, since: date) -> list[tuple[str, date | None]]:
    """One step a line; empty lines are none."""
    return [day_at_end(line, since) for line in text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Decided:
    """A decision as it was said: what, who and until when, as far as the line tells."""

    title: str
    who: int | None
    due: date | None


def decision(line: str, people: Iterable[tuple[int, str]], since: date) -> Decided:
    """“停车：谈一小时免费，高主任，10-16”: the day at the end, before it the name of a colleague, the rest is what is to be done.

    A name counts as a part of its own, between commas; of two that fit the longer one.
    """
    rest, due = day_at_end(line, since)
    parts = re.split(r"[，,;；]\s*", rest)
    for pk, name in sorted(people, key=lambda one: -len(one[1])):
        if name and len(parts) > 1 and name in [part.strip() for part in parts[1:]]:
            kept = [part for number, part in enumerate(parts) if number == 0 or part.strip() != name]
            return Decided("，".join(kept).strip(BREAKS), pk, due)
    return Decided(rest.strip(BREAKS), None, due)

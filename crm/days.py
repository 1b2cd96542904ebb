"""Days that can be true. The rules stand in crm/parse.py; here they are validators, for models, forms and the API alike."""
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.parse import Unreadable, parse_born, parse_past, parse_planned
from tenancy.refusals import spoken


def monday(day: date) -> date:
    """The Monday of its week: what is weekly is named by it."""
    return day - timedelta(days=day.weekday())


def quarter(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or back where they are below nothing; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (first_after - date.resolution).day
    return date(year, month + 1, min(day.day, last))


def happened(value: date) -> None:
    """What is told as a fact: not in the future, not before any school's records. A time counts by the campus's date."""
    _check(parse_past, value)


def planned(value: date) -> None:
    """The first or last day of an enrolment: it may lie ahead, but not years ahead."""
    _check(parse_planned, value)


def born(value: date) -> None:
    _check(parse_born, value)


def _check(parse: Callable[[object, date], date], value: date) -> None:
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    try:
        parse(day, timezone.localdate())
    except Unreadable as doubt:
        raise ValidationError(spoken(doubt.said)) from None

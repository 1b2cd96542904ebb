"""The signs of leaving, gathered as a set in SQL in the order of churn.risk.rules.SIGNS; nothing is judged here (SPEC C27)."""
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from churn.risk.rules import Facts
from crm.calendar import Calendar
from crm.opening import calendars_for, day_begins
from tenancy.models import Campus
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

SQL = (Path(__file__).parent / "sql" / "facts.sql").read_text()
CHUNK = 2000
SCHOOL_DAYS, LOOK_BACK = 20, 120  # absence is told of the last school days, looked for so many days back
LEAST_DAYS = 5    # of which attendance must be known
LEAST_GAPS = 2    # payments must have had so many intervals before one speaks of what is usual
ONE_DAY = timedelta(days=1)


class Known(NamedTuple):
    """What is known of one family on the day."""

    customer: int
    campus: int
    facts: Facts


def gather(as_of: date, *, today: date, only: Sequence[int] | None = None) -> Iterator[Known]:
    """Stream the signs of every family that is with the school, by id; of a day gone by, what was known on that day.

    With the school is who has a child enrolled, or has paid and never had one enrolled (a school that keeps no enrolments).
    """
    connection.ensure_connection()
    with connection.connection.cursor(name="churn_facts") as cursor:
        cursor.itersize = CHUNK
        with nullcontext() if only is not None else whole_sets():
            cursor.execute(SQL, parameters(as_of, today, only))
        for row in cursor:
            yield Known(row[0], row[1], row[2:])


def parameters(as_of: date, today: date, only: Sequence[int] | None) -> dict[str, Any]:
    pairs = [(campus, day) for campus, calendar in calendars_for(Campus.objects.values_list("pk", flat=True)).items()
             for day in school_days(calendar, as_of)]
    return {"tenant": current_tenant_id(), "as_of": as_of, "is_now": as_of >= today, "only": list(only) if only is not None else None,
            "campuses": [campus for campus, _day in pairs], "days": [day for _campus, day in pairs],
            "asked_from": day_begins(as_of - 89 * ONE_DAY), "asked_until": day_begins(as_of - 6 * ONE_DAY),
            "end": day_begins(as_of + ONE_DAY), "least_days": LEAST_DAYS, "least_gaps": LEAST_GAPS}


def school_days(calendar: Calendar, until: date) -> list[date]:
    """The last days on which a campus was open, the day itself among them; holidays and breaks are none."""
    back = (until - ONE_DAY * n for n in range(LOOK_BACK))
    return list(islice((day for day in back if calendar.spells_on(day)), SCHOOL_DAYS))

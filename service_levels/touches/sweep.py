"""应触达台账每夜一遍: settle what was done, tell what was missed, drop what is owed no more, write down what is owed from today on (B7).

One school is one transaction, a statement a step whatever the number of families. Running twice changes nothing more.
"""
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.calendar import Calendar
from crm.lunar import kept_on
from crm.models import Channel, EntryKind, TimelineEntry
from crm.opening import calendar_for, calendars_for
from notifications.actions import tell
from service_levels.models import Touch, TouchRules
from service_levels.plans.book import Line, Occasion
from service_levels.plans.queries import in_force
from service_levels.touches import festivals, owing
from service_levels.touches.rules import rules
from tenancy.models import Campus, Membership
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

FOLDER = Path(__file__).parent / "sql"
OWE, BIRTHDAYS, ANNIVERSARIES, VOID, SETTLE, MISSED = (
    (FOLDER / f"{name}.sql").read_text() for name in ("owe", "birthdays", "anniversaries", "void", "settle", "missed"))
REAL = [EntryKind.CONTACT.value, EntryKind.CONSULTATION.value, EntryKind.VISIT.value]  # somebody spoke with the family
ONE_WAY = [Channel.SMS.value]
TALKED = Q(kind__in=REAL) & ~Q(channel__in=ONE_WAY)  # the same of entries as settle.sql asks
BY_RHYTHM = (Occasion.RHYTHM, Occasion.THANKS, Occasion.PROGRESS, Occasion.NEWS)
OWN_DAYS = ((Occasion.BIRTHDAY, BIRTHDAYS), (Occasion.ANNIVERSARY, ANNIVERSARIES), (Occasion.GIFT, ANNIVERSARIES))
GIVEN_UP = timedelta(days=60)  # after so long nobody is asked any more; that it was missed stays
ALONE = 7402  # the key under which one school is swept by one worker at a time


class Held(NamedTuple):
    """A line that keeps in touch, of a plan in force."""

    version: int
    plan: str
    line: Line

    @property
    def key(self) -> str:
        return self.line.key[:80]

    @property
    def ways(self) -> str:
        return ",".join(self.line.by)


@transaction.atomic
def sweep(day: date, *, at: datetime) -> int:
    """Bring the ledger to a day; the number of touches that came to be owed."""
    held = _held()
    with connection.cursor() as cursor, whole_sets():
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE, current_tenant_id() % 2**31])
        kept = rules()
        _settle(cursor, day)
        _write_missed(cursor, day, at)
        cursor.execute(VOID, _columns(("versions", "plans", "lines"), [(one.version, one.plan, one.key) for one in held])
                       | {"day": day, "given_up": day - GIVEN_UP, "why": _("方案换了，或者过去太久")})
        owed = _owe(cursor, held, kept.festivals, min(kept.swept_on or day, day), day)
        _settle(cursor, day)
    if not TouchRules.objects.update(swept_on=day):
        TouchRules.objects.create(festivals=kept.festivals, swept_on=day)
    return owed


def settle_of(customer_id: int, day: date) -> None:
    """What a contact that was written down just now settles of one family."""
    with connection.cursor() as cursor:
        _settle(cursor, day, customer_id)


def remind(day: date, *, at: datetime) -> int:
    """On the morning of a working day every owner hears how many families are to be called, and what is late; how many heard."""
    if not calendar_for().spells_on(day):
        return 0
    rows = Touch.objects.open().filter(due_on__lte=day, customer__deleted_at=None).exclude(customer__owner=None)
    due: dict[int, set[int]] = {}
    late: Counter[int] = Counter()
    for owner, customer, due_on in rows.values_list("customer__owner", "customer", "due_on"):
        due.setdefault(owner, set()).add(customer)
        late[owner] += due_on < day
    members = Membership.objects.filter(pk__in=list(due), is_active=True)
    for member in members:
        said = _("今天要联系 %(n)s 户，有 %(late)s 件晚了") if late[member.pk] else _("今天要联系 %(n)s 户")
        tell([member], said % {"n": len(due[member.pk]), "late": late[member.pk]}, key=f"touches-{day}", link="service/touches/", at=at)
    return len(members)


def _held() -> list[Held]:
    return [Held(version.pk, plan.code, line) for version in in_force() for plan in version.as_book().plans for line in plan.lines
            if line.keeps_in_touch]


def _settle(cursor: Any, day: date, customer_id: int | None = None) -> None:
    cursor.execute(SETTLE, {"tenant": current_tenant_id(), "day": day, "customer": customer_id, "kinds": REAL, "one_way": ONE_WAY})


def _write_missed(cursor: Any, day: date, at: datetime) -> None:
    """One line on the timeline of each family that was owed and not called: tiering and churn read it there.

    Keeping in touch is a promise of the plan; a greeting that was forgotten is only noted.
    """
    cursor.execute(MISSED, {"tenant": current_tenant_id(), "day": day, "comma": _("、")})
    TimelineEntry.objects.bulk_create([
        TimelineEntry(customer_id=customer, at=at, day=day, text=_("%(what)s，最晚 %(day)s") % {"what": what, "day": due_on},
                      kind=EntryKind.PROMISE_BROKEN if promised else EntryKind.NOTE,
                      title=_("没有按时联系") if promised else _("错过了问候"))
        for customer, promised, what, due_on in cursor.fetchall()], batch_size=2000)


# -- what is owed from a day to a day ------------------------------------------------------------------------
class ByRhythm(NamedTuple):
    """A row of owe.sql: what one line of one plan owes on one campus."""

    versions: int
    plans: str
    campuses: int | None
    lines: str
    texts: str
    occasions: str
    abouts: str
    ways: str
    opens: date
    dues: date
    sinces: date


class OwnDay(NamedTuple):
    """A row of birthdays.sql and anniversaries.sql: a day of the year that is near, and when a greeting for it is due."""

    versions: int
    plans: str
    campuses: int | None
    lines: str
    texts: str
    ways: str
    months: int
    days: int
    lunars: bool
    opens: date
    dues: date
    years: int


def _owe(cursor: Any, held: list[Held], feasts: list[str], first: date, day: date) -> int:
    calendars = calendars_for(Campus.objects.order_by("id").values_list("pk", flat=True))
    rhythm = [row for campus, calendar in calendars.items() for row in _by_rhythm(held, feasts, calendar, campus, first, day)]
    cursor.execute(OWE, _columns(ByRhythm._fields, rhythm))
    owed: int = cursor.rowcount
    for occasion, statement in OWN_DAYS:
        lines = [one for one in held if one.line.occasion is occasion]
        own = [row for campus, calendar in calendars.items() for row in _own_days(lines, calendar, campus, first, day)]
        cursor.execute(statement, _columns(OwnDay._fields, own) | {"occasion": occasion.value})
        owed += cursor.rowcount
    return owed


def _by_rhythm(held: Iterable[Held], feasts: list[str], calendar: Calendar, campus: int | None, first: date,
               day: date) -> Iterator[ByRhythm]:
    near = list(festivals.between(feasts, first, day + timedelta(days=2 * owing.AHEAD)))
    for one in held:
        if one.line.occasion in BY_RHYTHM:
            found = [("", owed) for owed in owing.rhythm(one.line, calendar, first, day)]
        elif one.line.occasion is Occasion.FESTIVAL:
            found = [(code, owed) for code, feast in near if (owed := owing.around(feast, calendar)).opens <= day]
        else:
            continue
        for about, owed in found:
            yield ByRhythm(one.version, one.plan, campus, one.key, one.line.text, one.line.occasion, about, one.ways, owed.opens, owed.due,
                           owed.since)


def _own_days(lines: Iterable[Held], calendar: Calendar, campus: int | None, first: date, day: date) -> Iterator[OwnDay]:
    days = [first + timedelta(days=n) for n in range((day - first).days + 2 * owing.AHEAD + 1)]
    near = [(what, one.year, owed) for one in days if (owed := owing.around(one, calendar)).opens <= day for what in kept_on(one)]
    for one in lines:
        for what, year, owed in near:
            yield OwnDay(one.version, one.plan, campus, one.key, one.line.text, one.ways, what.month, what.day, what.lunar, owed.opens,
                         owed.due, year)


def _columns(names: tuple[str, ...], rows: list[Any]) -> dict[str, Any]:
    """Rows as arrays, column by column, for unnest()."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)} | {"tenant": current_tenant_id()}

"""每晚重算: every family's risk derived anew from its signs; only what changed is written (DESIGN §1, SPEC C27).

One school is one transaction: a worker that is killed leaves the school as it was, and whoever takes its task up begins the school
again. Running twice changes nothing more.
"""
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from churn.models import RiskNight, RiskStanding
from churn.risk.facts import gather
from churn.risk.rules import Band, Points, Weights, band_of, pointer, score_of
from churn.risk.weighing import in_force
from crm.models import Customer
from notifications.actions import tell
from tenancy.models import Membership
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

TAKE = (Path(__file__).parent / "sql" / "take.sql").read_text()
COLUMNS = "customer_id, score, band, points"
STAGE = """CREATE TEMP TABLE IF NOT EXISTS risk_stage (customer_id bigint, score int, band varchar, points smallint[])
           ON COMMIT DELETE ROWS"""
ALONE = 7301  # the key under which one school is swept by one worker at a time
OPEN = (f"INSERT INTO churn_riskstanding (tenant_id, from_on, {COLUMNS}) SELECT %(tenant)s, %(day)s, {COLUMNS} FROM risk_stage "
        "WHERE band <> ''")
LEFT = "\t0\t\t{}"  # nothing is said of who is not with the school any more


@dataclass
class Night:
    """What one night found: how many families by campus and band, whose points changed, and who has newly come to high risk."""

    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    risen: list[int] = field(default_factory=list)


@transaction.atomic
def rederive(day: date, *, today: date, at: datetime) -> int:
    """Judge every family as of a day, newest last, and return how many standings changed.

    A day before the newest that has been derived is refused with ValueError: history is not rewritten.
    """
    _alone()
    last = RiskNight.objects.aggregate(last=Max("day"))["last"]
    if last is not None and day < last:
        raise ValueError(f"{last} has been derived already")
    number, weights = in_force()
    night = _judged(weights, day, today)
    _write(night.lines, day)
    _count(night, number, day, at)
    if last is not None and day == today:  # on the first night everybody is new, and nobody has newly come anywhere
        _tell_owners(night.risen, day, at)
    return len(night.lines)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE, current_tenant_id() % 2**31])


def _judged(weights: Weights, day: date, today: date) -> Night:
    known = {row[0]: row[1:] for row in RiskStanding.objects.now().values_list("customer_id", "points", "band").iterator(chunk_size=10_000)}
    night, points_of = Night(), pointer(weights)
    for customer, campus, facts in gather(day, today=today):
        points = points_of(facts)
        score = score_of(points)
        band = band_of(weights, score)
        night.counts[campus, band] += 1
        before, stood = known.pop(customer, (None, ""))
        if before == list(points) and stood == band:
            continue
        night.lines.append(f"{customer}\t{score}\t{band}\t{_array(points)}")
        if band is Band.HIGH and stood != Band.HIGH:
            night.risen.append(customer)
    night.lines += [f"{customer}{LEFT}" for customer in known]
    return night


def _array(points: Points) -> str:
    return "{" + ",".join(["NULL" if earned is None else str(earned) for earned in points]) + "}"


def _write(lines: Iterable[str], day: date) -> None:
    words: dict[str, Any] = {"tenant": current_tenant_id(), "day": day}
    with connection.cursor() as cursor, whole_sets():
        cursor.execute(STAGE)
        cursor.copy_expert(f"COPY risk_stage ({COLUMNS}) FROM STDIN", io.StringIO("".join(f"{line}\n" for line in lines)))
        cursor.execute(TAKE, words)
        cursor.execute(OPEN, words)
        cursor.execute("DELETE FROM risk_stage")


def _count(night: Night, number: int, day: date, at: datetime) -> None:
    campuses = {campus for campus, _band in night.counts}
    rows = [RiskNight(campus_id=campus, day=day, weights=number, families=sum(night.counts[campus, band] for band in Band),
                      watch=night.counts[campus, Band.WATCH], high=night.counts[campus, Band.HIGH], done_at=at)
            for campus in sorted(campuses)]
    RiskNight.objects.filter(day=day).exclude(campus__in=campuses).delete()
    RiskNight.objects.bulk_create(rows, update_conflicts=True, unique_fields=["tenant", "day", "campus"],
                                  update_fields=["weights", "families", "watch", "high", "done_at"])


def _tell_owners(risen: list[int], day: date, at: datetime) -> None:
    """Who looks after families that have newly come to high risk hears how many; their names stay in the house."""
    owners = Counter(Customer.objects.filter(pk__in=risen).exclude(owner=None).values_list("owner_id", flat=True))
    for member in Membership.objects.filter(pk__in=list(owners), is_active=True):
        if member.may("churn.view"):
            tell([member], _("您负责的家庭里，%(n)s 户到了高风险") % {"n": owners[member.pk]}, key=f"risk-{day}",
                 link="churn/?owner=me&band=high", at=at)

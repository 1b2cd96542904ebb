"""What is done with 积分: earned by the night, given, spent on prizes, taken back; the one room that writes entries (K22).

Whoever takes points away holds the customer's row and adds up what is there, so two at the same moment never spend the same points.
"""
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.days import months_later
from crm.models import Customer
from service_levels.access import ORGANISE
from service_levels.models import PointsEntry, PointsRules, Prize
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant_id

FOLDER = Path(__file__).parent / "sql"
EARN, LAPSE = ((FOLDER / name).read_text() for name in ("earn.sql", "lapse.sql"))
LOG = "crm.log"
MOST = 1000
ALONE = 7402  # the key under which one school's points are earned by one worker at a time
Kind = PointsEntry.Kind


def balance(customer_id: int) -> int:
    """What a family has."""
    return int(PointsEntry.objects.filter(customer=customer_id).aggregate(n=Sum("points"))["n"] or 0)


@transaction.atomic
def redeem(customer: Customer, prize: Prize, *, by: Membership, at: datetime) -> PointsEntry:
    """换奖品: the points go and the prize is handed over. Raises Refused where either does not reach."""
    must(by, LOG)
    _enough(customer.pk, prize.points)
    if prize.stock is not None and not Prize.objects.filter(pk=prize.pk, stock__gt=0, is_on=True).update(stock=F("stock") - 1):
        raise Refused(_("“%(name)s”刚刚换完了。") % {"name": prize.name}, "prize", code="no_stock")
    if not Prize.objects.filter(pk=prize.pk, is_on=True).exists():
        raise Refused(_("“%(name)s”现在不能换。") % {"name": prize.name}, "prize", code="off")
    row = _enter(customer.pk, Kind.SPENT, -prize.points, words=prize.name, prize=prize, by=by, at=at)
    record(by, "service.points_spent", row, points=prize.points)
    return row


@transaction.atomic
def give(customer: Customer, points: int, words: str, *, by: Membership, at: datetime) -> PointsEntry:
    """另外加减: for what no rule counts, with a reason."""
    must(by, ORGANISE)
    if not words.strip():
        raise Refused(_("请写为什么。"), "words")
    if not 0 < abs(points) <= MOST:
        raise Refused(_("一次加减 1 到 %(most)s 分。") % {"most": MOST}, "points")
    if points < 0:
        _enough(customer.pk, -points)
    rules = PointsRules.objects.first()
    last_on = months_later(timezone.localdate(at), rules.months) if rules and points > 0 else None
    row = _enter(customer.pk, Kind.GIVEN, points, words=words.strip()[:100], last_on=last_on, by=by, at=at)
    record(by, "service.points_given", row, points=points)
    return row


@transaction.atomic
def take_back(row: PointsEntry, *, by: Membership, at: datetime) -> PointsEntry:
    """An entry was a mistake: another one takes it back, and a prize goes back on the shelf."""
    must(by, LOG if row.kind == Kind.SPENT else ORGANISE)
    if row.kind in (Kind.LAPSED, Kind.UNDONE):
        raise Refused(_("这一笔不能撤回。"))
    if row.last_on and row.last_on < timezone.localdate(at):
        raise Refused(_("这一笔已经过期了，不用撤回。"))
    _enough(row.customer_id, row.points)
    if PointsEntry.objects.filter(undoes=row).exists():
        raise Refused(_("这一笔已经撤回了。"), code="changed")
    made = _enter(row.customer_id, Kind.UNDONE, -row.points, words=row.words, undoes=row, by=by, at=at)
    if row.prize_id:
        Prize.objects.filter(pk=row.prize_id, stock__isnull=False).update(stock=F("stock") + 1)
    record(by, "service.points_taken_back", made, points=-row.points)
    return made


def _enough(customer_id: int, points: int) -> None:
    """Hold the family, and see that it has so many points."""
    Customer.objects.select_for_update(no_key=True).select_related(None).get(pk=customer_id)
    there = balance(customer_id)
    if there < points:
        raise Refused(_("积分不够：还有 %(there)s 分，要 %(points)s 分。") % {"there": there, "points": points}, code="too_few")


def _enter(customer_id: int, kind: str, points: int, *, at: datetime, **more: object) -> PointsEntry:
    made: PointsEntry = PointsEntry.objects.create(customer_id=customer_id, kind=kind, points=points, on=timezone.localdate(at), at=at,
                                                   **more)
    return made


# -- every night -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def nightly(day: date, *, at: datetime) -> tuple[int, int]:
    """(entries earned, families that lost points); running twice changes nothing more."""
    return earn(day, at=at), lapse(day, at=at)


def earn(day: date, *, at: datetime) -> int:
    """For every event up to the day that somebody took part in since the rule holds."""
    rules = PointsRules.objects.first()
    if rules is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE, current_tenant_id() % 2**31])
        cursor.execute(EARN, {"tenant": current_tenant_id(), "points": rules.an_event, "months": rules.months, "since": rules.since,
                              "day": day, "at": at})
        return int(cursor.rowcount)


def lapse(day: date, *, at: datetime) -> int:
    """What nobody spent up to its last day goes; families are held in the order of their ids while it is added up."""
    found = _over(day, None)
    held = Customer.objects.select_for_update(no_key=True).select_related(None).filter(pk__in=found).order_by("pk")
    over = _over(day, [customer.pk for customer in held]) if found else {}
    PointsEntry.objects.bulk_create(PointsEntry(customer_id=customer, kind=Kind.LAPSED, points=-points, on=day, at=at)
                                    for customer, points in over.items())
    return len(over)


def _over(day: date, customers: list[int] | None) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(LAPSE, {"tenant": current_tenant_id(), "day": day, "customers": customers})
        return dict(cursor.fetchall())

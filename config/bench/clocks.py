"""Deadlines: finding what is due among a million running clocks, and telling of ten thousand that are over (QUALITY E-6).

The search is the poller's, across schools, and a school's own under row-level security; each the median of many. The ten thousand
are handled as the worker does it: chunk by chunk, each a transaction with its messages and timeline entries.
"""
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.bench.figures import figure, peak_mb, stopwatch
from config.bench.retier import administrator, fill
from notifications.models import Message
from service_levels.models import Clock
from service_levels.requests.sweep import CHUNK, schools_due, sweep
from tenancy.models import Membership, Tenant, User
from tenancy.roles import Role
from tenancy.scope import tenant_scope

FAMILIES, LOOKS = 20_000, 25
OPENED = datetime(2026, 11, 20, 1, tzinfo=UTC)  # nine on a Friday, at the campus
DUE = OPENED + timedelta(hours=3)
NOW, FAR = DUE + timedelta(minutes=1), OPENED + timedelta(days=60)
SQL = (Path(__file__).parent / "clocks.sql").read_text()


def ask(tenant_ids: list[int], clocks: int, late: int) -> None:
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute(SQL, {"tenants": tenant_ids, "first": tenant_ids[0], "requests": clocks // 2 // len(tenant_ids), "late": late,
                             "opened": OPENED, "due": DUE, "far": FAR})
        cursor.execute("ANALYZE")


def search(tenant_id: int) -> tuple[float, float]:
    """Milliseconds of the poller's look at all schools, and of one school's look for its next chunk."""
    across, within = [], []
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        for _ in range(LOOKS):
            with stopwatch() as taken:
                schools_due(NOW)
            across.append(taken[0])
            with stopwatch() as taken:
                list(Clock.objects.marked(NOW).order_by().values_list("pk", flat=True)[:CHUNK])
            within.append(taken[0])
    return 1000 * statistics.median(across), 1000 * statistics.median(within)


def breaches(tenant_id: int) -> tuple[int, float]:
    """How many were told of, and the seconds it took."""
    tenant, chunks = Tenant.objects.get(pk=tenant_id), [CHUNK]
    with stopwatch() as taken:
        while chunks[-1] == CHUNK:
            with tenant_scope(tenant):
                chunks.append(sweep(NOW))
    return sum(chunks[1:]), taken[0]


def run(clocks: int, late: int = 10_000, families: int = FAMILIES) -> None:
    tenant_ids = fill(families)
    with tenant_scope(Tenant.objects.get(pk=tenant_ids[0])):
        Membership.objects.create(user=User.objects.create(username="bench-relations"), role=Role.RELATIONS, name="基准")
    ask(tenant_ids, clocks, late)
    across, within = search(tenant_ids[0])
    count, seconds = breaches(tenant_ids[0])
    with tenant_scope(Tenant.objects.get(pk=tenant_ids[0])):
        told = Message.objects.count()
    figure("E-6 clocks", running=clocks, tenants=len(tenant_ids), found_ms=round(across, 2), found_in_school_ms=round(within, 2),
           breaches=count, seconds=round(seconds, 2), messages=told, peak_mb=peak_mb(), rls=True, fsync=True)

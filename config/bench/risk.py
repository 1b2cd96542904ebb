"""The nightly sweep of the risk of leaving, school by school, as a ratio to its facts query alone (SPEC C27).

Both run as app under row-level security on one connection and stream the same rows; the floor throws them away. The first night
writes a standing for every family, the second only what a day has changed.
"""
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from churn.models import RiskStanding
from churn.risk import facts, sweep
from config.bench.figures import figure, peak_mb, stopwatch
from config.bench.retier import PAYMENTS, administrator, fill
from crm.opening import calendar_for
from tenancy.models import Tenant
from tenancy.scope import tenant_scope

AS_OF = date(2026, 9, 30)
AT = datetime(2026, 9, 29, 19, tzinfo=UTC)
DAYS = 10
SIGNS = (Path(__file__).parent / "signs.sql").read_text()


def signs(tenant_ids: list[int]) -> None:
    with tenant_scope(Tenant.objects.get(pk=tenant_ids[0])):
        days = facts.school_days(calendar_for(), AS_OF)[:DAYS]
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute(SIGNS, {"tenants": tenant_ids, "days": days})
        cursor.execute("ANALYZE")


def facts_alone(tenant_ids: list[int]) -> float:
    """Seconds of gathering the signs of every family, each row read and dropped."""
    with stopwatch() as taken:
        for tenant_id in tenant_ids:
            with tenant_scope(Tenant.objects.get(pk=tenant_id)):
                for _known in facts.gather(AS_OF, today=AS_OF):
                    pass
    return taken[0]


def night(tenant_ids: list[int], day: date) -> float:
    with stopwatch() as taken:
        for tenant_id in tenant_ids:
            with tenant_scope(Tenant.objects.get(pk=tenant_id)):
                sweep.rederive(day, today=day, at=AT)
    return taken[0]


def run(families: int) -> None:
    tenant_ids = fill(families)
    signs(tenant_ids)
    floors = [facts_alone(tenant_ids) for _ in range(2)]
    first, second = night(tenant_ids, AS_OF), night(tenant_ids, AS_OF + timedelta(days=1))
    floors.append(facts_alone(tenant_ids))
    floor = sorted(floors)[1]
    with tenant_scope(Tenant.objects.get(pk=tenant_ids[0])):
        bands = {band: RiskStanding.objects.now().filter(band=band).count() for band in ("low", "watch", "high")}
    figure("risk sweep", families=families, payments=families * PAYMENTS, tenants=len(tenant_ids), first_night=round(first, 2),
           second_night=round(second, 2), facts_alone=round(floor, 2), ratio_first=round(first / floor, 2),
           ratio=round(second / floor, 2), bands_of_one=bands, peak_mb=peak_mb(), rls=True, fsync=True)

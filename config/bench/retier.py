"""E-1: the quarterly re-tier of many schools, as app under row-level security, against one hand-written statement.

Rows are made set-based by the server's administrator, who bypasses row-level security only for that and for the floor.
"""
import multiprocessing
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connections

from config.bench.figures import figure, peak_mb, stopwatch
from tenancy.actions import create_tenant
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tiering.actions import compute, in_force
from tiering.models import Scheme

AS_OF = date(2026, 9, 30)
AT = datetime(2026, 10, 1, tzinfo=UTC)
SQL = Path(__file__).parent
PER_TENANT, PAYMENTS = 1000, 10


def administrator() -> Any:
    """Fills the schools; a million families would wait longest for the check of each link, which are right as they are made."""
    connection = psycopg2.connect(os.environ["MIAOPU_ADMINISTRATOR_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    return connection


def fill(families: int, payments: int = PAYMENTS, per_tenant: int = PER_TENANT) -> list[int]:
    """Schools of ``per_tenant`` families; returns their ids."""
    ids = []
    for number in range(max(1, families // per_tenant)):
        tenant = create_tenant(f"bench-{families}-{number}", kind="kindergarten", name=f"基准 {number}", campuses={"main": "本部"})
        ids.append(tenant.pk)
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute((SQL / "fill.sql").read_text(), {"tenants": ids, "families": min(families, per_tenant), "payments": payments})
        cursor.execute("ANALYZE")
    return ids


def _worker(tenant_ids: list[int]) -> float:
    connections.close_all()
    for tenant_id in tenant_ids:
        with tenant_scope(Tenant.objects.get(pk=tenant_id)):
            version = in_force(Scheme.objects.get(code="kg-ad"))
            compute(version, as_of=AS_OF, today=AS_OF, by=None, at=AT)
    return peak_mb()


def ours(tenant_ids: list[int], workers: int) -> tuple[float, float]:
    """Seconds and the largest worker's memory; facts, decide and store, each school committed."""
    shares = [tenant_ids[n::workers] for n in range(workers)]
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        pool.map(_worker, [[] for _ in range(workers)])  # processes and imports are not what is measured
        with stopwatch() as taken:
            memory = pool.map(_worker, [share for share in shares if share], chunksize=1)
    return taken[0], max(memory)


def floor(tenant_ids: list[int]) -> float:
    """Seconds of one hand-written statement over the same rows: one connection, no row-level security, one commit."""
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_result; CREATE TABLE bench_result (LIKE tiering_result INCLUDING ALL)")
        with stopwatch() as taken:
            cursor.execute((SQL / "floor.sql").read_text(), {"as_of": AS_OF, "tenants": tenant_ids})
        cursor.execute("DROP TABLE bench_result")
    return taken[0]


def run(families: int, workers: int = 4) -> None:
    tenant_ids = fill(families)
    floors = [floor(tenant_ids) for _ in range(2)]
    seconds, memory = ours(tenant_ids, workers)
    floors.append(floor(tenant_ids))
    figure("E-1 retier", families=families, payments=families * PAYMENTS, tenants=len(tenant_ids), workers=workers,
           seconds=round(seconds, 3), floor_seconds=round(sorted(floors)[1], 3), ratio=round(seconds / sorted(floors)[1], 2),
           worker_peak_mb=memory, rls=True, fsync=True)

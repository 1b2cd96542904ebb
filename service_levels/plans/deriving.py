"""应享服务重算: who is served by which plan, derived anew from tier, risk and the plans in force; only what changed is written (S18, X4).

One school is one transaction. Running twice changes nothing more; a row entered by hand would be gone after the next run.
"""
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.models import Customer
from notifications.actions import tell
from service_levels.models import PlanVersion
from tenancy.models import Membership
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

FOLDER = Path(__file__).parent / "sql"
CHANGED, TAKE = ((FOLDER / name).read_text() for name in ("changed.sql", "take.sql"))
COLUMNS = "customer_id, version_id, plan, label, band"
STAGE = """CREATE TEMP TABLE IF NOT EXISTS entitlement_stage
           (customer_id bigint, version_id bigint, plan varchar, label varchar, band varchar, before varchar) ON COMMIT DELETE ROWS"""
OPEN = (f"INSERT INTO service_levels_entitlement (tenant_id, from_on, {COLUMNS}) SELECT %(tenant)s, %(day)s, {COLUMNS} "
        "FROM entitlement_stage WHERE plan <> ''")
ALONE = 7401  # the key under which one school is derived by one worker at a time


@transaction.atomic
def rederive(day: date, *, at: datetime) -> int:
    """Write whose plan is another one from the day on; the number of customers concerned. Owners hear how many of theirs."""
    words: dict[str, Any] = _cells() | {"tenant": current_tenant_id(), "day": day}
    with connection.cursor() as cursor, whole_sets():
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE, current_tenant_id() % 2**31])
        cursor.execute(STAGE)
        cursor.execute(CHANGED, words)
        cursor.execute(TAKE, words)
        cursor.execute(OPEN, words)
        cursor.execute("SELECT customer_id, before, plan FROM entitlement_stage")
        changed = cursor.fetchall()
        cursor.execute("DELETE FROM entitlement_stage")
    _tell_owners([customer for customer, before, plan in changed if before and plan and before != plan], day, at)
    return len(changed)


def _cells() -> dict[str, list[Any]]:
    """Every cell of every version in force, column by column. Of two schemes of one type the first speaks for who is not rated."""
    rows, spoken_for = [], set()
    for version in PlanVersion.objects.filter(state=PlanVersion.State.IN_FORCE).select_related("scheme").order_by("scheme_id"):
        of_type = version.scheme.customer_type_id
        rows += [(version.pk, version.scheme_id, of_type, label, band, plan) for label, band, plan in version.as_book().pairs()
                 if label or of_type not in spoken_for]
        spoken_for.add(of_type)
    names = ("versions", "schemes", "types", "labels", "bands", "plans")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _tell_owners(customers: Iterable[int], day: date, at: datetime) -> None:
    """Whose plan is another one now, by how many; who is new to the school has not changed."""
    owners = Counter(Customer.objects.filter(pk__in=list(customers)).exclude(owner=None).values_list("owner_id", flat=True))
    for member in Membership.objects.filter(pk__in=list(owners), is_active=True):
        tell([member], _("您负责的家庭里，%(n)s 户换了服务方案") % {"n": owners[member.pk]}, key=f"entitled-{day}",
             link=f"service/who/?owner=me&since={day}", at=at)

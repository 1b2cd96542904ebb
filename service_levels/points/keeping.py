"""积分规则 and 奖品, as whoever organises events keeps them (K22)."""
from django.db import transaction

from audit.actions import record
from service_levels.access import ORGANISE
from service_levels.models import PointsRules, Prize
from tenancy.access import must
from tenancy.models import Membership


@transaction.atomic
def keep_rules(row: PointsRules, *, by: Membership) -> PointsRules:
    """From now on; what was earned stays as it was earned."""
    must(by, ORGANISE)
    row.save()
    record(by, "service.points_rules_kept", row, points=row.an_event, months=row.months)
    return row


@transaction.atomic
def keep_prize(row: Prize, *, by: Membership) -> Prize:
    """A new prize or a changed one; one that is not offered any more is switched off, for entries name it."""
    must(by, ORGANISE)
    row.save()
    record(by, "service.prize_kept", row)
    return row

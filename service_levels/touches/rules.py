"""触达规则: which festivals, and how often a household is called in a week at most."""
from collections.abc import Sequence

from django.db import transaction

from audit.actions import record
from service_levels.access import EDIT
from service_levels.models import TouchRules
from service_levels.touches.festivals import USUAL
from tenancy.access import must
from tenancy.models import Membership


def rules() -> TouchRules:
    """The school's, or what a school begins with."""
    return TouchRules.objects.first() or TouchRules(festivals=list(USUAL))


@transaction.atomic
def keep(festivals: Sequence[str], most_a_week: int, *, by: Membership) -> TouchRules:
    must(by, EDIT)
    row = TouchRules.objects.select_for_update().first() or TouchRules()
    row.festivals, row.most_a_week = list(festivals), most_a_week
    row.save()
    record(by, "service.touch_rules_kept", row, festivals=list(festivals), most=most_a_week)
    return row

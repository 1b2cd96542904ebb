"""评估规则: how a school measures effects, or as shipped; changed in one place, and kept with every verdict (C18, C19)."""
from django.core.exceptions import ValidationError
from django.db import transaction

from audit.actions import record
from churn.models import EffectRules
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

FIELDS = ("formula", "satisfied", "least", "span_days")


def in_force() -> EffectRules:
    """The school's own row, or an unsaved one with what is shipped."""
    return EffectRules.objects.first() or EffectRules()


@transaction.atomic
def keep(*, formula: str, satisfied: int, least: int, span_days: int, by: Membership) -> EffectRules:
    """Holds for evaluations from now on; what was concluded before stays as it was."""
    must(by, "churn.rules")
    row = EffectRules.objects.select_for_update().first() or EffectRules()
    was = {name: getattr(row, name) for name in FIELDS}
    row.formula, row.satisfied, row.least, row.span_days = formula, satisfied, least, span_days
    try:
        row.clean_fields()
    except ValidationError as doubt:
        field, words = next(iter(doubt.message_dict.items()))
        raise Refused(words[0], field) from None
    row.save()
    record(by, "churn.effect_rules_kept", row, was=was, now={name: getattr(row, name) for name in FIELDS})
    return row

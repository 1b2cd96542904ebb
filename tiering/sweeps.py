"""What time and edits change: overrides that ran out, and what today's facts would say."""
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from crm.models import Customer
from tenancy.plans import whole_sets
from tiering.actions import judged
from tiering.models import Outlook, Result, Scheme, SchemeVersion, Standing


def expire_overrides(today: date) -> int:
    """End standings whose override is over; returns how many. Running it twice changes nothing more."""
    due = Standing.objects.now().filter(override__expires_on__lte=today).select_related("override", "scheme")
    count = 0
    for standing in due:
        result = Result.objects.filter(customer_id=standing.customer_id, batch__version__scheme=standing.scheme,
                                       batch__state="published").select_related("batch__version").order_by("-batch__as_of").first()
        standing.until_on = max(today, standing.from_on)
        standing.save(update_fields=["until_on"])
        if result is not None:
            labels = result.batch.version.as_rules().labels
            Standing.objects.create(scheme=standing.scheme, customer_id=standing.customer_id, tier=result.tier,
                                    label=labels[result.tier] if result.tier is not None else "", score=result.score,
                                    from_on=today, batch=result.batch)
        count += 1
    return count


def rederive(version: SchemeVersion, today: date, only: list[int] | None = None) -> int:
    """Judge everybody (or a few, K46) on today's facts; writes what changed and returns how many.

    Facts change because people edit them and because time passes, so the sweep looks at all of them (DESIGN §1).
    """
    labels = version.as_rules().labels
    known = {row.customer_id: row for row in Outlook.objects.filter(scheme=version.scheme)}
    changed = []
    for fact, decision in judged(version, today, only):
        label = labels[decision.tier] if decision.tier is not None else ""
        row = known.pop(fact.customer, None)
        if row is None or (row.label, row.score) != (label, decision.score):
            changed.append(Outlook(scheme=version.scheme, customer_id=fact.customer, label=label, score=decision.score, as_of=today))
    Outlook.objects.bulk_create(changed, update_conflicts=True, unique_fields=["tenant", "scheme", "customer"],
                                update_fields=["label", "score", "as_of"], batch_size=2000)
    if only is None:
        Outlook.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    return len(changed)


def drifted(scheme: Scheme, whom: QuerySet[Customer]) -> list[int]:
    """Of these customers, whom today's facts would put elsewhere than where they stand: ids, by reference."""
    stands = Standing.objects.now().filter(scheme=scheme, customer=OuterRef("customer")).exclude(label="")
    elsewhere = stands.exclude(label=OuterRef("label"))
    says = Outlook.objects.filter(Exists(elsewhere), scheme=scheme, customer=OuterRef("pk")).exclude(label="")
    with whole_sets():
        return list(whom.filter(Exists(says)).order_by("external_ref", "id").values_list("pk", flat=True))


def beside_standing(scheme: Scheme, listed: Sequence[int]) -> list[tuple[Outlook, Standing]]:
    """What today's facts say of each customer, beside the standing it differs from; who changed since they were listed is left out."""
    says = {row.customer_id: row for row in Outlook.objects.filter(scheme=scheme, customer__in=listed).select_related("customer__campus")}
    stands = {row.customer_id: row for row in Standing.objects.now().filter(scheme=scheme, customer__in=listed)}
    return [(says[pk], stands[pk]) for pk in listed if pk in says and pk in stands]

"""What time and edits change: overrides that ran out, and what today's facts would say."""
from collections.abc import Iterable
from datetime import date

from crm.models import Customer
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


def drifted(scheme: Scheme) -> list[int]:
    """Customers whom today's facts would put elsewhere than where they stand, by id.

    Two reads compared here: joined in the database, a sweep of this night and a batch of this minute have no statistics
    yet, and PostgreSQL may loop over one for every row of the other (100,000 families: minutes instead of 0.3 s).
    """
    stands = dict(Standing.objects.now().filter(scheme=scheme).exclude(label="").values_list("customer_id", "label"))
    says = Outlook.objects.filter(scheme=scheme).exclude(label="").values_list("customer_id", "label")
    return [customer for customer, label in says.iterator(chunk_size=10_000) if stands.get(customer, label) != label]


def beside_standing(scheme: Scheme, customers: Iterable[Customer]) -> list[tuple[Outlook, Standing]]:
    """What today's facts say of each, beside the standing it differs from."""
    listed = [customer.pk for customer in customers]
    says = {row.customer_id: row for row in Outlook.objects.filter(scheme=scheme, customer__in=listed).select_related("customer__campus")}
    stands = {row.customer_id: row for row in Standing.objects.now().filter(scheme=scheme, customer__in=listed)}
    return [(says[pk], stands[pk]) for pk in listed]

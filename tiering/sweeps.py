"""What time alone changes: overrides that ran out go back to the tier the rules gave."""
from datetime import date

from tiering.models import Result, Standing


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

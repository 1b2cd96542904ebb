"""回测: the warning of a past day beside what then happened (SPEC C27); asked by a person, worked out by the worker."""
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import Backtest
from churn.risk.facts import gather
from churn.risk.figures import Seen, figures
from churn.risk.rules import band_of, pointer, score_of
from churn.risk.weighing import in_force
from crm.models import CHURN_OUTCOMES, NATURAL_OUTCOMES, Enrolment, Payment
from crm.parse import FIRST_FACT
from notifications.actions import consumer, later
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

TOPIC = "churn.backtest"
ONE_DAY = timedelta(days=1)
LEAST_DAYS = 28  # a shorter look ahead says nothing


@transaction.atomic
def ask(as_of: date, until: date, *, by: Membership, today: date, at: datetime) -> Backtest:
    """Have a past day looked back upon. The same days are not worked out twice under the same rules."""
    must(by, "churn.view")
    if until > today:
        raise Refused(_("只能看到今天为止。"), "until")
    if as_of < FIRST_FACT:
        raise Refused(_("那一天还没有资料。"), "as_of")
    if until - as_of < timedelta(days=LEAST_DAYS):
        raise Refused(_("两个日期至少隔 %(n)s 天，才看得出谁走了。") % {"n": LEAST_DAYS}, "until")
    number = in_force()[0]
    known: Backtest | None = Backtest.objects.filter(as_of=as_of, until=until, weights=number, asked_at__date=at.date()).first()
    if known:
        return known
    row = Backtest.objects.create(as_of=as_of, until=until, weights=number, by=by, asked_at=at)
    record(by, "churn.backtest_asked", row)
    later(TOPIC, backtest=row.pk)
    return row


@consumer(TOPIC)
def work_out(payload: dict[str, int]) -> None:
    """Under the rules in force when it is worked out, whose number it keeps."""
    row = Backtest.objects.get(pk=payload["backtest"])
    row.weights, weights = in_force()
    row.figures, row.state, row.done_at = figures(seen(row.as_of, row.until)), Backtest.State.DONE, timezone.now()
    row.save(update_fields=["weights", "figures", "state", "done_at"])


def seen(as_of: date, until: date) -> Iterator[Seen]:
    """Every family that was with the school on a day: how it was judged by what was known then, and its fate by another day."""
    weights = in_force()[1]
    points_of = pointer(weights)
    fates, paid = _fates(as_of, until), _paid_between(as_of, until)
    for customer, _campus, facts in gather(as_of, today=until + ONE_DAY):  # lessons left are known of today only
        points = points_of(facts)
        fate, days = fates.get(customer, ("stayed" if customer in paid else "lost", None))
        yield Seen(str(band_of(weights, score_of(points))), points, fate, days)


def _paid_between(as_of: date, until: date) -> set[int]:
    rows = Payment.objects.filter(paid_on__gt=as_of, paid_on__lte=until, amount_fen__gt=0, fee_kind__counts=True)
    return set(rows.values_list("customer_id", flat=True))


def _fates(as_of: date, until: date) -> dict[int, tuple[str, int | None]]:
    """Of everybody with an enrolment by the last day that had not ended before the first: what became of them.

    Who has nobody enrolled on the last day has left: lost where any of what ended, ended for a reason that is churn.
    """
    stays: dict[int, list[tuple[date | None, str]]] = {}
    rows = Enrolment.objects.filter(from_on__lte=until).exclude(until_on__lt=as_of).order_by()
    for customer, end, outcome in rows.values_list("child__family__customer_id", "until_on", "outcome").iterator(chunk_size=10_000):
        stays.setdefault(customer, []).append((end, outcome))
    return {customer: _fate(spans, as_of, until) for customer, spans in stays.items()}


def _fate(spans: list[tuple[date | None, str]], as_of: date, until: date) -> tuple[str, int | None]:
    if any(end is None or end >= until for end, _outcome in spans):
        return "stayed", None
    outcomes = {outcome for _end, outcome in spans}
    days = (max(end for end, _outcome in spans if end) - as_of).days
    if outcomes & set(CHURN_OUTCOMES):
        return "lost", days
    return ("natural" if outcomes & set(NATURAL_OUTCOMES) else "unsaid"), days

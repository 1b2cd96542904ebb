"""What the records know of each payment that may come back: lessons, days of the fee, attendance (SPEC B23). Guesses may be corrected."""
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.actions import refund_mark
from crm.models import Attendance, Child, Customer, LessonPackage, Payment
from crm.opening import calendar_for
from tenancy.models import Campus

LOOK_BACK = timedelta(days=400)   # older payments are settled; who wants one back says so by hand
ABSENT_BACK = timedelta(days=200)
MOST_MONTHS = 12
Status = Attendance.Status


@dataclass(frozen=True)
class Seen:
    """Of a child on a day: days attended and school days of the month, and for how many days it has not come. None: not marked."""

    attended: int | None = None
    school_days: int | None = None
    absent: int | None = None


def payments_of(customer: Customer, child: Child | None, on: date) -> list[Payment]:
    """Payments of the child, and those that name no child, of which something is left to give back; the oldest first."""
    rows = Payment.objects.filter(customer=customer, amount_fen__gt=0, paid_on__gt=on - LOOK_BACK, paid_on__lte=on)
    rows = rows.select_related("fee_kind").order_by("paid_on", "pk")
    found = [row for row in rows if child is None or row.child_id in (None, child.pk)]
    back = paid_back(found)
    return [row for row in found if row.amount_fen > back[row.pk]]


def paid_back(payments: Sequence[Payment]) -> Counter[int]:
    """What was paid back of each payment, 分 by its id."""
    marks = {refund_mark(row): row.pk for row in payments}
    back: Counter[int] = Counter()
    rows = Payment.objects.filter(customer__in={row.customer_id for row in payments}, remark__in=marks, amount_fen__lt=0)
    for mark, fen in rows.values_list("remark", "amount_fen"):
        back[marks[mark]] -= fen
    return back


def package_of(payment: Payment, packages: Sequence[LessonPackage]) -> LessonPackage | None:
    """The package this payment bought: of the same day, else the only one there is."""
    fitting = [one for one in packages if payment.child_id is None or one.child_id in (None, payment.child_id)]
    same_day = [one for one in fitting if one.bought_on == payment.paid_on]
    for found in (same_day, fitting):
        if len(found) == 1:
            return found[0]
    return None


def period_of(payment: Payment) -> tuple[date, date]:
    """The days a fee covers, both included: from its month on, as many months as its quantity says; a guess to be looked at."""
    quantity = payment.quantity
    months = int(quantity) if quantity is not None and quantity == int(quantity) and 1 <= quantity <= MOST_MONTHS else 1
    first = payment.paid_on.replace(day=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months - 1, 12)
    return first, date(year, month + 1, monthrange(year, month + 1)[1])


def seen(child: Child | None, campus: Campus, on: date) -> Seen:
    """What attendance says of a child on a day."""
    if child is None:
        return Seen()
    rows = list(Attendance.objects.filter(child=child, day__gt=on - ABSENT_BACK, day__lte=on).order_by("-day").values_list("day", "status"))
    first, last = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    of_month = [status for day, status in rows if day >= first]
    if not of_month:
        return Seen(absent=_absent(rows, on))
    calendar = calendar_for(campus)
    opened = sum(bool(calendar.spells_on(first + timedelta(days=n))) for n in range(last.day))
    return Seen(of_month.count(Status.PRESENT), opened, _absent(rows, on))


def _absent(rows: Sequence[tuple[date, str]], on: date) -> int | None:
    """Days from the first one missed after the last attended to the day, both included; None where nothing is marked."""
    since = None
    for day, status in rows:
        if status == Status.PRESENT:
            break
        since = day
    return None if not rows else (on - since).days + 1 if since else 0

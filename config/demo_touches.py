"""Twelve weeks of keeping in touch in a demo school: most families were called in time, some late, some not at all.

It goes through the night's own sweep and the very actions people use; must be called inside the school's scope, after the risks.
"""
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.actions import log_contact
from crm.days import monday
from crm.models import Customer
from service_levels.models import Touch
from service_levels.plans import deriving
from service_levels.plans.book import Occasion
from service_levels.touches import sweep
from tenancy.models import Membership

WEEKS = 12
SAID = ("孩子在家睡得好了，妈妈放心", "说周末去看了爷爷", "问下个月的亲子活动", "孩子学会自己穿鞋了", "最近换了接送的人",
        "谢谢老师，说孩子爱来园里")
FORGOTTEN, LATE = 7, 5  # every so many families are forgotten, or called a day late


def keep_in_touch(by: Membership, today: date) -> None:
    """From twelve weeks ago to yesterday; what is due from today on is still to be done."""
    this = monday(today)
    deriving.rederive(this - timedelta(weeks=WEEKS), at=timezone.now())
    for week in range(WEEKS, -1, -1):
        first = this - timedelta(weeks=week)
        sweep.sweep(first, at=_at(first, 4))
        _call(week, until=min(first + timedelta(days=7), today), by=by)
    sweep.sweep(today, at=timezone.now())


def _call(week: int, *, until: date, by: Membership) -> None:
    """Call whom the week owes, a day ahead or a day late, but for those that were forgotten."""
    owed = dict(Touch.objects.open().filter(due_on__lt=until).exclude(occasion=Occasion.THANKS).values_list("customer", "due_on"))
    for customer in Customer.objects.filter(pk__in=owed).select_related("owner").order_by("pk"):
        lot = (customer.pk + 3 * week) % FORGOTTEN
        if lot:
            when = owed[customer.pk] + timedelta(days=1 if lot == LATE else -1)
            log_contact(customer, kind="contact", channel=("phone", "wechat")[lot % 2], text=SAID[lot - 1], by=customer.owner or by,
                        at=_at(when, 9 + lot))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))

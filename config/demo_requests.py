"""What families asked for in a demo school: settled in time and late, waiting for a parent, overdue, and one nobody has taken.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from datetime import datetime, timedelta

from crm.calendar import Calendar
from crm.models import Customer
from crm.opening import calendar_for
from service_levels.models import Entitlement
from service_levels.requests import sweep, working
from service_levels.requests.working import Wish
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
DONE = (("enquiry", "兴趣班什么时候开始报名", "下月一号，已把报名表发给您", 0.5, 3), ("service", "被子薄了，想换一床", "换了厚被子", 1, 6),
        ("enquiry", "请假三天，餐费退不退", "退，月底一起结", 2, 5), ("dispute", "上周多算了一次延时费", "核对后退回一次", 4, 30),
        ("service", "想要运动会的照片", "整理好发给您了", 0.5, 12))
OPEN = (("refund", "退费怎么算，想先问清楚", 9), ("service", "今天换外公接，怎么登记", 0.4), ("enquiry", "花生过敏，午餐怎么安排", 3),
        ("service", "园服小了，想换大一号", 6))


def ask(people: People, *, at: datetime) -> None:
    """Some of the last weeks, and some of today and yesterday; all in open hours, so that clocks have something to show."""
    agent, calendar = people[Role.AGENT], calendar_for()
    served = Customer.objects.filter(pk__in=Entitlement.objects.now().values("customer"))
    families = list(served.select_related("owner").order_by("pk")[:40:4])
    for n, (kind, text, result, replied, settled) in enumerate(DONE):
        opened = calendar.next_open(at - timedelta(days=3 * (len(DONE) - n) + 2))
        row = working.open_request(Wish(kind, text, "phone"), customer=families[n], by=agent, at=opened)
        working.reply(row, text="收到，我先问清楚", channel="phone", by=agent, at=calendar.due(opened, timedelta(hours=replied)))
        working.resolve(row, result=result, by=agent, at=calendar.due(opened, timedelta(hours=settled)))
        if n % 2 == 0:
            working.confirm(row, score=5 - n // 2, text="", by=agent, at=calendar.due(opened, timedelta(hours=settled + 9)))
    for n, (kind, text, hours) in enumerate(OPEN, len(DONE)):
        row = working.open_request(Wish(kind, text, "wechat"), customer=families[n], by=agent, at=_before(calendar, at, hours))
        if n == len(DONE) + len(OPEN) - 1:
            working.reply(row, text="请发一张现在穿着的照片", channel="wechat", by=agent, at=row.opened_at + timedelta(minutes=9))
            working.pause(row, why="等家长补照片", by=agent, at=row.opened_at + timedelta(minutes=10))
            working.heard(row, text="照片发了", channel="wechat", by=None, at=at - timedelta(minutes=5))
    while sweep.sweep(at) == sweep.CHUNK:
        pass


def _before(calendar: Calendar, at: datetime, hours: float) -> datetime:
    """A moment from which so many open hours have passed until now."""
    day = timedelta(days=1)
    back = next(n for n in range(1, 60) if calendar.elapsed(at - n * day, at) >= timedelta(hours=hours))
    return calendar.due(at - back * day, calendar.elapsed(at - back * day, at) - timedelta(hours=hours))

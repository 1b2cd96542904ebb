"""What families asked for in a demo school: settled in time and late, waiting for a parent, overdue, and one nobody has taken; what is
asked so often that it stands written down.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from datetime import datetime, timedelta

from crm.calendar import Calendar
from crm.models import Customer
from crm.opening import calendar_for
from service_levels.answers import keeping
from service_levels.models import Entitlement, Faq
from service_levels.parents.sending import send
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


FAQ = (("请假几天，餐费怎么退", "退餐费，伙食费", "fees", "请假当天早上 8:00 前说，从第二天起按天退，月底一起结。"),
       ("早上几点开门，晚上几点关门", "接送时间，延时", "service", "早上 7:30 开门，下午 17:30 关门；要晚接，提前一天登记延时班。"),
       ("换人来接，怎么登记", "接送人，外公，代接", "safety", "当天打电话或在这里留言，说清来接的人的姓名和手机，到门口出示身份证。"),
       ("孩子过敏，午餐怎么安排", "忌口，花生", "safety", "交一份检查单，厨房单独分餐，餐盘上有过敏牌，由保育员核对后递给孩子。"),
       ("被子多久换洗一次", "床品，换被子", "facilities", "每两周统一带回家换洗一次；弄脏了当天通知您。"),
       ("运动会、活动的照片在哪里看", "照片，视频", "service", "活动后三天内整理好，发在班级群的相册里。"))
SPARED = (9, 4, 6, 3, 2, 5)  # how often each was enough in the last weeks


def answer(people: People, *, at: datetime) -> None:
    """What is asked often is written down, and has spared some a question."""
    for n, (question, words, about, said) in enumerate(FAQ):
        row = Faq(question=question, words=words, about=about, answer=said)
        keeping.keep_faq(row, by=people[Role.AGENT], at=at - timedelta(days=40))
        keeping.count([row.pk], shown=SPARED[n] * 2 + n, helped=SPARED[n], at=at - timedelta(days=3 * n + 1))


def write_in(people: People, *, at: datetime) -> None:
    """Two parents wrote themselves: one was answered on the page and is content, one waits."""
    calendar, agent = calendar_for(), people[Role.AGENT]
    opened = calendar.next_open(at - timedelta(days=6))

    def later(hours: float) -> datetime:
        return calendar.due(opened, timedelta(hours=hours))

    paints = Wish("enquiry", "下学期的兴趣班有画画吗", "online", caller="小雨妈妈", phone="13900001234", sent_key="demo" * 5)
    row = send(paints, language="", at=opened)
    working.reply(row, text="有，周二和周四下午，九月开始报名。", channel="online", by=agent, at=later(0.8))
    working.resolve(row, result="画画班周二、周四下午，已发课表。", by=agent, at=later(2))
    working.confirm(row, score=5, text="回得很快", by=None, at=later(3))
    cold = Wish("complaint", "午饭有点凉，孩子不爱吃", "online", "service", caller="朵朵爸爸", phone="13900005678", sent_key="demo" * 6)
    send(cold, language="", at=_before(calendar, at, 1))


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
    answer(people, at=at)
    write_in(people, at=at)
    while sweep.sweep(at) == sweep.CHUNK:
        pass


def _before(calendar: Calendar, at: datetime, hours: float) -> datetime:
    """A moment from which so many open hours have passed until now."""
    day = timedelta(days=1)
    back = next(n for n in range(1, 60) if calendar.elapsed(at - n * day, at) >= timedelta(hours=hours))
    return calendar.due(at - back * day, calendar.elapsed(at - back * day, at) - timedelta(hours=hours))

"""Events of a demo school: some were held and looked back upon, one waits for it, one is full, one is being prepared.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.models import Customer
from service_levels.events import coming, interests, inviting, planning, preparing, queries
from service_levels.events.inviting import Reply
from service_levels.models import Event, EventTask, Interest, Invitation
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
Kind = Event.Kind
INTERESTS = ("绘本", "运动", "科学", "手工", "小学衔接", "育儿方法")
OPINIONS = ("孩子回家还在说", "时间短了一点", "下次想带爷爷奶奶一起", "", "人多，听不太清")


@dataclass(frozen=True)
class Plot:
    """An event so many days from today, for how many families, and for which interest."""

    days: int
    kind: str
    title: str
    about: str
    place: str
    families: int
    seats: int | None = None
    interest: str = ""
    lessons: str = ""


HELD = (Plot(-70, Kind.PARENT_CHILD, "秋天亲子阅读会", "老师带着读三本秋天的绘本，回家接着读。", "多功能厅", 24, interest="绘本",
             lessons="分两场，一场十二家；提前一天再提醒一次。"),
        Plot(-34, Kind.LECTURE, "怎么跟孩子立规矩", "请幼教专家讲四十分钟，再答二十分钟的问题。", "二楼会议室", 30, interest="育儿方法",
             lessons="答问时间加到半小时，开场前把问题收好。"),
        Plot(-4, Kind.PARENT_CHILD, "亲子运动会", "三个项目，全家都能上场。", "操场", 26, interest="运动"))
AHEAD = (Plot(9, Kind.PARENT_CHILD, "科学小实验", "彩虹雨、会跳的葡萄干，孩子自己动手。", "科学角", 18, 20, "科学"),
         Plot(16, Kind.SMALL, "家长茶话会", "六家人坐下来慢慢聊，孩子由老师带着玩。", "图书角", 6, 16))


def add(people: People, today: date) -> None:
    at = timezone.now()
    _care(people)
    for plot in HELD:
        _held(people, plot, today, at)
    for plot in AHEAD:
        _ahead(people, plot, today, at)


def _care(people: People) -> None:
    """A third of the families have one or two interests."""
    rows = [interests.add(name, by=people[Role.PLANNER]) for name in INTERESTS]
    for number, customer in enumerate(Customer.objects.present().order_by("pk")[:240:3]):
        interests.keep(customer, {rows[number % 6], rows[number % 4]}, by=people[Role.AGENT])


def _planned(people: People, plot: Plot, today: date, at: datetime) -> Event:
    starts = timezone.make_aware(datetime.combine(today + timedelta(days=plot.days), time(9, 30)))
    row = Event(kind=plot.kind, title=plot.title, about=plot.about, place=plot.place, seats=plot.seats, starts_at=starts,
                ends_at=starts + timedelta(minutes=90), interest=Interest.objects.filter(name=plot.interest).first())
    planning.keep(row, by=people[Role.PLANNER], at=at)
    preparing.begin(row, by=people[Role.PLANNER], at=at)
    inviting.invite(row, queries.fitting(people[Role.PLANNER], row)[:plot.families], by=people[Role.PLANNER], at=at)
    return row


def _open(row: Event, people: People, at: datetime) -> list[Invitation]:
    """Everybody is told; three of four answer."""
    planning.open_invitations(row, by=people[Role.PLANNER], at=at)
    Invitation.objects.filter(event=row).update(told_at=at)
    rows = list(Invitation.objects.filter(event=row).select_related("event", "customer").order_by("pk"))
    for number, guest in enumerate(rows):
        if number % 4 != 3:
            inviting.answer(guest, Reply("no" if number % 7 == 5 else "yes", 2 + number % 2), by=None, at=at + timedelta(hours=number))
    return rows


def _held(people: People, plot: Plot, today: date, at: datetime) -> None:
    before = at + timedelta(days=plot.days - 12)
    row = _planned(people, plot, today, before)
    rows = _open(row, people, before)
    here = [guest for guest in rows if guest.answer == "yes"]
    for guest in here[:-3]:
        coming.sign_in(guest, by=people[Role.AGENT], at=row.starts_at)
    for number, guest in enumerate(here[:-3:2]):
        coming.rate(guest, 5 - number % 3, OPINIONS[number % 5], at=row.ends_at)
    Event.objects.filter(pk=row.pk).update(thanked_at=row.ends_at)
    EventTask.objects.filter(event=row).update(done_at=row.starts_at, done_by=people[Role.PLANNER], fen=6_000)
    if plot.lessons:
        planning.close(row, "来的家庭大多满意，照片已发给家长。", plot.lessons, by=people[Role.PLANNER], at=row.ends_at + timedelta(days=2))


def _ahead(people: People, plot: Plot, today: date, at: datetime) -> None:
    row = _planned(people, plot, today, at)
    for task in row.tasks.all()[:2]:
        preparing.done(task, by=people[Role.AGENT], at=at)
    if plot.seats == 20:
        rows = _open(row, people, at)
        inviting.ask_for(rows[0], "speaker", "在家怎么做小实验", by=people[Role.PLANNER])

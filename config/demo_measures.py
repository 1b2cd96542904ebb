"""A quarter of improvement for a demo school: the two groups, measures with steps and checks, what they came to, three weekly meetings.

It goes through the very actions people use; must be called inside the school's scope, after the quarter of churn.
"""
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from churn.measures import evaluating, rules, working
from churn.measures.working import Plan
from churn.meetings import agenda, holding
from churn.models import Cause, Item, Measure
from crm.models import WorkingGroup, WorkingGroupMember
from tenancy.models import Campus, Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
WEEKS = 3
# title, cause, department, whose, began so many days ago, took so many, indicator, steps; only the first campus or everywhere
PLANS = (
    ("主班老师一年内不换", "换老师太多", "teaching", Role.TEACHER, 118, 60, "churn",
     ("排出主班名单", "和老师签一年", "家长会上说明"), True),
    ("投诉两小时内回电", "投诉没有解决", "service", Role.AGENT, 104, 30, "satisfaction", ("定好每天谁值班", "回电提纲", "每周抽查"), False),
    ("门口划六个临停位", "停车难", "admin", Role.ADMINISTRATION, 40, 33, "loyalty", ("和物业谈", "划线", "门卫引导"), True),
    ("老家长带新家长看园", "宣传和实际不一样", "marketing", Role.MARKETING, 20, 45, "referral", ("找十位家长", "定好周六上午"), False),
)
SAID = {Item.CASES: "外婆接送的两家都说到时间，先问清楚几点能来接", Item.CAUSES: "换老师还是第一位，名单这个月要定下来",
        Item.DECIDED: "临停位物业还没回，行政这周再去一次"}


def improve(people: People, today: date) -> None:
    """Groups first, then measures as they were planned on their days, then the meetings, then this morning's count."""
    _sit_together(people)
    rules.keep(formula="start", satisfied=4, least=30, span_days=90, by=people[Role.MARKETING])  # a demo school is small
    for place, plan in enumerate(PLANS):
        _plan(people, today, place, plan)
    for week in range(WEEKS, 0, -1):
        _meet(people, today - timedelta(weeks=week), week)
    evaluating.renew(today, at=_at(today))


def _at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _sit_together(people: People) -> None:
    churn = WorkingGroup.objects.create(kind="churn", name="流失分析小组", leader=people[Role.MARKETING], cadence="每周一次")
    for role in (Role.TEACHER, Role.AGENT, Role.ADMINISTRATION):
        WorkingGroupMember.objects.create(group=churn, member=people[role])
    WorkingGroup.objects.create(kind="improvement", name="改进措施执行小组", leader=people[Role.OPERATIONS], cadence="每两周一次")


def _plan(people: People, today: date, place: int, plan: tuple[str, str, str, str, int, int, str, tuple[str, ...], bool]) -> None:
    title, cause, department, whose, ago, days, indicator, steps, one_campus = plan
    first, campuses = today - timedelta(days=ago), list(Campus.objects.order_by("pk"))
    campus = campuses[0] if one_campus and len(campuses) > 1 else None
    against = Cause.objects.get(name=cause)
    made = Plan(title, department, people[whose], first, first + timedelta(days=days), indicator, cause=against, campus=campus)
    row = working.plan(made, by=people[Role.OPERATIONS], at=_at(first), steps=[(text, None) for text in steps])
    done = list(row.steps.order_by("pk"))[: 3 if place < 2 else 1]
    for step in done:
        working.tick(step, True, by=people[whose], at=_at(first + timedelta(days=9)))
    if place < 2:
        working.finish(Measure.objects.get(pk=row.pk), by=people[whose], at=_at(first + timedelta(days=days - 2)))
    else:
        working.check(row, progress=40, problem="对方一直没有回话", answer="园长出面再约一次", by=people[whose],
                      at=_at(today - timedelta(days=4)))


def _meet(people: People, day: date, week: int) -> None:
    host = people[Role.MARKETING]
    meeting = holding.begin(by=host, at=_at(day, 14))
    for role in (Role.TEACHER, Role.AGENT, *([Role.ADMINISTRATION] if week != 1 else [])):
        holding.mark(meeting, people[role], "here", by=host)
    for number, item in enumerate(Item.values):
        holding.go_to(meeting, item, by=host, at=_at(day, 14) + timedelta(minutes=8 * number))
        if item in SAID:
            holding.note(meeting, item, SAID[Item(item)], by=host, at=_at(day, 14) + timedelta(minutes=8 * number + 3))
    if week == 2:
        teacher = people[Role.TEACHER]
        holding.decide(meeting, f"换老师前两周由主班当面告诉家长，{teacher.name}，{day + timedelta(days=10):%m-%d}", people.values(),
                       cause=Cause.objects.get(name="换老师太多"), indicator="loyalty", by=host, at=_at(day, 14))
    found = agenda.agenda(host, meeting, day)
    summary = "停车和换老师两件事下周必须有结果" if week == 1 else ""
    holding.end(meeting, figures={code: found.said(code) for code in Item.values}, summary=summary, by=host,
                at=_at(day, 14) + timedelta(minutes=42))

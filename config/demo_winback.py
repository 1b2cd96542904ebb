"""Families that are won back in a demo school: a group, plans with their measures, some of them shown, some ended.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from django.utils import timezone

from churn.models import Cause
from crm.models import Training, WorkingGroup, WorkingGroupMember
from crm.training import train
from service_levels.findings import working as finding
from service_levels.findings.queries import to_look_at
from service_levels.findings.working import Change
from service_levels.models import WinBack, WinBackStep
from service_levels.winback import queries, working
from service_levels.winback.working import End, Strategy
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
PLANS = (("午睡被吵醒，老师没有回话", "换到安静的午睡室，每周回一次话", End("kept", "换了午睡室，每周五回话，家长说放心了")),
         ("接送口太挤，问了两次没人管", "提前五分钟放学，值班老师在门口", End("lost", "已经看好了离家近的园")),
         ("觉得老师态度生硬", "换主班老师沟通，全班老师练一次怎么说话", None),
         ("兴趣班换了老师，孩子不肯去", "请原来的老师带两次，再一起过渡", None))
STEPS = (("teaching", "老师练了怎么回家长的话", "当天的问题当天回", True), ("solve", "把午睡室分成两间", "孩子睡得着了", False),
         ("experience", "请家长来看一次下午的课", "", False))
REASONS = (("接送时间不方便", "接孩子要排半小时", "pick_up", "加一个五点半的接送时段", "这周起五点半也能接"),
           ("课程内容不合适", "孩子说手工课太难", "courses", "分两组，材料简单一点", "孩子愿意上了"),
           ("回复太慢", "问周末活动的时间，三天才有人答", "other", "活动前一周先问时间，当天答", ""),
           ("教学质量不满意", "不知道孩子学了什么", "", "", ""))


def add(people: People, today: date) -> None:
    """The first plans began a while ago; two of them have ended."""
    at = timezone.now()
    group = WorkingGroup.objects.create(kind=WorkingGroup.Kind.WIN_BACK, name="客户挽回小组", leader=people[Role.RELATIONS], cadence="每周")
    WorkingGroupMember.objects.create(group=group, member=people[Role.AGENT])
    held = train("怎么回家长的话", "care", on=today - timedelta(days=12), trainer=people[Role.RELATIONS],
                 members=[people[Role.TEACHER], people[Role.AGENT]], by=people[Role.RELATIONS])
    for number, (customer, (why, strategy, end)) in enumerate(zip(list(islice(queries.owed(), len(PLANS))), PLANS, strict=False)):
        lead = people[Role.AGENT if number % 2 else Role.RELATIONS]
        row = working.begin(customer, Strategy(why, strategy, lead), by=people[Role.RELATIONS], at=at - timedelta(days=30 - 5 * number))
        for kind, what, result, is_shown in STEPS:
            _step(row, kind, what, result if number < 3 else "", is_shown, people, held, at)
        if end:
            working.close(row, end, by=people[Role.RELATIONS], at=at - timedelta(days=3))


def look_into(people: People, today: date) -> None:
    """With some families somebody found out why they are less content; for most of them something was changed."""
    at, by = timezone.now(), people[Role.AGENT]
    causes = {cause.name: cause for cause in Cause.objects.all()}
    homes = list(to_look_at(by, today)[:len(REASONS)])
    for number, (customer, (cause, evidence, kind, what, result)) in enumerate(zip(homes, REASONS, strict=False)):
        row = finding.find(customer, causes[cause], evidence, by=by, at=at - timedelta(days=20 - number))
        if what:
            wish = Change(kind, what, people[Role.TEACHER], today + timedelta(days=3))
            finding.change(row, wish, by=by, at=at - timedelta(days=18 - number))
        if result:
            finding.done(row, result, by=by, at=at - timedelta(days=9 - number))
        if number == 0:
            finding.tell_back(row, "wechat", by=by, at=at - timedelta(days=8))


def _step(row: WinBack, kind: str, what: str, result: str, is_shown: bool, people: People, held: Training, at: datetime) -> None:
    step = working.add(WinBackStep(winback=row, kind=kind, what=what, member=people[Role.TEACHER], due_on=timezone.localdate(at)),
                       by=people[Role.RELATIONS], at=at)
    if result:
        working.done(step, result, by=people[Role.AGENT], at=at - timedelta(days=8), training=held if kind == "teaching" else None)
    if result and is_shown:
        working.show(step, "face", by=people[Role.AGENT], at=at - timedelta(days=7))

"""What families and departments said in a demo school: slips and calls, findings of a week, a policy that is read, a dispute.

It goes through the very actions people use; must be called inside the school's scope, after the refunds.
"""
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from churn.departments import entering
from churn.models import Finding, Voice
from churn.policies import working as policies
from churn.risk import backtest
from churn.voices import working as voices
from crm.concerns import taking
from crm.concerns.taking import Said
from crm.models import Concern
from crm.ownership import deciding
from crm.ownership.evidence import looks_disputed
from tenancy.models import Campus, Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
SLIPS = (("complaint", "safety", "操场滑梯的螺丝松了，孩子的衣服勾破了"), ("suggestion", "teaching", "希望每周发一次孩子上课的照片"),
         ("suggestion", "other", "门卫叔叔很好，下雨天帮忙撑伞"))
CALLS = (("complaint", "service", "上周问退费，三天没有人回电"), ("complaint", "fees", "餐费多扣了两天"))
FOUND = (("teaching", "lesson", "小二班午睡起来一小时没有活动", 4), ("teaching", "following", "周反馈这周晚了两天才发", 12),
         ("service", "process", "退费要跑两趟，家长不知道带什么", 3), ("admin", "need", "门口没有推车停放的地方", 6),
         ("marketing", "channel", "抖音来的家长都以为有校车", 5))
SPOKEN = ((Role.TEACHER, "resources", "小班保育员只有一位，午睡时看不过来"),
          (Role.FRONT_DESK, "opinion", "来访的车没地方停，家长在门口就走了"))
LOOKED_BACK = (timedelta(days=180), timedelta(days=1))  # a half-year of which everybody's fate is known


def hear(people: People, *, at: datetime) -> None:
    """Slips of the last days, one of them answered; each department's findings, two of them settled; the policy; a dispute.

    Colleagues who speak up and what the management answers, and one look back at whether the warnings were right.
    """
    campus = Campus.objects.order_by("pk").first()
    for place, (kind, about, text) in enumerate(SLIPS):
        taking.receive(Said(kind, about, text, campus), at=_daytime(at, 1 + place))
    for place, (kind, about, text) in enumerate(CALLS):
        taking.take(Said(kind, about, text), "hotline", by=people[Role.FRONT_DESK], at=_daytime(at, 2 + place))
    answered = Concern.objects.open().get(text=CALLS[1][2])
    taking.close(answered, "查了考勤，多扣的两天已退，下个月对账单写明", by=people[Role.AGENT], at=at)
    _enter(people, at)
    first = policies.publish(timezone.localdate(at), "头一版，按现在的做法写成", by=people[Role.HEAD], at=at)
    policies.confirm(first, by=people[Role.DEPUTY], at=at)
    _speak(people, at)
    today = timezone.localdate(at)
    backtest.ask(today - LOOKED_BACK[0], today - LOOKED_BACK[1], by=people[Role.HEAD], today=today, at=at)
    for family in looks_disputed(people[Role.HEAD], today)[:1]:
        deciding.raise_it(family, None, "看园是我安排的，后来别的同事也打了电话", by=people[Role.RELATIONS], at=at)


def _daytime(at: datetime, days: int) -> datetime:
    """In the morning, so many days ago."""
    return (timezone.localtime(at) - timedelta(days=days)).replace(hour=9 + days, minute=20, second=0, microsecond=0)


def _speak(people: People, at: datetime) -> None:
    for place, (role, kind, text) in enumerate(SPOKEN):
        voices.speak(kind, text, by=people[role], at=_daytime(at, 1 + place))
    voices.answer(Voice.objects.get(kind="resources"), "agreed", "十二月起加一位，先从后勤借调", by=people[Role.HEAD], at=at)
    voices.oversee("churn", "guidance", "个案的原因要当周写清，不要等例会", by=people[Role.HEAD], at=_daytime(at, 3))


def _enter(people: People, at: datetime) -> None:
    today = timezone.localdate(at)
    for place, (department, matter, text, families) in enumerate(FOUND):
        entering.enter(department, matter, text, on=today - timedelta(days=place), families=families, by=people[Role.MARKETING])
    for row in Finding.objects.filter(department="teaching", matter="following"):
        entering.solve(row, "定在每周五下午四点以前发，班主任互相提醒", by=people[Role.TEACHER], at=at)
    entering.confirm("teaching", by=people[Role.TEACHER], at=at)

"""A quarter of churn for a demo school: the nights that judged every family, the cases they opened, and what came of them.

It goes through the very actions people use; must be called inside the school's scope.
"""
import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from churn.cases import opening, working
from churn.cases.working import End
from churn.models import Cause, ChurnCase
from churn.risk import sweep
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
WEEKS = 14
SAID = {"换老师太多": "妈妈说一学期换了两位老师", "接送时间不方便": "爸爸六点才下班，赶不上", "离家太远": "搬到城南，单程四十分钟",
        "同类机构更便宜": "隔壁园一个月便宜五百", "环境卫生": "奶奶看到午睡室有霉点", "投诉没有解决": "问了三次没有回音",
        "孩子跟不上或没兴趣": "孩子早上不肯来", "停车难": "门口两次被贴条"}
KEPT = ("换到朝阳班，和主班老师谈了两次", "补了三节课，家长同意再试一个月", "园长上门，说好每周发照片")


def leave(people: People, today: date) -> None:
    """Every week a night and its cases; each case is looked into a week later and closed after three."""
    rng = random.Random(7)
    for week in reversed(range(WEEKS)):
        day = today - timedelta(weeks=week)
        at = timezone.make_aware(datetime.combine(day, time(3)))
        _look_into(people, rng, day, at)
        sweep.rederive(day, today=today, at=at)
        opening.open_by_rule(day)


def _look_into(people: People, rng: random.Random, day: date, at: datetime) -> None:
    workers = [people[role] for role in (Role.RELATIONS, Role.AGENT, Role.TEACHER, Role.MARKETING)]
    for case in ChurnCase.objects.open().filter(opened_on__lte=day - timedelta(days=7)).order_by("pk"):
        worker = rng.choice(workers)
        if not case.causes.exists():
            _name(case, worker, rng)
            working.hand_to(case, worker, by=people[Role.MARKETING], at=at)
        elif case.opened_on <= day - timedelta(days=21):
            _close(case, worker, rng, at)


def _name(case: ChurnCase, by: Membership, rng: random.Random) -> None:
    names = rng.sample(sorted(SAID), rng.choice((1, 1, 2)))
    for name, weight in zip(names, (10,) if len(names) == 1 else (7, 3), strict=True):
        working.name_cause(case, Cause.objects.get(name=name), weight=weight, evidence=SAID[name], by=by)


def _close(case: ChurnCase, by: Membership, rng: random.Random, at: datetime) -> None:
    if case.left_on is None:
        working.close(case, End(ChurnCase.State.KEPT, rng.choice(KEPT)), by=by, at=at)
    else:
        working.close(case, End(ChurnCase.State.LOST, went_to=rng.choice(("育才幼儿园", "城南实验", "回老家", ""))), by=by, at=at)

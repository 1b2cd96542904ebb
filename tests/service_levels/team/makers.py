"""What the tests of the team share: colleagues with a profile, leave, a plan of training."""
from datetime import date

from service_levels.models import Leave, StaffProfile, TrainingPlan
from service_levels.team import leaving, training
from service_levels.team.training import Held
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague


def agent(name: str, *, senior: bool = False, role: str = "agent", campuses=(), **more):
    """A colleague who looks after families, with a profile where anything is said of them."""
    made = colleague(role, name, campuses)
    if senior or more:
        StaffProfile.objects.create(member=made, is_senior=senior, **more)
    return made


def away(member, cover, by=None, first: date = DAY, last: date = DAY, at=AT) -> Leave:
    return leaving.plan(Leave(member=member, cover=cover, from_on=first, until_on=last), by=by or member, at=at)


def planned(**more) -> TrainingPlan:
    return TrainingPlan.objects.create(**{"about": "communication", "subject": "怎么和家长沟通", "every_months": 6} | more)


def held(plan, by, *members, on: date = DAY):
    return training.hold(plan, Held(on, by, members), by=by)

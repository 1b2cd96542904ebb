"""The team of a demo school: what colleagues bring along, somebody on leave, what was practised.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from service_levels.models import Leave, StaffProfile, TrainingPlan
from service_levels.team import keeping, leaving, training
from service_levels.team.training import Held
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
MINUTES = 3_000  # a demo school has more families than colleagues: their weeks are wide


@dataclass(frozen=True)
class Bio:
    """Whose, for how many years in the trade, and what they bring along."""

    role: str
    years: int
    education: str
    skills: tuple[str, ...]
    languages: str
    minutes: int | None = None


BIOS = (Bio(Role.RELATIONS, 9, "childhood", ("communication", "service", "disputes"), "普通话、粤语", MINUTES),
        Bio(Role.AGENT, 2, "education", ("communication", "crm"), "普通话", MINUTES),
        Bio(Role.RECEPTION, 6, "other", ("service", "communication"), "普通话、英语", MINUTES),
        Bio(Role.TEACHER, 5, "childhood", ("childhood", "communication"), "普通话、客家话"),
        Bio(Role.PLANNER, 3, "education", ("events",), "普通话"))


def add(people: People, today: date) -> None:
    for bio in BIOS:
        keeping.keep_profile(StaffProfile(
            member=people[bio.role], started_on=today - timedelta(days=366 * bio.years), education=bio.education, skills=list(bio.skills),
            languages=bio.languages, minutes_week=bio.minutes), by=people[Role.HEAD])
    training.begin(by=people[Role.RELATIONS])
    for plan, days in zip(TrainingPlan.objects.all(), (40, 25, 200), strict=False):
        there = [people[role] for role in (Role.AGENT, Role.RELATIONS, Role.TEACHER, Role.FRONT_DESK)]
        training.hold(plan, Held(today - timedelta(days=days), people[Role.RELATIONS], there), by=people[Role.RELATIONS])
    first, last = today + timedelta(days=5), today + timedelta(days=9)
    away = Leave(member=people[Role.FRONT_DESK], cover=people[Role.AGENT], from_on=first, until_on=last)
    leaving.plan(away, by=people[Role.HEAD], at=timezone.now())

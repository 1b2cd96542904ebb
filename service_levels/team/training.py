"""培训计划: what is practised how often, who was there, and for whom it is time (K33)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import record
from crm.days import months_later
from crm.models import Topic, TrainingAttendance
from crm.training import train
from service_levels.access import EDIT
from service_levels.models import TrainingPlan, TrainingSession
from tenancy.access import must, open_now
from tenancy.models import Membership
from tenancy.refusals import Refused

About = TrainingPlan.About
TOPICS = {About.CHILDHOOD: Topic.TEACHING, About.COMMUNICATION: Topic.CONSULTATION, About.CRM: Topic.OTHER, About.OTHER: Topic.OTHER}


@dataclass(frozen=True)
class Held:
    """A training as it was held: on which day, by whom, with whom, and what was worth keeping."""

    on: date
    trainer: Membership
    members: Iterable[Membership]
    notes: str = ""


@transaction.atomic
def keep(row: TrainingPlan, *, by: Membership) -> TrainingPlan:
    must(by, EDIT)
    row.save()
    record(by, "service.training_plan_kept", row)
    return row


@transaction.atomic
def begin(*, by: Membership) -> int:
    """The three that the rule names: early childhood, how to talk, how customers are managed (K33a–c). How many are new."""
    must(by, EDIT)
    if TrainingPlan.objects.exists():
        raise Refused(_("已经有计划了，接着加就行。"), code="begun")
    rows = [TrainingPlan(about=about, subject=subject, every_months=months) for about, subject, months in (
        (About.CHILDHOOD, _("幼儿教育基础"), 12), (About.COMMUNICATION, _("怎么和家长沟通"), 6), (About.CRM, _("客户管理制度和系统"), 6))]
    TrainingPlan.objects.bulk_create(rows)
    record(by, "service.training_plans_begun", None, plans=len(rows))
    return len(rows)


@transaction.atomic
def hold(plan: TrainingPlan, held: Held, *, by: Membership) -> TrainingSession:
    """It was held: a training like any other, that counts for the plan."""
    must(by, EDIT)
    there = list(held.members)
    if not there:
        raise Refused(_("请勾上参加的同事。"), "members")
    row = train(plan.subject, TOPICS[About(plan.about)], on=held.on, trainer=held.trainer, members=there, by=by, notes=held.notes)
    session: TrainingSession = TrainingSession.objects.create(plan=plan, training=row)
    record(by, "service.training_held", session, plan=plan.pk)
    return session


@dataclass(frozen=True)
class Due:
    """A plan: for whom it is time, and how many are up to date."""

    plan: TrainingPlan
    members: tuple[Membership, ...]
    fresh: int


def due(day: date) -> list[Due]:
    """Every plan that is in use, with the colleagues in work that were never there or not for so long."""
    team = list(Membership.objects.filter(open_now()).order_by("name", "pk"))
    rows = TrainingAttendance.objects.filter(training__session__plan__is_on=True, training__on__lte=day).order_by()
    dated = rows.values_list("training__session__plan", "member").annotate(on=Max("training__on"))
    last = {(plan, member): on for plan, member, on in dated}
    return [_due(plan, [one for one in team if not plan.roles or one.role in plan.roles], last, day)
            for plan in TrainingPlan.objects.filter(is_on=True)]


def _due(plan: TrainingPlan, team: list[Membership], last: dict[tuple[int, int], date], day: date) -> Due:
    waits = tuple(one for one in team if not _is_fresh(plan, last.get((plan.pk, one.pk)), day))
    return Due(plan, waits, len(team) - len(waits))


def _is_fresh(plan: TrainingPlan, on: date | None, day: date) -> bool:
    return on is not None and months_later(on, plan.every_months) > day

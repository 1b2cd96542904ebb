"""Reads of the team: how full everybody's week is, which families are not where the rules want them, and who would suit (K32, S23a)."""
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from crm.access import customers
from crm.models import Customer
from service_levels.access import VIEW
from service_levels.models import Entitlement, Leave, StaffProfile, StaffRules
from service_levels.plans.book import People, Plan
from service_levels.plans.queries import in_force
from service_levels.team.assigning import Colleague, Need, spread, suited
from service_levels.team.keeping import rules
from tenancy.access import must, open_now
from tenancy.models import Membership
from tenancy.roles import Role

SERVING = (Role.AGENT, Role.RELATIONS, Role.RECEPTION)  # whose work it is to look after families (K32d–f)
MOST = 200
Key = tuple[int, str]


@dataclass(frozen=True)
class Person:
    """A colleague with what they bring along and what they have to do."""

    member: Membership
    profile: StaffProfile | None
    week: Colleague
    families: int
    leave: Leave | None = None

    @property
    def share(self) -> float | None:
        """How full the week is; None for whom families are no part of the work."""
        return float(self.week.share()) if self.week.capacity else None

    @property
    def skills(self) -> list[str]:
        return self.profile.skills if self.profile else []

    def told(self) -> str:
        """What can be looked for."""
        own = self.profile
        return " ".join([self.member.name, *([own.title, own.background, own.languages] if own else [])]).casefold()

    @property
    def is_over(self) -> bool:
        return bool(self.week.capacity) and self.week.share() > 1


def plans_in_force() -> dict[Key, Plan]:
    return {(version.pk, plan.code): plan for version in in_force() for plan in version.as_book().plans}


def team(member: Membership, day: date) -> list[Person]:
    """Everybody in work, whose week is fullest first."""
    must(member, VIEW)
    return people(day)


def sought(rows: Sequence[Person], words: str, skill: str) -> list[Person]:
    """Of a team those with the words in name, post, background or languages, and with a skill; everybody where nothing is asked."""
    return [one for one in rows if words.casefold() in one.told() and (not skill or skill in one.skills)]


def people(day: date) -> list[Person]:
    ruled, plans = rules(), plans_in_force()
    profiles = {row.member_id: row for row in StaffProfile.objects.all()}
    leaves = {row.member_id: row for row in Leave.objects.on(day).select_related("cover")}
    minutes, families = _loads(plans)
    rows = [_person(one, profiles.get(one.pk), minutes[one.pk], families[one.pk], leaves.get(one.pk), ruled, day)
            for one in Membership.objects.filter(open_now()).prefetch_related("campus_links").order_by("name", "pk")]
    return sorted(rows, key=lambda one: (-(one.share or 0), one.week.capacity == 0))


def _loads(plans: dict[Key, Plan]) -> tuple[dict[int, Fraction], dict[int, int]]:
    """By owner: minutes a week that the plans of their families promise, and how many families they have."""
    minutes: dict[int, Fraction] = defaultdict(Fraction)
    rows = Entitlement.objects.now().filter(customer__in=Customer.objects.present(), customer__owner__isnull=False).order_by()
    for owner, version, code, n in rows.values_list("customer__owner", "version", "plan").annotate(n=Count("id")):
        minutes[owner] += plans[version, code].minutes_a_week * n if (version, code) in plans else 0
    owned = Customer.objects.present().filter(owner__isnull=False).order_by().values_list("owner").annotate(n=Count("id"))
    return minutes, defaultdict(int, dict(owned))


def _person(member: Membership, profile: StaffProfile | None, minutes: Fraction, families: int, leave: Leave | None, ruled: StaffRules,
            day: date) -> Person:
    usual = ruled.minutes_week if member.role in SERVING else 0
    own = profile.minutes_week if profile and profile.minutes_week is not None else usual
    is_experienced = profile is not None and profile.is_experienced(day, ruled.years)
    return Person(member, profile, Colleague(member.pk, is_experienced, minutes, Fraction(own), leave is not None), families, leave)


# -- families that are not where the rules want them ---------------------------------------------------------------------------
def wants_experience(plan: Plan) -> bool:
    """Whom the plan puts first and gives people of their own goes to experienced colleagues (S23a)."""
    return plan.priority == 1 and plan.people in (People.TEAM, People.NAMED)


@dataclass(frozen=True)
class Misplaced:
    """A family, why it is not where the rules want it, and who would suit."""

    customer: Customer
    why: str  # nobody, left, inexperienced
    to: Membership | None


def misplaced(member: Membership, team_now: Sequence[Person]) -> list[Misplaced]:
    """Of the member's families those without anybody, whose colleague left, or whose plan wants somebody more experienced."""
    must(member, VIEW)
    plans = plans_in_force()
    served = Entitlement.objects.now().filter(customer__in=customers(member)).select_related("customer__owner", "customer__campus")
    needs, why = _needs(served, plans, {one.member.pk: one.week for one in team_now})
    return _placed(needs, why, team_now)


def _needs(served: Any, plans: dict[Key, Plan], weeks: dict[int, Colleague]) -> tuple[dict[int, tuple[Customer, Need]], dict[int, str]]:
    """The families to be placed by id, and why each is."""
    needs: dict[int, tuple[Customer, Need]] = {}
    why: dict[int, str] = {}
    candidates = served.filter(_looked_after(plans))
    for row in candidates.order_by("customer__external_ref")[:MOST * 5]:
        plan, owner = plans[row.version_id, row.plan], row.customer.owner_id
        reason = "nobody" if owner is None else "left" if owner not in weeks else \
            "inexperienced" if wants_experience(plan) and not weeks[owner].is_experienced else ""
        if reason and len(needs) < MOST:
            needs[row.customer_id] = row.customer, Need(row.customer_id, plan.minutes_a_week, wants_experience(plan))
            why[row.customer_id] = reason
    return needs, why


def _looked_after(plans: dict[Key, Plan]) -> Q:
    """Served by a plan with people of its own: who helps itself first needs nobody."""
    which = Q(pk=None)
    for (version, code), plan in plans.items():
        if plan.people is not People.SELF:
            which |= Q(version=version, plan=code)
    return which


def _placed(needs: dict[int, tuple[Customer, Need]], why: dict[int, str], team_now: Sequence[Person]) -> list[Misplaced]:
    """Campus by campus, since colleagues work for some of them only."""
    by_campus: dict[int, list[Need]] = defaultdict(list)
    for customer, need in needs.values():
        by_campus[customer.campus_id].append(need)
    found: dict[int, int] = {}
    added: dict[int, Fraction] = defaultdict(Fraction)
    for campus, rows in by_campus.items():
        given = spread(rows, _weeks(team_now, campus, added))
        found |= given
        for need in rows:
            if need.pk in given:
                added[given[need.pk]] += need.minutes
    members = {one.member.pk: one.member for one in team_now}
    return [Misplaced(customer, why[pk], members.get(found.get(pk, 0))) for pk, (customer, _need) in needs.items()]


def _weeks(team_now: Iterable[Person], campus: int, added: dict[int, Fraction]) -> list[Colleague]:
    """The weeks of who works for a campus, with what they were given meanwhile."""
    here = [one for one in team_now if (mine := _campuses(one.member)) is None or campus in mine]
    return [Colleague(one.week.pk, one.week.is_experienced, one.week.minutes + added[one.week.pk], one.week.capacity, one.week.is_away)
            for one in here]


def _campuses(member: Membership) -> set[int] | None:
    """From what was fetched with the team; None means all."""
    return {link.campus_id for link in member.campus_links.all()} or None


def for_one(member: Membership, customer: Customer, day: date) -> list[Person]:
    """Who would suit one family, whose week would be least full first."""
    must(member, VIEW)
    team_now, plans = people(day), plans_in_force()
    row = Entitlement.objects.now().filter(customer=customer).first()
    plan = plans.get((row.version_id, row.plan)) if row else None
    need = Need(customer.pk, plan.minutes_a_week if plan else Fraction(0), plan is not None and wants_experience(plan))
    order = [one.pk for one in suited(need, _weeks(team_now, customer.campus_id, defaultdict(Fraction)))]
    return sorted((one for one in team_now if one.member.pk in order), key=lambda one: order.index(one.member.pk))

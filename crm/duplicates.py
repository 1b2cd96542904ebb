"""可能重复 and 合并: pairs worth a look, merging field by field, and undoing it, also after later edits."""
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from audit.actions import record
from crm.access import customers
from crm.archive import refresh_search
from crm.models import Anniversary, Attendance, Child, Customer, Enrolment, Family, Guardian, Merge, NotDuplicate
from crm.naming import syllables
from tenancy.models import Membership
from tenancy.refusals import Refused

# what follows the customer, and what follows the family, to the survivor
OF_CUSTOMER = (("crm.payment", "customer_id"), ("crm.timelineentry", "customer_id"), ("crm.lessonpackage", "customer_id"),
               ("crm.intentrating", "customer_id"), ("crm.assessment", "customer_id"), ("crm.satisfaction", "customer_id"),
               ("crm.concern", "customer_id"), ("crm.referral", "referrer_id"), ("crm.referral", "referred_id"),
               ("crm.lead", "customer_id"), ("crm.promise", "customer_id"), ("crm.consultation", "customer_id"),
               ("crm.surveyresponse", "customer_id"))
OF_FAMILY = (("crm.consent", "family_id"), ("crm.anniversary", "family_id"))
# who stands on both sides stays behind, and this follows the one in the surviving family
OF_CHILD = (("crm.enrolment", "child_id"), ("crm.payment", "child_id"), ("crm.lessonpackage", "child_id"),
            ("crm.timelineentry", "child_id"), ("crm.attendance", "child_id"), ("crm.lead", "child_id"),
            ("crm.consultation", "child_id"), ("crm.surveyresponse", "child_id"))
OF_GUARDIAN = (("crm.consent", "guardian_id"),)
of_later_apps: list[tuple[str, str]] = []  # what later apps hang on a customer
_stays: dict[str, Callable[[int], Q]] = {}  # which of those rows stay where they are, for a survivor's id
CHOICES = ("external_ref", "name", "campus_id", "owner_id", "since", "source")
SHOWN = 100


@dataclass
class Pair:
    first: Customer
    second: Customer
    reasons: list[str]


def follow(label: str, field: str, stays: Callable[[int], Q] | None = None) -> None:
    """A later app's link to a customer that follows the survivor; called in ``apps.ready``.

    ``stays`` names, for the survivor's id, the rows that cannot follow because the survivor has theirs already.
    """
    if (label, field) not in of_later_apps:
        of_later_apps.append((label, field))
    if stays is not None:
        _stays[label] = stays


def candidates(member: Membership) -> list[Pair]:
    """Families of the member's campuses that share a phone, or a child's birthday with the same name or the same sound of it."""
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for pair in _pairs(_by_phone()):
        reasons[pair].append(_("同一个手机号"))
    same_name = set(_pairs(_by_child(lambda name: name)))
    for pair in same_name:
        reasons[pair].append(_("孩子同名同生日"))
    for pair in set(_pairs(_by_child(lambda name: " ".join(syllables(name))))) - same_name:  # the same name sounds the same
        reasons[pair].append(_("孩子同音同生日"))
    settled = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    seen = set(customers(member).filter(pk__in={pk for pair in reasons for pk in pair}).values_list("pk", flat=True))
    wanted = [pair for pair in sorted(reasons) if pair not in settled and seen.issuperset(pair)][:SHOWN]
    found = Customer.objects.select_related("campus", "owner").in_bulk({pk for pair in wanted for pk in pair})
    return [Pair(found[a], found[b], reasons[a, b]) for a, b in wanted]


def _by_phone() -> list[set[int]]:
    shared = Guardian.objects.exclude(phone_index="").filter(family__customer__deleted_at=None).values("phone_index").annotate(
        n=Count("family", distinct=True)).filter(n__gt=1).values_list("phone_index", flat=True)
    groups: dict[str, set[int]] = defaultdict(set)
    for index, customer in Guardian.objects.filter(phone_index__in=list(shared), family__customer__deleted_at=None).values_list(
            "phone_index", "family__customer_id"):
        groups[index].add(customer)
    return list(groups.values())


def _by_child(same: Any) -> list[set[int]]:
    """Groups by birthday first, so names are compared only within one day."""
    days = Child.objects.exclude(born_on=None).values("born_on").annotate(n=Count("id")).filter(n__gt=1).values_list("born_on", flat=True)
    groups: dict[tuple[Any, str], set[int]] = defaultdict(set)
    rows = Child.objects.filter(born_on__in=list(days), family__customer__deleted_at=None)
    for born, name, customer in rows.values_list("born_on", "name", "family__customer_id"):
        groups[born, same(name)].add(customer)
    return [group for group in groups.values() if len(group) > 1]


def _pairs(groups: Iterable[set[int]]) -> set[tuple[int, int]]:
    return {(a, b) for group in groups for a in group for b in group if a < b}


@transaction.atomic
def merge(kept: Customer, dropped: Customer, *, take: Iterable[str], by: Membership, at: datetime) -> Merge:
    """Everything of ``dropped`` moves to ``kept``; ``take`` names the fields whose value comes from the dropped one."""
    if kept.pk == dropped.pk or kept.type_id != dropped.type_id or kept.type.half != "family":
        raise Refused(_("只能合并同一类型的两个不同家庭。"))
    locked = {c.pk: c for c in Customer.objects.select_for_update().filter(pk__in=[kept.pk, dropped.pk], deleted_at=None)}
    if len(locked) != 2:
        raise Refused(_("其中一家已经删除或合并过了，请刷新页面。"), code="stale")
    kept, dropped = locked[kept.pk], locked[dropped.pk]
    before = {"kept": {name: _plain(getattr(kept, name)) for name in CHOICES}, "dropped": dropped.external_ref}
    moved = [*_move([*OF_CUSTOMER, *of_later_apps], dropped.pk, kept.pk), *_move_people(kept.family, dropped.family),
             *_move(OF_FAMILY, dropped.family.pk, kept.family.pk)]
    taken = {name: getattr(dropped, name) for name in take if name in CHOICES}
    if "external_ref" in taken:
        _set_references(kept, taken.pop("external_ref"), dropped, kept.external_ref)
    for name, value in taken.items():
        setattr(kept, name, value)
    dropped.deleted_at = at
    dropped.save(update_fields=["deleted_at"])
    kept.save()
    refresh_search([kept, dropped])
    made = Merge.objects.create(kept=kept, dropped=dropped, by=by, at=at, moved=moved, before=before)
    record(by, "crm.merged", made, kept=kept.pk, dropped=dropped.pk, rows=len(moved))
    return made


def _set_references(kept: Customer, kept_ref: str, dropped: Customer, dropped_ref: str) -> None:
    """Exchange two unique references by way of a third that nobody uses."""
    dropped.external_ref = f"*{dropped.pk}"
    dropped.save(update_fields=["external_ref"])
    kept.external_ref, dropped.external_ref = kept_ref, dropped_ref
    kept.save(update_fields=["external_ref"])
    dropped.save(update_fields=["external_ref"])


def _move(links: Iterable[tuple[str, str]], old: int, new: int) -> list[list[Any]]:
    """Point rows at the survivor; what it has already stays where it is."""
    moved = []
    for label, field in links:
        model = apps.get_model(label)
        rows = model.objects.filter(**{field: old}).exclude(_there_already(label, field, new))
        ids = list(rows.values_list("pk", flat=True))
        model.objects.filter(pk__in=ids).update(**{field: new})
        moved += [[label, field, pk, old] for pk in ids]
    return moved


def _there_already(label: str, field: str, new: int) -> Q:
    """A referral between the two (it would become a self-referral), a day's attendance, the same stay or anniversary entered twice."""
    if label == "crm.referral":
        return Q(**{{"referrer_id": "referred_id", "referred_id": "referrer_id"}[field]: new})
    if label == "crm.attendance":
        return Q(day__in=Attendance.objects.filter(child=new).values("day"))
    if label == "crm.enrolment":
        return Q(Exists(Enrolment.objects.filter(child=new, campus=OuterRef("campus"), from_on=OuterRef("from_on"))))
    if label == "crm.anniversary":
        return Q(name__in=Anniversary.objects.filter(family=new).values("name"))
    return _stays[label](new) if label in _stays else Q(pk__in=[])


def _move_people(kept: Family, dropped: Family) -> list[list[Any]]:
    """Children and guardians join the surviving family, but nobody stands in it twice."""
    moved = []
    for people, links in (("children", OF_CHILD), ("guardians", OF_GUARDIAN)):
        there = list(getattr(kept, people).all())
        for person in getattr(dropped, people).all():
            twin = next((other for other in there if _same_person(person, other)), None)
            if twin is not None:
                moved += _move(links, person.pk, twin.pk)
            else:
                moved.append([person._meta.label_lower, "family_id", person.pk, dropped.pk])
                type(person).objects.filter(pk=person.pk).update(family=kept)
    return moved


def _same_person(one: Any, other: Any) -> bool:
    """The same child: name and birthday, where one may be missing; the same guardian: name and number."""
    if isinstance(one, Child):
        return one.name == other.name and (one.born_on == other.born_on or None in (one.born_on, other.born_on))
    return one.name == other.name and bool(one.phone_index) and one.phone_index == other.phone_index


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def undo(made: Merge, *, by: Membership, at: datetime) -> None:
    """Give back what was moved and still is where it was put; what was added since stays with the survivor."""
    if not Merge.objects.filter(pk=made.pk, undone_at=None).update(undone_at=at):
        raise Refused(_("这次合并已经撤销过了。"), code="stale")
    target = {"customer_id": made.kept_id, "referrer_id": made.kept_id, "referred_id": made.kept_id, "family_id": made.kept.family.pk}
    for label, field, pk, old in reversed(made.moved):
        rows = apps.get_model(label).objects.filter(pk=pk)
        if field in target:
            rows = rows.filter(**{field: target[field]})
        rows.update(**{field: old})
    kept, dropped = made.kept, made.dropped
    _set_references(kept, made.before["kept"]["external_ref"], dropped, made.before["dropped"])
    for name, value in made.before["kept"].items():
        setattr(kept, name, value)
    kept.save()
    dropped.deleted_at = None
    dropped.save(update_fields=["deleted_at"])
    refresh_search([kept, dropped])
    record(by, "crm.merge_undone", made, kept=kept.pk, dropped=dropped.pk)


@transaction.atomic
def not_duplicate(first: Customer, second: Customer, *, by: Membership) -> None:
    """Two families after all: the pair is not shown again."""
    a, b = sorted((first.pk, second.pk))
    NotDuplicate.objects.get_or_create(first_id=a, second_id=b, defaults={"by": by})
    record(by, "crm.not_duplicate", first, other=second.pk)

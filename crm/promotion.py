"""升班: a preview of where every class goes, the move itself, and its undo."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import ClassGroup, Enrolment, Outcome, Promotion
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

NEXT_GRADE = {"托": "小", "小": "中", "中": "大"}
GRADUATE, STAY = "毕业", "不动"  # what a person writes in the target column


@dataclass
class Step:
    """One class of the preview: how many children, and what is proposed for them."""

    group: ClassGroup
    children: int
    target: str  # a class name, or GRADUATE, or STAY


def propose(campus: Campus, on: date) -> list[Step]:
    """小一班 → 中一班 → 大一班 → graduation; a name that says no grade stays until somebody chooses."""
    counts = dict(Enrolment.objects.on(on - timedelta(days=1)).filter(campus=campus).exclude(class_group=None)
                  .values_list("class_group").annotate(n=Count("id")))
    return [Step(group, counts[group.pk], target_of(group.name)) for group in ClassGroup.objects.filter(pk__in=counts).order_by("name")]


def target_of(name: str) -> str:
    if name[:1] in NEXT_GRADE:
        return NEXT_GRADE[name[:1]] + name[1:]
    return GRADUATE if name.startswith("大") else STAY


@transaction.atomic
def promote(campus: Campus, targets: dict[int, str], *, on: date, by: Membership, at: datetime) -> Promotion:
    """Move the children of each class to its target on a day; a class that is named but missing is made."""
    if Promotion.objects.filter(campus=campus, undone_at=None, on__year=on.year).exists():
        raise Refused(_("%(campus)s %(year)s 年已经升过班，要重来请先撤销。") % {"campus": campus.name, "year": on.year})
    moves: list[tuple[int, int | None]] = []
    current = Enrolment.objects.on(on - timedelta(days=1)).filter(campus=campus, class_group_id__in=list(targets), from_on__lt=on)
    for enrolment in current.select_for_update():
        target = targets[enrolment.class_group_id]
        if target != STAY:
            moves.append((enrolment.pk, _move(enrolment, target, on)))
    promotion = Promotion.objects.create(campus=campus, on=on, by=by, at=at, moves=moves)
    record(by, "crm.classes_promoted", promotion, children=len(moves))
    return promotion


def _move(enrolment: Enrolment, target: str, on: date) -> int | None:
    enrolment.until_on = on - timedelta(days=1)
    enrolment.outcome = Outcome.GRADUATED if target == GRADUATE else Outcome.PROMOTED
    enrolment.save(update_fields=["until_on", "outcome"])
    if target == GRADUATE:
        return None
    group, _made = ClassGroup.objects.get_or_create(campus_id=enrolment.campus_id, name=target, defaults={"grade": target[:1] + "班"})
    return int(Enrolment.objects.create(child_id=enrolment.child_id, campus_id=enrolment.campus_id, class_group=group, from_on=on).pk)


@transaction.atomic
def undo(promotion: Promotion, *, by: Membership, at: datetime) -> None:
    """Everybody back in the class they came from; refused when a child has since left or moved again."""
    if not Promotion.objects.filter(pk=promotion.pk, undone_at=None).update(undone_at=at):
        raise Refused(_("这次升班已经撤销过了。"), code="stale")
    fresh = [new for _old, new in promotion.moves if new]
    if Enrolment.objects.filter(pk__in=fresh, until_on=None).count() != len(fresh):
        raise Refused(_("升班以后有孩子离园或转班了，不能整批撤销，请逐个处理。"))
    Enrolment.objects.filter(pk__in=fresh).delete()
    Enrolment.objects.filter(pk__in=[old for old, _new in promotion.moves]).update(until_on=None, outcome="")
    record(by, "crm.promotion_undone", promotion)

"""操作手册 (R38) and 责任人 (R35): a page a stage, versioned; who answers for the stage at a campus, by name or by role."""
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import record
from reception.models import SopPage, StageOwner
from reception.models.manual import STAGE_CHOICES
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tenancy.roles import Role

# 岗位 (R36): whose stage it is while nobody is named
ROLE_OF = {"booking": Role.FRONT_DESK, "preparation": Role.FRONT_DESK, "welcome": Role.FRONT_DESK, "registration": Role.FRONT_DESK,
           "tour": Role.TEACHER, "consultation": Role.TEACHER, "signing": Role.HEAD, "follow_up": Role.HEAD, "feedback": Role.RECEPTION}


@dataclass(frozen=True)
class Stage:
    """A stage as the manual shows it: its words, who is on duty for it, and by which role while nobody is."""

    code: str
    name: str
    page: SopPage | None
    owner: StageOwner | None

    @property
    def on_duty(self) -> Membership | None:
        return self.owner.on_duty() if self.owner else None

    @property
    def role(self) -> str:
        return str(ROLE_OF[self.code].label)


def stages_of(campus: Campus) -> list[Stage]:
    """All nine, in their order, in two statements."""
    pages = {page.stage: page for page in SopPage.objects.current().select_related("by")}
    rows = StageOwner.objects.filter(campus=campus).select_related("owner__stands_in", "stand_in")
    owners = {row.stage: row for row in rows}
    return [Stage(code, str(name), pages.get(code), owners.get(code)) for code, name in STAGE_CHOICES]


def stage_of(code: str, campus: Campus) -> Stage:
    return next(stage for stage in stages_of(campus) if stage.code == code)


@transaction.atomic
def write(stage: str, text: str, *, change: str, seen: int, by: Membership | None, at: datetime) -> SopPage:
    """The next version of a page; ``seen`` is the one that was written on, 0 where there was none."""
    if not text.strip():
        raise Refused(_("请写这一环节怎么做。"), "text")
    last = SopPage.objects.filter(stage=stage).aggregate(last=Max("number"))["last"] or 0
    if seen != last:
        raise Refused(_("同事刚写了第 %(n)s 版，请核对后再保存。") % {"n": last}, code="stale")
    SopPage.objects.current().filter(stage=stage).update(is_current=False)
    page = SopPage.objects.create(stage=stage, number=last + 1, text=text.replace("\r\n", "\n").strip(), change=change.strip()[:120],
                                  by=by, at=at)
    record(by, "reception.manual_written", page)
    return page


@transaction.atomic
def appoint(stage: str, campus: Campus, owner: Membership | None, stand_in: Membership | None, *, by: Membership) -> None:
    """One person answers for the stage; nobody named leaves it to the role."""
    if owner is None:
        StageOwner.objects.filter(stage=stage, campus=campus).delete()
    else:
        if stand_in is not None and stand_in.pk == owner.pk:
            raise Refused(_("替补要选另一位同事。"), "stand_in")
        StageOwner.objects.update_or_create(stage=stage, campus=campus, defaults={"owner": owner, "stand_in": stand_in})
    record(by, "reception.stage_appointed", campus, stage=stage, owner=owner.pk if owner else None)

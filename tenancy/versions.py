"""Rules in versions: a draft is worked on, a second person puts it in force, and what was in force stays as it was."""
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenancy.access import second_pair_of_eyes
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership
from tenancy.refusals import Refused


class Versioned(TenantModel):
    """A version of something that has rules. What is in force is never edited; the next draft is.

    A subclass names what its versions are of, holds the rules as data, and allows one version in force at a time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("草案")
        SUBMITTED = "submitted", gettext_lazy("待审批")
        IN_FORCE = "in_force", gettext_lazy("现行")
        RETIRED = "retired", gettext_lazy("已停用")

    number = models.PositiveIntegerField(gettext_lazy("版本"))
    state = models.CharField(gettext_lazy("状态"), max_length=10, choices=State, default=State.DRAFT)
    proposed_by = TenantForeignKey(Membership, null=True, related_name="+")
    approved_by = TenantForeignKey(Membership, null=True, related_name="+")
    in_force_since = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = True


def worked_on(versions: QuerySet[Any]) -> Any:
    """The draft of these versions, submitted or not; None where nobody works on one."""
    return versions.filter(state__in=[Versioned.State.DRAFT, Versioned.State.SUBMITTED]).first()


def next_number(versions: QuerySet[Any]) -> int:
    return int(versions.aggregate(last=Max("number"))["last"] or 0) + 1


def keep(version: Any, *, by: Membership, at: datetime, **content: Any) -> None:
    """Keep an edited draft, sound or not; a version that has been submitted or is in force is not touched."""
    changed = type(version).objects.filter(pk=version.pk, state="draft").update(**content, proposed_by=by, edited_at=at)
    if not changed:
        raise Refused(_("这个版本已提交或已生效，不能再改。请另起草案。"), code="stale")
    version.refresh_from_db()


def submit(version: Any, *, by: Membership) -> None:
    """To be approved by somebody else."""
    if not type(version).objects.filter(pk=version.pk, state="draft").update(state="submitted", proposed_by=by):
        raise Refused(_("这个草案已经提交过了。"), code="stale")
    version.refresh_from_db()


def send_back(version: Any) -> None:
    """What was submitted is a draft again."""
    if not type(version).objects.filter(pk=version.pk, state="submitted").update(state="draft"):
        raise Refused(_("这个版本不在待审批状态，请刷新页面。"), code="stale")
    version.refresh_from_db()


def put_in_force(version: Any, versions: QuerySet[Any], *, by: Membership, at: datetime) -> None:
    """A second person puts the draft in force; the one of these versions that was in force before it retires."""
    second_pair_of_eyes(by, version.proposed_by)
    versions.filter(state="in_force").update(state="retired")
    done = type(version).objects.filter(pk=version.pk, state="submitted").update(state="in_force", approved_by=by, in_force_since=at)
    if not done:
        raise Refused(_("这个版本不在待审批状态，请刷新页面。"), code="stale")
    version.refresh_from_db()

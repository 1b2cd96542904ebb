"""请假和代班: planned ahead, a stand-in sees the families meanwhile, and everything is as before afterwards (K32, S23)."""
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.handover import stand_in
from notifications.actions import tell
from service_levels.models import Leave
from service_levels.team.keeping import own_or_manager
from tenancy.models import Membership
from tenancy.refusals import Refused


@transaction.atomic
def plan(row: Leave, *, by: Membership, at: datetime) -> Leave:
    """From a day to a day. Raises Refused when it overlaps another leave, or the stand-in is away or stands in by being covered."""
    own_or_manager(row.member, by)
    today = timezone.localdate(at)
    Membership.objects.select_for_update().filter(pk__in=sorted([row.member_id, row.cover_id])).order_by("pk").count()
    _sound(row, today)
    row.by = by
    row.save(force_insert=True)
    record(by, "service.leave_planned", row, member=row.member_id, cover=row.cover_id)
    words = _("%(name)s %(first)s 到 %(last)s 请假，您代班") % {"name": row.member.name, "first": row.from_on, "last": row.until_on}
    tell([row.cover], words, key=f"leave-{row.pk}", link="service/team/", at=at)
    if row.from_on <= today:
        _begin(row)
    return row


def _sound(row: Leave, today: date) -> None:
    if row.until_on < row.from_on:
        raise Refused(_("结束不能早于开始。"), "until_on")
    if row.until_on < today:
        raise Refused(_("这几天已经过去了。"), "until_on")
    if row.cover_id == row.member_id or not row.cover.is_active:
        raise Refused(_("请选一位在岗的同事代班。"), "cover")
    meanwhile = Leave.objects.filter(from_on__lte=row.until_on, until_on__gte=row.from_on, ended_on=None)
    if meanwhile.filter(member=row.member_id).exists():
        raise Refused(_("这几天已经登记过请假了。"), "from_on")
    if meanwhile.filter(member=row.cover_id).exists():
        raise Refused(_("%(name)s 这几天也请假，请选别的同事代班。") % {"name": row.cover.name}, "cover")
    if meanwhile.filter(cover=row.member_id).exists():
        raise Refused(_("这几天您在替别人代班，先请别人代。"), "from_on")


@transaction.atomic
def end(row: Leave, *, by: Membership, at: datetime) -> None:
    """Back early, or it was not needed."""
    own_or_manager(row.member, by)
    if not Leave.objects.filter(pk=row.pk, ended_on=None).update(ended_on=timezone.localdate(at)):
        raise Refused(_("这次请假已经结束了。"), code="changed")
    row.refresh_from_db()
    record(by, "service.leave_ended", row, member=row.member_id)
    _give_back(row, by)


def nightly(day: date) -> None:
    """Whose leave begins gets a stand-in, whose leave is over has none any more. Running twice changes nothing more."""
    for row in Leave.objects.on(day).select_related("member", "cover", "by").order_by("pk"):
        if row.member.stands_in_id != row.cover_id:
            _begin(row)
    away = Leave.objects.on(day).values("member")
    over = Leave.objects.filter(until_on__lt=day, member__stands_in__isnull=False).exclude(member__in=away)
    for row in over.select_related("member", "by").order_by("pk"):
        _give_back(row, row.by)


def _begin(row: Leave) -> None:
    assert row.by is not None
    stand_in(row.member, row.cover, by=row.by)


def _give_back(row: Leave, by: Membership | None) -> None:
    """Only what this leave arranged: a stand-in that somebody chose by hand meanwhile stays."""
    member = Membership.objects.get(pk=row.member_id)
    if by is not None and member.stands_in_id == row.cover_id:
        stand_in(member, None, by=by)

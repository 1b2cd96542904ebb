"""Telling the desk what waits for a person."""
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import tell
from reception.models import Booking, TimeWish
from tenancy.access import holders
from tenancy.models import Campus, Membership
from tenancy.roles import Role


def desk_of(campus: Campus) -> list[Membership]:
    """The colleagues of a campus who book for families; those who run the school have other things to do."""
    return holders("reception.book", campus, besides="tenancy.members")


def of_offer(booking: Booking) -> None:
    """A place is kept for somebody who waited."""
    begins = timezone.localtime(booking.starts_at)
    until = timezone.localtime(booking.expires_at or booking.starts_at)
    said = _("%(day)s %(type)s 有位留给候补 %(ref)s，%(until)s 前有效") % {
        "day": f"{begins:%m-%d %H:%M}", "type": booking.slot.type.name, "ref": booking.reference, "until": f"{until:%H:%M}"}
    tell(desk_of(booking.slot.campus), said, key=f"offer-{booking.pk}-{booking.version}", link="visits/")


def of_hit(campus: Campus, families: int, *, at: datetime) -> None:
    """The calendar changed and families stand in slots that are not offered any more."""
    said = _("%(campus)s 有 %(n)s 组约在不开放的时段里，请打电话改约") % {"campus": campus.name, "n": families}
    tell(desk_of(campus), said, key=f"hit-{campus.pk}-{at.timestamp()}", link="visits/")


def of_wish(booking: Booking, what: str) -> None:
    """What a parent asked for by their link, to the desk and to those who run the school."""
    said = {"withdraw": _("预约 %(ref)s 的家长撤回了孩子信息的同意"), "delete": _("预约 %(ref)s 的家长要求删除信息，请联系并处理")}[what]
    people = [*desk_of(booking.slot.campus), *Membership.objects.filter(is_active=True, role=Role.HEAD)]
    tell(people, said % {"ref": booking.reference}, key=f"{what}-{booking.pk}", link=f"visits/{booking.pk}/")


def of_time_wish(row: TimeWish) -> None:
    """No offered time fits a parent."""
    said = _("%(campus)s 有家长想约别的时间来%(type)s") % {"campus": row.campus.name, "type": row.type.name}
    tell(desk_of(row.campus), said, key=f"wish-{row.pk}", link="visits/wishes/")

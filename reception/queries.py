"""Reads worth a name, and what reception's acts are called."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from crm.access import customers
from crm.calendar import Calendar
from crm.models import TimelineEntry
from crm.naming import tokens
from crm.opening import calendars_for, day_begins, zone
from crm.queries import search
from reception.access import bookings, slots, wishes
from reception.flow import State
from reception.models import Booking, FollowUp, Slot, TimeWish
from reception.sweep import hit
from tenancy.models import Membership

AROUND, OTHERS = timedelta(days=183), 12  # how far from a day its search looks, and how many it names
VERBS = {"reception.costs_entered": _("记渠道花费"), "reception.month_reviewed": _("接待复盘"),
         "reception.booked": _("预约"), "reception.waiting": _("候补"), "reception.offered": _("候补留位"),
         "reception.accepted": _("接受候补"),
         "reception.confirmed": _("确认预约"), "reception.cancelled": _("取消预约"), "reception.moved": _("改约"),
         "reception.arrived": _("登记到访"), "reception.no_show": _("登记未到"),
         "reception.host_assigned": _("安排接待人"), "reception.slot_resized": _("改时段人数"), "reception.slot_blocked": _("停用时段"),
         "reception.slot_opened": _("恢复时段"), "reception.booking_viewed": _("看预约"),
         "reception.listed": _("看预约名单"), "reception.rules_kept": _("改预约规则"), "reception.link_renewed": _("发新的预约链接"),
         "reception.consent_withdrawn": _("家长撤回同意"), "reception.deletion_asked": _("家长要求删除"),
         "reception.step_taken": _("到访走一步"), "reception.step_taken_back": _("撤回一步"), "reception.step_put_right": _("改步骤时间"),
         "reception.exit_noted": _("记离开原因"), "reception.walked_in": _("临时到访"),
         "reception.followed_up": _("跟进"), "reception.follow_up_dropped": _("不跟进了"), "reception.follow_up_put_off": _("跟进改日期"),
         "reception.follow_ups_listed": _("看跟进"), "reception.took_part": _("记体验课表现"),
         "reception.exported": _("导出到访统计"),
         "reception.manual_written": _("改操作手册"), "reception.stage_appointed": _("定环节责任人"),
         "reception.template_written": _("写合同模板"), "reception.template_submitted": _("提交合同模板"),
         "reception.template_approved": _("批准合同模板"), "reception.template_sent_back": _("退回合同模板"),
         "reception.template_retired": _("停用合同模板"), "reception.contract_drawn_up": _("拟合同"),
         "reception.contract_noted": _("记合同问答"), "reception.contract_link": _("发合同链接"),
         "reception.contract_signed": _("签合同"), "reception.contract_voided": _("合同作废"),
         "reception.contract_sealed": _("合同盖章"), "reception.contracts_listed": _("看合同名单"),
         "reception.contract_viewed": _("看合同"), "reception.contract_downloaded": _("下载合同"),
         "reception.registered": _("到访登记"), "reception.checked": _("接待准备"),
         "reception.wished": _("想约别的时间"), "reception.wish_settled": _("处理想约的时间"),
         "reception.wishes_listed": _("看想约的时间"), "reception.wish_opened": _("替想约的家长预约")}


@dataclass(frozen=True)
class Row:
    """One booking as the day's list shows it: whose, how old the child is in words, what they want to know."""

    booking: Booking
    guardian: str
    child: str
    needs: str


def day_of(member: Membership, day: date, words: str = "") -> list[Row]:
    """The bookings that begin on a day of the campus; one audit row for the whole list."""
    rows = of_day(bookings(member), day).exclude(state=State.EXPIRED)
    shown = [row_of(booking) for booking in rows]
    wanted = [row for row in shown if not words or _matches(row, words.strip().lower())]
    record(member, "reception.listed", ids=[row.booking.pk for row in wanted])
    return wanted


def on_other_days(member: Membership, day: date, words: str) -> list[Row]:
    """Bookings of other days, half a year back and ahead, that the words find: by reference or by the family; the latest first."""
    if not words.strip():
        return []
    families = search(customers(member), words).values("pk")
    near = (day_begins(day - AROUND), day_begins(day + AROUND))
    rows = bookings(member).filter(Q(reference=words.strip().upper()) | Q(lead__customer__in=families), starts_at__range=near)
    listed = of_day(bookings(member), day).values("pk")
    found = [row_of(booking) for booking in rows.exclude(pk__in=listed).exclude(state=State.EXPIRED).order_by("-starts_at")[:OTHERS]]
    if found:
        record(member, "reception.listed", ids=[row.booking.pk for row in found])
    return found


def row_of(booking: Booking) -> Row:
    told = booking.lead.told() if booking.lead else {}
    return Row(booking, str(told.get("guardian_name", "")), str(told.get("child_name", "")), "、".join(told.get("needs", [])))


def earlier_of(booking: Booking) -> list[TimelineEntry]:
    """What is known of the family from before this booking, the newest first."""
    if booking.lead is None or booking.lead.customer_id is None:
        return []
    return list(TimelineEntry.objects.filter(customer=booking.lead.customer_id).exclude(at=booking.lead.at).order_by("-at")[:8])


def _matches(row: Row, words: str) -> bool:
    """By name, its pinyin or initials, the last four digits, or the reference."""
    names = [name for name in (row.guardian, row.child) if name]
    tail = row.booking.lead.phone_tail if row.booking.lead else ""
    return words in (tail, row.booking.reference.lower()) or any(
        token.startswith(words) for name in names for token in tokens(name))


def of_day(rows: Any, day: date) -> Any:
    """Those that begin on a day of the campus."""
    return rows.filter(starts_at__gte=day_begins(day), starts_at__lt=day_begins(day + timedelta(days=1)))


def slots_of(member: Membership, day: date, **chosen: int | None) -> list[Slot]:
    """A day's slots; of one type, of one campus where they are chosen."""
    return list(of_day(slots(member), day).filter(**{name: pk for name, pk in chosen.items() if pk}))


@dataclass(frozen=True)
class WishRow:
    """A wish as the desk's list shows it: who, when they could come."""

    wish: TimeWish
    guardian: str
    when: str


def wishes_of(member: Membership) -> list[WishRow]:
    rows = [WishRow(row, str(row.lead.told().get("guardian_name", "")), when_of(row)) for row in wishes(member)[:200]]
    record(member, "reception.wishes_listed", ids=[row.wish.pk for row in rows])
    return rows


def when_of(wish: TimeWish | None) -> str:
    return str(wish.lead.told().get("when", "")) if wish else ""


def told_before(booking: Booking) -> dict[str, Any]:
    """What a registration need not ask again."""
    told = booking.lead.told() if booking.lead else {}
    return {**told, "needs": "、".join(told.get("needs", [])), "child_data": bool(booking.lead and booking.lead.child_data)}


def told_with(wish: TimeWish | None, before: Booking | None = None) -> dict[str, Any]:
    """What the form for booking need not ask again: of a wish whom to call, of an earlier visit all that the family told."""
    if before is not None:
        return told_before(before) | {"channel": "walk_in"}
    told = wish.lead.told() if wish else {}
    return {name: told[name] for name in ("guardian_name", "phone") if name in told} | ({"channel": "phone"} if wish else {})


def day_to_offer(rows: Any, slot_id: int | None, day: date | None) -> date:
    """The day of the slot that was chosen, else the day that was asked for, else the first that has slots."""
    chosen = rows.filter(pk=slot_id).first() if slot_id else None
    first = chosen or (None if day else rows.first())
    return first.starts_at.astimezone(zone()).date() if first else day or timezone.localdate(timezone=zone())


def free_slots(member: Membership, kind: Any, campus: Any, at: datetime) -> list[Slot]:
    """Where the desk can still put a family: without the notice that parents must keep."""
    rows = slots(member).filter(state=Slot.State.OPEN, starts_at__gt=at, booked__lt=F("capacity"))
    rows = rows if kind is None else rows.filter(type=kind)
    return list((rows if campus is None else rows.filter(campus=campus))[:200])


@dataclass(frozen=True)
class ToCall:
    """A family whose slot is gone, why, and the nearest times that have a place."""

    row: Row
    why: str
    nearest: list[Slot]


def to_call(member: Membership, at: datetime) -> list[ToCall]:
    """Bookings in slots that are not offered any more: whom to call, and where they could be moved to."""
    rows = [row_of(one) for one in bookings(member).filter(pk__in=hit(starts_at__gt=at).values("pk")).order_by("starts_at")[:50]]
    if not rows:
        return []
    free = slots(member).filter(state=Slot.State.OPEN, starts_at__gt=at, booked__lt=F("capacity"),
                                type__in={row.booking.slot.type_id for row in rows})
    places = list(free.order_by("starts_at")[:2000])
    calendars = calendars_for({row.booking.slot.campus_id for row in rows})
    return [ToCall(row, _why(row.booking, calendars), _nearest(row.booking, places)) for row in rows]


def _why(booking: Booking, calendars: Mapping[int | None, Calendar]) -> str:
    """What was said when it was blocked, else what the calendar calls the day, else only that it is not offered."""
    slot = booking.slot
    day = booking.starts_at.astimezone(zone()).date()
    return slot.reason or calendars[slot.campus_id].plan(day).name or str(slot.get_state_display())


def _nearest(booking: Booking, places: list[Slot], most: int = 3) -> list[Slot]:
    """The free times of the same kind and campus that lie nearest, the earlier first."""
    kind, campus = booking.slot.type_id, booking.slot.campus_id
    fitting = [slot for slot in places if (slot.type_id, slot.campus_id) == (kind, campus)]
    near = sorted(fitting, key=lambda slot: abs(slot.starts_at - booking.starts_at))[:most]
    return sorted(near, key=lambda slot: slot.starts_at)


@dataclass(frozen=True)
class Owed:
    """The contacts that wait, by how urgent they are."""

    late: list[FollowUp]
    today: list[FollowUp]
    soon: list[FollowUp]

    def rows(self) -> list[FollowUp]:
        return [*self.late, *self.today, *self.soon]


def owed(rows: Any, day: date, most: int = 400) -> Owed:
    """The next open contact of each visit up to a week ahead, the latest first; what comes after it waits for it."""
    found: dict[int, FollowUp] = {}
    for row in rows.open().filter(due_on__lte=day + timedelta(days=7)).order_by("due_on", "id")[:most]:
        found.setdefault(row.booking_id, row)
    waiting = list(found.values())
    return Owed([row for row in waiting if row.due_on < day], [row for row in waiting if row.due_on == day],
                [row for row in waiting if row.due_on > day])

"""时段 and 预约: places at a time, and who has taken them."""
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Lead
from crm.models.leads import LeadChannel
from reception import flow
from reception.flow import State
from reception.models.types import Room, VisitType
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import Sealed, TenantForeignKey
from tenancy.models import Campus, Membership

COMING, KEPT, TAKING = (sorted(state.value for state in states) for states in (flow.COMING, flow.KEPT, flow.TAKING))
OWNED = [state for state in TAKING if state != State.HELD]
WORDS = {State.WAITING: _("候补"), State.OFFERED: _("候补已留位"), State.HELD: _("填表中"), State.BOOKED: _("已预约"),
         State.CONFIRMED: _("已确认"), State.ARRIVED: _("已到访"), State.NO_SHOW: _("未到"), State.CANCELLED: _("已取消"),
         State.EXPIRED: _("已过期")}


class SlotQuerySet(TenantQuerySet):
    def bookable(self, cutoff: object) -> "SlotQuerySet":
        """Open slots that begin after the cutoff: the moment itself for the desk, later by the type's notice for parents."""
        return self.filter(state=Slot.State.OPEN, starts_at__gt=cutoff)


class Slot(TenantModel):
    """时段: so many places for one type of visit at one campus from a time to a time.

    ``booked`` counts the rows that take a place; nothing else may change it than ``reception.places``.
    """

    class State(models.TextChoices):
        OPEN = "open", _("开放")
        BLOCKED = "blocked", _("停用")          # by hand: the teacher is ill
        WITHDRAWN = "withdrawn", _("不再开放")   # by the calendar

    type = TenantForeignKey(VisitType, related_name="slots", verbose_name=_("到访类型"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    starts_at = models.DateTimeField(_("从"))
    ends_at = models.DateTimeField(_("到"))
    capacity = models.PositiveSmallIntegerField(_("几组"))
    booked = models.PositiveSmallIntegerField(_("已约"), default=0)
    by_hand = models.BooleanField(default=False)  # its number of places was set for itself: the sweep leaves that
    extra = models.BooleanField(default=False)    # made for itself, outside of the pattern: the sweep leaves the slot
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("原因"), max_length=80, blank=True)

    objects = TenantManager.from_queryset(SlotQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("时段")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "type", "campus", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=Q(booked__gte=0, booked__lte=F("capacity")), name="slot_not_oversold",
                                   violation_error_message=_("这个时段约满了。")),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_span"),
        ]
        indexes = [models.Index(fields=["tenant", "campus", "starts_at"], name="slot_campus")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%m-%d %H:%M} {self.type}"

    @property
    def free(self) -> int:
        return self.capacity - self.booked if self.state == self.State.OPEN else 0


class TimeRange(Func):
    """``tstzrange(starts_at, ends_at)``"""

    function = "tstzrange"
    output_field: models.Field = DateTimeRangeField()


class BookingQuerySet(TenantQuerySet):
    def taking(self) -> "BookingQuerySet":
        return self.filter(state__in=TAKING)

    def coming(self) -> "BookingQuerySet":
        return self.filter(state__in=COMING)

    def waiting(self) -> "BookingQuerySet":
        """Who waits for a place, first come first."""
        return self.filter(state=State.WAITING.value).order_by("id")

    def run_out(self, at: object) -> "BookingQuerySet":
        """Holds and offers whose time is over."""
        return self.filter(state__in=KEPT, expires_at__lte=at)


def _apart(name: str, column: str, message: object) -> ExclusionConstraint:
    """Nobody and no room is in two slots at once; families of one slot may share them."""
    return ExclusionConstraint(
        name=name, violation_error_message=message, condition=Q(state__in=TAKING) & ~Q(**{column: None}),
        expressions=[(F("tenant"), RangeOperators.EQUAL), (F(column), RangeOperators.EQUAL), (F("slot"), RangeOperators.NOT_EQUAL),
                     (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS)])


class Booking(TenantModel):
    """预约: one family's place in a slot, from the hold to the visit; also a place in the queue of a full slot (候补)."""

    slot = TenantForeignKey(Slot, related_name="bookings", verbose_name=_("时段"))
    starts_at = models.DateTimeField(_("从"))  # the slot's own, beside it for the constraints and the day's list
    ends_at = models.DateTimeField(_("到"))
    lead = TenantForeignKey(Lead, null=True, related_name="bookings", verbose_name=_("线索"))
    state = models.CharField(_("状态"), max_length=10, choices=[(s.value, word) for s, word in WORDS.items()])
    channel = models.CharField(_("渠道"), max_length=10, choices=LeadChannel)
    reference = models.CharField(_("预约号"), max_length=12)
    token_hash = models.CharField(max_length=64, editable=False)
    link_serial = models.PositiveSmallIntegerField(default=0, editable=False)  # which of its links is the one that works
    token_revoked_at = models.DateTimeField(null=True, editable=False)
    host = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("接待人"))
    room = TenantForeignKey(Room, null=True, related_name="+", verbose_name=_("房间"))
    expires_at = models.DateTimeField(null=True)
    reason = models.CharField(_("原因"), max_length=80, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(_("预约时间"), default=timezone.now)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))

    objects = TenantManager.from_queryset(BookingQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("预约")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="booking_reference"),
            models.UniqueConstraint(fields=["tenant", "token_hash"], name="booking_token"),
            models.CheckConstraint(condition=~Q(state__in=KEPT) | ~Q(expires_at=None), name="booking_kept_until"),
            models.CheckConstraint(condition=~Q(state__in=OWNED) | ~Q(lead=None), name="booking_whose"),
            _apart("booking_host_apart", "host", _("这位接待人这时候在另一个时段里。")),
            _apart("booking_room_apart", "room", _("这个房间这时候在另一个时段里用着。")),
        ]
        indexes = [models.Index(fields=["tenant", "slot", "state"], name="booking_slot"),
                   models.Index(fields=["tenant", "starts_at"], name="booking_starts"),
                   models.Index(fields=["tenant", "expires_at"], condition=Q(state__in=KEPT), name="booking_kept")]

    def __str__(self) -> str:
        return self.reference


class StoredAnswer(TenantModel):
    """What a request with this Idempotency-Key was answered: kept for 48 hours and given again to the same request."""

    linked = False

    key_index = models.CharField(max_length=32)
    body_digest = models.CharField(max_length=64)
    answer_sealed = models.BinaryField(null=True)
    answer = Sealed("answer_sealed")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key_index"], name="stored_answer_key")]
        indexes = [models.Index(fields=["tenant", "at"], name="stored_answer_at")]


class PhoneCode(TenantModel):
    """手机验证码: six digits sent to a phone, good for one booking."""

    phone_index = models.CharField(max_length=32)
    phone_sealed = models.BinaryField(null=True)
    phone = Sealed("phone_sealed")
    code_sealed = models.BinaryField(null=True)
    code = Sealed("code_sealed")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("手机验证码")
        indexes = [models.Index(fields=["tenant", "phone_index", "expires_at"], name="phone_code_phone")]

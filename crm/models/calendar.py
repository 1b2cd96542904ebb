"""园历: when a school is open, as its people keep it; a campus may keep one of its own."""
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from crm.calendar import DAY, Kind, Shift, clock
from crm.days import planned
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus

WEEKDAYS = [(0, _("周一")), (1, _("周二")), (2, _("周三")), (3, _("周四")), (4, _("周五")), (5, _("周六")), (6, _("周日"))]


class DayKind(models.TextChoices):
    """What a run of special days is; the words of ``crm.calendar.Kind`` but for the ordinary day."""

    HOLIDAY = Kind.HOLIDAY.value, _("放假")
    MAKE_UP = Kind.MAKE_UP.value, _("调休上班")
    BREAK = Kind.BREAK.value, _("寒暑假")
    CLOSURE = Kind.CLOSURE.value, _("闭园")
    OPENING = Kind.OPENING.value, _("加开")


class WorkCalendar(TenantModel):
    """园历: one for the school, and one for each campus that goes its own way in week and rules.

    Special days of the school hold for every campus, unless the campus's own say otherwise.
    """

    campus = TenantForeignKey(Campus, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    keeps_holidays = models.BooleanField(_("法定节假日放假"), default=True)
    works_make_up = models.BooleanField(_("调休日上班"), default=True)
    make_up_like = models.PositiveSmallIntegerField(_("调休日按周几的班次"), choices=WEEKDAYS, default=0)
    quiet_from = models.TimeField(_("静默时段从"), default="21:00")
    quiet_until = models.TimeField(_("静默时段到"), default="08:00")
    version = models.IntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("园历")
        constraints = [models.UniqueConstraint(fields=["tenant", "campus"], nulls_distinct=False, name="work_calendar_once",
                                               violation_error_message=_("这个园所已经有自己的园历。"))]

    def __str__(self) -> str:
        return self.campus.name if self.campus else str(_("全部园所"))


class MinuteRange(Func):
    """``int4range(starts, ends)``: from the one up to, not including, the other."""

    function = "int4range"
    output_field: models.Field = IntegerRangeField()


class WorkShift(TenantModel):
    """班次: on one weekday from a minute of the day to another; a gap between two is the lunch break."""

    calendar = TenantForeignKey(WorkCalendar, models.CASCADE, related_name="shifts", verbose_name=_("园历"))
    weekday = models.PositiveSmallIntegerField(_("周几"), choices=WEEKDAYS)
    starts = models.PositiveSmallIntegerField(_("从"))
    ends = models.PositiveSmallIntegerField(_("到"), validators=[MaxValueValidator(DAY)])

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("班次")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends"), ends__lte=DAY, weekday__lte=6), name="work_shift_span",
                                   violation_error_message=_("班次的结束要晚于开始。")),
            ExclusionConstraint(name="work_shift_apart", violation_error_message=_("同一天的班次不能重叠。"), expressions=[
                (F("tenant"), RangeOperators.EQUAL), (F("calendar"), RangeOperators.EQUAL), (F("weekday"), RangeOperators.EQUAL),
                (MinuteRange("starts", "ends"), RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.starts)}–{clock(self.ends)}"

    def as_shift(self) -> Shift:
        return Shift(self.starts, self.ends)


class SpecialDays(TenantModel):
    """特别的日子: a run of dates that are not as their weekday is. The shorter run wins, then the later entry."""

    class Source(models.TextChoices):
        HAND = "hand", _("手工")
        FILE = "file", _("导入")

    calendar = TenantForeignKey(WorkCalendar, models.CASCADE, related_name="special_days", verbose_name=_("园历"))
    first = models.DateField(_("从"), validators=[planned])
    last = models.DateField(_("到"), validators=[planned])
    kind = models.CharField(_("是什么日子"), max_length=10, choices=DayKind)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    hours = models.CharField(_("班次"), max_length=80, blank=True, editable=False)  # as crm.hours.say_shifts writes them
    source = models.CharField(max_length=4, choices=Source, default=Source.HAND, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("特别的日子")
        ordering = ["first", "id"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="special_days_span",
                                              violation_error_message=_("最后一天不能早于第一天。")),
                       models.CheckConstraint(condition=Q(hours__regex=r"^(\d{1,2}:\d{2}-\d{1,2}:\d{2}( |$))*$"), name="special_days_hours",
                                              violation_error_message=_("班次要写成 8:00-12:00 14:00-17:30。"))]
        indexes = [models.Index(fields=["tenant", "calendar", "first"], name="special_days_first")]

    def __str__(self) -> str:
        return f"{self.first} {self.name or self.get_kind_display()}"

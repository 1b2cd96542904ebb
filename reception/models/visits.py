"""到访: a family's visit from the preparation to the feedback: its steps with their times, the areas shown, what was made ready."""
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Consultation
from reception.models.bookings import Booking
from reception.stages import Step
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Campus, Membership

STEP_WORDS = {Step.BOOKED: _("预约"), Step.PREPARED: _("准备好"), Step.ARRIVED: _("到达"), Step.GREETED: _("迎接"), Step.SEATED: _("入座"),
              Step.TOUR: _("参观"), Step.CONSULTATION: _("咨询"), Step.SIGNING: _("签约"), Step.LEFT: _("离开"), Step.FEEDBACK: _("反馈")}
STEPS = [(step.value, word) for step, word in STEP_WORDS.items()]


class Exit(models.TextChoices):
    """离开的原因: why a visit went no further."""

    THINKING = "thinking", _("再考虑")
    PRICE = "price", _("价格")
    DISTANCE = "distance", _("太远")
    HOURS = "hours", _("时间不合适")
    COURSE = "course", _("课程不合适")
    PLACE = "place", _("环境设施")
    PEOPLE = "people", _("师资服务")
    ELSEWHERE = "elsewhere", _("选了别家")
    AGE = "age", _("年龄不合适")
    OTHER = "other", _("其他")


class TookPart(models.TextChoices):
    """体验课表现 (R20): how the child took part in a trial class."""

    EAGER = "eager", _("主动参与")
    WARMED = "warmed", _("慢慢加入")
    WATCHED = "watched", _("在旁边看")
    UPSET = "upset", _("哭闹，没上完")


class Visit(TenantModel):
    """到访. ``step`` is the last that was taken; ``reception.visiting`` alone changes it."""

    booking = TenantOneToOneField(Booking, models.CASCADE, related_name="visit", verbose_name=_("预约"))
    step = models.CharField(_("步骤"), max_length=12, choices=STEPS, default=Step.BOOKED)
    exit = models.CharField(_("离开的原因"), max_length=12, choices=Exit, blank=True)
    exit_note = models.CharField(_("说明"), max_length=120, blank=True)
    consultation = TenantOneToOneField(Consultation, models.SET_NULL, null=True, editable=False, related_name="+")
    took_part = models.CharField(_("体验课表现"), max_length=10, choices=TookPart, blank=True)
    took_part_note = models.CharField(_("说明"), max_length=200, blank=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("到访")
        indexes = [models.Index(fields=["tenant", "step"], name="visit_step")]


class VisitStep(TenantModel):
    """One step of a visit: when it was, who tapped it. The key is the tap's own, so that a tap sent twice counts once."""

    visit = TenantForeignKey(Visit, models.CASCADE, related_name="steps", verbose_name=_("到访"))
    step = models.CharField(_("步骤"), max_length=12, choices=STEPS)
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    key = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("到访步骤")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "visit", "step"], name="visit_step_once"),
                       models.UniqueConstraint(fields=["tenant", "key"], name="visit_step_key")]


class Area(TenantModel):
    """参观的区域 (R18, R19): what is shown to every family at a campus, and what is said there."""

    campus = TenantForeignKey(Campus, models.CASCADE, related_name="areas", verbose_name=_("园所"))
    name = models.CharField(_("名称"), max_length=20)
    purpose = models.CharField(_("功能"), max_length=200, blank=True)
    safety = models.CharField(_("安全措施"), max_length=200, blank=True)
    teaching = models.CharField(_("教学特色"), max_length=200, blank=True)
    hygiene = models.CharField(_("卫生管理"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("参观区域")
        ordering = ["campus", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "name"], name="area_name",
                                               violation_error_message=_("这个园所已经有同名的区域。"))]

    def __str__(self) -> str:
        return self.name


class AreaShown(TenantModel):
    """看过的区域."""

    visit = TenantForeignKey(Visit, models.CASCADE, related_name="shown", verbose_name=_("到访"))
    area = TenantForeignKey(Area, related_name="+", verbose_name=_("区域"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("看过的区域")
        constraints = [models.UniqueConstraint(fields=["tenant", "visit", "area"], name="area_shown_once")]


class Readiness(models.TextChoices):
    """What a thing to make ready belongs to (R10, R11)."""

    PLACE = "place", _("场地")
    PAPERS = "papers", _("资料")
    TREATS = "treats", _("饮品点心")
    SAFETY = "safety", _("安全")
    HYGIENE = "hygiene", _("卫生")
    COMFORT = "comfort", _("舒适")


class CheckItem(TenantModel):
    """接待准备清单: what is made ready every day on which families come."""

    name = models.CharField(_("名称"), max_length=30)
    kind = models.CharField(_("类别"), max_length=10, choices=Readiness, default=Readiness.PLACE)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("接待准备清单")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="check_item_name",
                                               violation_error_message=_("清单里已经有这一项。"))]

    def __str__(self) -> str:
        return self.name


class Check(TenantModel):
    """One item of one day at one campus: made ready, or reported as missing until it is."""

    item = TenantForeignKey(CheckItem, related_name="+", verbose_name=_("准备事项"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    day = models.DateField(_("日期"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    lacking = models.CharField(_("缺什么"), max_length=60, blank=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("接待准备")
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "day", "item"], name="check_once"),
                       models.CheckConstraint(condition=Q(done_at=None) | Q(lacking=""), name="check_done_lacks_nothing")]


class BriefingPoint(TenantModel):
    """应答要点 (R12, B12): when a parent asks for this, what to say, what to have at hand, which area to stress."""

    need = models.CharField(_("家长关心什么"), max_length=20)
    say = models.CharField(_("怎么说"), max_length=200)
    bring = models.CharField(_("带什么资料"), max_length=80, blank=True)
    area = models.CharField(_("重点看哪里"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("应答要点")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "need"], name="briefing_point_need",
                                               violation_error_message=_("这一项已经有要点。"))]

    def __str__(self) -> str:
        return self.need

"""到访类型, 房间, and which campus offers what, with whom and where."""
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership
from tenancy.remembered import forget
from tenancy.scope import current_tenant_id


def between(least: int, most: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


def few_short_lines(text: str) -> None:
    lines = text.splitlines()
    if len(lines) > 40 or any(len(line) > 60 for line in lines):
        raise ValidationError(_("最多 40 个，每个不超过 60 个字。"))


def is_trial(code: str) -> bool:
    """A trial class: its type's code is ``trial``, or begins so where a school has several (``trial-art``)."""
    return code.split("-")[0] == "trial"


class VisitType(TenantModel):
    """到访类型: 参观, 体验课, 咨询, 签约, and what else the school receives families for."""

    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=30)
    minutes = models.PositiveSmallIntegerField(_("多长（分钟）"), default=50, validators=between(5, 480))
    rest_minutes = models.PositiveSmallIntegerField(_("间隔（分钟）"), default=10, validators=between(0, 240))
    capacity = models.PositiveSmallIntegerField(_("同时几组"), default=3, validators=between(1, 200))
    notice_minutes = models.PositiveIntegerField(_("至少提前（分钟）"), default=120, validators=between(0, 30 * 1440))
    horizon_days = models.PositiveSmallIntegerField(_("最多提前（天）"), default=30, validators=between(1, 180))
    is_public = models.BooleanField(_("家长可以自己约"), default=True)
    is_open = models.BooleanField(_("还在用"), default=True)
    before = models.CharField(_("来之前的提示"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("到访类型")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="visit_type_code",
                                               violation_error_message=_("这个代码已经有到访类型在用，换一个。"))]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_name(self) -> str:
        """In the language of whoever reads, as long as the name is one that every school starts with."""
        return gettext(self.name)

    @property
    def spoken_before(self) -> str:
        return gettext(self.before) if self.before else ""

    @property
    def is_trial(self) -> bool:
        return is_trial(self.code)


class Room(TenantModel):
    """房间: where a visit can be; two visits of different slots never share one at the same time."""

    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    name = models.CharField(_("名称"), max_length=30)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("房间")
        ordering = ["campus", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "name"], name="room_name",
                                               violation_error_message=_("这个园所已经有同名的房间。"))]

    def __str__(self) -> str:
        return self.name


class Offer(TenantModel):
    """开放预约: a campus receives families for one type of visit; its hosts and rooms are assigned ahead (R9)."""

    type = TenantForeignKey(VisitType, models.CASCADE, related_name="offers", verbose_name=_("到访类型"))
    campus = TenantForeignKey(Campus, models.CASCADE, related_name="+", verbose_name=_("园所"))
    is_open = models.BooleanField(_("开放预约"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("开放预约")
        ordering = ["type", "campus"]
        constraints = [models.UniqueConstraint(fields=["tenant", "type", "campus"], name="offer_once",
                                               violation_error_message=_("这个园所已经开放了这类到访。"))]

    def __str__(self) -> str:
        return f"{self.campus} {self.type}"


class OfferHost(TenantModel):
    """接待人: who receives families of an offer."""

    offer = TenantForeignKey(Offer, models.CASCADE, related_name="hosts", verbose_name=_("开放预约"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("接待人"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("接待人")
        constraints = [models.UniqueConstraint(fields=["tenant", "offer", "member"], name="offer_host_once")]


class OfferRoom(TenantModel):
    """A room in which visits of an offer can be."""

    offer = TenantForeignKey(Offer, models.CASCADE, related_name="rooms", verbose_name=_("开放预约"))
    room = TenantForeignKey(Room, models.CASCADE, related_name="+", verbose_name=_("房间"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("可用的房间")
        constraints = [models.UniqueConstraint(fields=["tenant", "offer", "room"], name="offer_room_once")]


NOTICE = """您留下的称呼和手机号只用来安排这次到访、发提醒和回访。
孩子的姓名和出生年月只用来准备接待，不用于别的，也不给别人看；到访后 90 天没有报名就删除。
不同意使用孩子的信息，只留电话也能来，接待时再说就行。
您可以随时在预约页查看留下的信息、撤回同意、要求删除；有疑问或投诉请联系园里。"""


class CodeWanted(models.TextChoices):
    """When a parent's phone is verified by a one-time code."""

    NEVER = "never", _("不用")
    DOUBT = "doubt", _("请求太多时才要")
    ALWAYS = "always", _("每次都要")


def rules_key() -> str:
    return f"booking-rules:{current_tenant_id()}"


class RulesQuerySet(TenantQuerySet):
    def update(self, **changes: Any) -> int:
        forget(rules_key())
        return super().update(**changes)


class BookingRules(TenantModel):
    """预约规则: one row a school. Every booking reads them, so they are remembered for a minute, and forgotten when changed."""

    objects = TenantManager.from_queryset(RulesQuerySet)()

    hold_minutes = models.PositiveSmallIntegerField(_("填表时留位（分钟）"), default=10, validators=between(1, 60))
    offer_minutes = models.PositiveSmallIntegerField(_("候补留位（分钟）"), default=60, validators=between(5, 1440))
    change_minutes = models.PositiveIntegerField(_("开始前多久还能自己改（分钟）"), default=120, validators=between(0, 10080))
    token_days = models.PositiveSmallIntegerField(_("到访后链接还能用（天）"), default=90, validators=between(1, 366))
    child_days = models.PositiveSmallIntegerField(_("没有报名时，到访后多少天删除孩子的信息"), default=90, validators=between(1, 366))
    remind_day_before = models.BooleanField(_("前一天提醒家长"), default=True)
    remind_minutes = models.PositiveSmallIntegerField(_("到访前多久再提醒（分钟），0 为不提醒"), default=120, validators=between(0, 1440))
    code = models.CharField(_("手机验证码"), max_length=6, choices=CodeWanted, default=CodeWanted.DOUBT)
    per_phone = models.PositiveSmallIntegerField(_("一个手机号一天最多约几次"), default=6, validators=between(1, 100))
    address_code_after = models.PositiveSmallIntegerField(_("同一网络一小时超过几次要验证码"), default=10, validators=between(1, 1000))
    address_most = models.PositiveSmallIntegerField(_("同一网络一小时最多几次"), default=30, validators=between(1, 5000))
    notice_version = models.CharField(_("告知书版本"), max_length=20, default="1")
    notice_text = models.TextField(_("告知书"), max_length=4000, default=NOTICE)
    page_seconds = models.PositiveSmallIntegerField(_("填得比这几秒还快要验证码，0 为不看"), default=2, validators=between(0, 60))
    courses = models.TextField(_("预约页问的课程"), max_length=2000, blank=True, validators=[few_short_lines],
                               help_text=_("一行一个；空着就不问。"))
    tenant_code_after = models.PositiveIntegerField(_("全机构一小时超过几次要验证码"), default=200, validators=between(1, 100000))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("预约规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="booking_rules_once")]

    def __str__(self) -> str:
        return str(_("预约规则"))

    @property
    def course_list(self) -> list[str]:
        """What a parent may choose from."""
        return [line.strip() for line in self.courses.splitlines() if line.strip()]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget(rules_key())

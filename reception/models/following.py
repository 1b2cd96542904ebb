"""跟进: when a family is spoken to again after its visit, by whom, and what came of it (R30)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, TimelineEntry
from reception.models.bookings import Booking
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Membership

CHANNELS = [("phone", _("电话")), ("wechat", _("微信")), ("sms", _("短信")), ("face", _("面谈"))]


class After(models.TextChoices):
    """What the visit ended with."""

    UNSIGNED = "unsigned", _("没签约")
    SIGNED = "signed", _("签约以后")


class Answer(models.TextChoices):
    """跟进结果: what a family said."""

    WARM = "warm", _("有意向")
    THINKING = "thinking", _("还在考虑")
    SETTLED = "settled", _("适应得好")
    UNEASY = "uneasy", _("有不适应")
    UNREACHED = "unreached", _("没联系上")
    LOST = "lost", _("不来了")


class FollowRule(TenantModel):
    """跟进计划: so many days after the visit, by this channel, about this."""

    after = models.CharField(_("什么情况"), max_length=10, choices=After)
    days = models.PositiveSmallIntegerField(_("到访后第几天"), validators=[MinValueValidator(0), MaxValueValidator(366)])
    channel = models.CharField(_("渠道"), max_length=10, choices=CHANNELS, default="phone")
    what = models.CharField(_("说什么"), max_length=80)
    asks_child = models.BooleanField(_("问孩子适应得怎么样"), default=False)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("跟进计划")
        ordering = ["after", "days", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "after", "days", "channel"], name="follow_rule_once",
                                               violation_error_message=_("这一天已经有同一渠道的跟进。"))]

    def __str__(self) -> str:
        return self.what


class FollowUpQuerySet(TenantQuerySet):
    def open(self) -> "FollowUpQuerySet":
        return self.filter(state=FollowUp.State.OPEN)


class FollowUp(TenantModel):
    """一次跟进: one contact that is owed to a family after its visit."""

    class State(models.TextChoices):
        OPEN = "open", _("待跟进")
        DONE = "done", _("已跟进")
        DROPPED = "dropped", _("不跟进了")

    booking = TenantForeignKey(Booking, models.CASCADE, related_name="follow_ups", verbose_name=_("到访"))
    rule = TenantForeignKey(FollowRule, models.SET_NULL, null=True, related_name="+", verbose_name=_("跟进计划"))
    after = models.CharField(_("什么情况"), max_length=10, choices=After)
    due_on = models.DateField(_("哪天"))
    channel = models.CharField(_("渠道"), max_length=10, choices=CHANNELS)
    what = models.CharField(_("说什么"), max_length=80)
    asks_child = models.BooleanField(default=False)
    owner = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁来跟"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(_("家长怎么说"), max_length=10, choices=Answer, blank=True)
    adaptation = models.PositiveSmallIntegerField(_("孩子适应"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    done_at = models.DateTimeField(null=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    entry = TenantOneToOneField(TimelineEntry, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = TenantManager.from_queryset(FollowUpQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("跟进")
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "booking", "rule"], name="follow_up_once"),
                       models.CheckConstraint(condition=~Q(state="done") | ~Q(done_at=None), name="follow_up_done_at"),
                       models.CheckConstraint(condition=Q(adaptation=None) | Q(adaptation__gte=1, adaptation__lte=5),
                                              name="follow_up_adaptation")]
        indexes = [models.Index(fields=["tenant", "due_on"], condition=Q(state="open"), name="follow_up_due")]

    def __str__(self) -> str:
        return self.what

    @property
    def customer(self) -> Customer:
        """Whom the visit's enquiry belongs to, also after two families were merged."""
        assert self.booking.lead is not None and self.booking.lead.customer is not None  # filed, or there would be no plan
        return self.booking.lead.customer

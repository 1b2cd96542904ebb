"""承诺 and 咨询: what was promised to a family, and what it told and was advised in a consultation."""
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Child, Customer
from crm.models.facts import IntentRating, TimelineEntry
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Membership


class PromiseQuerySet(TenantQuerySet):
    def open(self) -> "PromiseQuerySet":
        return self.filter(state=Promise.State.OPEN)

    def overdue(self, day: date) -> "PromiseQuerySet":
        """Open and past their day."""
        return self.open().filter(due_on__lt=day)

    def untold(self, day: date) -> "PromiseQuerySet":
        """Overdue, and not yet told for this due day."""
        return self.overdue(day).exclude(missed_on=F("due_on"))


class Promise(TenantModel):
    """承诺 (B11; R28c, K28d): what was said yes to, whose task it is and until when; its fate stands on the timeline."""

    class State(models.TextChoices):
        OPEN = "open", _("待兑现")
        KEPT = "kept", _("已兑现")
        DROPPED = "dropped", _("不用了")

    class MadeIn(models.TextChoices):
        CONSULTATION = "consultation", _("咨询")
        SIGNING = "signing", _("签约")
        FOLLOW_UP = "follow_up", _("跟进")
        COMPLAINT = "complaint", _("投诉处理")
        OTHER = "other", _("平时")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="promises", verbose_name=_("客户"))
    text = models.CharField(_("答应了什么"), max_length=200)
    made_in = models.CharField(_("在什么时候答应的"), max_length=12, choices=MadeIn, default=MadeIn.OTHER)
    made_on = models.DateField(_("答应的日期"))
    owner = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁来做"))
    due_on = models.DateField(_("最晚哪天"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    closed_on = models.DateField(_("了结日期"), null=True)
    outcome = models.CharField(_("结果"), max_length=200, blank=True)
    entry = TenantOneToOneField(TimelineEntry, models.SET_NULL, null=True, editable=False, related_name="+")
    missed_on = models.DateField(null=True, editable=False)  # the due day that was missed and told on the timeline
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("登记人"))

    objects = TenantManager.from_queryset(PromiseQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("承诺")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(due_on__gte=F("made_on")), name="promise_due",
                                              violation_error_message=_("最晚的日期不能早于答应的日期。")),
                       models.CheckConstraint(condition=Q(state="open", closed_on=None) | ~Q(state="open") & ~Q(closed_on=None),
                                              name="promise_closed")]
        indexes = [models.Index(fields=["tenant", "customer", "state"], name="promise_customer"),
                   models.Index(fields=["tenant", "due_on"], condition=Q(state="open"), name="promise_due_on")]

    def __str__(self) -> str:
        return self.text


class Consultation(TenantModel):
    """咨询 (R15, R21–R23): what a family needs, can pay, hopes and fears, and what was proposed to it."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="consultations", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    entry = TenantOneToOneField(TimelineEntry, models.CASCADE, editable=False, related_name="consultation")
    rating = TenantOneToOneField(IntentRating, models.SET_NULL, null=True, editable=False, related_name="consultation")
    on = models.DateField(_("日期"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    needs = models.TextField(_("具体需要"), max_length=500, blank=True)
    budget_fen = models.BigIntegerField(_("每月预算"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10**8)])
    expectations = models.TextField(_("期望"), max_length=500, blank=True)
    worries = models.TextField(_("担心的地方"), max_length=500, blank=True)
    course = models.CharField(_("意向课程"), max_length=60, blank=True)
    proposal = models.TextField(_("建议方案"), max_length=1000, blank=True)
    self_check = models.JSONField(_("接待自查"), default=list)  # which of crm.consulting.SELF_CHECK hold
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("咨询")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["tenant", "customer", "on"], name="consultation_customer")]

    def __str__(self) -> str:
        return f"{self.on} {self.customer}"

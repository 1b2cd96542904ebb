"""方案、批次、结果、当前等级、报告."""
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, CustomerType
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Membership
from tenancy.versions import Versioned
from tiering.rules import ALGORITHM, from_data
from tiering.rules import Scheme as Rules


class Scheme(TenantModel):
    """方案: how customers of one type are judged; its versions say how exactly, and when."""

    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=40)
    customer_type = TenantForeignKey(CustomerType, related_name="+", verbose_name=_("客户类型"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("分级方案")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="scheme_code")]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(Versioned):
    """方案版本: rules as data. A version in force is never edited; the next draft is."""

    scheme = TenantForeignKey(Scheme, models.CASCADE, related_name="versions")
    rules = models.JSONField()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("方案版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "scheme", "number"], name="scheme_version_number"),
            models.UniqueConstraint(fields=["tenant", "scheme"], condition=Q(state="in_force"), name="scheme_one_in_force"),
        ]

    def as_rules(self) -> Rules:
        return from_data(self.rules)


class Batch(TenantModel):
    """定级批次: frozen inputs, computed results, two pairs of eyes, then standings."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("待提交")
        IN_REVIEW = "in_review", _("部门复核")
        PUBLISHED = "published", _("已发布")
        REJECTED = "rejected", _("已退回")
        WORKED_BACK = "worked_back", _("倒算")

    version = TenantForeignKey(SchemeVersion, related_name="batches")
    as_of = models.DateField(_("数据截至"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.COMPUTED)
    algorithm = models.PositiveSmallIntegerField(default=ALGORITHM)
    size = models.IntegerField(_("户数"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    previous = TenantForeignKey("tiering.Batch", null=True, related_name="+")
    computed_by = TenantForeignKey(Membership, null=True, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)
    proposed_by = TenantForeignKey(Membership, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = TenantForeignKey(Membership, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("定级批次")
        ordering = ["-as_of", "-id"]

    @property
    def quarter(self) -> str:
        return f"{self.as_of.year} Q{(self.as_of.month + 2) // 3}"


class Result(TenantModel):
    """One customer in one batch: the frozen facts and what decide() made of them. Never changed."""

    linked = False

    pk = models.CompositePrimaryKey("tenant_id", "batch_id", "customer_id")
    batch = TenantForeignKey(Batch, models.CASCADE, related_name="results")
    customer = TenantForeignKey(Customer, related_name="results")
    campus_id_then = models.BigIntegerField()
    facts = ArrayField(models.BigIntegerField(null=True))
    parts = ArrayField(models.IntegerField())
    score = models.IntegerField()
    tier = models.SmallIntegerField(null=True)
    uncapped = models.SmallIntegerField(null=True)
    held = ArrayField(models.SmallIntegerField())
    missing = ArrayField(models.CharField(max_length=20))


class Review(TenantModel):
    """部门复核: one department's word on a batch."""

    batch = TenantForeignKey(Batch, models.CASCADE, related_name="reviews")
    by = TenantForeignKey(Membership, related_name="+")
    agrees = models.BooleanField()
    note = models.CharField(_("意见"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "batch", "by"], name="review_once")]


class Override(TenantModel):
    """人工调整 (X5): another tier than the rules', with reason, second approver and expiry."""

    customer = TenantForeignKey(Customer, related_name="+")
    scheme = TenantForeignKey(Scheme, related_name="+")
    tier = models.SmallIntegerField(_("调整为"))
    reason = models.CharField(_("理由"), max_length=300)
    proposed_by = TenantForeignKey(Membership, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = TenantForeignKey(Membership, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    expires_on = models.DateField(_("到期"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("人工调整")
        ordering = ["-id"]


class StandingQuerySet(TenantQuerySet):
    def on(self, day: Any) -> "StandingQuerySet":
        """In force on a day; ``until_on`` is the first day it no longer was."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)

    def now(self) -> "StandingQuerySet":
        return self.filter(until_on=None)


class Standing(TenantModel):
    """当前等级 with its history: which tier a customer held under a scheme from a day to a day."""

    scheme = TenantForeignKey(Scheme, related_name="+")
    customer = TenantForeignKey(Customer, related_name="standings")
    tier = models.SmallIntegerField(_("等级"), null=True)
    label = models.CharField(_("等级"), max_length=12, blank=True)
    score = models.IntegerField(_("分数"))
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    batch = TenantForeignKey(Batch, null=True, related_name="+")
    override = TenantForeignKey(Override, null=True, related_name="standings")

    objects = TenantManager.from_queryset(StandingQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("当前等级")
        constraints = [models.UniqueConstraint(fields=["tenant", "scheme", "customer"], condition=Q(until_on=None),
                                               name="standing_one_now")]
        indexes = [models.Index(fields=["tenant", "customer", "from_on"], name="standing_history"),
                   models.Index(fields=["tenant", "scheme", "label"], condition=Q(until_on=None), name="standing_now_label")]


class Outlook(TenantModel):
    """按今天算: what the rules in force would say today, re-derived every night; changes nothing until a batch is published."""

    scheme = TenantForeignKey(Scheme, models.CASCADE, related_name="+")
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="outlooks")
    label = models.CharField(_("等级"), max_length=12, blank=True)
    score = models.IntegerField(_("分数"))
    as_of = models.DateField(_("数据截至"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("按今天算")
        constraints = [models.UniqueConstraint(fields=["tenant", "scheme", "customer"], name="outlook_once")]


class QuarterlyReport(TenantModel):
    """季度报告: the written summary (K45), the figures as they stood, and who signed."""

    batch = TenantOneToOneField(Batch, related_name="report")
    summary = models.TextField(_("本季总结"), max_length=4000, blank=True)
    figures = models.JSONField(default=dict)
    signed_by = TenantForeignKey(Membership, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("季度报告")

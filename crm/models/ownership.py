"""撞单: one family that two colleagues or campuses reached, and whose it is (SPEC B25)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.changes import Merge
from crm.models.customers import Customer
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class OwnershipRules(TenantModel):
    """撞单规则: one row a school; without one, what its fields say by default holds."""

    silent_days = models.PositiveSmallIntegerField(_("几天没跟进就不再受保护"), default=14,
                                                   validators=[MinValueValidator(1), MaxValueValidator(365)])
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("撞单规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="ownership_rules_one")]


class DisputeQuerySet(TenantQuerySet):
    def open(self) -> "DisputeQuerySet":
        return self.filter(state=Dispute.State.OPEN)


class Dispute(TenantModel):
    """撞单: who claims a family, what the rule proposes, what a supervisor decided, and how that is taken back."""

    class State(models.TextChoices):
        OPEN = "open", _("等裁决")
        DECIDED = "decided", _("已裁决")
        DROPPED = "dropped", _("不是撞单")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="disputes", verbose_name=_("客户"))
    other = TenantForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("另一份档案"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(_("怎么回事"), max_length=300, blank=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁提的"))
    at = models.DateTimeField(_("时间"))
    proposed = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("按规则归谁"))
    owner = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("归谁"))
    campus = TenantForeignKey(Campus, null=True, related_name="+", verbose_name=_("归哪个园所"))
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁裁决"))
    decided_at = models.DateTimeField(_("裁决时间"), null=True)
    words = models.CharField(_("理由"), max_length=300, blank=True)
    before = models.JSONField(default=dict)  # {"owner": id, "campus": id} as they were, to be given back
    merge = TenantForeignKey(Merge, models.SET_NULL, null=True, related_name="+")

    objects = TenantManager.from_queryset(DisputeQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("撞单")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer"], condition=Q(state="open"), name="dispute_one_open"),
            models.CheckConstraint(condition=Q(other=None) | ~Q(other=F("customer")), name="dispute_two_files"),
            models.CheckConstraint(name="dispute_decided", condition=Q(state="open", decided_at=None) | ~Q(state="open") & Q(
                decided_at__isnull=False) & ~Q(words=""))]
        indexes = [models.Index(fields=["tenant", "state", "at"], name="dispute_state")]

"""升班 and 合并: acts on many rows at once that can be taken back."""
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Customer
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class Promotion(TenantModel):
    """升班: every class of a campus moves up on one day. ``moves`` are [old enrolment, new enrolment or null]."""

    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    on = models.DateField(_("升班日期"))
    by = TenantForeignKey(Membership, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moves = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("升班")
        ordering = ["-id"]


class Merge(TenantModel):
    """合并: two customers become one. ``moved`` are [model, field, row, from], ``before`` the survivor's own fields."""

    kept = TenantForeignKey(Customer, related_name="+", verbose_name=_("保留"))
    dropped = TenantForeignKey(Customer, related_name="+", verbose_name=_("并入"))
    by = TenantForeignKey(Membership, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("合并")
        ordering = ["-id"]


class NotDuplicate(TenantModel):
    """Somebody looked at a pair and said: these are two families."""

    first = TenantForeignKey(Customer, models.CASCADE, related_name="+")
    second = TenantForeignKey(Customer, models.CASCADE, related_name="+")
    by = TenantForeignKey(Membership, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "first", "second"], name="not_duplicate_pair")]

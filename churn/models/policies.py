"""制度文件: the written rule as it held from a day on, and who has read it (SPEC C34, B14)."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.days import planned
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class Policy(TenantModel):
    """制度的一版: generated from the settings of the day it was published, frozen from then on."""

    number = models.PositiveSmallIntegerField(_("第几版"))
    sections = models.JSONField()  # [[title, [clause, …]], …]
    digest = models.CharField(_("校验码"), max_length=64)
    effective_on = models.DateField(_("从哪天起"), validators=[planned])
    note = models.CharField(_("修订说明"), max_length=300)
    published_by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁发布"))
    published_at = models.DateTimeField(_("发布时间"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失管理制度")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="policy_number")]


class PolicyReceipt(TenantModel):
    """已阅: a colleague has read a version and means to keep to it."""

    policy = TenantForeignKey(Policy, models.CASCADE, related_name="receipts", verbose_name=_("流失管理制度"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("已阅")
        constraints = [models.UniqueConstraint(fields=["tenant", "policy", "member"], name="policy_receipt_once")]

"""复盘 (R37a) and 看过手册: how a month's reception went, and who has read how it is done."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reception.models.manual import SopPage
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class ProcessReview(TenantModel):
    """接待复盘: one month of one campus, looked through and signed; its figures stay as they were seen."""

    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    month = models.DateField(_("月份"))  # its first day
    figures = models.JSONField(default=dict)
    findings = models.TextField(_("看到了什么，怎么改"), max_length=1000)
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁复盘的"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("接待复盘")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "month"], name="process_review_once"),
                       models.CheckConstraint(condition=Q(month__day=1), name="process_review_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.campus}"


class SopRead(TenantModel):
    """看过手册: a colleague has read this version of a page."""

    page = TenantForeignKey(SopPage, models.CASCADE, related_name="reads", verbose_name=_("操作手册"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("看过手册")
        constraints = [models.UniqueConstraint(fields=["tenant", "page", "member"], name="sop_read_once")]

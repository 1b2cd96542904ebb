"""流失分析报告 as it was written and signed, with its figures frozen (SPEC C4c, C14f)."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class Analysis(TenantModel):
    """流失分析报告: what a period's losses were made of, in figures of the day it was written and in the words of who wrote it."""

    first = models.DateField(_("从"))
    last = models.DateField(_("到"))
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    figures = models.JSONField(default=dict)
    summary = models.TextField(_("分析和建议"), max_length=2000)
    written_by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁写的"))
    written_at = models.DateTimeField(_("写的时间"))
    signed_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁签发"))
    signed_at = models.DateTimeField(_("签发时间"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失分析报告")
        ordering = ["-last", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "first", "last", "campus"], nulls_distinct=False, name="analysis_once"),
                       models.CheckConstraint(condition=Q(last__gte=F("first")), name="analysis_span"),
                       models.CheckConstraint(name="analysis_signed", condition=Q(signed_by=None, signed_at=None) | Q(
                           signed_by__isnull=False, signed_at__isnull=False))]

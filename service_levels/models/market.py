"""市场信息: what a school tells the customers of its first level of the market, a page a quarter (S11c)."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership

TAKEN = _("这一天起用的已经有一份，改那一份，或者换一天。")  # else nobody could say which of them is told


class MarketNote(TenantModel):
    """一份市场信息: told to every family whose plan promises it, until there is a newer one or it is too old."""

    title = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("内容"), max_length=2000)
    source = models.CharField(_("出处"), max_length=100, blank=True)
    on = models.DateField(_("从哪天起用"))
    edited_by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁写的"))
    edited_at = models.DateTimeField(_("什么时候写的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("市场信息")
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["tenant", "on"], name="market_note_of_a_day", violation_error_message=TAKEN)]

    def __str__(self) -> str:
        return self.title

"""渠道花费 (R39b): what a channel or a source cost in a month, where a school enters it."""
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel


class ChannelCost(TenantModel):
    """One month's cost of one channel (by its code) or one source (by its name), in 分."""

    class By(models.TextChoices):
        CHANNEL = "channel", _("渠道")
        SOURCE = "source", _("来源")

    month = models.DateField(_("月份"))  # its first day
    by = models.CharField(_("按什么分"), max_length=8, choices=By)
    name = models.CharField(_("名称"), max_length=40)
    amount_fen = models.BigIntegerField(_("花费（元）"), validators=[MinValueValidator(1)])

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("渠道花费")
        ordering = ["-month", "by", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "month", "by", "name"], name="channel_cost_once"),
                       models.CheckConstraint(condition=Q(month__day=1), name="channel_cost_month"),
                       models.CheckConstraint(condition=Q(amount_fen__gt=0), name="channel_cost_amount")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.name}"

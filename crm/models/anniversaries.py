"""纪念日: a family's own days (K19d)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.lunar import MonthDay, said
from crm.models.customers import Family
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey


class Anniversary(TenantModel):
    """纪念日: a day that a family keeps every year, by the sun or by the moon."""

    family = TenantForeignKey(Family, models.CASCADE, related_name="anniversaries", verbose_name=_("家庭"))
    name = models.CharField(_("什么日子"), max_length=30)
    month = models.PositiveSmallIntegerField(_("月"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    day = models.PositiveSmallIntegerField(_("日"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    lunar = models.BooleanField(_("农历"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("纪念日")
        ordering = ["month", "day", "id"]
        constraints = [models.CheckConstraint(condition=Q(month__range=(1, 12)) & Q(day__range=(1, 31)), name="anniversary_day"),
                       models.UniqueConstraint(fields=["tenant", "family", "name"], name="anniversary_once",
                                               violation_error_message=_("这一家已经有同名的纪念日。"))]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"

    @property
    def on(self) -> str:
        """On which day of every year, in words."""
        return said(MonthDay(self.month, self.day, self.lunar))

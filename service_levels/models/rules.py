"""提醒规则: when somebody is told of a deadline, and who is."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel

LATEST = 4800  # open minutes: ten long days


class ClockRules(TenantModel):
    """提醒规则 (K34, S7): a warning at so many per cent of the time; after the deadline up to three levels. One row a school.

    ``second_after`` and ``third_after`` are open minutes after the deadline; a level without them is never told.
    """

    class Told(models.TextChoices):
        """Rights, in the words of who holds them."""

        WATCHERS = "crm.survey", _("看满意度的同事")
        PLANNERS = "service.edit", _("管服务方案的同事")
        HEADS = "service.publish", _("园长和副园长")

    warn = models.PositiveSmallIntegerField(_("用掉百分之几时提醒"), default=80, validators=[MinValueValidator(50), MaxValueValidator(95)])
    first_to = models.CharField(_("一逾期还告诉谁"), max_length=16, choices=Told, default=Told.WATCHERS)
    second_after = models.PositiveSmallIntegerField(_("再过多少工作分钟第二次"), null=True, blank=True, default=60,
                                                    validators=[MinValueValidator(1), MaxValueValidator(LATEST)])
    second_to = models.CharField(_("第二次还告诉谁"), max_length=16, choices=Told, default=Told.PLANNERS)
    third_after = models.PositiveSmallIntegerField(_("再过多少工作分钟第三次"), null=True, blank=True, default=240,
                                                   validators=[MinValueValidator(1), MaxValueValidator(LATEST)])
    third_to = models.CharField(_("第三次还告诉谁"), max_length=16, choices=Told, default=Told.HEADS)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("提醒规则")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="clock_rules_one"),
            models.CheckConstraint(condition=Q(warn__range=(50, 95)), name="clock_rules_warn"),
            models.CheckConstraint(condition=Q(third_after=None) | Q(second_after__isnull=False)
                                   & Q(second_after__lt=models.F("third_after")),
                                   name="clock_rules_in_order",
                                   violation_error_message=_("第三次要比第二次晚；没有第二次，就没有第三次。"))]

    def __str__(self) -> str:
        return f"{self.warn}"

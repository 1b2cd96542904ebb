"""应触达 and its rules: what is owed to whom by when, and what settled it."""
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models.risk import Level
from crm.models import Customer, TimelineEntry
from service_levels.words import FESTIVALS, OCCASIONS
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership

MOST_CALLS = 7
FORTNIGHT = timedelta(days=14)


class TouchQuerySet(TenantQuerySet):
    def open(self) -> "TouchQuerySet":
        """Neither done nor excused. What a contact settled is open again when that contact is taken back."""
        return self.filter(entry=None, voided_on=None)

    def shown(self, day: date) -> "TouchQuerySet":
        """Open, and it is time for it: what a long span owes is asked for in its last fortnight."""
        return self.open().filter(opens_on__lte=day, due_on__lte=day + FORTNIGHT)

    def late(self, day: date) -> "TouchQuerySet":
        return self.open().filter(due_on__lt=day)


class Touch(TenantModel):
    """应触达 (B7): a contact that the plan owes a family.

    ``line`` is the key of the plan's line; ``about`` names the day it is for, as ``spring``, ``child-12`` or ``day-5``, never in words.
    ``label`` and ``band`` are the tier and risk it was owed at. Kept is what has an entry; ``kept_on`` says of which day.
    """

    linked = False

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="touches", verbose_name=_("客户"))
    line = models.CharField(max_length=80)
    text = models.CharField(_("做什么"), max_length=80)
    occasion = models.CharField(_("逢什么"), max_length=11, choices=OCCASIONS)
    about = models.CharField(max_length=24, blank=True)
    ways = models.CharField(_("怎么联系"), max_length=40, blank=True)  # channels, as the plan would have them; any real contact counts
    label = models.CharField(_("等级"), max_length=12, blank=True)
    band = models.CharField(_("风险"), max_length=5, choices=Level)
    opens_on = models.DateField(_("从哪天起"))
    due_on = models.DateField(_("最晚哪天"))
    entry = TenantForeignKey(TimelineEntry, models.SET_NULL, null=True, related_name="+", verbose_name=_("哪次联系"))
    kept_on = models.DateField(_("哪天做的"), null=True)
    missed_on = models.DateField(_("哪天误了"), null=True)
    voided_on = models.DateField(_("哪天免的"), null=True)
    why = models.CharField(_("为什么免"), max_length=80, blank=True)
    voided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁免的"))
    tried_on = models.DateField(_("哪天没打通"), null=True)

    objects = TenantManager.from_queryset(TouchQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("应触达")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "line", "due_on", "about"], name="touch_once"),
            models.CheckConstraint(condition=Q(opens_on__lte=models.F("due_on")), name="touch_opens_before_due"),
            models.CheckConstraint(condition=Q(entry=None) | Q(kept_on__isnull=False), name="touch_kept_on_a_day"),
        ]
        indexes = [models.Index(fields=["tenant", "due_on"], name="touch_due"),
                   models.Index(fields=["tenant", "customer", "due_on"], condition=Q(entry=None, voided_on=None), name="touch_open")]

    def __str__(self) -> str:
        return f"{self.due_on} {self.text}"


class TouchRules(TenantModel):
    """触达规则: on which festivals families are greeted, how often a household is called in a week. One row a school."""

    festivals = ArrayField(models.CharField(max_length=12, choices=FESTIVALS), verbose_name=_("问候哪些节日"), default=list)
    most_a_week = models.PositiveSmallIntegerField(_("同一家一周最多主动联系几次"), default=2,
                                                   validators=[MinValueValidator(1), MaxValueValidator(MOST_CALLS)])
    swept_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("触达规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="touch_rules_one"),
                       models.CheckConstraint(condition=Q(most_a_week__range=(1, MOST_CALLS)), name="touch_rules_most")]

    def __str__(self) -> str:
        return f"{self.most_a_week}"

"""预警规则、当前风险、每晚的重算、回测 (SPEC C27)."""
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from churn.risk.rules import Band, Weights
from crm.models import Customer
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class WeightsVersion(TenantModel):
    """预警规则的一版: what each sign is worth from a moment on. Never edited; the highest number is in force."""

    app_may = "SELECT, INSERT"

    number = models.PositiveIntegerField(_("版本"))
    steps = models.JSONField()  # {sign: [[value, points], …]} from mild to severe
    watch = models.PositiveSmallIntegerField(_("留意从几分起"))
    high = models.PositiveSmallIntegerField(_("高风险从几分起"))
    note = models.CharField(_("为什么改"), max_length=200, blank=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁改的"))
    since = models.DateTimeField(_("从什么时候起"), default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("预警规则")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="weights_version_number"),
                       models.CheckConstraint(condition=Q(watch__gt=0, watch__lt=F("high"), high__lte=100), name="weights_version_bands")]

    def __str__(self) -> str:
        return f"v{self.number}"

    def as_weights(self) -> Weights:
        steps = {code: tuple((bound, points) for bound, points in rows) for code, rows in self.steps.items()}
        return Weights(steps, self.watch, self.high)


class Level(models.TextChoices):
    """风险档"""

    LOW = Band.LOW.value, _("平稳")
    WATCH = Band.WATCH.value, _("留意")
    HIGH = Band.HIGH.value, _("高风险")


class RiskStandingQuerySet(TenantQuerySet):
    def on(self, day: Any) -> "RiskStandingQuerySet":
        """As it stood on a day; ``until_on`` is the first day it no longer did."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)

    def now(self) -> "RiskStandingQuerySet":
        return self.filter(until_on=None)


class RiskStanding(TenantModel):
    """当前风险 with its history: what a family's signs were worth from a day to a day. A row is written only where they changed."""

    linked = False

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="risks", verbose_name=_("客户"))
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    score = models.PositiveSmallIntegerField(_("风险分"))
    band = models.CharField(_("风险"), max_length=5, choices=Level)
    points = ArrayField(models.SmallIntegerField(null=True))  # in the order of churn.risk.rules.SIGNS; null: not known

    objects = TenantManager.from_queryset(RiskStandingQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失风险")
        constraints = [models.UniqueConstraint(fields=["tenant", "customer"], condition=Q(until_on=None), name="risk_standing_one_now"),
                       models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="risk_standing_span")]
        indexes = [models.Index(fields=["tenant", "customer", "from_on"], name="risk_standing_history"),
                   models.Index(fields=["tenant", "band", "score"], condition=Q(until_on=None), name="risk_standing_band")]

    def __str__(self) -> str:
        return f"{self.get_band_display()} {self.score}"


class RiskNight(TenantModel):
    """一晚的重算: how many families of a campus stood in each band on a day; what the trend is drawn from."""

    linked = False

    campus = TenantForeignKey(Campus, models.CASCADE, related_name="+", verbose_name=_("园所"))
    day = models.DateField(_("哪一天"))
    weights = models.PositiveIntegerField(_("预警规则版本"), default=0)  # 0: as shipped
    families = models.PositiveIntegerField(_("户数"))
    watch = models.PositiveIntegerField(_("留意"))
    high = models.PositiveIntegerField(_("高风险"))
    done_at = models.DateTimeField(_("什么时候算的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("每晚的风险")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "campus"], name="risk_night_once")]


class Backtest(TenantModel):
    """回测: would the warning have named those who left? Asked once, worked out by the worker, never changed afterwards."""

    class State(models.TextChoices):
        ASKED = "asked", _("在算")
        DONE = "done", _("算好了")

    as_of = models.DateField(_("站在哪一天"))
    until = models.DateField(_("看到哪一天"))
    weights = models.PositiveIntegerField(_("预警规则版本"), default=0)
    state = models.CharField(_("状态"), max_length=5, choices=State, default=State.ASKED)
    figures = models.JSONField(default=dict)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁要的"))
    asked_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("回测")
        ordering = ["-asked_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("as_of")), name="backtest_span")]

    def __str__(self) -> str:
        return f"{self.as_of} – {self.until}"

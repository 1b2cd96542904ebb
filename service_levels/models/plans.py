"""方案册的版本和应享服务: what is owed, and who is owed it since when."""
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from churn.models.risk import Level
from crm.models import Customer
from service_levels.plans.book import Book, from_data
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership
from tenancy.versions import Versioned
from tiering.models import Scheme


class PlanVersion(Versioned):
    """方案册: the plans of a scheme's tiers, as data. A version in force is never edited; the next draft is."""

    scheme = TenantForeignKey(Scheme, models.CASCADE, related_name="plan_versions", verbose_name=_("分级方案"))
    book = models.JSONField(_("方案册"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("服务方案")
        ordering = ["scheme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "scheme", "number"], name="plan_version_number"),
            models.UniqueConstraint(fields=["tenant", "scheme"], condition=Q(state="in_force"), name="plan_version_one_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.name} {self.number}"

    def as_book(self) -> Book:
        return from_data(self.book)


class EntitlementQuerySet(TenantQuerySet):
    def on(self, day: Any) -> "EntitlementQuerySet":
        """As it held on a day; ``until_on`` is the first day it no longer did."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)

    def now(self) -> "EntitlementQuerySet":
        return self.filter(until_on=None)


class Entitlement(TenantModel):
    """应享服务 with its history: by which plan a customer is served from a day to a day, and the tier and risk that led to it."""

    linked = False

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="entitlements", verbose_name=_("客户"))
    version = TenantForeignKey(PlanVersion, models.CASCADE, related_name="+", verbose_name=_("方案版本"))
    plan = models.CharField(_("服务方案"), max_length=20)
    label = models.CharField(_("等级"), max_length=12, blank=True)
    band = models.CharField(_("风险"), max_length=5, choices=Level)
    from_on = models.DateField(_("从哪天起"))
    until_on = models.DateField(null=True)

    objects = TenantManager.from_queryset(EntitlementQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("应享服务")
        constraints = [models.UniqueConstraint(fields=["tenant", "customer"], condition=Q(until_on=None), name="entitlement_one_now"),
                       models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="entitlement_span")]
        indexes = [models.Index(fields=["tenant", "customer", "from_on"], name="entitlement_history"),
                   models.Index(fields=["tenant", "version", "plan"], condition=Q(until_on=None), name="entitlement_now_plan")]

    def __str__(self) -> str:
        return f"{self.plan} {self.from_on}"


class ServiceMeans(TenantModel):
    """人手和预算: what a school has for keeping its promises (S23–S25). One row a school."""

    hours_week = models.PositiveIntegerField(_("每周人手（小时）"))
    budget_fen = models.PositiveBigIntegerField(_("每年预算（分）"))
    tools = models.JSONField(_("设备"), default=dict)  # how often a week each can be used, by its name
    by = TenantForeignKey(Membership, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("人手和预算")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="service_means_one"),
                       models.CheckConstraint(condition=Q(hours_week__lte=100_000), name="service_means_hours")]

    def __str__(self) -> str:
        return f"{self.hours_week}"

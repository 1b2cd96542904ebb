"""优惠办法, 预算 and 优惠: by which rule, out of which money, and what became of each (X10)."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Child, Customer
from service_levels.concessions.policy import Policy, from_data
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership
from tenancy.versions import Versioned


class ConcessionPolicy(Versioned):
    """优惠办法: the school's rules as data. A version in force is never edited; the next draft is."""

    policy = models.JSONField(_("规则"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("优惠办法")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="concession_policy_number"),
                       models.UniqueConstraint(fields=["tenant"], condition=Q(state="in_force"), name="concession_policy_one_in_force")]

    def __str__(self) -> str:
        return f"{self.number}"

    def as_policy(self) -> Policy:
        return from_data(self.policy)


class ConcessionBudget(TenantModel):
    """预算用了多少: by a rule in a calendar year. Only concessions/budgets.py writes it, by one conditional statement."""

    linked = False

    rule = models.CharField(_("规则"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年"))
    used_fen = models.PositiveBigIntegerField(_("用了（分）"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("优惠预算")
        constraints = [models.UniqueConstraint(fields=["tenant", "rule", "year"], name="concession_budget_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.year}"


class ConcessionQuerySet(TenantQuerySet):
    def standing(self) -> "ConcessionQuerySet":
        """批了的, made use of or not: what took money out of a budget."""
        return self.filter(state__in=[Concession.State.GRANTED, Concession.State.GIVEN])

    def waiting(self) -> "ConcessionQuerySet":
        return self.filter(state=Concession.State.ASKED)


class Concession(TenantModel):  # type: ignore[django-manager-missing]
    """一份优惠: asked for by one colleague, approved by another, made use of or not. ``name`` and ``says`` are the rule's of that day."""

    class State(models.TextChoices):
        ASKED = "asked", _("等批准")
        GRANTED = "granted", _("批了，还没用")
        GIVEN = "given", _("用了")
        REFUSED = "refused", _("没批")
        WITHDRAWN = "withdrawn", _("撤回了")
        LAPSED = "lapsed", _("过期没用")

    linked = False

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="concessions", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    rule = models.CharField(_("规则"), max_length=20)
    name = models.CharField(_("什么优惠"), max_length=30)
    says = models.CharField(_("规则怎么说"), max_length=200)
    fen = models.PositiveIntegerField(_("多少（分）"))
    why = models.CharField(_("为什么给"), max_length=300)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.ASKED)
    asked_by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁申请"))
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁批的"))
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    words = models.CharField(_("说明"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("用哪年的预算"), null=True)
    until_on = models.DateField(_("最晚哪天用"), null=True)
    given_on = models.DateField(_("哪天用的"), null=True)
    given_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁兑现的"))

    objects = TenantManager.from_queryset(ConcessionQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("优惠")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "rule"], condition=Q(state="asked"), name="concession_asked_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="concession_is_something"),
            models.CheckConstraint(name="concession_second_person", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(condition=Q(state__in=["asked", "refused", "withdrawn"])
                                   | Q(decided_at__isnull=False, year__isnull=False, until_on__isnull=False), name="concession_decided")]
        indexes = [models.Index(fields=["tenant", "customer", "-asked_at"], name="concession_customer"),
                   models.Index(fields=["tenant", "state", "-asked_at"], name="concession_state"),
                   models.Index(fields=["tenant", "until_on"], condition=Q(state="granted"), name="concession_lapses")]

    def __str__(self) -> str:
        return self.name

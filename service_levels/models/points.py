"""积分: the rule, every entry that makes up a family's balance, and the prizes (K22)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer
from service_levels.points.ledger import Line
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership

MOST = 10_000


class PointsRules(TenantModel):
    """积分规则: one row a school; without one nobody earns anything."""

    an_event = models.PositiveSmallIntegerField(_("参加一次活动几分"), default=10,
                                                validators=[MinValueValidator(1), MaxValueValidator(1000)])
    months = models.PositiveSmallIntegerField(_("几个月后过期"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)])
    since = models.DateField(_("从哪天的活动算起"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("积分规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="points_rules_one"),
                       models.CheckConstraint(condition=Q(an_event__gte=1, months__gte=1), name="points_rules_sense")]

    def __str__(self) -> str:
        return f"{self.an_event}"


class Prize(TenantModel):
    """奖品: what it costs in points, and how many are there; no ``stock``: as many as are asked for."""

    name = models.CharField(_("叫什么"), max_length=40)
    points = models.PositiveIntegerField(_("几分换一份"), validators=[MinValueValidator(1), MaxValueValidator(MOST)])
    stock = models.PositiveIntegerField(_("还有几份"), null=True, blank=True, validators=[MaxValueValidator(MOST)])
    is_on = models.BooleanField(_("可以换"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("奖品")
        ordering = ["points", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="prize_name",
                                               violation_error_message=_("已经有这个奖品了。")),
                       models.CheckConstraint(condition=Q(points__gte=1), name="prize_costs_something")]

    def __str__(self) -> str:
        return self.name


class PointsQuerySet(TenantQuerySet):
    def lines(self) -> list[Line]:
        """For the pure ledger: what was taken back, and the entry that took it back, were never there."""
        undone = set(self.exclude(undoes=None).values_list("undoes", flat=True))
        return [Line(row.points, row.on, row.last_on) for row in self.order_by("id") if row.pk not in undone and row.undoes_id is None]


class PointsEntry(TenantModel):
    """积分的一笔: never changed; a mistake is taken back by an entry of its own (``undoes``). The balance is the sum of all."""

    class Kind(models.TextChoices):
        EARNED = "earned", _("参加活动")
        SPENT = "spent", _("换奖品")
        GIVEN = "given", _("另外加减")
        LAPSED = "lapsed", _("过期")
        UNDONE = "undone", _("撤回")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="points", verbose_name=_("客户"))
    kind = models.CharField(_("因为什么"), max_length=6, choices=Kind)
    points = models.IntegerField(_("几分"))
    on = models.DateField(_("哪天"))
    last_on = models.DateField(_("最后一天"), null=True)
    words = models.CharField(_("说明"), max_length=100, blank=True)
    prize = TenantForeignKey(Prize, models.PROTECT, null=True, related_name="+", verbose_name=_("奖品"))
    undoes = TenantForeignKey("self", models.CASCADE, null=True, related_name="undone_by", verbose_name=_("撤回哪一笔"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁记的"))  # nobody: the night
    at = models.DateTimeField(_("时间"))

    objects = TenantManager.from_queryset(PointsQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("积分")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="points_are_some"),
            models.CheckConstraint(condition=Q(last_on=None) | Q(points__gt=0), name="points_lapse_that_came"),
            models.UniqueConstraint(fields=["tenant", "undoes"], condition=Q(undoes__isnull=False), name="points_undone_once")]
        indexes = [models.Index(fields=["tenant", "customer", "-at"], name="points_customer", include=["points"]),
                   models.Index(fields=["tenant", "last_on"], condition=Q(last_on__isnull=False), name="points_lapse")]

    def __str__(self) -> str:
        return f"{self.points:+d} {self.on}"

"""深度合作: what was talked about with a family that helps to shape the school, and what became of each opinion (K18)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.models import Customer, TimelineEntry
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class CooperationQuerySet(TenantQuerySet):
    def open(self) -> "CooperationQuerySet":
        """Opinions that nobody has said anything about yet."""
        return self.filter(outcome="")


class Cooperation(TenantModel):  # type: ignore[django-manager-missing]
    """One talk: about the school's direction, its courses or its management; what the family said, and what came of it."""

    class Topic(models.TextChoices):
        DIRECTION = "direction", _("园所发展方向")
        COURSES = "courses", _("课程研发")
        MANAGEMENT = "management", _("管理改进")

    class Outcome(models.TextChoices):
        OPEN = "", _("还没有结论")
        ADOPTED = "adopted", _("采纳了")
        PARTLY = "partly", _("采纳一部分")
        NOT = "not", _("没采纳")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="cooperation", verbose_name=_("客户"))
    topic = models.CharField(_("谈什么"), max_length=10, choices=Topic)
    on = models.DateField(_("哪天谈的"), validators=[happened])
    text = models.CharField(_("家长的意见"), max_length=500)
    entry = TenantForeignKey(TimelineEntry, models.SET_NULL, null=True, related_name="+", verbose_name=_("往来"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁谈的"))
    outcome = models.CharField(_("结论"), max_length=7, choices=Outcome, blank=True, default=Outcome.OPEN)
    result = models.CharField(_("怎么做的，或为什么不做"), max_length=300, blank=True)
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁定的"))
    decided_at = models.DateTimeField(_("什么时候定的"), null=True)
    told_on = models.DateField(_("哪天回了家长"), null=True)

    objects = TenantManager.from_queryset(CooperationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("深度合作")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(name="cooperation_outcome_has_a_reason", condition=Q(outcome="", decided_at=None)
                                              | ~Q(outcome="") & ~Q(result="") & Q(decided_at__isnull=False)),
                       models.CheckConstraint(condition=Q(told_on=None) | ~Q(outcome=""), name="cooperation_told_of_an_outcome")]
        indexes = [models.Index(fields=["tenant", "customer", "-on"], name="cooperation_customer"),
                   models.Index(fields=["tenant", "outcome", "-on"], name="cooperation_outcome")]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.on}"

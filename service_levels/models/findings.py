"""原因和改进: why a family is less content or takes part less, and what is changed for it (K24e, K25)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models import Cause
from crm.days import happened
from crm.models import Customer
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class FindingQuerySet(TenantQuerySet):
    def open(self) -> "FindingQuerySet":
        """Of which the family has not heard the end yet."""
        return self.filter(told_on=None)


class Finding(TenantModel):  # type: ignore[django-manager-missing]
    """One reason that was found with a family; then what is changed, what came of it, and that the family was told."""

    class Kind(models.TextChoices):
        NONE = "", _("还没定")
        PICK_UP = "pick_up", _("接送：改流程，加时段")
        COURSES = "courses", _("课程：改内容，改方法")
        OTHER = "other", _("别的")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="findings", verbose_name=_("客户"))
    cause = TenantForeignKey(Cause, related_name="+", verbose_name=_("什么原因"))
    evidence = models.CharField(_("谁说的，看到了什么"), max_length=300)
    on = models.DateField(_("哪天查到的"), validators=[happened])
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁查的"))
    kind = models.CharField(_("改哪一类"), max_length=7, choices=Kind, blank=True, default=Kind.NONE)
    change = models.CharField(_("为这一家改什么"), max_length=200, blank=True)
    member = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁来改"))
    due_on = models.DateField(_("哪天前"), null=True)
    done_on = models.DateField(_("哪天改好的"), null=True)
    result = models.CharField(_("改得怎么样"), max_length=200, blank=True)
    told_on = models.DateField(_("哪天回了家长"), null=True)

    objects = TenantManager.from_queryset(FindingQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("原因和改进")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(name="finding_change", condition=Q(kind="", change="", member=None, due_on=None)
                                              | ~Q(kind="") & ~Q(change="") & Q(member__isnull=False, due_on__isnull=False)),
                       models.CheckConstraint(condition=Q(done_on=None) | ~Q(kind="") & ~Q(result=""), name="finding_done"),
                       models.CheckConstraint(condition=Q(told_on=None) | Q(done_on__isnull=False), name="finding_told")]
        indexes = [models.Index(fields=["tenant", "customer", "-on"], name="finding_customer"),
                   models.Index(fields=["tenant", "-on"], condition=Q(told_on=None), name="finding_open")]

    def __str__(self) -> str:
        return f"{self.cause_id} {self.on}"

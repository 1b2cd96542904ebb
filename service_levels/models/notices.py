"""变化通知: what a family has more or less of since its plan is another one, and whether it was told (X6)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer
from service_levels.models.plans import PlanVersion
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class NoticeQuerySet(TenantQuerySet):
    def waiting(self) -> "NoticeQuerySet":
        return self.filter(state=ServiceNotice.State.WAITING)

    def like(self, row: "ServiceNotice") -> "NoticeQuerySet":
        """Those that wait and would say the same: approved together."""
        return self.waiting().filter(kind=row.kind, version=row.version_id, plan=row.plan, lines=row.lines)


class ServiceNotice(TenantModel):
    """One thing to tell one family. ``had`` and ``has`` are the services it may know of before and after, ``lines`` the difference.

    What came is written once somebody approves; what went is told by a person, face to face or by phone.
    """

    class Kind(models.TextChoices):
        MORE = "more", _("多了")
        LESS = "less", _("少了")

    class State(models.TextChoices):
        WAITING = "waiting", _("还没说")
        SENT = "sent", _("发给家长了")
        TOLD = "told", _("当面说过了")
        DROPPED = "dropped", _("不用说")

    linked = False

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="service_notices", verbose_name=_("客户"))
    kind = models.CharField(_("多了还是少了"), max_length=4, choices=Kind)
    state = models.CharField(_("状态"), max_length=7, choices=State, default=State.WAITING)
    on = models.DateField(_("哪天变的"))
    version = TenantForeignKey(PlanVersion, models.CASCADE, related_name="+", verbose_name=_("方案版本"))
    plan = models.CharField(_("服务方案"), max_length=20)
    had = models.JSONField(_("原来有的"))
    has = models.JSONField(_("现在有的"))
    lines = models.JSONField(_("变了的"))
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁定的"))
    decided_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(NoticeQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("变化通知")
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "customer", "kind"], condition=Q(state="waiting"),
                                               name="notice_one_waiting")]
        indexes = [models.Index(fields=["tenant", "customer", "-on"], name="notice_customer"),
                   models.Index(fields=["tenant", "kind", "version", "plan"], condition=Q(state="waiting"), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"

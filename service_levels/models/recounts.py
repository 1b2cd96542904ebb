"""重算时限: what a changed calendar or plan would do to deadlines that were promised, before anybody lets it."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class Recount(TenantModel):
    """重算时限 (B6): the deadlines before and after, which wait for somebody's word. One waits at a time; a later one replaces it.

    ``changes``: for each clock its id, its deadline before and after as ISO, and the open minutes it would have.
    """

    class Why(models.TextChoices):
        CALENDAR = "calendar", _("园历改了")
        PLANS = "plans", _("服务方案改了")

    class State(models.TextChoices):
        WAITING = "waiting", _("待批准")
        APPROVED = "approved", _("批准了")
        DISMISSED = "dismissed", _("照旧")
        REPLACED = "replaced", _("又改了，作废")

    why = models.CharField(_("为什么"), max_length=8, choices=Why)
    at = models.DateTimeField(_("算于"))
    changes = models.JSONField(_("哪些时限"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.WAITING)
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁批"))
    decided_at = models.DateTimeField(_("批于"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("重算时限")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant"], condition=Q(state="waiting"), name="recount_one_waits")]

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.at:%Y-%m-%d %H:%M}"

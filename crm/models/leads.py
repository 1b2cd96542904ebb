"""线索: one enquiry, as it was typed, before anybody has filed it."""
import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Child, Customer
from tenancy.base import TenantModel
from tenancy.fields import Sealed, TenantForeignKey
from tenancy.models import Campus, Membership


class LeadChannel(models.TextChoices):
    """预约渠道 (R5): how an enquiry reached the school."""

    ONLINE = "online", _("网上预约")
    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信")
    WALK_IN = "walk_in", _("临时到访")
    PARTNER = "partner", _("合作机构")
    OTHER = "other", _("其他")


CHILD_FIELDS = ("child_name", "birth_month")  # of what is told: only with the guardian's yes


class Lead(TenantModel):
    """线索: what somebody told of themselves and their child, sealed as a whole, with their answer on the child's data.

    It becomes part of a customer when it is filed; until then it is all that is known.
    """

    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    channel = models.CharField(_("渠道"), max_length=10, choices=LeadChannel)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    typed_sealed = models.BinaryField(null=True, editable=False)
    typed = Sealed("typed_sealed")
    phone_index = models.CharField(max_length=32, editable=False)
    phone_tail = models.CharField(max_length=4, editable=False)
    notice_version = models.CharField(_("告知书版本"), max_length=20, blank=True)
    child_data = models.BooleanField(_("同意使用孩子的信息"), default=False)
    source = models.CharField(_("来源"), max_length=30, blank=True)
    customer = TenantForeignKey(Customer, models.SET_NULL, null=True, related_name="leads", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, related_name="+", verbose_name=_("孩子"))
    filed_at = models.DateTimeField(_("建档时间"), null=True)
    child_forgotten_at = models.DateTimeField(_("孩子信息删除时间"), null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("线索")
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "phone_index"], name="lead_phone"),
                   models.Index(fields=["tenant", "at"], name="lead_at"),
                   models.Index(fields=["tenant", "at"], condition=Q(child_data=True, child_forgotten_at=None), name="lead_child_known")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.phone_tail}"

    def told(self) -> dict[str, Any]:
        """What was typed, by field; empty once it was erased."""
        return dict(json.loads(self.typed)) if self.typed_sealed else {}

    def leave_out(self, *fields: str) -> None:
        """Take fields out of what was told; not saved."""
        self.typed = json.dumps({name: value for name, value in self.told().items() if name not in fields}, ensure_ascii=False)

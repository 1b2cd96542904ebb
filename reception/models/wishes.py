"""想约的时间: no offered time fits a parent, so they say when they could come; a colleague finds one with them."""
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Lead
from reception.models.bookings import Booking
from reception.models.types import VisitType
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class TimeWish(TenantModel):
    """One such wish. What the parent wrote stands sealed in the lead, under ``when``."""

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="+", verbose_name=_("线索"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    type = TenantForeignKey(VisitType, related_name="+", verbose_name=_("到访类型"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    booking = TenantForeignKey(Booking, models.SET_NULL, null=True, related_name="+", verbose_name=_("预约"))
    done_at = models.DateTimeField(null=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("想约的时间")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "id"], condition=Q(done_at=None), name="time_wish_open")]

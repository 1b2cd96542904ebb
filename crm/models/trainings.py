"""培训 (R37b, R42, K33): what was practised on a day, and with whom."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.models.surveys import Topic
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class Training(TenantModel):
    """一次培训."""

    on = models.DateField(_("日期"), validators=[happened])
    subject = models.CharField(_("练了什么"), max_length=60)
    topic = models.CharField(_("方面"), max_length=14, choices=Topic, default=Topic.OTHER)
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    trainer = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁带的"))
    notes = models.TextField(_("要点"), max_length=1000, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("培训")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["tenant", "on"], name="training_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.subject}"


class TrainingAttendance(TenantModel):
    """参加的同事."""

    training = TenantForeignKey(Training, models.CASCADE, related_name="attendances", verbose_name=_("培训"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="attendance", verbose_name=_("谁参加了"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("培训参加")
        constraints = [models.UniqueConstraint(fields=["tenant", "training", "member"], name="training_attendance_once")]
        indexes = [models.Index(fields=["tenant", "member"], name="training_member")]

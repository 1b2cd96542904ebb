"""心声 and 督导: what colleagues say and ask for, what the management says to the two groups, and what was answered (SPEC C7, C21, C25)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models.measures import Measure
from crm.models import WorkingGroup
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class VoiceQuerySet(TenantQuerySet):
    def open(self) -> "VoiceQuerySet":
        return self.filter(state=Voice.State.OPEN)


class Voice(TenantModel):
    """心声: an opinion, a wish for resources or training, a call for help; to a measure where it is about one."""

    class Kind(models.TextChoices):
        OPINION = "opinion", _("意见和建议")
        RESOURCES = "resources", _("要资源或培训")
        HELP = "help", _("求助")

    class State(models.TextChoices):
        OPEN = "open", _("等答复")
        AGREED = "agreed", _("同意了")
        ANSWERED = "answered", _("答复了")
        DECLINED = "declined", _("没同意")

    kind = models.CharField(_("什么事"), max_length=10, choices=Kind)
    text = models.CharField(_("说什么"), max_length=500)
    measure = TenantForeignKey(Measure, models.SET_NULL, null=True, blank=True, related_name="voices", verbose_name=_("措施"))
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁答复"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = TenantManager.from_queryset(VoiceQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("心声")
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(name="voice_answered", condition=Q(state="open", answered_at=None) | ~Q(state="open") & Q(
            answered_at__isnull=False) & ~Q(answer=""))]
        indexes = [models.Index(fields=["tenant", "state", "at"], name="voice_state")]


class Oversight(TenantModel):
    """督导: guidance, resources or a change of strategy that the management gives one of the two groups, and what the group says to it."""

    class Kind(models.TextChoices):
        GUIDANCE = "guidance", _("检查和指导")
        RESOURCES = "resources", _("给资源")
        STRATEGY = "strategy", _("调整策略")

    GROUPS = [(kind.value, kind.label) for kind in (WorkingGroup.Kind.CHURN, WorkingGroup.Kind.IMPROVEMENT)]

    group = models.CharField(_("给哪个小组"), max_length=12, choices=GROUPS)
    kind = models.CharField(_("什么事"), max_length=10, choices=Kind)
    text = models.CharField(_("说什么"), max_length=500)
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))
    answer = models.CharField(_("小组的回话"), max_length=500, blank=True)
    answered_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁答复"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("督导")
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(name="oversight_answered", condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(
            answered_at__isnull=False))]
        indexes = [models.Index(fields=["tenant", "at"], name="oversight_at")]

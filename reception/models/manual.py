"""操作手册 and 责任人: how each stage of a visit is done here, and who answers for it (R35, R38)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reception.stages import STAGES
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership

STAGE_WORDS = {"booking": _("预约"), "preparation": _("接待准备"), "welcome": _("迎接接洽"), "registration": _("信息登记"),
               "tour": _("参观体验"), "consultation": _("咨询解答"), "signing": _("签约"), "follow_up": _("后续跟进"),
               "feedback": _("反馈改进")}
STAGE_CHOICES = [(name, STAGE_WORDS[name]) for name, _steps in STAGES]


class SopPageQuerySet(TenantQuerySet):
    def current(self) -> "SopPageQuerySet":
        return self.filter(is_current=True)


class SopPage(TenantModel):
    """操作手册的一页: one version of how a stage is done. A version is never changed; a change is the next one."""

    stage = models.CharField(_("环节"), max_length=14, choices=STAGE_CHOICES)
    number = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("怎么做"), max_length=4000)
    change = models.CharField(_("改了什么"), max_length=120, blank=True)
    is_current = models.BooleanField(default=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"))

    objects = TenantManager.from_queryset(SopPageQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("操作手册")
        ordering = ["stage", "-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "stage", "number"], name="sop_page_version"),
                       models.UniqueConstraint(fields=["tenant", "stage"], condition=Q(is_current=True), name="sop_page_current")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} v{self.number}"


class StageOwner(TenantModel):
    """责任人 (R35): one person answers for a stage at a campus, another stands in."""

    campus = TenantForeignKey(Campus, models.CASCADE, related_name="+", verbose_name=_("园所"))
    stage = models.CharField(_("环节"), max_length=14, choices=STAGE_CHOICES)
    owner = TenantForeignKey(Membership, related_name="+", verbose_name=_("责任人"))
    stand_in = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("替补"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("环节责任人")
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "stage"], name="stage_owner_once")]

    def on_duty(self) -> Membership | None:
        """The owner; while they are away whoever covers them, else the stand-in."""
        if self.owner.is_active and self.owner.stands_in is None:
            return self.owner
        covers = [self.owner.stands_in if self.owner.is_active else None, self.stand_in]
        return next((member for member in covers if member is not None and member.is_active), None)

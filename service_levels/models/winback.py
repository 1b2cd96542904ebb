"""挽回: one plan for each family that is to be won back, and the measures that it is shown (K28–K31)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models import ChurnCase
from crm.days import happened
from crm.models import Channel, Customer, Training
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class WinBackQuerySet(TenantQuerySet):
    def open(self) -> "WinBackQuerySet":
        return self.filter(state=WinBack.State.OPEN)


class WinBack(TenantModel):  # type: ignore[django-manager-missing]
    """挽回计划: who of the win-back group leads it, why the family is unhappy, by which strategy, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", _("在挽回")
        KEPT = "kept", _("留住了")
        LOST = "lost", _("走了")
        MISTAKEN = "mistaken", _("不用挽回")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="winbacks", verbose_name=_("客户"))
    case = TenantForeignKey(ChurnCase, models.SET_NULL, null=True, related_name="winbacks", verbose_name=_("流失个案"))
    lead = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁牵头"))
    why = models.CharField(_("为什么不满意"), max_length=500)
    strategy = models.CharField(_("怎么挽回"), max_length=500)
    opened_on = models.DateField(_("哪天开始"), validators=[happened])
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁开的"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    result = models.CharField(_("结果"), max_length=300, blank=True)
    closed_on = models.DateField(_("哪天了结"), null=True)
    closed_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁了结"))

    objects = TenantManager.from_queryset(WinBackQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("挽回计划")
        ordering = ["-opened_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "customer"], condition=Q(state="open"), name="win_back_one_open"),
                       models.CheckConstraint(name="win_back_closed", condition=Q(state="open", closed_on=None)
                                              | ~Q(state="open") & Q(closed_on__isnull=False) & ~Q(result=""))]
        indexes = [models.Index(fields=["tenant", "state", "-opened_on"], name="win_back_state")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.opened_on}"


class WinBackStep(TenantModel):
    """挽回措施: what is done by whom by when, what came of it, and when the family was shown it."""

    class Kind(models.TextChoices):
        TEACHING = "teaching", _("教学：培训教师")
        ATTITUDE = "attitude", _("态度：培训员工，规范流程")
        SOLVE = "solve", _("解决家长提的问题")
        EXPERIENCE = "experience", _("让家长有好体验")
        STRENGTHS = "strengths", _("介绍特色和长处")
        OTHER = "other", _("别的")

    winback = TenantForeignKey(WinBack, models.CASCADE, related_name="steps", verbose_name=_("挽回计划"))
    kind = models.CharField(_("哪一类"), max_length=10, choices=Kind, default=Kind.SOLVE)
    what = models.CharField(_("做什么"), max_length=120)
    member = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁来做"))
    due_on = models.DateField(_("哪天前"))
    training = TenantForeignKey(Training, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("哪次培训"))
    done_on = models.DateField(_("哪天做好的"), null=True)
    result = models.CharField(_("结果"), max_length=200, blank=True)
    shown_on = models.DateField(_("哪天给家长看的"), null=True)
    shown_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁给看的"))
    shown_how = models.CharField(_("怎么给看的"), max_length=10, choices=Channel, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("挽回措施")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(done_on=None) | ~Q(result=""), name="win_back_step_result"),
                       models.CheckConstraint(condition=Q(shown_on=None) | Q(done_on__isnull=False), name="win_back_step_shown")]
        indexes = [models.Index(fields=["tenant", "winback"], name="win_back_step_of"),
                   models.Index(fields=["tenant", "due_on"], condition=Q(done_on=None), name="win_back_step_due")]

    def __str__(self) -> str:
        return self.what

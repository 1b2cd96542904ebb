"""改进措施: what is done against a cause, by whom, until when, how it goes, and whether it helped (SPEC C5–C7, C15–C20, B8)."""
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from churn.measures.verdict import Verdict
from churn.models.cases import Cause
from churn.models.departments import Department
from churn.models.meetings import Meeting
from crm.days import happened, planned
from crm.models import ClassGroup
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


def between(least: int, most: int) -> list[Any]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class Indicator(models.TextChoices):
    """评估指标 (C18): every one is a share of families."""

    SATISFACTION = "satisfaction", _("满意度")
    LOYALTY = "loyalty", _("忠诚度")
    RENEWAL = "renewal", _("续费率")
    REFERRAL = "referral", _("转介绍率")
    CHURN = "churn", _("流失率")


class Formula(models.TextChoices):
    """续费率除以什么: the three that are in use; a school chooses one and every verdict keeps the one it was made with."""

    START = "start", _("期初在读")
    END = "end", _("期末在读")
    AVERAGE = "average", _("期初和期末的平均")


class EffectRules(TenantModel):
    """评估规则: one row a school; without one, what ``churn.measures.rules.SHIPPED`` says holds."""

    formula = models.CharField(_("续费率除以"), max_length=8, choices=Formula, default=Formula.START)
    satisfied = models.PositiveSmallIntegerField(_("几分起算满意"), default=4, validators=between(2, 5))
    least = models.PositiveSmallIntegerField(_("每组至少多少户才下结论"), default=50, validators=between(30, 1000))
    span_days = models.PositiveSmallIntegerField(_("前后各看多少天"), default=90, validators=between(14, 366))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("评估规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="effect_rules_one")]


class MeasureQuerySet(TenantQuerySet):
    def running(self) -> "MeasureQuerySet":
        return self.filter(state=Measure.State.RUNNING)

    def late(self, day: date) -> "MeasureQuerySet":
        """Still running and past their day."""
        return self.running().filter(due_on__lt=day)

    def undecided(self) -> "MeasureQuerySet":
        """Running, or done and waiting for what comes of it."""
        return self.filter(state__in=[Measure.State.RUNNING, Measure.State.DONE])


class Measure(TenantModel):  # type: ignore[django-manager-missing]
    """改进措施: from the day it begins it is counted before and after; what it comes to is decided by a meeting or its leaders."""

    class State(models.TextChoices):
        RUNNING = "running", _("在做")
        DONE = "done", _("做完了，等评估")
        ADOPTED = "adopted", _("写入制度")
        REVISED = "revised", _("改了再做")
        STOPPED = "stopped", _("停了")

    title = models.CharField(_("做什么"), max_length=60)
    why = models.CharField(_("为什么"), max_length=300, blank=True)
    cause = TenantForeignKey(Cause, null=True, blank=True, related_name="+", verbose_name=_("针对的原因"))
    department = models.CharField(_("责任部门"), max_length=10, choices=Department)
    owner = TenantForeignKey(Membership, related_name="+", verbose_name=_("责任人"))
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("在哪个园所做"))
    class_group = TenantForeignKey(ClassGroup, null=True, blank=True, related_name="+", verbose_name=_("在哪个班做"))
    starts_on = models.DateField(_("从哪天起做"), validators=[planned])
    due_on = models.DateField(_("最晚哪天做完"), validators=[planned])
    resources = models.CharField(_("需要什么"), max_length=300, blank=True)
    indicator = models.CharField(_("看哪个指标"), max_length=12, choices=Indicator, default=Indicator.CHURN)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.RUNNING)
    progress = models.PositiveSmallIntegerField(_("做到百分之几"), default=0, validators=[MaxValueValidator(100)])
    done_on = models.DateField(_("哪天做完"), null=True)
    decided_on = models.DateField(_("哪天定的"), null=True)
    lesson = models.CharField(_("经验教训"), max_length=500, blank=True)
    follows = TenantForeignKey("churn.Measure", models.SET_NULL, null=True, related_name="followers", verbose_name=_("接着哪一项"))
    meeting = TenantForeignKey(Meeting, models.SET_NULL, null=True, related_name="measures", verbose_name=_("哪次例会定的"))
    opened_on = models.DateField(_("哪天立的"), validators=[happened])
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁立的"))

    objects = TenantManager.from_queryset(MeasureQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("改进措施")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="measure_span"),
            models.CheckConstraint(name="measure_decided", condition=Q(state__in=["running", "done"], decided_on=None) | Q(
                state__in=["adopted", "revised", "stopped"], decided_on__isnull=False) & ~Q(lesson="")),
            models.CheckConstraint(condition=Q(progress__lte=100), name="measure_progress")]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="measure_due")]

    def __str__(self) -> str:
        return self.title


class MeasureStep(TenantModel):
    """步骤: one thing of the plan that somebody ticks."""

    measure = TenantForeignKey(Measure, models.CASCADE, related_name="steps", verbose_name=_("措施"))
    text = models.CharField(_("做什么"), max_length=120)
    due_on = models.DateField(_("最晚哪天"), null=True, blank=True)
    done_on = models.DateField(_("哪天做好"), null=True)
    done_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁做好的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("步骤")
        ordering = ["due_on", "id"]


class MeasureCheck(TenantModel):
    """进度检查 (C17): how far it is on a day, what stands in the way and what is done about it."""

    measure = TenantForeignKey(Measure, models.CASCADE, related_name="checks", verbose_name=_("措施"))
    on = models.DateField(_("哪天"), validators=[happened])
    progress = models.PositiveSmallIntegerField(_("做到百分之几"), validators=[MaxValueValidator(100)])
    problem = models.CharField(_("遇到什么问题"), max_length=300, blank=True)
    answer = models.CharField(_("怎么解决"), max_length=300, blank=True)
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("进度检查")
        ordering = ["-on", "-id"]


class Evaluation(TenantModel):
    """效果评估 (C18, C19): four tallies and what the rule made of them. The last word stays; until then it is renewed."""

    class Outcome(models.TextChoices):
        EFFECTIVE = Verdict.EFFECTIVE.value, _("有效")
        INEFFECTIVE = Verdict.INEFFECTIVE.value, _("无效")
        TOO_FEW = Verdict.TOO_FEW.value, _("样本不足")

    measure = TenantForeignKey(Measure, models.CASCADE, related_name="evaluations", verbose_name=_("措施"))
    is_final = models.BooleanField(_("看满了天数"))
    on = models.DateField(_("哪天评的"))
    days = models.PositiveSmallIntegerField(_("前后各多少天"))
    counts = models.JSONField()  # {before, after, control_before, control_after}: each a tally by name, control ones where there is one
    control = models.CharField(_("和谁比"), max_length=200, blank=True)
    indicator = models.CharField(_("指标"), max_length=12, choices=Indicator)
    formula = models.CharField(_("续费率除以"), max_length=8, choices=Formula)
    satisfied = models.PositiveSmallIntegerField(_("几分起算满意"))
    least = models.PositiveSmallIntegerField(_("每组至少多少户"))
    verdict = models.CharField(_("结论"), max_length=12, choices=Outcome)
    is_worse = models.BooleanField(_("变差了"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("效果评估")
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "measure"], condition=Q(is_final=False), name="evaluation_one_running")]
        indexes = [models.Index(fields=["tenant", "on"], name="evaluation_on")]

    def tally(self, name: str) -> dict[str, Any] | None:
        found = self.counts.get(name)
        return dict(found) if found is not None else None

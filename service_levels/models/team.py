"""团队: what colleagues bring along, how families are shared out, who is away, and what is practised how often (K32, K33, S23a)."""
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.models import Training
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Membership
from tenancy.roles import Role

A_YEAR = timedelta(days=365)
MOST_MINUTES, MOST_MONTHS = 60 * 60, 36


class Skill(models.TextChoices):
    """What colleagues are chosen for (K32a–c)."""

    COMMUNICATION = "communication", _("沟通")
    SERVICE = "service", _("服务意识")
    CHILDHOOD = "childhood", _("幼儿教育")
    DISPUTES = "disputes", _("处理投诉纠纷")
    EVENTS = "events", _("办活动")
    CRM = "crm", _("客户管理系统")


class StaffProfile(TenantModel):
    """同事的档案: skills, background, languages, and how many minutes a week they have for families."""

    class Education(models.TextChoices):
        UNKNOWN = "", _("没写")
        CHILDHOOD = "childhood", _("学前教育")
        EDUCATION = "education", _("教育类其他专业")
        OTHER = "other", _("其他专业")

    member = TenantOneToOneField(Membership, models.CASCADE, related_name="profile", verbose_name=_("同事"))
    title = models.CharField(_("岗位叫法"), max_length=20, blank=True)
    started_on = models.DateField(_("从哪天开始做这一行"), null=True, blank=True, validators=[happened])
    is_senior = models.BooleanField(_("资深"), default=False)
    education = models.CharField(_("教育背景"), max_length=9, choices=Education, blank=True, default=Education.UNKNOWN)
    background = models.CharField(_("经历"), max_length=200, blank=True)
    skills = ArrayField(models.CharField(max_length=13, choices=Skill), default=list, blank=True, verbose_name=_("擅长"))
    languages = models.CharField(_("会说的话"), max_length=60, blank=True)
    minutes_week = models.PositiveSmallIntegerField(_("每周几分钟带家庭"), null=True, blank=True,
                                                    validators=[MaxValueValidator(MOST_MINUTES)])

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("同事的档案")

    def __str__(self) -> str:
        return str(self.member_id)

    def is_experienced(self, day: date, years: int) -> bool:
        """Senior, or in the trade for so many years on a day."""
        return self.is_senior or self.started_on is not None and self.started_on + years * A_YEAR <= day


class StaffRules(TenantModel):
    """分配规则: one row a school; without one the values that fields begin with hold."""

    years = models.PositiveSmallIntegerField(_("做满几年算有经验"), default=3, validators=[MaxValueValidator(30)])
    minutes_week = models.PositiveSmallIntegerField(_("客服和家长关系每人每周几分钟带家庭"), default=900,
                                                    validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)])

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("分配规则")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="staff_rules_one")]

    def __str__(self) -> str:
        return f"{self.years} {self.minutes_week}"


class LeaveQuerySet(TenantQuerySet):
    def on(self, day: date) -> "LeaveQuerySet":
        return self.filter(from_on__lte=day, until_on__gte=day, ended_on=None)

    def ahead(self, day: date) -> "LeaveQuerySet":
        """Those that go on or are to come."""
        return self.filter(until_on__gte=day, ended_on=None)


class Leave(TenantModel):
    """请假: from a day to a day a colleague looks after the families; why is nobody's business here."""

    member = TenantForeignKey(Membership, models.CASCADE, related_name="leaves", verbose_name=_("谁请假"))
    cover = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁代班"))
    from_on = models.DateField(_("从哪天"))
    until_on = models.DateField(_("到哪天"))
    ended_on = models.DateField(_("哪天提前回来"), null=True, editable=False)
    by = TenantForeignKey(Membership, null=True, related_name="+", editable=False, verbose_name=_("谁登记"))

    objects = TenantManager.from_queryset(LeaveQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("请假")
        ordering = ["from_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="leave_span",
                                              violation_error_message=_("结束不能早于开始。")),
                       models.CheckConstraint(condition=~Q(cover=F("member")), name="leave_somebody_else")]
        indexes = [models.Index(fields=["tenant", "until_on"], condition=Q(ended_on=None), name="leave_ahead")]

    def __str__(self) -> str:
        return f"{self.from_on}–{self.until_on}"


class TrainingPlan(TenantModel):
    """培训计划: what is practised how often by which roles (K33); no role named means everybody."""

    class About(models.TextChoices):
        CHILDHOOD = "childhood", _("幼儿教育知识")
        COMMUNICATION = "communication", _("沟通技巧")
        CRM = "crm", _("客户管理")
        OTHER = "other", _("别的")

    about = models.CharField(_("哪一类"), max_length=13, choices=About, default=About.COMMUNICATION)
    subject = models.CharField(_("练什么"), max_length=60)
    every_months = models.PositiveSmallIntegerField(_("几个月一次"), default=6,
                                                    validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)])
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True, verbose_name=_("谁要练"))
    is_on = models.BooleanField(_("在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("培训计划")
        ordering = ["about", "subject"]
        constraints = [models.UniqueConstraint(fields=["tenant", "subject"], name="training_plan_subject",
                                               violation_error_message=_("已经有同名的计划了。")),
                       models.CheckConstraint(condition=Q(every_months__gte=1), name="training_plan_cadence")]

    def __str__(self) -> str:
        return self.subject


class TrainingSession(TenantModel):
    """A training that was held by a plan; who was there stands with the training."""

    plan = TenantForeignKey(TrainingPlan, models.CASCADE, related_name="sessions", verbose_name=_("培训计划"))
    training = TenantOneToOneField(Training, models.CASCADE, related_name="session", verbose_name=_("培训"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("按计划的培训")

    def __str__(self) -> str:
        return str(self.training_id)

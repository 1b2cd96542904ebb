"""流失个案、原因、深入了解 (SPEC C12–C14, B22)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.models import NATURAL_OUTCOMES, Child, Customer, Enrolment, SurveyResponse
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class Area(models.TextChoices):
    """一级原因 (C14): which department a cause belongs to."""

    MARKET = "market", _("市场")
    TEACHING = "teaching", _("教学")
    SERVICE = "service", _("服务")
    FACILITIES = "facilities", _("硬件")


class Cause(TenantModel):
    """二级原因 (C14e): what exactly, in the school's own words, below one of the four areas."""

    area = models.CharField(_("一级原因"), max_length=10, choices=Area)
    name = models.CharField(_("二级原因"), max_length=30)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失原因")
        ordering = ["area", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "area", "name"], name="cause_name",
                                               violation_error_message=_("这一类里已经有同名的原因。"))]

    def __str__(self) -> str:
        return f"{self.get_area_display()}：{self.name}"


class Trigger(models.TextChoices):
    """因为什么开的"""

    WITHDRAWAL = "withdrawal", _("退园")
    REFUND = "refund", _("申请退费")
    NO_SHOW = "no_show", _("报名未上课")
    ABSENCE = "absence", _("长期缺勤")
    LAPSED = "lapsed", _("课程用完没有续")
    TRANSFER = "transfer", _("末级又想转走")
    BY_HAND = "by_hand", _("手工登记")


class CaseQuerySet(TenantQuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(state=ChurnCase.State.OPEN)


class ChurnCase(TenantModel):  # type: ignore[django-manager-missing]
    """流失个案: one child who leaves or is about to, from the first sign to what became of it. Closing it changes no risk."""

    class State(models.TextChoices):
        OPEN = "open", _("在处理")
        KEPT = "kept", _("留住了")
        LOST = "lost", _("流失了")
        NATURAL = "natural", _("自然流失")
        MISTAKEN = "mistaken", _("误报")

    NATURAL_REASONS = [(outcome.value, outcome.label) for outcome in NATURAL_OUTCOMES]

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="churn_cases", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    enrolment = TenantForeignKey(Enrolment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("报名"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    trigger = models.CharField(_("因为什么"), max_length=10, choices=Trigger)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField(_("哪天开的"), validators=[happened])
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁开的"))  # nobody: by a rule
    owner = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("负责人"))
    is_typical = models.BooleanField(_("典型个案"), default=False)
    note = models.CharField(_("情况"), max_length=300, blank=True)
    left_on = models.DateField(_("哪天离开"), null=True, blank=True)
    natural = models.CharField(_("自然流失的原因"), max_length=12, choices=NATURAL_REASONS, blank=True)
    went_to = models.CharField(_("去了哪里"), max_length=60, blank=True)
    revenue_fen = models.BigIntegerField(_("近一年缴费（分）"), default=0)
    closed_on = models.DateField(_("哪天了结"), null=True)
    closed_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁了结"))
    result = models.CharField(_("结果"), max_length=300, blank=True)

    objects = TenantManager.from_queryset(CaseQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失个案")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "child", "enrolment"], condition=Q(state="open"), nulls_distinct=False,
                                    name="churn_case_one_open"),
            models.CheckConstraint(condition=Q(state="open", closed_on=None) | ~Q(state="open") & ~Q(closed_on=None),
                                   name="churn_case_closed"),
            models.CheckConstraint(condition=Q(state="natural") & ~Q(natural="") | ~Q(state="natural") & Q(natural=""),
                                   name="churn_case_natural")]
        indexes = [models.Index(fields=["tenant", "state", "opened_on"], name="churn_case_state"),
                   models.Index(fields=["tenant", "opened_on"], name="churn_case_opened")]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} {self.opened_on}"


class CaseCause(TenantModel):
    """个案的原因: one of several, with its weight and what it rests on."""

    case = TenantForeignKey(ChurnCase, models.CASCADE, related_name="causes", verbose_name=_("个案"))
    cause = TenantForeignKey(Cause, related_name="+", verbose_name=_("原因"))
    weight = models.PositiveSmallIntegerField(_("占几成"), default=10, validators=[MinValueValidator(1), MaxValueValidator(10)])
    evidence = models.CharField(_("依据"), max_length=300)
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁写的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("个案的原因")
        ordering = ["-weight", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "case", "cause"], name="case_cause_once"),
                       models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="case_cause_weight")]


class DeepDive(TenantModel):
    """深入了解 (C13): one talk with a family that left or may leave: by call-back, questionnaire or interview, with what they said."""

    class Way(models.TextChoices):
        CALL_BACK = "call_back", _("电话回访")
        QUESTIONNAIRE = "survey", _("问卷")
        INTERVIEW = "interview", _("面谈")

    case = TenantForeignKey(ChurnCase, models.CASCADE, related_name="talks", verbose_name=_("个案"))
    way = models.CharField(_("怎么了解"), max_length=10, choices=Way)
    on = models.DateField(_("哪天"), validators=[happened])
    answers = models.JSONField(_("回答"), default=list)  # [[what was asked, what they said], …]
    response = TenantForeignKey(SurveyResponse, models.SET_NULL, null=True, related_name="+", verbose_name=_("答卷"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("深入了解")
        ordering = ["-on", "-id"]

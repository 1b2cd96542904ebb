"""往来、转介绍、评分、意见: what happened, in its own words and on its own day."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.history import tracked
from crm.models.customers import Child, Customer
from crm.models.imports import Imported
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import Sealed, TenantForeignKey, TenantOneToOneField
from tenancy.models import Campus, Membership

FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class Channel(models.TextChoices):
    """渠道 (K6)"""

    PHONE = "phone", _("电话")
    FACE = "face", _("面谈")
    WECHAT = "wechat", _("微信")
    ONLINE = "online", _("在线咨询")
    SIGN_IN = "sign_in", _("活动签到")
    SMS = "sms", _("短信")
    OTHER = "other", _("其他")


class EntryKind(models.TextChoices):
    """What kind of fact a timeline entry is."""

    CONTACT = "contact", _("沟通")
    CONSULTATION = "consultation", _("咨询")
    VISIT = "visit", _("到访")
    EVENT = "event", _("活动")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("意见")
    PROMISE = "promise", _("承诺")
    PROMISE_BROKEN = "promise_broken", _("承诺未兑现")
    TRANSFER_SIGNAL = "transfer_signal", _("转园倾向")
    ENROLMENT = "enrolment", _("报名状态")
    TIER = "tier", _("定级")
    SURVEY = "survey", _("问卷")
    NOTE = "note", _("备注")


class TimelineEntry(Imported, TenantModel):
    """往来: one fact about a customer. Early apps read it, later apps write it."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="timeline", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    kind = models.CharField(_("类型"), max_length=20, choices=EntryKind)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, blank=True)
    at = models.DateTimeField(_("时间"), validators=[happened])
    day = models.DateField(_("日期"), editable=False)  # the campus's date of ``at``: what facts count by
    by = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("谁"))
    title = models.CharField(_("标题"), max_length=80, blank=True)
    text = models.TextField(_("内容"), max_length=2000, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("往来")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["tenant", "customer", "kind", "day"], name="timeline_customer"),
                   models.Index(fields=["tenant", "day", "customer"], name="timeline_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


@tracked("phone_sealed", "phone_index")
class Referral(Imported, TenantModel):
    """转介绍 (K9): who introduced whom, and what the school's own sheet says came of it.

    ``counts`` (B21) is apart from ``converted_on``: a doubtful referral is kept, flagged and not counted.
    """

    class Result(models.TextChoices):
        NONE = "", _("未跟进")
        ABSENT = "absent", _("未到访")
        VISITED = "visited", _("已参观")
        CONVERTED = "converted", _("已入园")

    referrer = TenantForeignKey(Customer, related_name="referrals_made", verbose_name=_("推荐人"))
    referred = TenantForeignKey(Customer, null=True, blank=True, related_name="referrals_received", verbose_name=_("被推荐"))
    referred_name = models.CharField(_("被推荐家长"), max_length=40, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone = Sealed("phone_sealed")
    phone_index = models.CharField(max_length=32, blank=True, editable=False)
    referred_on = models.DateField(_("推荐日期"), validators=[happened])
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True)
    converted_on = models.DateField(_("入园日期"), null=True, blank=True, validators=[happened])
    counts = models.BooleanField(_("计入分级"), default=True)
    flag = models.CharField(_("存疑"), max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("转介绍")
        ordering = ["-referred_on"]
        constraints = [
            models.CheckConstraint(condition=Q(referred=None) | ~Q(referred=F("referrer")), name="referral_not_self",
                                   violation_error_message=_("不能推荐自己。")),
            models.UniqueConstraint(fields=["tenant", "referrer", "phone_index", "referred_on"], name="referral_once"),
        ]


INTENT_SCALES = ("philosophy", "teaching", "co_education", "eagerness", "likelihood")


class IntentRating(Imported, TenantModel):
    """合作意向量表 (K8): five questions of 1 to 5, each with its evidence."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="intent_ratings", verbose_name=_("客户"))
    rated_on = models.DateField(_("日期"), validators=[happened])
    by = TenantForeignKey(Membership, null=True, related_name="+")
    philosophy = models.PositiveSmallIntegerField(_("认同教育理念"), validators=FIVE)
    teaching = models.PositiveSmallIntegerField(_("配合教学活动"), validators=FIVE)
    co_education = models.PositiveSmallIntegerField(_("参与家园共育"), validators=FIVE)
    eagerness = models.PositiveSmallIntegerField(_("进一步合作的积极性"), validators=FIVE)
    likelihood = models.PositiveSmallIntegerField(_("进一步合作的可能性"), validators=FIVE)
    evidence = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("合作意向")
        indexes = [models.Index(fields=["tenant", "customer", "rated_on"], name="intent_customer")]


class Assessment(Imported, TenantModel):
    """信用状况 and 需求复杂度 (S3c, S3e): a score of 1 to 5 with its ground."""

    class About(models.TextChoices):
        CREDIT = "credit", _("信用状况")
        COMPLEXITY = "complexity", _("需求复杂度")

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="assessments", verbose_name=_("客户"))
    about = models.CharField(_("方面"), max_length=10, choices=About)
    assessed_on = models.DateField(_("日期"), validators=[happened])
    score = models.PositiveSmallIntegerField(_("评分"), validators=FIVE)
    ground = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("信用与需求")
        indexes = [models.Index(fields=["tenant", "customer", "about", "assessed_on"], name="assessment_customer")]


class Satisfaction(Imported, TenantModel):
    """满意度: one answer of 1 to 5."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="satisfaction", verbose_name=_("客户"))
    answered_on = models.DateField(_("日期"), validators=[happened])
    score = models.PositiveSmallIntegerField(_("评分"), validators=FIVE)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, blank=True)
    comment = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("满意度")
        indexes = [models.Index(fields=["tenant", "customer", "answered_on"], name="satisfaction_customer")]


class ConcernQuerySet(TenantQuerySet):
    def open(self) -> "ConcernQuerySet":
        return self.filter(closed_at=None)


@tracked("caller_sealed", "phone_sealed", "phone_index")
class Concern(TenantModel):
    """投诉 and 意见 (C23a, C26): what somebody is unhappy about or would change, where it came in, and what came of it.

    Without ``customer`` it is nobody's that is known: a call to the hotline, a slip from the suggestion box, signed or not.
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        SUGGESTION = "suggestion", _("意见")

    class Source(models.TextChoices):
        TALK = "talk", _("沟通时说的")
        HOTLINE = "hotline", _("投诉热线")
        BOX = "box", _("网上意见箱")
        PAPER = "paper", _("园里的意见箱")

    class About(models.TextChoices):
        TEACHING = "teaching", _("教学")
        SERVICE = "service", _("服务")
        FACILITIES = "facilities", _("环境和设施")
        SAFETY = "safety", _("安全")
        FEES = "fees", _("收费")
        OTHER = "other", _("其他")

    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    source = models.CharField(_("从哪里来"), max_length=8, choices=Source, default=Source.TALK)
    about = models.CharField(_("关于什么"), max_length=10, choices=About, blank=True)
    caller_sealed = models.BinaryField(null=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.CharField(max_length=32, blank=True, editable=False)
    by = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("谁登记"))  # nobody: from the box
    answered_by = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("谁办结"))
    customer = TenantForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="concerns", verbose_name=_("客户"))
    entry = TenantOneToOneField(TimelineEntry, models.CASCADE, null=True, editable=False, related_name="concern")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    opened_at = models.DateTimeField(_("时间"))
    text = models.TextField(_("内容"), max_length=2000)
    answer = models.TextField(_("处理结果"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    caller, phone = Sealed("caller_sealed"), Sealed("phone_sealed")
    objects = TenantManager.from_queryset(ConcernQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("投诉与意见")
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["tenant", "closed_at", "opened_at"], name="concern_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localdate(self.opened_at)}"

    @property
    def place(self) -> Campus | None:
        """Where it is about: the campus that was named, else the family's."""
        return self.campus or (self.customer.campus if self.customer else None)


class WorkingGroup(TenantModel):
    """工作小组 (X8): win-back, supervision, churn analysis, improvement, told apart by kind."""

    class Kind(models.TextChoices):
        WIN_BACK = "win_back", _("客户挽回小组")
        SUPERVISION = "supervision", _("监督小组")
        CHURN = "churn", _("流失分析小组")
        IMPROVEMENT = "improvement", _("改进措施执行小组")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=40)
    leader = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("组长"))
    cadence = models.CharField(_("例会周期"), max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("工作小组")

    def __str__(self) -> str:
        return self.name


class WorkingGroupMember(TenantModel):
    group = TenantForeignKey(WorkingGroup, models.CASCADE, related_name="members", verbose_name=_("工作小组"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("成员"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("组员")
        constraints = [models.UniqueConstraint(fields=["tenant", "group", "member"], name="working_group_once")]

"""问卷: what families are asked, version by version, and what each of them answered (R31–R33)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Child, Customer
from crm.models.facts import Channel, Satisfaction, TimelineEntry
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Campus, Membership


class Occasion(models.TextChoices):
    """什么时候问: by itself after a visit or after signing, or when somebody sends it."""

    VISIT = "visit", _("到访以后")
    SIGNED = "signed", _("签约以后")
    BY_HAND = "by_hand", _("自己选时间发")


class Topic(models.TextChoices):
    """方面: what a question is about: the nine stages of a visit, and what a school is judged by besides."""

    BOOKING = "booking", _("预约")
    PREPARATION = "preparation", _("准备")
    WELCOME = "welcome", _("迎接")
    REGISTRATION = "registration", _("登记")
    TOUR = "tour", _("参观")
    CONSULTATION = "consultation", _("咨询")
    SIGNING = "signing", _("签约")
    FOLLOW_UP = "follow_up", _("跟进")
    FEEDBACK = "feedback", _("反馈")
    TEACHING = "teaching", _("教学")
    CARE = "care", _("生活照顾")
    MEALS = "meals", _("伙食")
    SAFETY = "safety", _("安全")
    CO_EDUCATION = "co_education", _("家园沟通")
    FEES = "fees", _("收费")
    OTHER = "other", _("其他")


class QuestionKind(models.TextChoices):
    """怎么答"""

    FIVE = "five", _("1 到 5 分")
    TEN = "ten", _("0 到 10 分")
    ONE = "one", _("选一项")
    SEVERAL = "several", _("可选几项")
    TEXT = "text", _("写几句")


class Survey(TenantModel):
    """问卷: one questionnaire; what it asks stands in its versions."""

    name = models.CharField(_("名称"), max_length=30)
    occasion = models.CharField(_("什么时候问"), max_length=8, choices=Occasion, default=Occasion.BY_HAND)
    after_days = models.PositiveSmallIntegerField(_("过几天发"), default=0)
    is_on = models.BooleanField(_("在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("问卷")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="survey_name", violation_error_message=_("已经有同名的问卷。")),
            models.UniqueConstraint(fields=["tenant", "occasion"], condition=Q(is_on=True) & ~Q(occasion="by_hand"),
                                    name="survey_occasion", violation_error_message=_("这个时候已经有一份在用的问卷，先停用那一份。")),
            models.CheckConstraint(condition=Q(after_days__lte=366), name="survey_after_days",
                                   violation_error_message=_("最多过 366 天。"))]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(TenantModel):
    """问卷的一版. What was published never changes: its answers must stay answers to these words."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("在用")
        RETIRED = "retired", _("旧版")

    survey = TenantForeignKey(Survey, models.CASCADE, related_name="versions", verbose_name=_("问卷"))
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    greeting = models.CharField(_("开头的话"), max_length=200, blank=True)
    thanks = models.CharField(_("答完以后的话"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁写的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("问卷版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "survey", "number"], name="survey_version_number"),
                       models.UniqueConstraint(fields=["tenant", "survey"], condition=Q(state="draft"), name="survey_one_draft"),
                       models.UniqueConstraint(fields=["tenant", "survey"], condition=Q(state="published"), name="survey_one_published")]

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"


class Question(TenantModel):
    """问题. ``line`` is the same in each version that asks the same, so that its answers are counted together."""

    version = TenantForeignKey(SurveyVersion, models.CASCADE, related_name="questions", verbose_name=_("问卷版本"))
    line = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(_("排序"))
    kind = models.CharField(_("怎么答"), max_length=8, choices=QuestionKind)
    text = models.CharField(_("问什么"), max_length=80)
    topic = models.CharField(_("方面"), max_length=14, choices=Topic, default=Topic.OTHER)
    options = models.JSONField(_("选项"), default=list)
    low = models.CharField(_("最低分表示"), max_length=12, blank=True)
    high = models.CharField(_("最高分表示"), max_length=12, blank=True)
    is_required = models.BooleanField(_("必答"), default=False)
    is_overall = models.BooleanField(_("总体满意度"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("问题")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "version", "line"], name="question_line"),
                       models.UniqueConstraint(fields=["tenant", "version"], condition=Q(is_overall=True), name="question_overall"),
                       models.CheckConstraint(condition=Q(is_overall=False) | Q(kind="five"), name="question_overall_five")]

    def __str__(self) -> str:
        return self.text


class SurveyResponseQuerySet(TenantQuerySet):
    def open(self) -> "SurveyResponseQuerySet":
        return self.filter(state=SurveyResponse.State.OPEN)


class SurveyResponse(TenantModel):
    """一份答卷: one family asked once, from the sending to the answer. The link is kept as a hash only."""

    class State(models.TextChoices):
        OPEN = "open", _("还没答")
        ANSWERED = "answered", _("答了")
        DECLINED = "declined", _("不想答")

    version = TenantForeignKey(SurveyVersion, related_name="responses", verbose_name=_("问卷版本"))
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="responses", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    host = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("接待人"))
    key = models.CharField(max_length=40)  # what it is about; asked about once
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(_("什么时候发"))
    until = models.DateTimeField(_("链接有效到"))
    link_serial = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64)
    answered_at = models.DateTimeField(_("什么时候答"), null=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, blank=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁记的"))  # nobody: the parent's own hand
    score = models.PositiveSmallIntegerField(_("总体满意度"), null=True)
    satisfaction = TenantOneToOneField(Satisfaction, models.SET_NULL, null=True, editable=False, related_name="+")
    entry = TenantOneToOneField(TimelineEntry, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = TenantManager.from_queryset(SurveyResponseQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("答卷")
        ordering = ["-asked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="survey_response_key"),
                       models.CheckConstraint(condition=Q(state="open", answered_at=None) | ~Q(state="open") & ~Q(answered_at=None),
                                              name="survey_response_closed")]
        indexes = [models.Index(fields=["tenant", "token_hash"], name="survey_response_token"),
                   models.Index(fields=["tenant", "asked_at"], condition=Q(state="open"), name="survey_response_open"),
                   models.Index(fields=["tenant", "version", "asked_at"], name="survey_response_asked"),
                   models.Index(fields=["tenant", "customer"], name="survey_response_customer")]

    def __str__(self) -> str:
        return f"{self.version} {self.customer}"


class Answer(TenantModel):
    """One answered question: a number on its scale, the chosen options (by place, from 0), or words."""

    response = TenantForeignKey(SurveyResponse, models.CASCADE, related_name="answers", verbose_name=_("答卷"))
    question = TenantForeignKey(Question, related_name="answers", verbose_name=_("问题"))
    number = models.PositiveSmallIntegerField(null=True)
    chosen = models.JSONField(default=list)
    words = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("回答")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "response", "question"], name="answer_once")]
        indexes = [models.Index(fields=["tenant", "question"], name="answer_question")]

    @property
    def options(self) -> list[str]:
        """The chosen options in words."""
        return [self.question.options[place] for place in self.chosen if place < len(self.question.options)]

"""服务请求, what happened to it, and its clocks."""
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models.departments import Department
from crm.models import Channel, Concern, Customer
from service_levels.models.plans import PlanVersion
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import Sealed, SealedBytes, TenantForeignKey, TenantOneToOneField
from tenancy.locks import PollerPolicy
from tenancy.models import Campus, Membership

LEVELS = 3


class RequestQuerySet(TenantQuerySet):
    def open(self) -> "RequestQuerySet":
        """Not settled yet."""
        return self.filter(resolved_at=None)

    def to_confirm(self) -> "RequestQuerySet":
        """Settled, and nobody has asked the family yet whether it is."""
        return self.filter(resolved_at__isnull=False, confirmed_at=None)


class ServiceRequest(TenantModel):
    """服务请求 (K34, K36, K43, S21): what somebody asks for or is unhappy about, from whichever way it came.

    Without ``customer`` it is nobody's that is known. ``plan`` is the code of the plan it is answered by, ``priority`` 1 first.
    """

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("咨询")
        COMPLAINT = "complaint", _("投诉")
        DISPUTE = "dispute", _("纠纷")
        SUGGESTION = "suggestion", _("意见")
        REFUND = "refund", _("想退费")
        SERVICE = "service", _("要办的事")

    number = models.CharField(_("编号"), max_length=20)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    channel = models.CharField(_("从哪里来"), max_length=10, choices=Channel, blank=True)
    about = models.CharField(_("关于什么"), max_length=10, choices=Concern.About, blank=True)
    customer = TenantForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="requests", verbose_name=_("客户"))
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    concern = TenantOneToOneField(Concern, models.CASCADE, null=True, related_name="request")
    caller_sealed = models.BinaryField(null=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.CharField(max_length=32, blank=True, editable=False)
    text = models.TextField(_("什么事"), max_length=2000)
    version = TenantForeignKey(PlanVersion, models.SET_NULL, null=True, related_name="+", verbose_name=_("方案版本"))
    plan = models.CharField(_("服务方案"), max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(_("优先级"), default=3, validators=[MinValueValidator(1), MaxValueValidator(4)])
    department = models.CharField(_("部门"), max_length=12, choices=Department, blank=True)
    owner = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("谁在办"))
    opened_at = models.DateTimeField(_("收到"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁登记"))
    heard_at = models.DateTimeField(_("家长最近一次说话"), null=True)
    replied_at = models.DateTimeField(_("首次答复"), null=True)
    paused_at = models.DateTimeField(_("暂停"), null=True)
    pause_why = models.CharField(_("为什么暂停"), max_length=80, blank=True)
    resolved_at = models.DateTimeField(_("办结"), null=True)
    result = models.TextField(_("结果"), max_length=2000, blank=True)
    confirmed_at = models.DateTimeField(_("家长确认"), null=True)
    score = models.PositiveSmallIntegerField(_("满意度"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    sent_key = models.CharField(max_length=43, blank=True, editable=False)  # of the parent's form: a second click is the same request
    language = models.CharField(max_length=8, blank=True, editable=False)  # in which a parent wrote, and is written to
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    link_serial = models.PositiveSmallIntegerField(default=1, editable=False)
    due_at = models.DateTimeField(_("下一个时限"), null=True)  # the sooner of its running clocks'; list, badge and report read it here

    caller, phone = Sealed("caller_sealed"), Sealed("phone_sealed")
    objects = TenantManager.from_queryset(RequestQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("服务请求")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="request_number"),
            models.UniqueConstraint(fields=["tenant", "sent_key"], condition=~Q(sent_key=""), name="request_sent_once"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="request_priority"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(1, 5)), name="request_score"),
            models.CheckConstraint(condition=Q(resolved_at=None) | Q(paused_at=None), name="request_done_is_not_paused"),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(resolved_at__isnull=False), name="request_confirmed_when_done"),
        ]
        indexes = [models.Index(fields=["tenant", "due_at"], condition=Q(resolved_at=None), name="request_open"),
                   models.Index(fields=["tenant", "customer", "opened_at"], name="request_customer"),
                   models.Index(fields=["tenant", "token_hash"], name="request_token"),
                   models.Index(fields=["tenant", "opened_at"], name="request_opened")]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> Campus | None:
        """Where it is about: the campus that was named, else the family's."""
        return self.campus or (self.customer.campus if self.customer else None)

    @property
    def awaits_resuming(self) -> bool:
        """该恢复了: paused, although the family has answered since (B6)."""
        return bool(self.paused_at and self.heard_at and self.heard_at >= self.paused_at)


class RequestEvent(TenantModel):
    """经过: what happened to a request, in order; written once, never changed. Its clocks are replayed from these rows alone.

    A row goes only with its request, when whoever wrote a complaint down takes that back the same day.
    """

    app_may = "SELECT, INSERT, DELETE"

    class Verb(models.TextChoices):
        OPENED = "opened", _("收到")
        HEARD = "heard", _("家长说")
        REPLIED = "replied", _("答复")
        NOTED = "noted", _("内部备注")
        TAKEN = "taken", _("接手")
        HANDED = "handed", _("转交")
        KNOWN = "known", _("认出是哪一家")
        PAUSED = "paused", _("暂停")
        RESUMED = "resumed", _("恢复")
        RESOLVED = "resolved", _("办结")
        REOPENED = "reopened", _("重开")
        CONFIRMED = "confirmed", _("家长确认")
        RECOUNTED = "recounted", _("重算时限")

    request = TenantForeignKey(ServiceRequest, models.CASCADE, related_name="events", verbose_name=_("请求"))
    at = models.DateTimeField(_("时间"))
    verb = models.CharField(_("什么"), max_length=10, choices=Verb)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, blank=True)
    text = models.TextField(_("内容"), max_length=2000, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("请求的经过")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["tenant", "request", "at"], name="request_event_of")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d %H:%M}"


class Attachment(TenantModel):
    """附件: a picture or a PDF that came with what a family said, checked, without what a camera writes beside it, and sealed."""

    app_may = "SELECT, INSERT, DELETE"
    linked = False

    class Kind(models.TextChoices):
        JPEG = "image/jpeg", _("照片")
        PNG = "image/png", _("图片")
        PDF = "application/pdf", "PDF"

    event = TenantForeignKey(RequestEvent, models.CASCADE, related_name="attachments", verbose_name=_("经过"))
    name = models.CharField(_("文件名"), max_length=80)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    size = models.PositiveIntegerField(_("字节"))
    content_sealed = models.BinaryField(editable=False)

    content = SealedBytes("content_sealed")

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "event"], name="attachment_event")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind != self.Kind.PDF


class ClockQuerySet(TenantQuerySet):
    def marked(self, at: datetime) -> "ClockQuerySet":
        """Somebody is to be told of them by now."""
        return self.filter(next_at__lte=at)


class Clock(TenantModel):
    """时限: one of a request's two clocks, as its events have it. ``minutes`` are open ones, as the plan promised when it was opened.

    ``due_at`` is what was promised; it moves when a pause ends, or when somebody approves that it does. ``told`` is the last level that
    somebody was told of, -1 for none; ``next_at`` is when the next one is, never while it stands still. Columns are what the events
    come to, kept so that an index finds them; none is set by hand.
    """

    linked = False
    poller_sees = ("tenant_id", "next_at")

    class Kind(models.TextChoices):
        FIRST_REPLY = "reply", _("首次答复")
        RESOLUTION = "resolve", _("办结")

    request = TenantForeignKey(ServiceRequest, models.CASCADE, related_name="clocks", verbose_name=_("请求"))
    kind = models.CharField(_("什么时限"), max_length=7, choices=Kind)
    minutes = models.PositiveIntegerField(_("工作分钟"))
    due_at = models.DateTimeField(_("到期"), null=True)
    stopped_at = models.DateTimeField(_("停了"), null=True)
    spent = models.PositiveIntegerField(_("用了多少工作秒"), null=True)  # of one that is stopped
    breached_at = models.DateTimeField(_("逾期"), null=True)
    told = models.SmallIntegerField(default=-1)
    next_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ClockQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("时限")
        ordering = ["request", "kind"]
        constraints = [PollerPolicy(name="clock_poller"),
                       models.UniqueConstraint(fields=["tenant", "request", "kind"], name="clock_one_of_a_kind"),
                       models.CheckConstraint(condition=Q(told__range=(-1, LEVELS)), name="clock_told"),
                       models.CheckConstraint(condition=Q(stopped_at=None) | Q(next_at=None), name="clock_stopped_tells_nobody")]
        indexes = [models.Index(fields=["tenant", "next_at"], condition=Q(next_at__isnull=False), name="clock_next")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at}"

    @property
    def kept(self) -> bool | None:
        """Whether it was stopped in time; None while it runs."""
        return None if self.stopped_at is None else self.breached_at is None

"""活动: what is planned, what has to be ready for it, who is asked and who came (K17, K22, K27, K31c, K35, S11, S12e)."""
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, TimelineEntry
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership

DEAREST, MOST_PEOPLE, MOST_SEATS = 1_000_000_00, 9, 5000


class Interest(TenantModel):
    """兴趣和需要: something that families care for, in the school's own words (K17, K36d)."""

    name = models.CharField(_("兴趣或需要"), max_length=20)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("兴趣和需要")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="interest_name", violation_error_message=_("已经有了。"))]

    def __str__(self) -> str:
        return self.name


class CustomerInterest(TenantModel):
    """A family cares for it, as somebody found out."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="interests", verbose_name=_("客户"))
    interest = TenantForeignKey(Interest, models.CASCADE, related_name="customers", verbose_name=_("兴趣或需要"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁记的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("家庭的兴趣")
        constraints = [models.UniqueConstraint(fields=["tenant", "customer", "interest"], name="customer_interest_once")]
        indexes = [models.Index(fields=["tenant", "interest", "customer"], name="customer_interest_whose")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.interest_id}"


class EventQuerySet(TenantQuerySet):
    def open(self) -> "EventQuerySet":
        """Neither called off nor looked back upon."""
        return self.filter(cancelled_at=None, closed_at=None)

    def held(self, at: datetime) -> "EventQuerySet":
        """Those that took place."""
        return self.filter(cancelled_at=None, ends_at__lte=at).exclude(opened_at=None)


class Event(TenantModel):  # type: ignore[django-manager-missing]
    """活动. ``plans`` and ``interest`` say for whom it is meant; how it stands follows from its moments."""

    class Kind(models.TextChoices):
        PARENT_CHILD = "parent_child", _("亲子活动")
        LECTURE = "lecture", _("家长讲座")
        FESTIVAL = "festival", _("节日活动")
        SMALL = "small", _("小型活动")
        TRAINING = "training", _("培训")
        SEMINAR = "seminar", _("研讨会")
        PROMOTION = "promotion", _("优惠活动")

    kind = models.CharField(_("哪一类"), max_length=12, choices=Kind, default=Kind.PARENT_CHILD)
    title = models.CharField(_("叫什么"), max_length=60)
    about = models.CharField(_("做什么，对孩子和家长有什么好处"), max_length=600)
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    place = models.CharField(_("在哪里"), max_length=60)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    seats = models.PositiveSmallIntegerField(_("最多几个人"), null=True, blank=True,
                                             validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)])
    plans = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("为哪些方案的家庭"))
    interest = TenantForeignKey(Interest, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("合什么兴趣"))
    priority_days = models.PositiveSmallIntegerField(_("优先的家庭早几天收到邀请"), default=0, validators=[MaxValueValidator(30)])
    owner = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁策划"))
    opened_at = models.DateTimeField(_("什么时候开始邀请"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("什么时候取消"), null=True, editable=False)
    cancel_why = models.CharField(_("为什么取消"), max_length=200, blank=True, editable=False)
    thanked_at = models.DateTimeField(_("什么时候请家长说说"), null=True, editable=False)
    closed_at = models.DateTimeField(_("什么时候总结"), null=True, editable=False)
    effect = models.CharField(_("效果怎么样"), max_length=600, blank=True, editable=False)
    lessons = models.CharField(_("下次怎么做"), max_length=600, blank=True, editable=False)
    door_serial = models.PositiveSmallIntegerField(default=1, editable=False)
    door_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = TenantManager.from_queryset(EventQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("活动")
        ordering = ["-starts_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts",
                                              violation_error_message=_("结束要晚于开始。")),
                       models.CheckConstraint(condition=Q(closed_at=None) | Q(cancelled_at=None), name="event_called_off_or_looked_at"),
                       models.CheckConstraint(condition=Q(closed_at=None) | ~Q(lessons=""), name="event_closed_with_lessons"),
                       models.UniqueConstraint(fields=["tenant", "door_hash"], condition=~Q(door_hash=""), name="event_door")]
        indexes = [models.Index(fields=["tenant", "-starts_at"], name="event_starts"),
                   models.Index(fields=["tenant", "ends_at"], condition=Q(thanked_at=None), name="event_to_thank")]

    def __str__(self) -> str:
        return self.title

    def stands(self, at: datetime) -> str:
        """How it stands at a moment, a word of ``STANDS``."""
        if self.cancelled_at:
            return "cancelled"
        if self.closed_at:
            return "closed"
        if self.ends_at <= at:
            return "over"
        return "open" if self.opened_at else "planned"


STANDS = {"planned": _("在筹备"), "open": _("在邀请"), "over": _("办完了，等总结"), "closed": _("总结过了"), "cancelled": _("取消了")}


class EventTask(TenantModel):
    """筹备清单的一项: a place, a thing or a person that has to be there, who sees to it by when, and what it costs in 分."""

    class Kind(models.TextChoices):
        VENUE = "venue", _("场地")
        MATERIAL = "material", _("物资")
        PEOPLE = "people", _("人员")

    event = TenantForeignKey(Event, models.CASCADE, related_name="tasks", verbose_name=_("活动"))
    kind = models.CharField(_("哪一类"), max_length=8, choices=Kind, default=Kind.MATERIAL)
    what = models.CharField(_("要准备什么"), max_length=60)
    member = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("谁准备"))
    due_on = models.DateField(_("哪天前"))
    fen = models.PositiveIntegerField(_("花多少"), default=0, validators=[MaxValueValidator(DEAREST)])
    done_at = models.DateTimeField(_("什么时候好的"), null=True, editable=False)
    done_by = TenantForeignKey(Membership, null=True, editable=False, related_name="+", verbose_name=_("谁办的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("筹备清单")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["tenant", "event"], name="event_task_event"),
                   models.Index(fields=["tenant", "due_on"], condition=Q(done_at=None), name="event_task_due")]

    def __str__(self) -> str:
        return self.what


class InvitationQuerySet(TenantQuerySet):
    def coming(self) -> "InvitationQuerySet":
        return self.filter(answer=Invitation.Answer.YES)

    def came(self) -> "InvitationQuerySet":
        return self.exclude(came_at=None)


class Invitation(TenantModel):  # type: ignore[django-manager-missing]
    """邀请: one family to one event; what it answered, whether it came, and how it liked it. ``first``: its plan lets it choose first."""

    class Part(models.TextChoices):
        GUEST = "", _("来参加")
        SPEAKER = "speaker", _("分享嘉宾")
        SEGMENT = "segment", _("专设环节")

    class Answer(models.TextChoices):
        NONE = "", _("没答复")
        YES = "yes", _("来")
        WAIT = "wait", _("候补")
        NO = "no", _("不来")

    event = TenantForeignKey(Event, models.CASCADE, related_name="invitations", verbose_name=_("活动"))
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="invitations", verbose_name=_("客户"))
    part = models.CharField(_("请来做什么"), max_length=7, choices=Part, blank=True, default=Part.GUEST)
    topic = models.CharField(_("讲什么，做什么"), max_length=60, blank=True)
    first = models.BooleanField(_("优先"), default=False)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁请的"))
    invited_on = models.DateField(_("哪天请的"))
    told_at = models.DateTimeField(_("什么时候告诉的"), null=True)
    link_serial = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True)
    answer = models.CharField(_("来不来"), max_length=4, choices=Answer, blank=True, default=Answer.NONE)
    people = models.PositiveSmallIntegerField(_("几个人来"), default=2, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)])
    words = models.CharField(_("想说的"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("什么时候答复"), null=True)
    came_at = models.DateTimeField(_("什么时候签到"), null=True)
    came_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁签到的"))
    entry = TenantForeignKey(TimelineEntry, models.SET_NULL, null=True, related_name="+", verbose_name=_("往来"))
    score = models.PositiveSmallIntegerField(_("喜不喜欢"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    opinion = models.CharField(_("家长的意见"), max_length=500, blank=True)
    rated_at = models.DateTimeField(_("什么时候说的"), null=True)

    objects = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("邀请")
        ordering = ["-first", "answered_at", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "event", "customer"], name="invitation_once"),
                       models.UniqueConstraint(fields=["tenant", "token_hash"], condition=~Q(token_hash=""), name="invitation_link"),
                       models.CheckConstraint(condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                                              name="invitation_answered"),
                       models.CheckConstraint(condition=Q(people__gte=1, people__lte=MOST_PEOPLE), name="invitation_people"),
                       models.CheckConstraint(condition=Q(score=None) | Q(score__gte=1, score__lte=5), name="invitation_score"),
                       models.CheckConstraint(condition=Q(score=None) | Q(came_at__isnull=False), name="invitation_rated_by_who_came")]
        indexes = [models.Index(fields=["tenant", "customer", "-invited_on"], name="invitation_customer")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.customer_id}"

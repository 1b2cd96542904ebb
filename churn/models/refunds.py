"""退费规则, 退费申请 line by line, and 挽留方案 (SPEC B23, C10b, C23b)."""
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from churn.models.cases import ChurnCase
from crm.days import happened, planned
from crm.models import Channel, Child, Customer, LessonPackage, Payment
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership

IS_OPEN, IS_DECIDED = Q(state__in=["asked", "proposed", "approved"]), Q(state__in=["approved", "paid", "declined"])


class RefundRules(TenantModel):
    """退费规则 that a school goes by: a shipped pack by its code, or clauses of its own. The newest row holds; older ones stay."""

    pack = models.CharField(_("按哪一套规则"), max_length=20, blank=True)  # empty: the school's own
    own = models.JSONField(_("自己的条款"), default=dict)  # {group of fee: {"method": …, "clause": …, "figures": {…}}}
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("退费规则")
        ordering = ["-id"]


class RefundRequestQuerySet(TenantQuerySet):
    def open(self) -> "RefundRequestQuerySet":
        return self.filter(state__in=RefundRequest.OPEN)


class RefundRequest(TenantModel):
    """退费申请: a family asks for money back; counted by the rules, talked about, approved by a second person, paid."""

    class State(models.TextChoices):
        ASKED = "asked", _("在谈")
        PROPOSED = "proposed", _("等审批")
        APPROVED = "approved", _("等退款")
        PAID = "paid", _("已退款")
        DECLINED = "declined", _("没有批准")
        KEPT = "kept", _("留住了")
        TAKEN_BACK = "taken_back", _("家长撤回")

    OPEN = (State.ASKED, State.PROPOSED, State.APPROVED)

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="refund_requests", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("孩子"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    case = TenantForeignKey(ChurnCase, models.SET_NULL, null=True, related_name="refunds", verbose_name=_("流失个案"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    asked_on = models.DateField(_("哪天申请的"), validators=[happened])
    channel = models.CharField(_("怎么提的"), max_length=10, choices=Channel)
    leaves_on = models.DateField(_("打算哪天离开"), null=True, blank=True, validators=[planned])
    reason = models.CharField(_("家长说的原因"), max_length=300)
    counted_on = models.DateField(_("按哪天算"), validators=[planned])
    rules = models.CharField(_("按哪套规则算的"), max_length=120, blank=True)
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁登记"))
    proposed_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁提交"))
    proposed_at = models.DateTimeField(_("提交时间"), null=True)
    decided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁审批"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    closed_on = models.DateField(_("哪天了结"), null=True)

    objects = TenantManager.from_queryset(RefundRequestQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("退费申请")
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "child"], condition=IS_OPEN, nulls_distinct=False,
                                    name="refund_request_one_open"),
            models.CheckConstraint(name="refund_request_decided", condition=IS_DECIDED & Q(decided_at__isnull=False)
                                   | ~IS_DECIDED & Q(decided_at=None)),
            models.CheckConstraint(name="refund_request_closed", condition=IS_OPEN & Q(closed_on=None)
                                   | ~IS_OPEN & Q(closed_on__isnull=False))]
        indexes = [models.Index(fields=["tenant", "state", "asked_on"], name="refund_request_state")]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class RefundLine(TenantModel):
    """One payment of an application: what is known of it, what the rule makes of it, and what was agreed."""

    request = TenantForeignKey(RefundRequest, models.CASCADE, related_name="lines", verbose_name=_("退费申请"))
    payment = TenantForeignKey(Payment, models.CASCADE, related_name="+", verbose_name=_("缴费"))
    is_in = models.BooleanField(_("这笔退"), default=True)
    package = TenantForeignKey(LessonPackage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("课时包"))
    first_on = models.DateField(_("费用从哪天起"), null=True, blank=True)
    last_on = models.DateField(_("费用到哪天"), null=True, blank=True)
    attended = models.PositiveSmallIntegerField(_("当月出勤天数"), null=True, blank=True)
    school_days = models.PositiveSmallIntegerField(_("当月在园日"), null=True, blank=True)
    absent = models.PositiveSmallIntegerField(_("连续缺勤天数"), null=True, blank=True)
    method = models.CharField(_("怎么算"), max_length=20, blank=True)
    clause = models.CharField(_("条款"), max_length=200, blank=True)
    lacks = models.CharField(_("缺什么"), max_length=12, blank=True)
    counted_fen = models.BigIntegerField(_("按规则（分）"), null=True)
    agreed_fen = models.BigIntegerField(_("商定（分）"), null=True, blank=True, validators=[MinValueValidator(0)])
    why = models.CharField(_("为什么和规则不同"), max_length=120, blank=True)
    refunded = TenantForeignKey(Payment, models.SET_NULL, null=True, related_name="+", verbose_name=_("退出的那笔"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("退费申请的缴费")
        ordering = ["payment__paid_on", "payment"]
        constraints = [models.UniqueConstraint(fields=["tenant", "request", "payment"], name="refund_line_once"),
                       models.CheckConstraint(condition=Q(last_on=None) | Q(first_on=None) | Q(last_on__gte=F("first_on")),
                                              name="refund_line_span")]

    @property
    def fen(self) -> int | None:
        """What comes back of it: as agreed, else as counted; None while it cannot be told."""
        return self.counted_fen if self.agreed_fen is None else self.agreed_fen


class SaveOffer(TenantModel):
    """挽留方案: what the school offers instead of money back, what it costs, and what the family said."""

    class Kind(models.TextChoices):
        LESSONS = "lessons", _("送课时")
        DISCOUNT = "discount", _("减免费用")
        PAUSE = "pause", _("停课保留名额")
        CHANGE = "change", _("换班或换老师")
        OTHER = "other", _("其他")

    class Answer(models.TextChoices):
        WAITING = "", _("等家长答复")
        ACCEPTED = "accepted", _("接受了")
        REFUSED = "refused", _("没接受")

    request = TenantForeignKey(RefundRequest, models.CASCADE, related_name="offers", verbose_name=_("退费申请"))
    kind = models.CharField(_("什么方案"), max_length=10, choices=Kind)
    text = models.CharField(_("怎么做"), max_length=200)
    lessons = models.PositiveSmallIntegerField(_("送几课时"), null=True, blank=True)
    fen = models.BigIntegerField(_("成本（分）"), default=0, validators=[MinValueValidator(0)])
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))
    answer = models.CharField(_("家长的答复"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("挽留方案")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "request"], condition=Q(answer="accepted"),
                                               name="save_offer_one_accepted"),
                       models.CheckConstraint(condition=Q(fen__gte=0), name="save_offer_cost")]

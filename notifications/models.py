"""发件箱, 收件箱, 送达 and 家长消息: side effects are rows of the business transaction, so a crash loses none."""
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import Sealed, TenantForeignKey, TenantOneToOneField
from tenancy.locks import PollerPolicy
from tenancy.models import Campus, Membership


class Outbox(TenantModel):
    """发件箱: something to be done after commit. The payload holds ids, never personal data."""

    poller_sees = ("id", "tenant_id", "topic", "due_at", "sent_at", "done_at", "attempts")
    poller_writes = ("sent_at",)

    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [PollerPolicy(name="outbox_poller")]
        # due_at first: the poller looks across tenants, the one exception from tenant-first
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="outbox_due")]


class Message(TenantModel):
    """收件箱: one line for one colleague, with a link to where the next step is."""

    member = TenantForeignKey(Membership, models.CASCADE, related_name="messages")
    title = models.CharField(_("标题"), max_length=120)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("收件箱")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "key"], name="message_once")]
        indexes = [models.Index(fields=["tenant", "member"], condition=Q(read_at=None), name="message_unread")]


class Address(TenantModel):
    """送达渠道: where else a colleague wants to be told, as the address of a group robot; sealed, since it is a key."""

    member = TenantOneToOneField(Membership, models.CASCADE, related_name="address", verbose_name=_("成员"))
    url_sealed = models.BinaryField(null=True, editable=False)
    url = Sealed("url_sealed")
    scheme = models.CharField(_("渠道"), max_length=20)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("送达渠道")


class Delivery(TenantModel):
    """送达: one message on its way through a colleague's channel; sent at most once.

    SENDING is written before the gateway is asked. Whatever happens to us then, the message is not sent again
    by itself: an outcome that nobody knows is UNKNOWN and waits for a person (QUALITY C-4).
    """

    class State(models.TextChoices):
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已送达")
        REFUSED = "refused", _("被拒绝")
        UNKNOWN = "unknown", _("结果不明")

    message = TenantOneToOneField(Message, models.CASCADE, related_name="delivery")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SENDING)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("送达")
        indexes = [models.Index(fields=["tenant", "state", "at"], name="delivery_state")]


class MessageTemplate(TenantModel):
    """消息模板: how a school words one kind of message in one language, instead of the words it came with."""

    kind = models.CharField(max_length=40)
    language = models.CharField(_("语言"), max_length=10)
    text = models.TextField(_("内容"), max_length=500)
    provider_code = models.CharField(_("服务商的模板编号"), max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("消息模板")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "language"], name="message_template_once")]


class SmsAccount(TenantModel):
    """短信账号: the school's account at a provider of short messages; its secret is sealed and never shown again."""

    provider = models.CharField(_("服务商"), max_length=20)
    account = models.CharField(_("账号"), max_length=80, blank=True)
    secret_sealed = models.BinaryField(null=True, editable=False)
    secret = Sealed("secret_sealed")
    signature = models.CharField(_("短信签名"), max_length=20)
    app = models.CharField(_("应用编号"), max_length=40, blank=True)
    is_on = models.BooleanField(_("启用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("短信账号")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="sms_account_once")]


class ParentMessage(TenantModel):
    """家长消息: one message to somebody outside of the school, filled in and sealed; at most one for each key.

    As with a delivery, SENDING is written before a gateway is asked, and what nobody knows is never sent again by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发")
        REFUSED = "refused", _("被拒绝")
        UNKNOWN = "unknown", _("结果不明")
        BY_HAND = "by_hand", _("待人工")
        DONE = "done", _("已人工告知")
        DROPPED = "dropped", _("不用发了")

    class Way(models.TextChoices):
        SMS = "sms", _("短信")
        EMAIL = "email", _("邮件")
        CONSOLE = "console", _("演示")
        HAND = "hand", _("人工")

    kind = models.CharField(_("类型"), max_length=40)
    key = models.CharField(max_length=80)
    about = models.CharField(max_length=40)  # what it is about, as "booking-12": when that ends, what waits is dropped
    link = models.CharField(max_length=200, blank=True)  # where in the school that is seen
    campus = TenantForeignKey(Campus, null=True, related_name="+", verbose_name=_("园所"))
    language = models.CharField(max_length=10)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone = Sealed("phone_sealed")
    phone_tail = models.CharField(_("手机尾号"), max_length=4, blank=True)
    email_sealed = models.BinaryField(null=True, editable=False)
    email = Sealed("email_sealed")
    text_sealed = models.BinaryField(null=True, editable=False)
    text = Sealed("text_sealed")
    facts_sealed = models.BinaryField(null=True, editable=False)  # what filled it, for gateways that know the text already
    facts = Sealed("facts_sealed")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    way = models.CharField(_("渠道"), max_length=10, choices=Way, blank=True)
    said = models.CharField(max_length=40, blank=True)  # the gateway's own word, for asking it
    at = models.DateTimeField(_("时间"), default=timezone.now)
    until = models.DateTimeField(null=True)  # afterwards it is of no use to anybody
    ended_at = models.DateTimeField(null=True)
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("家长消息")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="parent_message_once")]
        indexes = [models.Index(fields=["tenant", "state", "at"], name="parent_message_state"),
                   models.Index(fields=["tenant", "about"], name="parent_message_about")]

"""发件箱, 收件箱 and 送达: side effects are rows of the business transaction, so a crash loses none."""
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import Sealed, TenantForeignKey, TenantOneToOneField
from tenancy.locks import PollerPolicy
from tenancy.models import Membership


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

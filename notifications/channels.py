"""送达: the staff's channels (企业微信, 钉钉, 飞书 group robots) by apprise, outside of any transaction.

Which schemes may be used is a setting, so that nobody can make the server call an address of their choice.
"""
import logging
from datetime import datetime, timedelta
from typing import Any

import apprise
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import Address, Delivery, Message
from tenancy.models import Membership, Tenant
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope

CONSOLE = "console"
UNKNOWN_AFTER = timedelta(minutes=5)
console = logging.getLogger("miaopu.console")


def scheme_of(url: str) -> str:
    return url.partition("://")[0].strip().lower()


@transaction.atomic
def choose(member: Membership, url: str) -> None:
    """Where this colleague is told besides the inbox; an empty address ends it. Raises Refused for an unfit one."""
    Address.objects.filter(member=member).delete()
    url = url.strip()
    if not url:
        return
    scheme = scheme_of(url)
    if scheme not in settings.MIAOPU_CHANNELS:
        raise Refused(_("只能用这些渠道：%(names)s。") % {"names": "、".join(f"{s}://" for s in settings.MIAOPU_CHANNELS)}, "url")
    if scheme != CONSOLE and not apprise.Apprise().add(url):
        raise Refused(_("这个地址不完整，请从群机器人的说明里整段复制。"), "url")
    address = Address(member=member, scheme=scheme)
    address.url = url
    address.save(force_insert=True)


def claim(message_id: int) -> Delivery | None:
    """Write that sending begins; None when the colleague has no channel or somebody began before."""
    message = Message.objects.filter(pk=message_id).select_related("member").first()
    if message is None or not Address.objects.filter(member=message.member).exists():
        return None
    try:
        with transaction.atomic():
            return Delivery.objects.create(message=message)
    except IntegrityError:
        return None


def send(tenant: Tenant, delivery_id: int) -> None:
    """Ask the gateway once, then write what it said. Called outside of a scope: a slow gateway holds no transaction."""
    with tenant_scope(tenant):
        message = Message.objects.get(delivery=delivery_id)
        url, title = Address.objects.get(member=message.member_id).url, message.title
    state = _ask(url, tenant.name, title)
    with tenant_scope(tenant):
        Delivery.objects.filter(pk=delivery_id, state=Delivery.State.SENDING).update(state=state)


def _ask(url: str, school: str, title: str) -> str:
    if scheme_of(url) == CONSOLE:
        console.warning("%s：%s", school, title)
        return Delivery.State.SENT
    gateway = apprise.Apprise()
    gateway.add(url)
    try:
        answered: Any = gateway.notify(title=school, body=title)
    except Exception:
        return Delivery.State.UNKNOWN
    return Delivery.State.SENT if answered else Delivery.State.REFUSED


def give_up(now: datetime | None = None) -> int:
    """Deliveries that began long ago and never ended: their outcome is unknown, and they are not sent again."""
    since = (now or timezone.now()) - UNKNOWN_AFTER
    return Delivery.objects.filter(state=Delivery.State.SENDING, at__lt=since).update(state=Delivery.State.UNKNOWN)

"""手机验证码: a one-time code by which a parent shows that the phone is theirs. Where the school wants one (SPEC B10)."""
import secrets
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from notifications import parents
from notifications.parents import About, Recipient
from reception.models import PhoneCode
from tenancy.doors import counted_as
from tenancy.refusals import Refused
from tenancy.scope import current_tenant
from tenancy.sealing import blind_index

CODE = "reception.code"
LIFE = timedelta(minutes=10)
TRIES = 5


class CodeRefused(Refused):
    """The code is missing or wrong: 422 at its field."""

    status = 422

    def __init__(self, code: str, message: str) -> None:
        super().__init__(_("有几处要改。"), "code", code="invalid")
        self.more = {"fields": {"code": [{"code": code, "message": message}]}}


def send_code(phone: str, *, language: str, at: datetime) -> PhoneCode:
    """Draw a code and write it to the parent; neither the desk nor anybody else is shown it."""
    row = PhoneCode(phone_index=blind_index(phone), expires_at=at + LIFE)
    row.phone, row.code = phone, f"{secrets.randbelow(10**6):06d}"
    row.save(force_insert=True)
    cache.delete(_tries(phone))
    facts = {"school": current_tenant().name, "code": row.code}
    parents.write(CODE, Recipient(phone, language=language), facts, About("code", until=row.expires_at), key=f"code-{row.pk}", at=at)
    return row


def can_send() -> bool:
    """Whether a code would reach anybody: without a channel to parents none is asked for."""
    return parents.reaches_phones(CODE)


def check_code(phone: str, typed: str, *, at: datetime) -> None:
    """The newest code sent to this phone, once, within ten minutes and five tries. Raises CodeRefused."""
    if not typed.strip():
        raise CodeRefused("required", _("请填写发到这个手机号的验证码。"))
    row = PhoneCode.objects.filter(phone_index=blind_index(phone), expires_at__gt=at, used_at=None).order_by("-id").first()
    cache.add(_tries(phone), 0, int(LIFE.total_seconds()))
    if row is None or cache.incr(_tries(phone)) > TRIES:
        raise CodeRefused("expired", _("验证码过期了，请再发一次。"))
    if not secrets.compare_digest(row.code.encode(), typed.strip().encode()):
        raise CodeRefused("wrong", _("验证码不对，请核对短信。"))
    if not PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        raise CodeRefused("expired", _("验证码过期了，请再发一次。"))


def _tries(phone: str) -> str:
    return counted_as("code-tries", phone)

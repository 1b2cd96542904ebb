"""One request, one effect: the Idempotency-Key of a booking (SPEC B10, DESIGN §8).

Only a success is stored and given again, for 48 hours; a refusal rolls back, so that the same key may try again. A second
request with a key that is in flight waits for the first on the key's unique index.
"""
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from reception.models import StoredAnswer
from tenancy.refusals import Refused
from tenancy.scope import current_tenant_id
from tenancy.sealing import blind_index

KEPT = timedelta(hours=48)
SHORTEST, LONGEST = 16, 64
CLAIM = """
INSERT INTO reception_storedanswer (tenant_id, key_index, body_digest, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (tenant_id, key_index) DO NOTHING RETURNING id
"""
KEEP = "UPDATE reception_storedanswer SET answer_sealed = %s WHERE tenant_id = %s AND id = %s"

Answer = dict[str, Any]


class KeyReused(Refused):
    """The key came before with another body: 422, since one of the two is a mistake."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("这个 Idempotency-Key 已经用于另一个请求，请换一个新的。"), code="key_reused")


def once(key: str, body: Mapping[str, Any], act: Callable[[], Answer], *, at: datetime) -> tuple[Answer, bool]:
    """The answer of ``act``, done once for this key; and whether it is an answer given before."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
    index = blind_index(f"key|{key}")
    claimed = _claim(index, digest, at)
    if claimed is None:
        stored = StoredAnswer.objects.get(key_index=index)
        if stored.at > at - KEPT:
            return _again(stored, digest), True
        stored.delete()
        return once(key, body, act, at=at)
    answer = act()
    row = StoredAnswer(pk=claimed, key_index=index)
    row.answer = json.dumps(answer, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [row.answer_sealed, current_tenant_id(), claimed])
    return answer, False


def forget_old(*, at: datetime) -> int:
    """Answers that are not given again are not kept."""
    return StoredAnswer.objects.filter(at__lte=at - KEPT).delete()[0]


def _claim(index: str, digest: str, at: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [current_tenant_id(), index, digest, at])
        row = cursor.fetchone()
    return row[0] if row else None


def _again(stored: StoredAnswer, digest: str) -> Answer:
    if stored.body_digest != digest:
        raise KeyReused
    return dict(json.loads(stored.answer))

"""Results written in bulk: COPY into a temporary table, then one INSERT under row-level security."""
import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from tenancy.scope import current_tenant_id
from tiering.facts import CHUNK, Known
from tiering.rules import Decision

COLUMNS = "customer_id, campus_id_then, facts, parts, score, tier, uncapped, held, missing"
STAGE = """CREATE TEMP TABLE IF NOT EXISTS result_stage (customer_id bigint, campus_id_then bigint, facts bigint[], parts int[],
           score int, tier smallint, uncapped smallint, held smallint[], missing varchar[]) ON COMMIT DELETE ROWS"""


def line(known: Known, decision: Decision) -> str:
    """One result as COPY text; also what the batch's digest is taken over."""
    return "\t".join((str(known.customer), str(known.campus), _array(known.facts), _array(decision.parts), str(decision.score),
                      _null(decision.tier), _null(decision.uncapped), _array(decision.held_back_by), _array(decision.missing)))


def _null(value: Any) -> str:
    return "\\N" if value is None else str(value)


def _array(values: Iterable[Any]) -> str:
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def write(batch_id: int, lines: Iterator[str]) -> tuple[int, str]:
    """Insert every line as a result of the batch; returns how many and their digest (sha256, in customer order)."""
    digest, count = hashlib.sha256(), 0
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        for chunk in _chunks(lines):
            text = "\n".join(chunk) + "\n"
            digest.update(text.encode())
            cursor.copy_expert(f"COPY result_stage ({COLUMNS}) FROM STDIN", io.StringIO(text))
            count += len(chunk)
        cursor.execute(f"INSERT INTO tiering_result (tenant_id, batch_id, {COLUMNS}) "
                       f"SELECT %s, %s, {COLUMNS} FROM result_stage", [current_tenant_id(), batch_id])
        cursor.execute("DELETE FROM result_stage")
    return count, digest.hexdigest()


def digest_of(lines: Iterator[str]) -> tuple[int, str]:
    """What write() would return, without writing."""
    digest, count = hashlib.sha256(), 0
    for chunk in _chunks(lines):
        digest.update(("\n".join(chunk) + "\n").encode())
        count += len(chunk)
    return count, digest.hexdigest()


def _chunks(lines: Iterator[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in lines:
        chunk.append(text)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

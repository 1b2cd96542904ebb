"""Three samples of a column, shown so that a person can judge it without reading anybody's number."""
import re
from collections.abc import Iterable, Sequence
from typing import Any

from crm.parse import cell_text

SECRET = {"phone", "referred_phone", "address", "health"}


def samples(rows: Iterable[Sequence[Any]], column: int, field: str | None) -> list[str]:
    found: list[str] = []
    for row in rows:
        text = cell_text(row[column]) if column < len(row) else ""
        shown = masked(text, field)
        if shown and shown not in found:
            found.append(shown)
        if len(found) == 3:
            break
    return found


def masked(text: str, field: str | None) -> str:
    """Digits in the middle of a number are hidden, also where one is missing; of an address or health note only the start shows."""
    if field in {"address", "health"}:
        return text[:4] + "…" if len(text) > 4 else text
    return re.sub(r"(?<=\d{3})[\d\s-]{3,8}(?=\d{4})", "****", text)[:16]

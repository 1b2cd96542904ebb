"""A sentence of a pure room, which knows no framework: Chinese as it stands, and what it takes to say it in another language."""
from typing import Any, Self


class Said(str):
    """``Said("少了 %(n)s 位", n=1)`` is the text “少了 1 位” and remembers its pattern; tenancy.refusals.spoken() translates it."""

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> Self:
        said = super().__new__(cls, pattern % values if values else pattern)
        said.pattern, said.values = pattern, values
        return said

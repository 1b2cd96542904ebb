"""The shipped rule packs, read from their files once: a place's rules are data, never code (SPEC B23, §4)."""
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from churn.refunds.rules import METHODS, Limits, Pack, Rule

FOLDER = Path(__file__).parent / "packs"


@cache
def packs() -> dict[str, Pack]:
    """Every shipped pack by its code."""
    read = [pack_from(tomllib.loads(path.read_text())) for path in sorted(FOLDER.glob("*.toml"))]
    return {pack.code: pack for pack in read}


def packs_for(kind: str) -> list[Pack]:
    """Those of one trade, by name."""
    return sorted((pack for pack in packs().values() if kind in pack.kinds), key=lambda pack: pack.name)


def pack_from(data: dict[str, Any]) -> Pack:
    """Raises ValueError that names a method nobody knows: a pack is checked as it is read, not in front of a family."""
    rules = {group: Rule(row["method"], row["clause"], row.get("figures", {})) for group, row in data["rules"].items()}
    unknown = {rule.method for rule in rules.values()} - set(METHODS)
    if unknown:
        raise ValueError(f"{data['code']}: {sorted(unknown)}")
    return Pack(data["code"], data["name"], tuple(data["kinds"]), data["basis"], rules, Limits(**data.get("limits", {})),
                data.get("cooling_off", 0))

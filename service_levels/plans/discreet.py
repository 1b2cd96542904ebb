"""不提等级 (SPEC X6): what a family is told of its services is what it has more or less of, never which tier or risk led to it. Pure."""
import re
from collections.abc import Sequence
from dataclasses import dataclass

LABELS = re.compile(r"[A-DＡ-Ｄa-dａ-ｄ1-4１-４一二三四]\s*(?:类|级)(?!台阶)|等级|分级|评级|定级|挽回|挽留|流失|风险|重点客户|客户价值")
# in an answer people speak of a risk at the slide and a teacher of the first grade too: only what can mean nothing else
ANSWERED = re.compile(r"[A-DＡ-Ｄ]\s*(?:类|级)(?!台阶)|[1-4１-４一二三四]\s*(?:类|级)(?=客户|家庭|家长)"
                      r"|客户(?:等级|分级|价值)|重点客户|挽回|挽留|流失", re.IGNORECASE)


def names_a_label(text: str) -> bool:
    """Whether words for families give away a tier, a risk, or what the school thinks of them."""
    return LABELS.search(text) is not None


def given_away(text: str) -> str:
    """The word of an answer to one family that says what the school thinks of it; nothing where none does."""
    found = ANSWERED.search(text)
    return found[0] if found else ""


@dataclass(frozen=True)
class Difference:
    """Between what a family had and what it has, of the services it may know of."""

    came: tuple[str, ...]
    gone: tuple[str, ...]


def difference(had: Sequence[str], has: Sequence[str]) -> Difference:
    """In the order of the plans; what is on both sides is no news."""
    return Difference(tuple(word for word in has if word not in had), tuple(word for word in had if word not in has))

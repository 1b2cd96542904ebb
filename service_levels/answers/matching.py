"""找相近的问题: which of a school's questions somebody's words come near to. Pure.

Chinese is not written in words, so pairs of neighbouring characters are compared; a pair that stands in many questions says little.
Traditional characters are read as simplified ones: a family in 繁體 finds what a school wrote in 简体, and the other way round.
"""
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log

from opencc import OpenCC

NEAR = 0.22  # of the weight of a question's own pairs that have to be met
NAMED = 0.5  # what it counts for that one of its other names is in the words
MOST = 3
SPLIT = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True)
class Known:
    """A question that has an answer; ``words`` is what else people call it."""

    pk: int
    question: str
    words: str = ""


@cache
def _characters() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The same words in simplified characters."""
    return str(_characters().convert(text))


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits, whatever stands between sentences; one letter alone is its own pair."""
    found: set[str] = set()
    for run in "".join(c if c.isalnum() else " " for c in simplified(unicodedata.normalize("NFKC", text)).lower()).split():
        found.update(a + b for a, b in pairwise(run))
        if len(run) == 1:
            found.add(run)
    return frozenset(found)


def near(text: str, known: Sequence[Known], most: int = MOST) -> list[int]:
    """The questions that the words come near to, the nearest first."""
    asked = pairs(text)
    own = {one.pk: (pairs(one.question), pairs(one.words)) for one in known}
    weight = _weights(a | b for a, b in own.values())
    scored = []
    for one in known:
        question, words = own[one.pk]
        whole = sum(weight[pair] for pair in question)
        met = sum(weight[pair] for pair in asked & (question | words))
        share = met / whole + (NAMED if _named(one.words, asked) else 0) if whole else 0
        if share >= NEAR:
            scored.append((-share, -met, one.pk))
    return [pk for _share, _met, pk in sorted(scored)[:most]]


def _named(words: str, asked: frozenset[str]) -> bool:
    """Whether one of the other names stands in what was asked."""
    names = [pairs(name) for name in SPLIT.split(words)]
    return any(name and name <= asked for name in names)


def _weights(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """How much a pair says: the fewer questions have it, the more."""
    rows = list(texts)
    counts = Counter(pair for row in rows for pair in row)
    return {pair: log(1 + len(rows) / n) for pair, n in counts.items()}

"""家长消息的措辞: what kinds of messages go to parents, which facts each may name, how a text is filled.

An app that writes to parents registers its kinds in ``apps.ready``; a school may word each of them in each language.
"""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

BLANK = re.compile(r"\{\s*(\w+)\s*\}")
BRACES = re.compile(r"[{}]")
ONE, EACH = 70, 67  # characters of a Chinese short message; of each part of a longer one (3GPP TS 23.038, UCS-2)


@dataclass(frozen=True)
class Fact:
    """空格: one thing that differs from message to message, by a name for gateways, one for people, and an example."""

    name: str
    word: Any
    example: str


@dataclass(frozen=True)
class MessageKind:
    """消息类型: its name, the facts it may name, its text in every language the product speaks.

    A secret one (a code) is never shown to anybody and never handed to the desk.
    """

    code: str
    name: Any
    when: Any
    facts: tuple[Fact, ...]
    texts: Mapping[str, str]
    is_secret: bool = False

    def examples(self) -> dict[str, str]:
        return {fact.name: fact.example for fact in self.facts}

    def words(self, language: str) -> dict[str, str]:
        """What people call each fact in a language; in English by its name."""
        if language == "en":
            return {fact.name: fact.name for fact in self.facts}
        with override(language):
            return {fact.name: str(fact.word) for fact in self.facts}

    def text_in(self, language: str) -> str:
        return self.texts.get(language) or self.texts["zh-hans"]


_kinds: dict[str, MessageKind] = {}


def register(*kinds: MessageKind) -> None:
    for kind in kinds:
        _kinds[kind.code] = kind


def kinds() -> list[MessageKind]:
    return list(_kinds.values())


def kind_of(code: str) -> MessageKind | None:
    return _kinds.get(code)


def blanks(text: str) -> list[str]:
    """The names in braces, in order, each once."""
    return list(dict.fromkeys(BLANK.findall(text)))


def unknown(text: str, kind: MessageKind) -> list[str]:
    """Names in braces that this kind of message does not know; a brace that belongs to no name is one as well."""
    known = {fact.name for fact in kind.facts}
    return [name for name in blanks(text) if name not in known] + BRACES.findall(BLANK.sub("", text))


def spoken(text: str, kind: MessageKind, language: str) -> str:
    """The text with its blanks called as people call them: ``{家长称呼}`` for ``{guardian}``."""
    words = kind.words(language)
    return BLANK.sub(lambda blank: f"{{{words.get(blank[1], blank[1])}}}", text)


def canonical(text: str, kind: MessageKind, language: str) -> str:
    """The other way round: blanks by the names that are kept and that gateways know."""
    names = {word: name for name, word in kind.words(language).items()}
    return BLANK.sub(lambda blank: f"{{{names.get(blank[1], blank[1])}}}", text)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its blanks filled; an empty fact leaves no space behind."""
    filled = BLANK.sub(lambda blank: facts.get(blank[1], ""), text)
    return re.sub(r"[ \t]+(?=[ \t，。、；：,.;])", "", filled).strip()


def parts(text: str) -> int:
    """How many short messages a text takes, as the carriers count it."""
    return 1 if len(text) <= ONE else -(-len(text) // EACH)

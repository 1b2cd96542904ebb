"""合同条款: a template's text as clauses, and the blanks that the archive fills (R25). Pure.

A line that begins with ``## `` opens a clause; what stands under it, up to the next, is its text. ``{孩子姓名}`` is a blank.
"""
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tenancy.said import Said

BLANK = re.compile(r"\{([^{}\n]{1,20})\}")
BRACES = re.compile(r"[{}]")
# 空格: what a template may name, each by the word people write
BLANKS = ("机构", "园所", "园所地址", "合同编号", "孩子姓名", "出生日期", "监护人", "监护人电话", "班级", "开始日期", "结束日期",
          "每月费用", "签订日期")


@dataclass(frozen=True)
class Clause:
    """条款: what it is about, and what it says."""

    title: str
    text: str


def split(body: str) -> tuple[Clause, ...]:
    """The clauses in order; what stands before the first title belongs to none."""
    parts = re.split(r"^##[ \t]*(\S.*)$", body.replace("\r\n", "\n"), flags=re.MULTILINE)
    return tuple(Clause(title.strip(), text.strip()) for title, text in zip(parts[1::2], parts[2::2], strict=True))


def faults(*texts: str) -> list[Said]:
    """What must be mended before a template can be approved; the first text is the one with the clauses."""
    clauses = split(texts[0])
    found = [] if clauses else [Said("没有条款：每一条的标题写成“## 第一条 服务内容”。")]
    found += [Said("“%(title)s”下面没有内容。", title=clause.title) for clause in clauses if not clause.text]
    found += [Said("不认识的空格“%(name)s”。", name=name) for text in texts for name in unknown(text)]
    return found


def unknown(text: str) -> list[str]:
    """Blanks that nothing fills; a brace that belongs to no blank is one as well."""
    names = dict.fromkeys(BLANK.findall(text))
    return [name for name in names if name not in BLANKS] + BRACES.findall(BLANK.sub("", text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its blanks filled; what is not known is a line to write on, never an empty place."""
    return BLANK.sub(lambda blank: facts.get(blank[1]) or "______", text)


def filled(clauses: tuple[Clause, ...], facts: Mapping[str, str]) -> tuple[Clause, ...]:
    return tuple(Clause(fill(clause.title, facts), fill(clause.text, facts)) for clause in clauses)

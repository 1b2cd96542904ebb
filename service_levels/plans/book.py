"""方案册: what each tier, at each risk of leaving, is owed (SPEC S18, K15, X4). Pure; plans are data, so that a version stays as it was.

Tier and risk are two axes. A cell names the plan of each pair; no tier of one scheme is ever read as a tier of another.
"""
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from churn.risk.rules import Band
from service_levels.plans.discreet import names_a_label
from tenancy.said import Said

BANDS = tuple(Band)
UNRATED = ""  # the tier of who has none
MOST_PLANS, MOST_LINES = 12, 60
LONGEST = 60 * 24 * 30   # open minutes that a target may have
DEAREST = 10_000_000     # 分 that one line may cost each time
Problem = tuple[str, str]


class Section(StrEnum):
    """方案的四部分 (S18), and what K16–K31 and S6–S14 add to them."""

    CONTENT = "content"
    PROCESS = "process"
    STANDARD = "standard"
    PEOPLE = "people"
    CADENCE = "cadence"
    BENEFIT = "benefit"
    EVENT = "event"


class People(StrEnum):
    """谁来服务 (S6, S12a, S13a, S14)."""

    TEAM = "team"
    NAMED = "named"
    POOL = "pool"
    SELF = "self"


class Solution(StrEnum):
    """给什么样的解决 (S8, S12c, S13c, S14c)."""

    TAILORED = "tailored"
    ADAPTED = "adapted"
    STANDARD = "standard"
    BASIC = "basic"


class Unit(StrEnum):
    """多久一次; ``ALWAYS``: it simply holds, and nothing falls due."""

    ALWAYS = "always"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Occasion(StrEnum):
    """逢什么联系 (K19, K26): the rhythm of a line, or a day of the family's or of everybody's."""

    RHYTHM = "rhythm"
    THANKS = "thanks"
    PROGRESS = "progress"
    FESTIVAL = "festival"
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    GIFT = "gift"
    NEWS = "news"


# of lines that were kept before occasions were told apart
OF_SOURCE = {"K19(a)": Occasion.THANKS, "K19(b)": Occasion.THANKS, "K19(c)": Occasion.FESTIVAL, "K19(d)": Occasion.ANNIVERSARY,
             "K19(e)": Occasion.GIFT,
             "K26(a)": Occasion.BIRTHDAY, "K26(b)": Occasion.PROGRESS,
             "S11(c)": Occasion.NEWS}
A_YEAR = {Unit.ALWAYS: 0, Unit.WEEK: 52, Unit.MONTH: 12, Unit.QUARTER: 4, Unit.YEAR: 1}


@dataclass(frozen=True)
class Line:
    """权益: one thing that is owed. ``times`` in each ``unit``; ``minutes`` of staff and ``fen`` each time.

    ``source``: the row of the written rule it puts into practice, empty for a school's own. ``ruled``: a concession, which needs a
    published rule, a budget and an approval before anybody is given it (X10). ``told``: customers are told that they have it (X6).
    ``occasion`` is what a line of keeping in touch waits for; ``tool`` the equipment that each time takes (S24b).
    """

    section: Section
    text: str
    source: str = ""
    unit: Unit = Unit.ALWAYS
    times: int = 1
    minutes: int = 0
    fen: int = 0
    by: tuple[str, ...] = ()
    ruled: bool = False
    told: bool = False
    occasion: Occasion = Occasion.RHYTHM
    tool: str = ""

    @property
    def key(self) -> str:
        """What a line is known by when plans follow each other: its row of the written rule, else its words."""
        return self.source or self.text

    @property
    def keeps_in_touch(self) -> bool:
        """Whether it makes somebody owe the family a contact (B7)."""
        return self.unit is not Unit.ALWAYS and (self.section is Section.CADENCE or self.occasion is not Occasion.RHYTHM)

    @property
    def a_year(self) -> int:
        """How often it falls due in a year."""
        return A_YEAR[self.unit] * self.times


@dataclass(frozen=True)
class Plan:
    """服务方案: targets in open minutes of the work calendar; ``priority`` 1 is answered first.

    ``letter`` opens the message that tells a family what it has more of since it is served by this plan (X6).
    """

    code: str
    name: str
    people: People
    solution: Solution
    priority: int
    respond: int
    resolve: int
    lines: tuple[Line, ...] = ()
    letter: str = ""

    def of(self, section: Section) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.section is section)

    @property
    def told(self) -> tuple[Line, ...]:
        """What a family may know of (X6)."""
        return tuple(line for line in self.lines if line.told)

    @property
    def minutes_a_year(self) -> int:
        """What one customer takes of the staff's time in a year."""
        return sum(line.minutes * line.a_year for line in self.lines)

    @property
    def fen_a_year(self) -> int:
        """What one customer costs in a year beside time, in 分."""
        return sum(line.fen * line.a_year for line in self.lines)

    @property
    def tools_a_year(self) -> Mapping[str, int]:
        """How often one customer takes each piece of equipment in a year (S24b)."""
        found: Counter[str] = Counter()
        for line in self.lines:
            if line.tool and line.a_year:
                found[line.tool] += line.a_year
        return found

    @property
    def minutes_a_week(self) -> Fraction:
        return Fraction(self.minutes_a_year, A_YEAR[Unit.WEEK])


@dataclass(frozen=True)
class Book:
    """A version: its plans, and for every tier (a row) at every risk (a column of ``BANDS``) the code of one of them.

    The last row is of those who have not been rated yet.
    """

    labels: tuple[str, ...]
    plans: tuple[Plan, ...]
    cells: tuple[tuple[str, ...], ...]

    def plan(self, code: str) -> Plan:
        """KeyError for a plan that is not in the book."""
        return {plan.code: plan for plan in self.plans}[code]

    def owed(self, label: str, band: str) -> Plan:
        """The plan of a tier at a risk; an unknown tier is not rated yet, no risk known is a low one."""
        row = self.cells[self.labels.index(label) if label in self.labels else -1]
        return self.plan(row[BANDS.index(Band(band or Band.LOW))])

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """(tier, risk, plan) of every cell."""
        for label, row in zip((*self.labels, UNRATED), self.cells, strict=True):
            yield from ((label, str(band), code) for band, code in zip(BANDS, row, strict=True))


def aligned(book: Book, labels: Sequence[str]) -> Book:
    """The book for the tiers that a scheme has now: a new tier begins as who is not rated, one that is gone goes with its row."""
    rows = dict(zip(book.labels, book.cells, strict=False))
    return replace(book, labels=tuple(labels), cells=(*(rows.get(label, book.cells[-1]) for label in labels), book.cells[-1]))


@dataclass(frozen=True)
class Change:
    """What is different from one plan to another: lines that came and that went; ``targets``: whether answers come sooner or later."""

    came: tuple[Line, ...]
    gone: tuple[Line, ...]
    targets: bool

    @property
    def told(self) -> tuple[Line, ...]:
        """What a customer is told of: new things that are theirs, never what tier they are (X6)."""
        return tuple(line for line in self.came if line.told)


def change(before: Plan | None, after: Plan) -> Change:
    """From nothing, everything came."""
    had = before.lines if before else ()
    return Change(tuple(line for line in after.lines if line not in had), tuple(line for line in had if line not in after.lines),
                  before is None or (before.respond, before.resolve) != (after.respond, after.resolve))


# -- what keeps a version from being used ----------------------------------------------------------------
def problems(book: Book) -> list[Problem]:
    """(where, what to put right); empty when the book is sound."""
    codes = {plan.code for plan in book.plans}
    found = [*_of_the_plans(book.plans), *_of_the_cells(book, codes)]
    return found + [problem for plan in book.plans for problem in _of_a_plan(plan)]


def _of_the_plans(plans: Sequence[Plan]) -> list[Problem]:
    if not 1 <= len(plans) <= MOST_PLANS:
        return [("plans", Said("方案要有 1 到 %(most)s 个。", most=MOST_PLANS))]
    if len({plan.code for plan in plans}) != len(plans) or len({plan.name for plan in plans}) != len(plans):
        return [("plans", Said("两个方案不能同名。"))]
    return []


def _of_the_cells(book: Book, codes: set[str]) -> list[Problem]:
    if len(book.cells) != len(book.labels) + 1 or any(len(row) != len(BANDS) for row in book.cells):
        return [("cells", Said("每个等级、每种风险都要选一个方案。"))]
    missing = {code for row in book.cells for code in row} - codes
    return [("cells", Said("每个等级、每种风险都要选一个方案。"))] if missing else []


def _of_a_plan(plan: Plan) -> Iterator[Problem]:
    where = f"plan-{plan.code}"
    if not plan.name.strip():
        yield where, Said("方案要有名称。")
    if not 1 <= plan.priority <= 4:
        yield where, Said("优先级从 1 到 4。")
    if not 1 <= plan.respond <= plan.resolve <= LONGEST:
        yield where, Said("先有答复，再有解决：答复时限要在 1 分钟以上，解决时限不能比它短。")
    if len(plan.lines) > MOST_LINES:
        yield where, Said("一个方案最多 %(most)s 条。", most=MOST_LINES)
    if names_a_label(plan.letter):
        yield where, Said("“%(text)s”：写给家长的话不能提等级、风险、挽留。", text=plan.letter)
    for number, line in enumerate(plan.lines):
        yield from _of_a_line(f"{where}-{number}", line)


def _of_a_line(where: str, line: Line) -> Iterator[Problem]:
    if not line.text.strip():
        yield where, Said("每一条都要写做什么。")
    if not 1 <= line.times <= 60:
        yield where, Said("次数从 1 到 60。")
    if not 0 <= line.minutes <= 600:
        yield where, Said("每次用时从 0 到 600 分钟。")
    if not 0 <= line.fen <= DEAREST:
        yield where, Said("每次花费不能是负数，也不能超过 10 万元。")
    if line.told and names_a_label(line.text):
        yield where, Said("“%(text)s”：告诉家长的话不能提等级、风险、挽留。", text=line.text)
    if line.section is Section.CADENCE and line.unit is Unit.ALWAYS:
        yield where, Said("联系的节奏要写多久一次。")


# -- as data -----------------------------------------------------------------------------------------------
def as_data(book: Book) -> dict[str, Any]:
    """The book as JSON, for storing a version exactly as it was."""
    return asdict(book)


def from_data(data: Mapping[str, Any]) -> Book:
    """The inverse of as_data()."""
    plans = tuple(Plan(**{**plan, "people": People(plan["people"]), "solution": Solution(plan["solution"]),
                          "lines": tuple(_line(line) for line in plan["lines"])}) for plan in data["plans"])
    return Book(tuple(data["labels"]), plans, tuple(tuple(row) for row in data["cells"]))


def _line(line: Mapping[str, Any]) -> Line:
    occasion = line.get("occasion") or OF_SOURCE.get(line["source"], Occasion.RHYTHM)
    return Line(**{**line, "section": Section(line["section"]), "unit": Unit(line["unit"]), "by": tuple(line["by"]),
                   "occasion": Occasion(occasion)})

"""The one judge of tiers. Pure and exact: integers in, integers out, no float, no clock, no database.

Units. Facts are integers in the unit of ``FACTS`` (分, days, counts, rating × 100, referral points × 10) or None when
nothing is known. Points of an indicator run from 0 to 100. Scores are in hundredths of a point, 0 to 10,000.

Documented answers: an unknown fact earns the indicator's ``when_missing`` points and is listed in ``missing``;
a value on a band's edge belongs to the upper band; a score on a cut-off belongs to the upper tier; who is known
for fewer than ``min_days`` is not rated.
"""
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tenancy.said import Said

ALGORITHM = 1  # raised when judge() would answer differently for the same input; the judge before it stays in JUDGES

FACTS = ("spend", "intent", "influence", "tenure", "frequency", "credit", "complexity", "activities", "contacts",
         "satisfaction", "referred", "converted", "complaints", "transfer", "known")
POSITION = {name: index for index, name in enumerate(FACTS)}
Facts = Sequence[int | None]
HUNDREDTHS = 100
# what one referral is worth in ``influence`` (K9): introduced, came to visit, enrolled; points × 10
REFERRED, VISITED, CONVERTED = 10, 20, 50
# nobody is a customer for longer; a span beyond it is a slip, and would leave the calendar
LONGEST_MONTHS, LONGEST_DAYS = 240, 7300


@dataclass(frozen=True)
class Indicator:
    """指标: ``edges[i]`` is the least fact value that earns ``points[i]``; below the first edge it is 0 points.

    ``smooth`` draws straight lines between the edges instead of steps. ``window`` is in months; 0 means all time.
    """

    code: str
    weight: int
    edges: tuple[int, ...]
    points: tuple[int, ...]
    smooth: bool = False
    window: int = 0
    when_missing: int = 0


@dataclass(frozen=True)
class Gate:
    """门槛: to hold ``tier`` or better, ``fact`` must be at least ``least``."""

    tier: int
    fact: str
    least: int


@dataclass(frozen=True)
class Cap:
    """封顶: who has at least ``least`` of ``fact`` cannot be better than ``tier``."""

    tier: int
    fact: str
    least: int


@dataclass(frozen=True)
class Scheme:
    """方案: tiers from best to worst; ``cuts[i]`` is the least score (hundredths) of tier i, the last one 0."""

    labels: tuple[str, ...]
    cuts: tuple[int, ...]
    indicators: tuple[Indicator, ...]
    gates: tuple[Gate, ...] = ()
    caps: tuple[Cap, ...] = ()
    min_days: int = 0
    list_price: bool = True
    transfer_days: int = 90
    halve_after: int = 0
    stage: str = "any"

    @property
    def last(self) -> int:
        return len(self.labels) - 1


Problem = tuple[str, Said]  # where in the editor, and what to put right


class Decision(NamedTuple):
    """定级 with its reasons. Tiers are positions in ``labels``; None is “not yet rated”."""

    score: int
    tier: int | None
    uncapped: int | None
    parts: tuple[int, ...]
    held_back_by: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


def points_of(indicator: Indicator, value: int | None) -> int:
    """Points × 100 (0 to 10,000) that a fact earns."""
    if value is None:
        return indicator.when_missing * HUNDREDTHS
    at = bisect_right(indicator.edges, value) - 1
    if at < 0:
        return 0
    low = indicator.points[at] * HUNDREDTHS
    if not indicator.smooth or at + 1 == len(indicator.edges):
        return low
    rise = indicator.points[at + 1] * HUNDREDTHS - low
    width = indicator.edges[at + 1] - indicator.edges[at]
    return low + rise * (value - indicator.edges[at]) // width


def decide(scheme: Scheme, facts: Facts) -> Decision:
    """Judge one customer (DESIGN §6): the same function for a family, a draft scheme and a million."""
    return judge(scheme)(facts)


def judge(scheme: Scheme) -> Callable[[Facts], Decision]:
    """decide() with the scheme's tables laid out once, for judging many."""
    indicators = [(i.code, POSITION[i.code], i.weight, i) for i in scheme.indicators]
    gates = [(number, g.tier, POSITION[g.fact], g.least) for number, g in enumerate(scheme.gates)]
    caps = [(len(gates) + number, c.tier, POSITION[c.fact], c.least) for number, c in enumerate(scheme.caps)]
    rising = sorted(scheme.cuts)
    last, known = scheme.last, POSITION["known"]

    def decide_one(facts: Facts) -> Decision:
        parts = tuple([(weight * points_of(i, facts[at]) + 50) // 100 for _, at, weight, i in indicators])
        missing = tuple([code for code, at, _, _ in indicators if facts[at] is None])
        score = sum(parts)
        uncapped = last - (bisect_right(rising, score) - 1)
        if (facts[known] or 0) < scheme.min_days:
            return Decision(score, None, None, parts, (), missing)
        tier, held = _held(uncapped, gates, caps, facts)
        return Decision(score, tier, uncapped, parts, held, missing)

    return decide_one


def _held(tier: int, gates: Sequence[tuple[int, int, int, int]], caps: Sequence[tuple[int, int, int, int]],
          facts: Facts) -> tuple[int, tuple[int, ...]]:
    """Step down past every gate that is not met, then to the lowest cap that applies; say which ones did it."""
    held = []
    for number, cap_tier, at, least in caps:
        if (facts[at] or 0) >= least and tier < cap_tier:
            tier = cap_tier
            held.append(number)
    for number, gate_tier, at, least in sorted(gates, key=lambda g: g[1]):
        if tier <= gate_tier and (facts[at] or 0) < least:
            tier = gate_tier + 1
            held.append(number)
    return tier, tuple(sorted(held))


# every judge that ever gave a published tier, so that an old batch is proved by the rules of its own day (B3)
JUDGES: dict[int, Callable[[Scheme], Callable[[Facts], Decision]]] = {1: judge}


@dataclass(frozen=True)
class Step:
    """最近的路: raise this fact to ``needed`` and the score becomes ``score``, the tier ``tier``."""

    fact: str
    needed: int
    score: int
    tier: int


def next_steps(scheme: Scheme, facts: Facts) -> list[Step]:
    """Every single change of one fact that lifts the tier, the smallest gain in points first."""
    now = decide(scheme, facts)
    if now.tier is None or now.tier == 0:
        return []
    found = []
    for indicator in scheme.indicators:
        for edge in _reachable(scheme, indicator, facts[POSITION[indicator.code]]):
            changed = _with(facts, indicator.code, edge)
            then = decide(scheme, changed)
            if then.tier is not None and then.tier < now.tier:
                found.append(Step(indicator.code, edge, then.score, then.tier))
                break
    found += _through_gates(scheme, facts, now)
    return sorted(found, key=lambda step: (step.score - now.score, step.fact))


def _reachable(scheme: Scheme, indicator: Indicator, value: int | None) -> list[int]:
    """Values worth trying: the edges above, the least of each gate, and on a curve every tenth between edges."""
    tried = set(indicator.edges) | {g.least for g in scheme.gates if g.fact == indicator.code}
    if indicator.smooth:
        for low, high in zip(indicator.edges, indicator.edges[1:], strict=False):
            tried |= {low + (high - low) * tenth // 10 for tenth in range(1, 10)}
    return sorted(edge for edge in tried if value is None or edge > value)


def _through_gates(scheme: Scheme, facts: Facts, now: Decision) -> list[Step]:
    """A gate on a fact that carries no weight can be the only thing in the way."""
    weighted = {i.code for i in scheme.indicators}
    found = []
    for gate in scheme.gates:
        if gate.fact not in weighted and (facts[POSITION[gate.fact]] or 0) < gate.least:
            then = decide(scheme, _with(facts, gate.fact, gate.least))
            if then.tier is not None and now.tier is not None and then.tier < now.tier:
                found.append(Step(gate.fact, gate.least, then.score, then.tier))
    return found


def _with(facts: Facts, name: str, value: int) -> list[int | None]:
    changed = list(facts)
    changed[POSITION[name]] = value
    return changed


def deciding_indicator(scheme: Scheme, before: Facts, after: Facts) -> str | None:
    """决定性指标: the indicator whose part changed most between two sets of facts; None when nothing did."""
    first, second = decide(scheme, before).parts, decide(scheme, after).parts
    changes = [(abs(b - a), -n) for n, (a, b) in enumerate(zip(first, second, strict=True))]
    most, number = max(changes, default=(0, 0))
    return scheme.indicators[-number].code if most else None


def problems(scheme: Scheme) -> list[Problem]:
    """(where, what to put right) for everything that keeps a draft from being used; empty when it is sound."""
    return [*_problems_of_weights(scheme), *_problems_of_cuts(scheme),
            *(p for i in scheme.indicators for p in _problems_of_bands(i)), *_problems_of_limits(scheme), *_problems_of_spans(scheme)]


def _problems_of_weights(scheme: Scheme) -> list[Problem]:
    if not scheme.indicators:
        return [("weights", Said("至少要有一个指标。"))]
    total = sum(i.weight for i in scheme.indicators)
    if any(not 0 < i.weight <= 100 for i in scheme.indicators):
        return [("weights", Said("每个指标的权重要在 1 到 100 之间；不用的指标请移除。"))]
    if total > 100:
        return [("weights", Said("权重合计 %(total)s，多了 %(n)s，要正好 100。", total=total, n=total - 100))]
    if total < 100:
        return [("weights", Said("权重合计 %(total)s，少了 %(n)s，要正好 100。", total=total, n=100 - total))]
    if len({i.code for i in scheme.indicators}) != len(scheme.indicators):
        return [("weights", Said("同一个指标用了两次。"))]
    return []


def _problems_of_cuts(scheme: Scheme) -> list[Problem]:
    found = []
    if not 2 <= len(scheme.labels) <= 8 or len(set(scheme.labels)) != len(scheme.labels) or not all(scheme.labels):
        found.append(("cuts", Said("等级要有 2 到 8 个，名称不能空、不能重复。")))
    if len(scheme.cuts) != len(scheme.labels) or not scheme.cuts or scheme.cuts[-1] != 0:
        found.append(("cuts", Said("缺最后一级：最低一级要从 0 分开始，不能有人落在各级之外。")))
    if any(a <= b for a, b in zip(scheme.cuts, scheme.cuts[1:], strict=False)):
        found.append(("cuts", Said("分数线要从高到低，一级比一级低。")))
    if scheme.cuts and scheme.cuts[0] > 10000:
        found.append(("cuts", Said("最高一级的分数线超过 100 分，没有人能达到。")))
    return found


def _problems_of_bands(indicator: Indicator) -> list[Problem]:
    where = f"bands-{indicator.code}"
    if not indicator.edges or len(indicator.edges) != len(indicator.points):
        return [(where, Said("每一档都要有起点和得分。"))]
    if any(a >= b for a, b in zip(indicator.edges, indicator.edges[1:], strict=False)):
        return [(where, Said("各档的起点要从小到大，不能相同，否则会重叠。"))]
    if any(not 0 <= p <= 100 for p in (*indicator.points, indicator.when_missing)):
        return [(where, Said("得分要在 0 到 100 之间。"))]
    if any(a > b for a, b in zip(indicator.points, indicator.points[1:], strict=False)):
        return [(where, Said("数值越高得分不能越低。"))]
    if not 0 <= indicator.window <= LONGEST_MONTHS:
        return [(where, Said("近几个月要在 0 到 %(most)s 之间，0 是至今。", most=LONGEST_MONTHS))]
    return []


def _problems_of_limits(scheme: Scheme) -> list[Problem]:
    found = []
    for limit in (*scheme.gates, *scheme.caps):
        if limit.fact not in POSITION or not 0 <= limit.tier <= scheme.last:
            found.append(("limits", Said("门槛或封顶指向了不存在的指标或等级。")))
    if any(gate.tier == scheme.last for gate in scheme.gates):
        found.append(("limits", Said("最低一级不能设门槛，否则有人无级可落。")))
    return found


def _problems_of_spans(scheme: Scheme) -> list[Problem]:
    return [(name, Said("天数要在 0 到 %(most)s 之间。", most=LONGEST_DAYS))
            for name in ("min_days", "transfer_days", "halve_after") if not 0 <= getattr(scheme, name) <= LONGEST_DAYS]


def as_data(scheme: Scheme) -> dict[str, Any]:
    """The scheme as JSON, for storing a version exactly as it judged."""
    return {name: _listed(value) for name, value in vars(scheme).items()}


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(item) for item in value]
    return dict(vars(value)) | {k: list(v) for k, v in vars(value).items() if isinstance(v, tuple)} \
        if isinstance(value, Indicator | Gate | Cap) else value


def from_data(data: Mapping[str, Any]) -> Scheme:
    """The inverse of as_data()."""
    indicators = tuple(Indicator(**{**i, "edges": tuple(i["edges"]), "points": tuple(i["points"])}) for i in data["indicators"])
    return Scheme(**{**data, "labels": tuple(data["labels"]), "cuts": tuple(data["cuts"]), "indicators": indicators,
                     "gates": tuple(Gate(**g) for g in data["gates"]), "caps": tuple(Cap(**c) for c in data["caps"])})

"""The scheme editor's fields as rules data: what people type in 元, 天, 户 becomes integers. No JSON is ever shown."""
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.parse import half_width
from tiering.rules import POSITION, Cap, Gate, Indicator, Scheme, as_data
from tiering.words import NAMES, unit

LONGEST_LABEL = 8


class Unfit(ValueError):
    """A field that holds no number, with its name for the page."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read(post: QueryDict, now: Scheme) -> dict[str, Any]:
    """The rules as the form says them. Raises Unfit for what is no number; soundness is judged by rules.problems()."""
    codes = [i.code for i in now.indicators if not post.get(f"drop-{i.code}")]
    indicators = [_indicator(post, code) for code in codes]
    added = post.get("add-indicator", "")
    if added in NAMES and added not in codes:
        indicators.append(Indicator(added, 1, (0, unit(added)[1]), (0, 100)))
    labels = tuple(label.strip()[:LONGEST_LABEL] for label in post.getlist("label"))
    cuts = tuple(_whole(text, "cut", 100) for text in post.getlist("cut"))
    scheme = Scheme(labels, (*cuts[:-1], 0) if cuts else (), tuple(indicators), tuple(_limits(post, "gate", Gate)),
                    tuple(_limits(post, "cap", Cap)), _whole(post.get("min_days", "0"), "min_days"),
                    bool(post.get("list_price")), _whole(post.get("transfer_days", "90"), "transfer_days"),
                    _whole(post.get("halve_after", "0"), "halve_after"), now.stage)
    return as_data(scheme)


def _indicator(post: QueryDict, code: str) -> Indicator:
    scale = unit(code)[1]
    bands = [(_whole(edge, f"bands-{code}", scale), _whole(points, f"bands-{code}"))
             for edge, points in zip(post.getlist(f"edge-{code}"), post.getlist(f"points-{code}"), strict=False)
             if edge.strip() or points.strip()]
    return Indicator(code, _whole(post.get(f"weight-{code}", "0"), "weights"), tuple(edge for edge, _ in bands),
                     tuple(points for _, points in bands), bool(post.get(f"smooth-{code}")),
                     _whole(post.get(f"window-{code}", "0"), f"bands-{code}"),
                     _whole(post.get(f"missing-{code}", "0"), f"bands-{code}"))


def _limits(post: QueryDict, name: str, kind: Any) -> Iterator[Any]:
    rows = zip(post.getlist(f"{name}-tier"), post.getlist(f"{name}-fact"), post.getlist(f"{name}-least"), strict=False)
    for tier, fact, least in rows:
        if fact in POSITION and least.strip():
            yield kind(_whole(tier, "limits"), fact, _whole(least, "limits", unit(fact)[1]))


def _whole(text: str, field: str, scale: int = 1) -> int:
    """A typed number in integer units; more decimals than the unit has are refused, not rounded."""
    try:
        number = Decimal(half_width(text).replace(",", "").strip() or "0") * scale
    except InvalidOperation:
        raise Unfit(field, _("“%(text)s”不是数字。") % {"text": text[:20]}) from None
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > 10**12:
        raise Unfit(field, _("“%(text)s”太大，或小数位太多。") % {"text": text[:20]})
    return int(number)


def typed(scheme: Scheme) -> QueryDict:
    """The form as a browser sends it for these rules: the inverse of read()."""
    form = QueryDict(mutable=True)
    for i in scheme.indicators:
        form[f"weight-{i.code}"], form[f"window-{i.code}"], form[f"missing-{i.code}"] = str(i.weight), str(i.window), str(i.when_missing)
        form.setlist(f"edge-{i.code}", [shown(i.code, edge) for edge in i.edges])
        form.setlist(f"points-{i.code}", [str(points) for points in i.points])
        form.setlist(f"smooth-{i.code}", ["1"] if i.smooth else [])
    form.setlist("label", list(scheme.labels))
    form.setlist("cut", [_plain(cut, 100) for cut in scheme.cuts])
    for name, limits in (("gate", scheme.gates), ("cap", scheme.caps)):
        form.setlist(f"{name}-tier", [str(limit.tier) for limit in limits])
        form.setlist(f"{name}-fact", [limit.fact for limit in limits])
        form.setlist(f"{name}-least", [shown(limit.fact, limit.least) for limit in limits])
    form["min_days"], form["transfer_days"], form["halve_after"] = str(scheme.min_days), str(scheme.transfer_days), str(scheme.halve_after)
    form.setlist("list_price", ["1"] if scheme.list_price else [])
    return form


def bands(form: QueryDict, code: str) -> list[tuple[str, str]]:
    """What stands in an indicator's bands, and an empty one to type the next into."""
    return _filled(form, f"edge-{code}", f"points-{code}") + [("", "")]


def limits(form: QueryDict, name: str) -> list[tuple[str, str, str]]:
    """What stands in the gates or the caps: tier, fact, least."""
    return _filled(form, f"{name}-tier", f"{name}-fact", f"{name}-least")


def _filled(form: QueryDict, *names: str) -> list[Any]:
    rows = zip(*(form.getlist(name) for name in names), strict=False)
    return [row for row in rows if any(text.strip() for text in row[-2:])]


def shown(code: str, value: int) -> str:
    """An integer fact as the number a person types."""
    return _plain(value, unit(code)[1])


def _plain(value: int, scale: int) -> str:
    number = Decimal(value) / scale
    return f"{number.normalize():f}"

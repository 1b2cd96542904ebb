"""The computing step as CSV: UTF-8 with BOM, header and order fixed, money in 元 with two decimals."""
import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, Any

from crm.models import Customer, Guardian
from tenancy.models import Campus
from tenancy.sheets import guard
from tiering.facts import Known
from tiering.models import SchemeVersion
from tiering.rules import POSITION, Decision, Scheme

MONEY = {"spend"}
RATINGS = {"intent", "credit", "complexity", "satisfaction"}
TENTHS = {"influence"}


def header(rules: Scheme, with_phone: bool) -> list[str]:
    columns = ["external_ref", "customer_type", "campus", "as_of", "scheme", "version"]
    for indicator in rules.indicators:
        columns += [f"fact_{indicator.code}", f"part_{indicator.code}"]
    return [*columns, "score", "tier", "uncapped_tier", "held_back_by", "missing", *(["phone"] if with_phone else [])]


def shown(code: str, value: int | None) -> str:
    """A fact in the unit a person uses: 元, years of 365 days stay days, ratings 1.00 to 5.00."""
    if value is None:
        return ""
    if code in MONEY or code in RATINGS:
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return f"{value // 10}.{value % 10}" if code in TENTHS else str(value)


def hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"


def limit_names(rules: Scheme) -> list[str]:
    """Names of gates and caps in the order a decision counts them."""
    return ([f"gate:{rules.labels[g.tier]}:{g.fact}>={g.least}" for g in rules.gates]
            + [f"cap:{rules.labels[c.tier]}:{c.fact}>={c.least}" for c in rules.caps])


def write(out: IO[str], version: SchemeVersion, as_of: date, judged: Iterable[tuple[Known, Decision]], *,
          with_phone: bool = False) -> int:
    rules = version.as_rules()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header(rules, with_phone))
    count = 0
    for row in _rows(version, rules, as_of, list(judged), with_phone):
        writer.writerow([guard(cell) for cell in row])
        count += 1
    return count


def _rows(version: SchemeVersion, rules: Scheme, as_of: date, judged: list[tuple[Known, Decision]],
          with_phone: bool) -> Iterator[list[str]]:
    ids = [known.customer for known, _ in judged]
    references = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "external_ref"))
    campuses = dict(Campus.objects.values_list("pk", "code"))
    phones = first_phones(ids) if with_phone else {}
    limits = limit_names(rules)
    for known, decision in judged:
        row = [references[known.customer], version.scheme.customer_type.code, campuses[known.campus], as_of.isoformat(),
               version.scheme.code, str(version.number)]
        for indicator, part in zip(rules.indicators, decision.parts, strict=True):
            row += [shown(indicator.code, known.facts[POSITION[indicator.code]]), hundredths(part)]
        row += [hundredths(decision.score), _label(rules, decision.tier), _label(rules, decision.uncapped),
                ";".join(limits[n] for n in decision.held_back_by), ";".join(decision.missing)]
        yield row + ([phones.get(known.customer, "")] if with_phone else [])


def _label(rules: Scheme, tier: int | None) -> str:
    return "" if tier is None else rules.labels[tier]


def first_phones(ids: list[int]) -> dict[int, str]:
    """Each customer's first guardian's number, opened."""
    phones: dict[int, str] = {}
    guardians: Any = Guardian.objects.filter(family__customer_id__in=ids).select_related("family").order_by("id")
    for guardian in guardians:
        phones.setdefault(guardian.family.customer_id, guardian.phone)
    return phones

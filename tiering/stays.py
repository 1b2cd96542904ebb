"""K44 b–c over the enrolments of a school, read once: who was there on a day, who stayed, who came. Pure."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from crm.models import NATURAL_OUTCOMES, Outcome

Stay = tuple[int, date, date | None, str]  # customer, first day, last day of attendance or none yet, why it ended


@dataclass(frozen=True)
class Rate:
    """A share with its counts; no share without counts."""

    kept: int
    of: int

    @property
    def share(self) -> float | None:
        return self.kept / self.of if self.of else None


@dataclass(frozen=True)
class Mean:
    """A mean of whole scores with how many there are; no mean without any."""

    total: int
    of: int

    @property
    def score(self) -> float | None:
        return self.total / self.of if self.of else None


class Stays:
    """Every enrolment of some customers, as rows of a customer's coming and going."""

    def __init__(self, rows: Iterable[Stay]) -> None:
        self.rows = list(rows)

    def on(self, day: date) -> set[int]:
        """Customers with a child enrolled on the day; the last day of attendance counts."""
        return {customer for customer, first, last, _ in self.rows if first <= day and (last is None or last >= day)}

    def _left_naturally(self, starts_on: date, ends_on: date) -> set[int]:
        return {customer for customer, _, last, why in self.rows
                if last is not None and starts_on <= last < ends_on and why in NATURAL_OUTCOMES}

    def retention(self, starts_on: date, ends_on: date, tier_of: Mapping[int, str]) -> dict[str, Rate]:
        """留存率: enrolled at the start and still at the end ÷ at the start; natural leavers out of both. Key "" is all."""
        at_end = self.on(ends_on)
        counted = self.on(starts_on) - (self._left_naturally(starts_on, ends_on) - at_end)
        groups: dict[str, list[int]] = {"": list(counted)}
        for customer in counted:
            groups.setdefault(tier_of.get(customer) or "?", []).append(customer)
        return {label: Rate(sum(c in at_end for c in customers), len(customers)) for label, customers in groups.items()}

    def growth(self, starts_on: date, ends_on: date) -> Rate:
        """新客户增长率: first enrolments in the period ÷ enrolled at its start. Moving up a class is no coming."""
        before = {customer for customer, first, _, _ in self.rows if first <= starts_on}
        during = {customer for customer, first, _, why in self.rows if starts_on < first <= ends_on and why != Outcome.PROMOTED}
        return Rate(len(during - before), len(self.on(starts_on)))

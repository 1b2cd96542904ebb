"""试算: what a draft would change: who is served by another plan, what it takes, and whether that can be done (B20)."""
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from service_levels.models import Entitlement, PlanVersion, ServiceMeans
from service_levels.plans.book import Book, Plan, change
from service_levels.plans.capacity import Allotted, Load, Means, Shortage, allot, load, shortages

Cells = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Moved:
    """So many customers go from one plan to another; ``told``: how many new things each of them hears of."""

    before: str
    after: Plan
    count: int
    told: int


@dataclass(frozen=True)
class Preview:
    """What a draft does to those who are served now: who moves, what it took and would take, and what it lacks."""

    customers: int
    moved: tuple[Moved, ...]
    edited: tuple[str, ...]
    before: Load
    after: Load
    lacking: tuple[Shortage, ...]
    means: Means | None
    allotted: tuple[Allotted, ...] = ()

    @property
    def tools(self) -> list[tuple[str, Fraction, Fraction, int]]:
        """Each piece of equipment: uses a week now, by the draft, and how many there are."""
        names = sorted({**self.before.tools_week, **self.after.tools_week})
        there = self.means.tools_week if self.means else {}
        return [(name, self.before.tools_week.get(name, Fraction()), self.after.tools_week.get(name, Fraction()), there.get(name, 0))
                for name in names]

    @property
    def moving(self) -> int:
        return sum(one.count for one in self.moved)


def means_of() -> Means | None:
    """What the school has, as it was entered; None while nothing was."""
    row = ServiceMeans.objects.first()
    return Means(row.hours_week * 60, row.budget_fen, row.tools) if row else None


def preview(draft: PlanVersion) -> Preview:
    """The whole school's: what a plan takes does not stop at a campus. Nothing is written."""
    current = draft.scheme.plan_versions.filter(state="in_force").first()
    old, new = current.as_book() if current else None, draft.as_book()
    cells = _cells(current)
    before, after = (load(_counts(book, cells)) if book else Load(0, 0) for book in (old, new))
    others = _others(draft)
    means = means_of()
    lacking = shortages(after + load(others), means) if means else ()
    allotted = allot([*_counts(new, cells), *others], means) if means and lacking else []
    return Preview(sum(cells.values()), tuple(_moved(old, new, cells)), tuple(_edited(old, new)), before, after, lacking, means,
                   tuple(allotted))


def _cells(current: PlanVersion | None) -> Cells:
    rows = Entitlement.objects.now().filter(version=current).order_by().values_list("label", "band").annotate(n=Count("id"))
    return {(label, band): n for label, band, n in rows}


def _counts(book: Book, cells: Cells) -> list[tuple[Plan, int]]:
    return [(book.owed(label, band), n) for (label, band), n in cells.items()]


def _others(draft: PlanVersion) -> list[tuple[Plan, int]]:
    """The plans of other schemes with their customers: the same people serve them."""
    rows = PlanVersion.objects.filter(state="in_force").exclude(scheme=draft.scheme_id)
    return [one for version in rows for one in _counts(version.as_book(), _cells(version))]


def _moved(old: Book | None, new: Book, cells: Cells) -> list[Moved]:
    pairs: Counter[tuple[Plan | None, Plan]] = Counter()
    for (label, band), n in cells.items():
        was, now = old.owed(label, band) if old else None, new.owed(label, band)
        if was is None or was.code != now.code:
            pairs[was, now] += n
    return [Moved(was.name if was else "", now, n, len(change(was, now).told)) for (was, now), n in pairs.most_common()]


def _edited(old: Book | None, new: Book) -> list[str]:
    """Names of plans that stay and say something else."""
    was = {plan.code: plan for plan in old.plans} if old else {}
    return [plan.name for plan in new.plans if plan.code in was and was[plan.code] != plan]

"""./dev bench retier --families N · ./dev bench import --rows N · ./dev bench pages --families N: one JSON line a figure.

./dev bench races --operations N lets 32 and 64 workers book at once and counts what they leave, and races the mutants;
./dev bench booking --bookings N books over HTTP beside a floor view, and lets 64 at one slot at once;
./dev bench risk --families N judges every family, one night and the next, as a ratio to its facts query alone;
./dev bench clocks --clocks N finds what is due among so many running deadlines and tells of ten thousand that are over;
./dev bench calendar --cases N compares deadlines with counting minutes and with businesstimedelta."""
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.bench import booking, calendar, clocks, imports, pages, races, retier, risk

Run = Callable[[dict[str, Any]], None]


class Command(BaseCommand):
    help = "长时间的测量。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=list(RUNS))
        parser.add_argument("--families", type=int, action="append")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--operations", type=int, default=32_000)
        parser.add_argument("--bookings", type=int, default=2_000)
        parser.add_argument("--clocks", type=int, default=1_000_000)
        parser.add_argument("--cases", type=int, default=10_000)
        parser.add_argument("--workers", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        RUNS[options["name"]](options)


def _retier(options: dict[str, Any]) -> None:
    for families in options["families"] or [10_000]:
        retier.run(families, options["workers"])


def _for_families(run: Callable[[int], None]) -> Run:
    def of(options: dict[str, Any]) -> None:
        for families in options["families"] or [100_000]:
            run(families)
    return of


RUNS: dict[str, Run] = {
    "retier": _retier, "risk": _for_families(risk.run), "pages": _for_families(pages.run), "import": lambda o: imports.run(o["rows"]),
    "races": lambda o: races.run(o["operations"]), "booking": lambda o: booking.run(o["bookings"]),
    "calendar": lambda o: calendar.run(o["cases"]), "clocks": lambda o: clocks.run(o["clocks"])}

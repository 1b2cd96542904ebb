"""./dev bench retier --families N · ./dev bench import --rows N · ./dev bench pages --families N: one JSON line a figure.

./dev bench races --operations N lets 32 and 64 workers book at once and counts what they leave, and races the mutants;
./dev bench booking --bookings N books over HTTP beside a floor view, and lets 64 at one slot at once;
./dev bench risk --families N judges every family, one night and the next, as a ratio to its facts query alone;
./dev bench calendar --cases N compares deadlines with counting minutes and with businesstimedelta."""
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.bench import booking, calendar, imports, pages, races, retier, risk


class Command(BaseCommand):
    help = "长时间的测量。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=["retier", "import", "pages", "calendar", "races", "booking", "risk"])
        parser.add_argument("--families", type=int, action="append")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--operations", type=int, default=32_000)
        parser.add_argument("--bookings", type=int, default=2_000)
        parser.add_argument("--cases", type=int, default=10_000)
        parser.add_argument("--workers", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] == "retier":
            for families in options["families"] or [10_000]:
                retier.run(families, options["workers"])
        elif options["name"] == "risk":
            for families in options["families"] or [100_000]:
                risk.run(families)
        elif options["name"] == "pages":
            for families in options["families"] or [100_000]:
                pages.run(families)
        elif options["name"] == "races":
            races.run(options["operations"])
        elif options["name"] == "booking":
            booking.run(options["bookings"])
        elif options["name"] == "calendar":
            calendar.run(options["cases"])
        else:
            imports.run(options["rows"])

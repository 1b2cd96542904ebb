"""./dev bench retier --families N · ./dev bench import --rows N · ./dev bench pages --families N: one JSON line a figure."""
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.bench import imports, pages, retier


class Command(BaseCommand):
    help = "长时间的测量。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=["retier", "import", "pages"])
        parser.add_argument("--families", type=int, action="append")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--workers", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] == "retier":
            for families in options["families"] or [10_000]:
                retier.run(families, options["workers"])
        elif options["name"] == "pages":
            for families in options["families"] or [100_000]:
                pages.run(families)
        else:
            imports.run(options["rows"])

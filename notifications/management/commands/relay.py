"""The relay process: every half second, publish what is due."""
import signal
import threading
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from notifications.relay import publish_due
from notifications.tasks import ALIVE, consume_row


class Command(BaseCommand):
    help = "把发件箱里到期的事交给 worker。"

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            try:
                found = publish_due(consume_row.delay)
            except OperationalError as error:
                self.stderr.write(f"relay: {error}")
                connections["poller"].close()
                found = 0
            cache.set("up:relay", 1, ALIVE)
            if not found:
                stop.wait(0.5)

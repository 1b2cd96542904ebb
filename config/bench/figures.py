"""One JSON line a figure, with its conditions."""
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def figure(name: str, **values: Any) -> None:
    conditions = {"cores": os.cpu_count(), "machine": platform.machine()}
    print(json.dumps({"figure": name} | values | conditions, ensure_ascii=False), flush=True)


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    taken: list[float] = []
    began = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - began)


def peak_mb() -> float:
    """The most memory this process ever held."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1024 if sys.platform != "darwin" else 1024**2), 1)

"""Pages that many apps fill: an early app owns the page, later apps register what they add to it.

``build(subject)`` returns the panel's context or None to stay away. Registered in ``apps.ready`` only.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(order=True)
class Panel:
    order: int
    template: str = field(compare=False)
    build: Callable[..., Any] = field(compare=False)


@dataclass
class Filled:
    template: str
    data: Any


_panels: dict[str, list[Panel]] = {}


def register(place: str, order: int, build: Callable[..., Any], template: str = "") -> None:
    panels = _panels.setdefault(place, [])
    if not any(known.build is build for known in panels):
        panels.append(Panel(order, template, build))
        panels.sort()


def build(place: str, *subject: Any) -> list[Filled]:
    built = [(panel, panel.build(*subject)) for panel in _panels.get(place, [])]
    return [Filled(panel.template, data) for panel, data in built if data is not None]

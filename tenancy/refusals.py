"""What the rules forbid: one error that forms show, the API answers, and tasks report."""
from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.utils.translation import gettext as _

from tenancy.said import Said


class Refused(Exception):
    """A rule says no. ``message`` says what to do about it; ``field`` is the input it is about.

    ``about`` is the row that stands in the way, where the person may see it: pages link to it. A subclass may answer the
    API with a ``status`` of its own, with ``more`` beside code and message, and with how long to ``wait`` (seconds).
    """

    status = 409
    more: dict[str, Any] = {}
    wait: int | None = None

    def __init__(self, message: str, field: str | None = None, code: str = "refused", about: Any = None) -> None:
        super().__init__(message)
        self.message, self.field, self.code, self.about = str(message), field, code, about


class Forbidden(Refused):
    """The member's role lacks the right: 403."""

    status = 403


class Absent(Refused):
    """Not here, or not in this school, which must look the same: 404."""

    status = 404


class TooMany(Refused):
    """Too many requests: 429, and when to come back."""

    status = 429

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message, code="throttled")
        self.wait = wait


class Telling:
    """``with Telling(form.refuse): …`` lets a page go on when a rule says no, and tells it there.

    Who may not (403) and what is not here (404) are no matter of what was typed: they go on to their own answer.
    """

    def __init__(self, tell: Callable[[Refused], object]) -> None:
        self.tell = tell

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Refused) or isinstance(error, Forbidden | Absent):
            return False
        self.tell(error)
        return True


def spoken(message: str) -> str:
    """A sentence of a pure room in the reader's language; any other text as it is. Words inside it are translated too."""
    if not isinstance(message, Said):
        return message
    return _(message.pattern) % {name: spoken(value) if isinstance(value, str) else value for name, value in message.values.items()}

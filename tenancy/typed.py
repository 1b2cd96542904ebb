"""What an address or a form says, read with care: ids, the way back, and characters no page can store."""
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_ID = 18  # digits; a longer number is no id of PostgreSQL's bigint


def as_id(text: str) -> int | None:
    """An id out of free text, or None: ``²`` is a digit but no number, and twenty nines are no id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None


def numbered(request: HttpRequest, prefix: str) -> dict[int, str]:
    """The fields ``prefix-12=…`` of a form by their number."""
    told = {as_id(name.removeprefix(f"{prefix}-")): value for name, value in request.POST.items() if name.startswith(f"{prefix}-")}
    return {number: value for number, value in told.items() if number is not None}


def way_back(request: HttpRequest, default: str = "/") -> str:
    """``next`` of a small form: a path of this site; a word or another site leads home instead."""
    asked = request.POST.get("next", "")
    return asked if _is_path_here(request, asked) else default


def came_from(request: HttpRequest) -> str:
    """The page of this site that the request came from, or nothing: where a refused person goes on."""
    before = urlsplit(request.META.get("HTTP_REFERER", ""))
    if before.netloc != request.get_host() or before.path == request.path or not _is_path_here(request, before.path):
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path


def _is_path_here(request: HttpRequest, path: str) -> bool:
    """A path of this site; ``//elsewhere`` looks like one and is another site."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()})


def holds_nul(request: HttpRequest) -> bool:
    """Whether the address or the form holds a NUL character, which PostgreSQL stores nowhere."""
    said = [request.path_info, *request.GET.keys(), *request.POST.keys()]
    said += [value for words in (request.GET, request.POST) for _, values in words.lists() for value in values]
    return any("\x00" in word for word in said)

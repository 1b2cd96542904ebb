"""S-2: markup that somebody wrote into a text field is shown as text on every page, and runs on none."""
import os
from html.parser import HTMLParser
from itertools import product

import pytest
from django.db import models

from config.school_urls import site
from tenancy.scope import tenant_scope
from tests.conftest import signed_in
from tests.laws.catalog import TENANT_MODELS
from tests.laws.test_isolation import NAMED_BY, Ids, fill, school_routes
from tests.laws.test_words import admin_pages

ROUNDS = int(os.environ.get("MIAOPU_FUZZ", "3"))  # the long run goes through all of them
BREAKERS = ["", '">', "'>", "</script>", "</textarea>", "</title>", "</select>", "-->", "]]>", '" ', "' ", "\\",
        "&quot;>", "＞"]
VECTORS = ["<script>alert(1)</script>", "<ScRiPt >alert(1)</ScRiPt>", "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>", "<b onclick=alert(1)>x",
           "<a href=javascript:alert(1)>x", "<a href=' javascript:alert(1)'>", "onfocus=alert(1) autofocus x=", "<iframe srcdoc='<script>alert(1)'>",
           "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<math><a href=javascript:alert(1)>", "javascript:alert(1)", "<object data=javascript:alert(1)>",
           "<form action=javascript:alert(1)>", "{{ 7|add:7 }}<script>alert(1)"]
PAYLOADS = [before + vector for before, vector in product(BREAKERS, VECTORS)]
ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href")


class Runs(HTMLParser):
    """What of a page a browser would run because of a payload."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag, attrs):
        self._script = tag == "script"
        for name, value in attrs:
            said = (value or "").strip().lower()
            if (name.startswith("on") and "alert(" in said) or (name in ADDRESSES and said.startswith("javascript:")) or (name == "srcdoc" and "alert" in said):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag):
        self._script = False

    def handle_data(self, data):
        if self._script and "alert(1)" in data:
            self.found.append(data)


def runs(page: str) -> list[str]:
    reader = Runs()
    reader.feed(page)
    return reader.found


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """Free text: no choices, no codes that the database compares, nothing sealed."""
    kept = {"code", "slug", "phone_index", "secret_hash", "state", "half", "digest", "language", "external_ref",
            "kind", "key", "hash", "prefix", "label", "plan", "rule"}
    return [f for f in model._meta.fields if isinstance(f,
            models.CharField | models.TextField) and not f.choices and f.editable and f.name not in kept]


def poison(turn: int) -> int:
    """Every text field of every row gets a payload of its own; returns how many fields."""
    written = 0
    for model in TENANT_MODELS:
        if model._meta.label in ("audit.Entry", "audit.Seal"):
            continue
        for field in text_fields(model):
            payload = PAYLOADS[(turn + written * 17) % len(PAYLOADS)]
            longest = field.max_length or 500
            for number, row in enumerate(list(model.objects.all())):  # a number keeps names apart where they must differ
                write(row, field.name, f"{payload[:longest - 3]}{number}")
            written += 1
    return written


def write(row: models.Model, name: str, text: str) -> None:
    """Into the row itself; where rows are written once and never changed, into another one like it."""
    if "UPDATE" in getattr(row, "app_may", "UPDATE"):
        type(row).objects.filter(pk=row.pk).update(**{name: text})
        return
    row.pk = None
    setattr(row, name, text)
    row.save(force_insert=True)


@pytest.mark.parametrize("turn", range(min(ROUNDS, len(PAYLOADS))))
def test_nothing_that_was_written_runs(school, turn):
    mine = Ids(school)
    client = signed_in(mine.head)
    with tenant_scope(school):
        fields = poison(turn)
        first = {m: getattr(m.objects.order_by("pk").first(), "pk", 0) for m in site._registry}
    places = [fill(path, getattr(mine, NAMED_BY.get(name) or "", 1)) for name,
            path in school_routes() if name not in ("schema", "docs")]
    places += [place.replace("N", str(pk)) for m,
            pk in first.items() for place in admin_pages() if place.startswith(f"admin/{m._meta.label_lower.replace('.', '/')}/")]
    found, seen, shown = {}, 0, 0
    for place in places:
        answer = client.get(f"/s/{school.slug}/{place}")
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            seen, shown = seen + 1, shown + (b"alert" in answer.content)
            found |= {place: left} if (left := runs(answer.content.decode())) else {}

    assert found == {}
    assert fields >= 25 and seen >= 80 and len(PAYLOADS) >= 200
    assert shown >= 40  # the words did reach the pages, as text


@pytest.mark.parametrize("planted", ["<p><script>alert(1)</script>",
        '<input value="" onfocus=alert(1) autofocus x="">', "<a href=' javascript:alert(1)'>x</a>"])
def test_a_planted_fault_is_found(planted):
    assert len(runs(f"<html><body>{planted}</body></html>")) == 1


@pytest.mark.parametrize("harmless", ["<p>&lt;script&gt;alert(1)&lt;/script&gt;",
        '<script>var ours = "x";</script><p>alert(1)', '<input value="&quot; onfocus=alert(1)">'])
def test_escaped_text_is_left_alone(harmless):
    assert runs(harmless) == []

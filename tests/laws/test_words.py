"""A Chinese page says everything in Chinese: no word of a library's English is left on any screen of the product."""
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.school_urls import site
from tenancy.scope import tenant_scope
from tests.conftest import signed_in
from tests.laws.test_isolation import NAMED_BY, Ids, fill, school_routes

# words people of the trade use as they are: files, tiers, keys of the keyboard, codes of our own
KEPT = re.compile(r"\b(?:Excel|Word|XLSX|XLS|CSV|PDF|JSON|API|OpenAPI|GBK|UTF|WeChat|A4|Miaopu|Enter|Esc|esc|Ctrl|Alt|Shift|https?|HMAC|SHA|ID|AccessKey|SecretId|SdkAppId)\b")
OWN = re.compile(r"\b[2-9A-HJKMNP-Z]{8}\b|[\w.+-]*[\d_@/:.#-][\w.+@/:#-]*|kg-ad|family|partner|prospect|main|miao机构|English")   # references, codes, addresses, times
WORD = re.compile(r"[A-Za-z]{2,}")
SPOKEN = ("placeholder", "title", "aria-label", "alt")


class Text(HTMLParser):
    """What a person reads or hears on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag in ("script", "style", "template", "code",
                "pre") or "material-symbols-outlined" in (known.get("class") or ""):
            self._silent += 1
            self._until = tag
        self.said += [known[name] for name in SPOKEN if known.get(name)]
        if tag == "input" and known.get("type") == "submit":
            self.said.append(known.get("value") or "")

    def handle_endtag(self, tag):
        if self._silent and tag == self._until:
            self._silent = 0

    def handle_data(self, data):
        if not self._silent:
            self.said.append(data)


def english(page: str) -> set[str]:
    """The English left on a page, as whole sentences."""
    reader = Text()
    reader.feed(page)
    return {" ".join(said.split()) for said in reader.said if WORD.search(OWN.sub(" ", KEPT.sub(" ", said)))}


def admin_pages() -> list[str]:
    """Lists, forms and histories of every model of the admin; N stands for the id of its first row."""
    lists = [f"admin/{m._meta.label_lower.replace('.', '/')}/" for m in site._registry]
    return ["admin/", *lists, *(f"{place}add/" for place in lists), *(f"{place}N/change/" for place in lists),
            *(f"{place}N/history/" for place in lists)]


@pytest.fixture
def opened(school):
    """Every page of a school with one object of each kind, opened by its head."""
    mine = Ids(school)
    client = signed_in(mine.head)
    pages = {}
    for name, path in school_routes():
        answer = client.get(f"/s/{school.slug}/{fill(path, getattr(mine, NAMED_BY.get(name) or '', 1))}")
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html") and name != "docs":
            pages[name] = answer.content.decode()
    with tenant_scope(school):
        first = {f"admin/{m._meta.label_lower.replace('.', '/')}/": getattr(m.objects.order_by("pk").first(), "pk",
                0) for m in site._registry}
    for place in admin_pages():
        number = next((str(pk) for start, pk in first.items() if place.startswith(start)), "0")
        answer = client.get(f"/s/{school.slug}/{place.replace('N', number)}")
        if answer.status_code == 200:
            pages[place] = answer.content.decode()
    return pages


def test_no_english_is_left_on_a_chinese_page(opened):
    left = {name: words for name, page in opened.items() if (words := english(page))}

    assert left == {}, "\n".join(f"{name}: {words}" for name, words in left.items())
    assert len(opened) >= 80, sorted(opened)


def test_a_planted_word_is_found():
    page = '<p>家庭 <b>Select value</b> A–D 级 XLSX 2026-11-20T08:00</p><input placeholder="Type to search"><script>var x</script>'

    assert english(page) == {"Select value", "Type to search"}


def test_a_page_outside_a_school_speaks_chinese_too(client, db):
    pages = {path: client.get(path) for path in ("/accounts/login/", "/nowhere/")}

    assert {path: english(answer.content.decode()) for path, answer in pages.items()} == {path: set() for path in pages}
    assert settings.LANGUAGE_CODE == "zh-hans" and get_resolver() is not None

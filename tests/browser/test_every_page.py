"""Every page that a role can reach by its links opens, fits a phone and a desk, is quiet in the console, and passes axe.

The pages are found by following links from the first screen, one of each kind, so a new page is covered by being linked.
"""
import re
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from churn.cases.opening import open_by_rule
from churn.risk import backtest, sweep
from config import demo
from crm.models import Customer
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.conftest import NOW, make_member, make_school
from tiering.actions import compute, in_force, publish, review, submit
from tiering.models import Scheme
from tiering.sweeps import drifted, rederive

TODAY = date(2026, 11, 20)
WIDTHS = (390, 1440)
LEAVES = re.compile(r"/logout|/export|/file/|[?&]export=|/download|\.(xlsx|csv|pdf)|template|refused|/language/|/static/|/api/|mailto:|tel:|#")
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
WIDER = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"

CUT_OFF = """[...document.querySelectorAll('.mp-card .in > *, .mp-card .in > * > *')].filter(it => {
    const card = it.closest('.mp-card'), box = it.getBoundingClientRect()
    for (let up = it.parentElement; up !== card; up = up.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false
    return box.width > 1 && box.right > card.getBoundingClientRect().right + 1
}).map(it => it.outerHTML.slice(0, 120))"""  # what stands out of its card, and no bar to scroll to it

SHAPES = r"""[...new Set([...document.querySelectorAll('body *')].map(it => [it.parentElement.className, it.tagName, it.className,
    ...[...it.attributes].map(one => /^(role|type|tabindex|lang|scope|aria-(hidden|current|expanded|pressed|selected|live))$/.test(one.name)
        ? one.name + '=' + one.value : one.name + (one.value ? '' : '=')), it.textContent.trim() ? 'says' : ''].join(' ')))]"""  # what axe judges, without the words
_judged: dict[str, set[str]] = {}  # by kind of page, what axe has seen of it in this run


@pytest.fixture
def alive(transactional_db):
    """A school with a year of life, one published quarter and one under review."""
    school = make_school("miao", east="东园", west="西园")
    people = {role: make_member(school, role) for role in (Role.HEAD, Role.DEPUTY, Role.RELATIONS, Role.FRONT_DESK,
            Role.TEACHER, Role.INSPECTOR)}
    head, deputy, relations = people[Role.HEAD], people[Role.DEPUTY], people[Role.RELATIONS]
    with tenant_scope(school):
        demo.make(school, families=30, seed=20260901, today=TODAY)
        for day in (date(2026, 6, 30), date(2026, 9, 30)):
            batch = compute(in_force(Scheme.objects.get(code="kg-ad")), as_of=day, today=TODAY, by=head, at=NOW)
            submit(batch, by=head, at=NOW)
            review(batch, by=relations, agrees=True, note="", at=NOW)
            if day.month == 6:
                publish(batch, by=deputy, at=NOW)
        rederive(in_force(Scheme.objects.get(code="kg-ad")), TODAY)
        for day in (TODAY - timedelta(days=7), TODAY):
            sweep.rederive(day, today=TODAY, at=NOW)
            open_by_rule(day)
        backtest.work_out({"backtest": backtest.ask(date(2026, 6, 30), TODAY, by=head, today=TODAY, at=NOW).pk})
        assert drifted(Scheme.objects.get(code="kg-ad"),
                Customer.objects.present()), "the list of what changed since must have rows to be looked at"
    return school


def kind_of(path: str) -> str:
    """Two addresses of one kind of page: ids and what is asked for are left out."""
    return re.sub(r"\d+", "N", urlsplit(path).path)


def walk(someone, visit):
    """Visit one page of each kind, from the first screen on."""
    waiting, seen = [f"/s/{someone.slug}/"], set()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        visit(path)
        here = someone.page.url
        for link in someone.page.evaluate(LINKS):
            target = urlsplit(urljoin(here, link))
            if not LEAVES.search(link) and urljoin(here,
                    link).startswith(someone.address) and target.path.startswith(f"/s/{someone.slug}/"):
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return seen


class Look:
    """What is wrong with the pages one person opened."""

    def __init__(self, someone) -> None:
        self.someone, self.found, self.path = someone, [], ""
        someone.page.on("console", lambda message: message.type == "error" and self.say(f"console: {message.text}"))
        someone.page.on("pageerror", lambda error: self.say(f"script: {error}"))

    def say(self, what: str) -> None:
        self.found.append(f"{kind_of(self.path)} {what}")

    def at(self, path: str) -> None:
        self.path, page = path, self.someone.page
        answer = page.goto(self.someone.address + path)
        if answer is None or answer.status != 200:
            self.say(f"answers {answer and answer.status}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate(WIDER) > 0:
                self.say(f"is wider than {width}")
            for html in page.evaluate(CUT_OFF):
                self.say(f"is cut off at {width}: {html}")
        self.judge(page)

    def judge(self, page) -> None:
        """Axe takes longer than all the rest, so that it looks once at what several roles see alike."""
        shapes, seen = set(page.evaluate(SHAPES)), _judged.setdefault(kind_of(self.path), set())
        if shapes <= seen:
            return
        seen |= shapes
        for wrong in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            if wrong["impact"] in ("serious", "critical"):
                self.say(f"axe {wrong['id']}: {wrong['nodes'][0]['html'][:160]}")


@pytest.mark.parametrize("role,least", [(Role.HEAD, 60), (Role.FRONT_DESK, 10), (Role.TEACHER, 10), (Role.INSPECTOR, 10)])
def test_every_page_a_role_can_reach_is_sound(alive, person, role, least):
    someone = person("miao").sign_in(f"{role}@miao")
    look = Look(someone)

    seen = walk(someone, look.at)

    assert look.found == [], "\n".join(look.found)
    assert len(seen) >= least, sorted(seen)


@pytest.fixture
def planted(transactional_db, person):
    """Somebody before whom the list of families is a page of three faults, and of those that are set as ``more``."""
    make_member(make_school("miao"), "head")
    _judged.pop("/s/miao/families/", None)
    someone, more = person("miao").sign_in("head@miao"), []
    someone.page.route("**/families/", lambda route: route.fulfill(content_type="text/html", body=(
        "<!doctype html><html lang=zh><title>x</title><main><h1>x</h1><button></button><p style='width:3000px'>x</p>" + "".join(more))))
    yield someone, more
    _judged.pop("/s/miao/families/", None)


def seen_by(someone) -> list[str]:
    look = Look(someone)
    look.at("/s/miao/families/")
    return [found.split(":")[0].removeprefix("/s/miao/families/ ") for found in look.found]


WIDE = ["is wider than 390", "is wider than 1440"]


def test_a_planted_fault_is_seen(planted):
    """The control: a nameless button and a page too wide are found."""
    someone, _more = planted

    assert seen_by(someone) == [*WIDE, "axe button-name"]


def test_what_one_saw_is_not_judged_again_for_another_but_what_only_they_see_is(planted):
    someone, more = planted
    seen_by(someone)

    assert seen_by(someone) == WIDE
    more.append("<a href=/>x</a><select><option>x</select>")
    assert seen_by(someone) == [*WIDE, "axe button-name", "axe select-name"]

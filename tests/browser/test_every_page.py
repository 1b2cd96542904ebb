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
        for wrong in Axe().run(page).response["violations"]:
            if wrong["impact"] in ("serious", "critical"):
                self.say(f"axe {wrong['id']}: {wrong['nodes'][0]['html'][:160]}")


@pytest.mark.parametrize("role,least", [(Role.HEAD, 60), (Role.FRONT_DESK, 10), (Role.TEACHER, 10), (Role.INSPECTOR, 10)])
def test_every_page_a_role_can_reach_is_sound(alive, person, role, least):
    someone = person("miao").sign_in(f"{role}@miao")
    look = Look(someone)

    seen = walk(someone, look.at)

    assert look.found == [], "\n".join(look.found)
    assert len(seen) >= least, sorted(seen)


def test_a_planted_fault_is_seen(alive, person):
    """The control: a nameless button and a page too wide are found."""
    someone = person("miao").sign_in("head@miao")
    look = Look(someone)
    someone.page.route("**/families/", lambda route: route.fulfill(
        body="<!doctype html><html lang=zh><title>x</title><main><h1>x</h1><button></button><p style='width:3000px'>x</p></main>", content_type="text/html"))

    look.at("/s/miao/families/")

    assert [found.split(":")[0] for found in look.found] == [
        "/s/miao/families/ is wider than 390", "/s/miao/families/ is wider than 1440", "/s/miao/families/ axe button-name"]

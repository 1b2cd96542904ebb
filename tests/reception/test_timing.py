"""等候和时长: per host and for everybody, equal to counting by hand; the page, its period, its file."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from reception.booking import book
from reception.models import Booking
from reception.stages import Step
from reception.stopwatch import clock
from reception.timing import TIMED, timings
from reception.visiting import Tap, take_step
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

PAGE = "/s/miao/visits/lengths/"


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def people(school):
    return [make_member(school, "teacher", "梁老师"), make_member(school, "supervisor", "唐主任")]


def walk(host, waits: int, n: int, days: int = 1, campus=None) -> None:
    """A visit some days ago, each an hour before the last, that waited so many minutes, then went round in 20 and talked for 10."""
    now = timezone.now()
    begins = now - timedelta(days=days, hours=n)
    row = book(
        slot(1, begins, campus=campus),
        wish(n),
        cutoff=begins - timedelta(hours=1),
        channel="phone",
        at=begins,
    ).booking
    Booking.objects.filter(pk=row.pk).update(host=host)
    seen, at = "booked", begins
    for step, minutes in (
        ("arrived", 0),
        ("greeted", waits),
        ("tour", 5),
        ("consultation", 20),
        ("left", 10),
    ):
        at += timedelta(minutes=minutes)
        take_step(Booking.objects.get(pk=row.pk), Tap(step, seen, at, f"{row.pk}-{step}"), by=host, now=at)
        seen = step


def minutes(span) -> tuple:
    return (span.count, span.median.total_seconds() / 60, span.ninth.total_seconds() / 60) if span else None


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_each_host_and_everybody_have_their_own_figures(school, people, head):
    liang, tang = people
    today = timezone.localdate()
    with tenant_scope(school):
        for n, waits in enumerate((1, 3, 8)):
            walk(liang, waits, n)
        walk(tang, 2, 9)

        rows = timings(head, today - timedelta(days=7), today, None)

    assert [(row.host.name if row.host else "全部", row.visits, minutes(row.waiting)) for row in rows] == [
        ("全部", 4, (4, 2.5, 8)),
        ("唐主任", 1, (1, 2, 2)),
        ("梁老师", 3, (3, 3, 8)),
    ]
    steps = dict(zip(TIMED, rows[0].steps, strict=True))
    assert (minutes(steps[Step.GREETED]), minutes(steps[Step.TOUR])) == ((4, 5, 5), (4, 20, 20))
    assert steps[Step.SEATED] is None and steps[Step.SIGNING] is None
    assert minutes(rows[1].whole) == (1, 37, 37)


@pytest.mark.parametrize(("days", "counted"), [(0, True), (6, True), (7, False)])
def test_a_period_counts_both_its_days(school, people, head, days, counted):
    today = timezone.localdate()
    with tenant_scope(school):
        walk(people[0], 2, 0, days=days)

        rows = timings(head, today - timedelta(days=6), today, None)

    assert rows[0].visits == int(counted)


def test_a_campus_has_its_own_figures_and_its_colleagues_see_no_other(school, people, head):
    today = timezone.localdate()
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        walk(people[0], 2, 0)
        walk(people[0], 9, 1, campus=west)
    western = make_member(school, "supervisor", "西主任", campuses=[west])

    with tenant_scope(school):
        here = timings(head, today - timedelta(days=6), today, makers.campus())
        seen = timings(western, today - timedelta(days=6), today, None)

    assert (minutes(here[0].waiting), minutes(seen[0].waiting)) == ((1, 2, 2), (1, 9, 9))


def test_nothing_timed_says_what_to_do(school, head_client):
    page = read(head_client.get(PAGE))

    assert "这段时间没有计时的到访" in page and "点到达、迎接" in page and "export=" not in page


def test_the_page_shows_the_median_large_and_the_ninth_small(school, people, head_client):
    with tenant_scope(school):
        for n, waits in enumerate((1, 3, 8)):
            walk(people[0], waits, n)

    page = read(head_client.get(PAGE))

    assert (
        "3 组，等候中位 3:00" in page
        and '<b>3:00</b> <small class="muted">8:00</small>' in page
        and "梁老师" in page
    )


def test_waiting_beyond_the_goal_stands_out(school, people, head_client):
    with tenant_scope(school):
        walk(people[0], 6, 0)

    assert '<b class="mp-err">6:00</b>' in read(head_client.get(PAGE))


@pytest.mark.parametrize(
    "words",
    [
        "from=x&to=y",
        "from=2099-01-01",
        "to=1900-01-01",
        "campus=x",
        "from=2026-11-20&to=2026-01-01",
        "export=pdf",
    ],
)
def test_an_odd_period_is_read_as_well_as_can_be(head_client, words):
    assert head_client.get(f"{PAGE}?{words}").status_code == 200


def test_the_campus_of_nobody_is_not_found(head_client):
    assert head_client.get(f"{PAGE}?campus=999999").status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_figures_come_as_a_file(school, people, head_client, form):
    with tenant_scope(school):
        walk(people[0], 3, 0)

    answer = head_client.get(f"{PAGE}?export={form}")
    content = b"".join(answer.streaming_content)

    if form == "xlsx":
        rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]
        assert rows[0][:4] == ["接待人", "组", "等候 中位", "等候 九成以内"]
        assert [row[0] for row in rows[1:]] == ["全部", "梁老师"]
        assert rows[2][2:4] == ["3:00", "3:00"]
    else:
        assert "梁老师" in content.decode("utf-8-sig") and clock(timedelta(minutes=3)) in content.decode(
            "utf-8-sig"
        )


def test_fifteen_visits_take_as_many_statements_as_three(school, people, head_client):
    counts = []
    for some in (range(3), range(3, 15)):
        with tenant_scope(school):
            for n in some:
                walk(people[n % 2], 2, n)
        head_client.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            head_client.get(PAGE)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_an_inspector_reads_the_figures(school):
    assert signed_in(make_member(school, "inspector")).get(PAGE).status_code == 200

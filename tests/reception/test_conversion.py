"""转化: the funnel of real bookings, contracts and enrolments; by channel, source, campus, host; its page and its file."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from crm.duplicates import merge
from crm.filing import file_lead
from crm.models import Customer, Enrolment
from reception.booking import book, cancel, come, hold
from reception.contracts.actions import sign
from reception.conversion import conversion, exits, trials
from reception.models import Booking
from reception.stages import Step
from reception.visiting import Tap, leave, take_step, took_part
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.contracts.makers import contract, explained, signing, template
from tests.reception.makers import slot, wish

PAGE = "/s/miao/visits/funnel/"


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


def visit(n: int, *, code: str = "tour", days: int = 3, channel: str = "online", source: str = "小红书", campus=None,
        host=None) -> Booking:
    """A booking of some days ago, filed; inside a scope."""
    start = timezone.now() - timedelta(days=days, hours=n % 3)
    told = wish(n, child_name=f"孩子{n}", child_data=True, source=source)
    made = book(slot(5, start, code, campus), told, cutoff=start - timedelta(days=1), channel=channel,
            at=start - timedelta(days=1))
    file_lead(made.booking.lead, title="预约", at=start)
    if host:
        Booking.objects.filter(pk=made.booking.pk).update(host=host)
    return read_again(made.booking)


def came(row: Booking) -> Booking:
    take_step(row, Tap(Step.ARRIVED, Step.BOOKED, row.starts_at, f"a{row.pk}"), by=None, now=timezone.now())
    return read_again(row)


def read_again(row: Booking) -> Booking:
    joined = Booking.objects.select_related("slot__type", "slot__campus", "lead__customer__campus",
            "lead__child__family", "host")
    return joined.get(pk=row.pk)


def period(member, by: str = "channel", campus=None, days: int = 10):
    today = timezone.localdate()
    return conversion(member, today - timedelta(days=days), today, campus, by)


def told(lines, by=None) -> list:
    return [(line.name, line.counts) for line in lines]


def test_each_step_is_read_from_where_it_is_kept(tang, miao):
    text = template(tang, miao.head)
    for n in range(5):
        came(visit(n)) if n < 3 else visit(n)
    came(visit(0, code="trial", days=2))
    here = visit(6)
    sign(explained(contract(text, tang, came(here).lead.customer, here), tang), signing(), by=tang, at=timezone.now())

    whole, _lines = period(tang)

    assert whole.counts == (6, 4, 1, 1, 1)


def test_the_step_of_signing_counts_as_signed_too(tang, miao):
    row = came(visit(0))
    take_step(row, Tap(Step.SIGNING, Step.ARRIVED, timezone.now(), "s"), by=tang, now=timezone.now())

    assert period(tang)[0].counts == (1, 1, 0, 1, 0)


def test_who_enrolled_before_the_period_is_not_won_in_it(tang, miao):
    row = came(visit(0))
    Enrolment.objects.create(child=row.lead.child, campus=makers.campus(),
            from_on=timezone.localdate() - timedelta(days=60))

    assert period(tang)[0].counts == (1, 1, 0, 0, 0)


def test_missed_and_called_off_visits_are_booked_ones(tang, miao):
    come(visit(0), "miss", by=tang, at=timezone.now())
    cancel(visit(1), reason="孩子发烧", at=timezone.now() - timedelta(days=4))
    came(visit(2))

    whole, _lines = period(tang)

    assert (whole.booked, whole.counts[1], whole.no_show) == (3, 1, 50)


def test_a_place_that_was_only_held_is_no_booking(tang, miao):
    hold(slot(2, timezone.now() + timedelta(hours=1)), cutoff=timezone.now(), channel="online", at=timezone.now())

    assert period(tang)[0].booked == 0


def test_by_channel_source_campus_and_host(tang, miao):
    west = Campus.objects.create(code="w", name="西园")
    came(visit(0, host=tang))
    visit(1, channel="phone", source="", campus=west)

    found = {by: told(period(tang, by)[1]) for by in ("channel", "source", "campus", "host")}

    assert found["channel"] == [("online", (1, 1, 0, 0, 0)), ("phone", (1, 0, 0, 0, 0))]
    assert found["source"] == [("", (1, 0, 0, 0, 0)), ("小红书", (1, 1, 0, 0, 0))]
    assert [name for name, _c in found["campus"]] == [makers.campus().name, "西园"] or len(found["campus"]) == 2
    assert found["host"] == [("", (1, 0, 0, 0, 0)), ("唐主任", (1, 1, 0, 0, 0))]


@pytest.mark.parametrize("days,counted", [(2, 0), (3, 1), (4, 1)])
def test_a_period_counts_both_its_days(tang, miao, days, counted):
    visit(0, days=3)

    assert period(tang, days=days)[0].booked == counted


def test_a_campus_has_its_own_figures(school, tang):
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        other = makers.campus() if makers.campus().pk != west.pk else Campus.objects.exclude(pk=west.pk).get()
        visit(0, campus=west)
        visit(1, campus=other)
        one, both = period(tang, campus=west)[0].booked, period(tang)[0].booked
    only = make_member(school, "frontdesk", "西园前台")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=only, campus=west)

        assert (one, both, period(only)[0].booked) == (1, 2, 1)


def test_why_families_went_no_further_and_what_trial_classes_came_to(tang, miao):
    today, rows = timezone.localdate(), [came(visit(n)) for n in range(3)]
    for row, why in zip(rows, ("price", "price", "distance"), strict=True):
        leave(row, why, "", Tap(Step.LEFT, Step.ARRIVED, timezone.now(), f"x{row.pk}"), by=tang, now=timezone.now())
    lessons = [came(visit(n, code="trial")) for n in (10, 11)]
    for row in lessons:
        took_part(row, "eager", "", by=tang)
    Enrolment.objects.create(child=lessons[0].lead.child, campus=makers.campus(), from_on=today)
    span = (tang, today - timedelta(days=10), today, None)

    assert exits(*span) == [("价格", 2), ("太远", 1)] and trials(*span) == [("主动参与", 2, 1)]


def test_a_merged_family_is_one_family(tang, miao):
    first, second = visit(0), visit(1)
    merge(first.lead.customer, second.lead.customer, take=[], by=miao.head, at=timezone.now())

    assert period(tang)[0].booked == 1 and Customer.objects.present().count() == 1


# -- the page ---------------------------------------------------------------------------------------------------------------
def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def client(school, tang):
    with tenant_scope(school):
        came(visit(0))
        visit(1, channel="phone")
    return signed_in(tang)


def test_the_page_tells_the_funnel_in_words_bars_and_a_table(client):
    page = read(client.get(PAGE))

    assert "2 家预约，1 家来了，0 家签约" in page
    assert page.count('class="bar"') == 5
    assert 'width="50"' in page
    assert "网上预约" in page and "电话" in page and "还没有记过原因" in page


@pytest.mark.parametrize("by,word", [("source", "小红书"), ("host", "没有写"), ("campus", "本部"),
        ("nonsense", "网上预约")])
def test_it_is_split_as_one_likes(client, by, word):
    assert word in read(client.get(f"{PAGE}?by={by}"))


@pytest.mark.parametrize("words", ["from=soon", "from=2030-01-01&to=2020-01-01", "to=", "campus=abc"])
def test_an_odd_period_is_read_as_well_as_can_be(client, words):
    assert client.get(f"{PAGE}?{words}").status_code == 200


def test_an_empty_period_says_so(client):
    assert "这段时间没有预约" in read(client.get(f"{PAGE}?from=2026-01-01&to=2026-01-02"))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_file_holds_the_same_figures(client, form):
    answer = b"".join(client.get(f"{PAGE}?export={form}").streaming_content)

    if form == "csv":
        rows = [line.split(",") for line in answer.decode("utf-8-sig").splitlines()]
    else:
        rows = [[str(cell) for cell in row] for row in load_workbook(io.BytesIO(answer)).active.iter_rows(values_only=True)]
    assert any(row[:3] == ["全部", "2", "1"] for row in rows)
    assert any(row[0] == "渠道" for row in rows)


def test_many_families_cost_as_many_statements_as_two(school, client):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    with tenant_scope(school):
        for n in range(2, 12):
            came(visit(n))

    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert len(few) == len(many)

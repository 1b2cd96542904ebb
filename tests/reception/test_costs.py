"""渠道花费: entered month by month on a page, shown in the funnel as what each booking and each signing cost."""

import io
import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from audit.models import Entry
from crm.filing import file_lead
from reception.booking import book
from reception.costs import By, enter, entered, names_of, of_period
from reception.models import ChannelCost
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

PAGE, FUNNEL = "/s/miao/visits/costs/", "/s/miao/visits/funnel/"
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all: the 20th of November."""


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def client(tang):
    return signed_in(tang)


@pytest.fixture
def booked(school, tang):
    """Four families that booked, three of them from one source."""
    with tenant_scope(school):
        for n, source in enumerate(("小红书", "小红书", "小红书", "抖音")):
            start = timezone.now() - timedelta(days=3, hours=n)
            told = wish(n, source=source)
            made = book(
                slot(5, start),
                told,
                cutoff=start - timedelta(days=1),
                channel="online",
                at=start - timedelta(days=1),
            )
            file_lead(made.booking.lead, title="预约", at=start)


def read(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# -- entering -------------------------------------------------------------------------------------------------------------------
def test_what_is_entered_stands_for_its_month(tang, miao):
    enter(NOVEMBER, By.SOURCE, {"小红书": 300_000, "抖音": 0}, member=tang)

    assert entered(NOVEMBER) == {("source", "小红书"): 300_000}
    assert Entry.objects.get(verb="reception.costs_entered").data == {"month": "2026-11"}


def test_entered_again_it_replaces_and_nothing_takes_away(tang, miao):
    enter(NOVEMBER, By.SOURCE, {"小红书": 300_000, "抖音": 5_000}, member=tang)
    enter(NOVEMBER, By.SOURCE, {"小红书": 0, "抖音": 6_000}, member=tang)

    assert entered(NOVEMBER) == {("source", "抖音"): 6_000}


def test_channels_and_sources_are_entered_apart(tang, miao):
    enter(NOVEMBER, By.SOURCE, {"其他": 100}, member=tang)
    enter(NOVEMBER, By.CHANNEL, {"other": 200}, member=tang)

    assert of_period("source", NOVEMBER, date(2026, 11, 30)) == {"其他": 100}
    assert of_period("channel", NOVEMBER, date(2026, 11, 30)) == {"other": 200}


def test_a_period_takes_the_months_it_touches(tang, miao):
    for month, fen in ((date(2026, 10, 1), 310_000), (NOVEMBER, 300_000)):
        enter(month, By.SOURCE, {"小红书": fen}, member=tang)

    assert of_period("source", date(2026, 10, 31), date(2026, 11, 2)) == {"小红书": 30_000}
    assert of_period("source", date(2026, 12, 1), date(2026, 12, 31)) == {}


def test_the_sources_of_families_and_of_earlier_entries_can_be_entered(tang, booked, school):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"社区摆摊": 100}, member=tang)
        names = [name for name, _word in names_of(By.SOURCE)]

    assert "转介绍" in names and names.count("小红书") == 1 and names[-1] == "社区摆摊"


@pytest.mark.parametrize("wrong", [{"amount_fen": 0}, {"amount_fen": -1}, {"month": date(2026, 11, 2)}])
def test_the_database_keeps_months_and_amounts_sound(miao, wrong):
    row = {"month": NOVEMBER, "by": "source", "name": "小红书", "amount_fen": 1} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelCost.objects.create(**row)


# -- the page --------------------------------------------------------------------------------------------------------------------
def test_a_month_is_entered_on_its_page(client, school):
    answered = client.post(
        f"{PAGE}?month=2026-11-20", {"source-小红书": "3,000 元", "channel-online": "¥200.50"}, follow=True
    )

    assert "记下了" in read(answered)
    with tenant_scope(school):
        assert entered(NOVEMBER) == {("source", "小红书"): 300_000, ("channel", "online"): 20_050}
    again = client.get(f"{PAGE}?month=2026-11-01").content.decode()
    assert 'value="3000.00"' in again
    assert 'value="200.50"' in again
    assert "2026-11 的渠道花费" in again


@pytest.mark.parametrize(
    "typed,why", [("三千", "不是金额"), ("-5", "花费不能是负数"), ("9999999999", "太大了")]
)
def test_what_is_no_amount_is_said_at_its_field_and_nothing_is_kept(client, school, typed, why):
    answered = client.post(PAGE, {"source-小红书": typed, "source-抖音": "100"})

    assert (
        answered.status_code == 422 and why in read(answered) and 'value="100"' in answered.content.decode()
    )
    with tenant_scope(school):
        assert not ChannelCost.objects.exists()


@pytest.mark.parametrize("month", ["", "2026-13-01", "上个月", "0001-01-01"])
def test_an_odd_month_is_this_month(client, month):
    assert "2026-11 的渠道花费" in read(client.get(f"{PAGE}?month={month}"))


def test_the_months_beside_are_one_step_away(client):
    page = client.get(f"{PAGE}?month=2026-12-31").content.decode()

    assert "?month=2026-11-30" in page and "?month=2027-01-01" in page


@pytest.mark.parametrize(("role", "enters"), [("marketing", True), ("admin", True), ("frontdesk", False), ("teacher",
        False)])
def test_who_answers_for_costs_enters_them_and_the_others_do_not_see_them(booked, school, tang, role, enters):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"小红书": 300_000}, member=tang)
    one = signed_in(make_member(school, role))

    seen = read(one.get(f"{FUNNEL}?by=source&from=2026-11-01&to=2026-11-30"))

    assert one.get(PAGE).status_code == (200 if enters else 403)
    assert ("记渠道花费" in seen, "每次预约" in seen, "3,000 元" in seen) == (enters,) * 3


# -- in the funnel -------------------------------------------------------------------------------------------------------------
def test_the_funnel_says_what_each_booking_cost(client, booked, school, tang):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"小红书": 300_000, "抖音": 30_000, "地推": 60_000}, member=tang)

    page = read(client.get(f"{FUNNEL}?by=source&from=2026-11-01&to=2026-11-30"))

    assert "花费 每次预约 每次签约" in page
    assert re.search(r"小红书 3 .*?3,000 元 1,000 元 –", page) and re.search(
        r"抖音 1 .*?300 元 300 元 –", page
    )


def test_what_brought_nobody_is_shown_with_its_cost(client, booked, school, tang):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"地推": 60_000}, member=tang)

    page = read(client.get(f"{FUNNEL}?by=source&from=2026-11-01&to=2026-11-30"))

    assert re.search(r"地推 0 .*?600 元 – –", page) and "None" not in page


def test_without_costs_the_funnel_has_no_such_columns(client, booked):
    assert "每次预约" not in read(client.get(f"{FUNNEL}?by=source"))


@pytest.mark.parametrize("words", ["by=host", "by=campus"])
def test_hosts_and_campuses_have_no_cost_of_their_own(client, booked, school, tang, words):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"小红书": 300_000}, member=tang)

    assert "每次预约" not in read(client.get(f"{FUNNEL}?{words}&from=2026-11-01&to=2026-11-30"))


def test_where_only_some_campuses_are_counted_the_whole_cost_would_mislead(client, booked, school, tang):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"小红书": 300_000}, member=tang)
        here = Campus.objects.first()
    confined = signed_in(make_member(school, "frontdesk", "东", campuses=[here]))

    for one, words in ((client, f"&campus={here.pk}"), (confined, "")):
        assert "每次预约" not in read(one.get(f"{FUNNEL}?by=source&from=2026-11-01&to=2026-11-30{words}"))


def test_the_file_holds_costs_as_numbers(client, booked, school, tang):
    with tenant_scope(school):
        enter(NOVEMBER, By.SOURCE, {"小红书": 300_000}, member=tang)

    file = client.get(f"{FUNNEL}?by=source&from=2026-11-01&to=2026-11-30&export=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.values)

    assert rows[0][-3:] == ("花费（元）", "每次预约（元）", "每次签约（元）")
    first = next(row for row in rows if row[0] == "小红书")
    assert [float(cell) for cell in first[-3:-1]] == [3000.0, 1000.0]
    whole = next(row for row in rows if row[0] == "全部")
    assert [float(cell) for cell in whole[-3:-1]] == [3000.0, 750.0]

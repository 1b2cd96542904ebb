"""接待复盘: a month in one row of figures, signed as they were seen; and who has read how it is done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.improving import Plan, finish, improve
from crm.models import Promise, Topic
from crm.promises import promise, tell_missed
from crm.surveys.asking import answer
from reception import manual
from reception.booking import book, come
from reception.following import Contact, note
from reception.models import Booking, FollowUp, ProcessReview, SopPage, SopRead
from reception.models.manual import STAGE_CHOICES
from reception.reviewing import MONTHS, Figures, end_of, figures_of, months_of, read, readers, sign
from reception.stages import Step
from reception.surveying import sheet_of
from reception.visiting import Tap, take_step
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.crm.surveys.makers import given, plain
from tests.reception.makers import NOW, slot, wish

PAGE, MANUAL = "/s/miao/reviews/", "/s/miao/manual/"
TODAY = date(2026, 11, 20)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all: the 20th of November."""


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def client(tang):
    return signed_in(tang)


def visit(n: int, start: datetime, *, waits: int = 4, missed: bool = False, campus=None) -> Booking:
    """A family that was greeted after so many minutes and left after an hour; or never came."""
    before = start - timedelta(days=1)
    made = book(slot(5, start, campus=campus), wish(n), cutoff=before, channel="phone", at=before)
    file_lead(made.booking.lead, title="预约", at=before)
    if missed:
        come(again(made.booking), "miss", by=None, at=start)
        return again(made.booking)
    steps = (
        (Step.ARRIVED, Step.BOOKED, 0),
        (Step.GREETED, Step.ARRIVED, waits),
        (Step.LEFT, Step.GREETED, 60),
    )
    for to, seen, minutes in steps:
        at = start + timedelta(minutes=minutes)
        take_step(again(made.booking), Tap(to, seen, at, f"{to}{made.booking.pk}"), by=None, now=at)
    return again(made.booking)


def again(row: Booking) -> Booking:
    return Booking.objects.select_related(
        "slot__type", "slot__campus", "lead__customer", "lead__child", "host"
    ).get(pk=row.pk)


def on(day: int, hour: int = 2, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


# -- the figures ------------------------------------------------------------------------------------------------------------------
def test_a_month_nobody_came_is_empty_and_not_nought(tang, miao):
    assert figures_of(tang, makers.campus(), NOVEMBER, TODAY) == Figures(0, None, None, None, None, None, 0, 0, 0, 0)


def test_a_month_in_one_row(tang, miao):
    rows = [visit(n, on(9, n), waits=minutes) for n, minutes in enumerate((2, 4, 9))]
    visit(3, on(10), missed=True)
    answer(sheet_of(rows[0]), given(5), channel="face", by=None, at=on(9, 5))
    answer(sheet_of(rows[1]), given(2), channel="online", by=None, at=on(12, 5))

    found = figures_of(tang, makers.campus(), NOVEMBER, TODAY)

    assert (found.booked, found.came, found.no_show, found.signed) == (4, 75, 25, 0)
    assert (found.waiting, found.waits_too_long) == (240, False)
    assert (found.score, found.answers) == (3.5, 2)


@pytest.mark.parametrize("minutes,too_long", [(5, False), (6, True)])
def test_waiting_is_held_against_its_goal(tang, miao, minutes, too_long):
    visit(0, on(9), waits=minutes)

    assert figures_of(tang, makers.campus(), NOVEMBER, TODAY).waits_too_long == too_long


def test_both_ends_of_the_month_count_by_the_campus_s_date(tang, miao):
    visit(0, datetime(2026, 10, 31, 16, 30, tzinfo=UTC))  # half past midnight on the first of November
    visit(1, datetime(2026, 10, 31, 15, 0, tzinfo=UTC))  # eleven at night the day before

    assert figures_of(tang, makers.campus(), NOVEMBER, TODAY).booked == 1
    assert figures_of(tang, makers.campus(), OCTOBER, TODAY).booked == 1


def test_another_campus_has_its_own_month(tang, miao):
    east = Campus.objects.create(name="东园", code="east")
    visit(0, on(9))
    visit(1, on(9, 3), campus=east)
    visit(2, on(9, 4), campus=east)

    assert [figures_of(tang, campus, NOVEMBER, TODAY).booked for campus in (makers.campus(), east)] == [1, 2]


def test_what_was_late_is_counted_whether_or_not_it_was_done(tang, miao):
    row = visit(0, on(9))
    owed = list(FollowUp.objects.filter(booking=row).order_by("due_on"))
    said = Contact("phone", "在想", "thinking")
    note(owed[0], said, by=tang, at=timezone.now())  # done, but long after its day
    FollowUp.objects.filter(pk=owed[1].pk).update(due_on=date(2026, 11, 19))  # still open the day after

    assert (
        figures_of(tang, makers.campus(), NOVEMBER, TODAY).late_follow_ups == 3
    )  # and the third was due in between


def test_a_promise_that_was_missed_stays_missed(tang, miao):
    family = makers.family()
    row = promise(
        family, text="发食谱", owner=tang, due_on=date(2026, 11, 20), made_in="other", by=tang, at=NOW
    )
    tell_missed(at=NOW + timedelta(days=1))

    assert Promise.objects.get(pk=row.pk).missed_on == date(2026, 11, 20)
    assert figures_of(tang, makers.campus(), NOVEMBER, TODAY).missed_promises == 1


def test_what_was_put_right_counts_for_its_campus_or_for_all(tang, miao):
    east = Campus.objects.create(name="东园", code="east")
    for campus in (None, makers.campus(), east):
        row = improve(Plan("x", "", "welcome", tang, date(2026, 11, 30), campus), by=tang, at=NOW)
        finish(row, result="好了", by=tang, at=NOW)

    assert figures_of(tang, makers.campus(), NOVEMBER, TODAY).improvements == 2


def test_six_months_stand_beside_one_another(tang, miao):
    months = months_of(tang, makers.campus(), date(2026, 2, 20))

    assert [f"{one.month:%Y-%m}" for one in months] == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2025-11",
        "2025-10",
        "2025-09",
    ]
    assert len(months) == MONTHS and all(one.review is None for one in months)


@pytest.mark.parametrize(
    "month,last", [(date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (date(2026, 12, 1), 31)]
)
def test_a_month_ends_on_its_last_day(month, last):
    assert end_of(month) == month.replace(day=last)


# -- signing --------------------------------------------------------------------------------------------------------------------------
def test_signed_its_figures_stay_as_they_were_seen(tang, miao):
    visit(0, on(9))
    sign(tang, makers.campus(), NOVEMBER, " 等得不久，停车要提醒 ", at=NOW)
    visit(1, on(10))

    month = months_of(tang, makers.campus(), date(2026, 11, 20))[0]

    assert month.figures.booked == 1 and month.figures.waiting == 240 and month.waited == "4:00"
    assert (month.review.findings, month.review.by, month.review.at) == ("等得不久，停车要提醒", tang, NOW)
    assert Entry.objects.get(verb="reception.month_reviewed").data == {"month": "2026-11"}


def test_signed_again_it_is_the_later_look(tang, miao):
    sign(tang, makers.campus(), NOVEMBER, "先看", at=NOW)
    visit(0, on(9))
    sign(miao.head, makers.campus(), NOVEMBER, "再看", at=NOW)

    row = ProcessReview.objects.get()
    assert (row.findings, row.by, row.figures["booked"]) == ("再看", miao.head, 1)


@pytest.mark.parametrize(
    "month,words,why", [(NOVEMBER, "  ", "请写看到了什么"), (date(2026, 12, 1), "还早", "还没到")]
)
def test_nothing_seen_or_nothing_yet_is_not_signed(tang, miao, month, words, why):
    with pytest.raises(Refused, match=why):
        sign(tang, makers.campus(), month, words, at=NOW)

    assert not ProcessReview.objects.exists()


def test_the_database_holds_one_review_a_month(tang, miao):
    sign(tang, makers.campus(), NOVEMBER, "看过", at=NOW)

    for month in (NOVEMBER, date(2026, 11, 2)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcessReview.objects.create(campus=makers.campus(), month=month, findings="x", by=tang, at=NOW)


# -- the page -------------------------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_months_and_is_signed(client, school, tang):
    with tenant_scope(school):
        visit(0, on(9))

    assert "2026-11 还没有复盘" in plain(client.get(PAGE))
    shown = plain(client.post(PAGE, {"month": "2026-11-01", "findings": "等得不久"}, follow=True))

    assert (
        "2026-11 复盘好了" in shown
        and "2026-11 已复盘，唐主任" in shown
        and "等得不久" in shown
        and "4:00" in shown
    )


def test_an_older_month_is_chosen(client):
    client.post(PAGE, {"month": "2026-10-05", "findings": "十月的话"})

    assert "2026-10 已复盘" in plain(
        client.get(f"{PAGE}?month=2026-10-01")
    ) and "2026-11 还没有复盘" in plain(client.get(PAGE))


def test_a_refusal_stands_under_the_words(client, school):
    answered = client.post(PAGE, {"month": "2026-11-01", "findings": " "})

    assert answered.status_code == 409 and "请写看到了什么" in plain(answered)
    with tenant_scope(school):
        assert not ProcessReview.objects.exists()


@pytest.mark.parametrize("words", ["month=abc", "month=1999-01-01", "campus=99999", "month=2999-12-01"])
def test_odd_words_in_the_address_break_nothing(client, words):
    assert client.get(f"{PAGE}?{words}").status_code in (200, 404)


def test_everybody_reads_it_and_who_runs_reception_signs(school):
    desk = signed_in(make_member(school, "frontdesk"))

    assert "看过了，签下" not in plain(desk.get(PAGE))
    assert desk.post(PAGE, {"findings": "x"}).status_code == 403


# -- the manual is read ---------------------------------------------------------------------------------------------------------------
def test_reading_twice_is_reading_once(tang, miao):
    page = SopPage.objects.current().get(stage="welcome")

    for _ in range(2):
        read(page, by=tang, at=NOW)

    assert SopRead.objects.count() == 1 and readers() == {page.pk: {tang.pk}}


def test_a_new_version_is_read_anew(tang, miao):
    page = SopPage.objects.current().get(stage="welcome")
    read(page, by=tang, at=NOW)
    manual.write("welcome", "换一种迎法", change="", seen=1, by=miao.head, at=NOW)

    assert readers() == {}
    page.refresh_from_db()
    with pytest.raises(Refused, match="新的一版"):
        read(page, by=miao.head, at=NOW)


def test_the_manual_says_who_has_not_read_it(client, school, tang):
    make_member(school, "frontdesk", "方老师")
    with tenant_scope(school):
        page = SopPage.objects.current().get(stage="booking").pk
    before = plain(client.get(MANUAL))

    client.post(f"{MANUAL}pages/{page}/read/")

    after = plain(client.get(MANUAL))
    assert before.count("我看过了") == 9 and after.count("我看过了") == 8
    assert before.count("还没看的：唐主任、方老师") + before.count("还没看的：方老师、唐主任") == 9
    assert after.count("还没看的：方老师 ") == 1


def test_a_page_that_never_was_is_not_found(client):
    assert client.post(f"{MANUAL}pages/999999/read/").status_code == 404


# -- what is put right stands where it is done -----------------------------------------------------------------------------------------
def test_the_topics_of_surveys_begin_with_the_nine_stages():
    assert Topic.values[:9] == [code for code, _word in STAGE_CHOICES]


def test_the_manual_shows_what_is_being_put_right_and_what_was(client, school, tang):
    with tenant_scope(school):
        improve(Plan("门口少等", "", "welcome", tang, date(2026, 11, 30)), by=tang, at=NOW)
        done = improve(Plan("介绍太快", "", "tour", tang, date(2026, 11, 30)), by=tang, at=NOW)
        finish(done, result="每处停两分钟", by=tang, at=NOW)
        old = improve(Plan("很久以前", "", "tour", tang, date(2026, 11, 30)), by=tang, at=NOW)
        finish(old, result="早改了", by=tang, at=NOW - timedelta(days=31))
        improve(Plan("菜谱", "", "meals", tang, date(2026, 11, 30)), by=tang, at=NOW)

    shown = plain(client.get(MANUAL))

    assert "正在改： 门口少等" in shown and "改好了： 介绍太快 ，每处停两分钟" in shown
    assert "很久以前" not in shown and "菜谱" not in shown

"""园历 on the screen: who sees and who changes it, odd input, a campus of its own, and the sum of a deadline."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import SpecialDays, WorkCalendar
from crm.opening import week_of, work_calendar
from crm.timetable import go_own_way
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in

WEEK = {f"day_{n}": "9:00-17:00" for n in range(5)} | {
    "day_5": "",
    "day_6": "休",
    "keeps_holidays": "on",
    "make_up_like": "0",
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "version": "1",
}
DAYS = {"first": "2026-12-24", "last": "", "kind": "closure", "name": "检修", "hours": ""}


@pytest.fixture
def east(school) -> Campus:
    with tenant_scope(school):
        return Campus.objects.create(code="east", name="东园")


def rows(school) -> list:
    with tenant_scope(school):
        return list(SpecialDays.objects.values_list("first", "last", "kind", "name", "hours", "source"))


def text(response) -> str:
    return response.content.decode()


def test_the_page_says_whether_the_school_is_open_today_and_shows_the_year(head_client, at, on_the_day):
    page = text(head_client.get(f"{at}/calendar/"))

    assert (
        "今天开 08:00–12:00，14:00–17:30" in page
        and "一年开 248 天" in page
        and 'title="10-10，周六，调休上班' in page
    )
    assert "2027 年的放假安排还没有，到时请导入" in page


def test_a_year_that_is_not_announced_warns_and_offers_the_import(head_client, at, on_the_day):
    page = text(head_client.get(f"{at}/calendar/?year=2027"))

    assert (
        "2027 年的放假安排还没有，先按法定假日推算，没有调休" in page
        and "/calendar/notice/?year=2027" in page
    )


@pytest.mark.parametrize(
    "words",
    [
        "year=1",
        "year=99999",
        "year=二零二七",
        "year=",
        "campus=",
        "since=x&hours=y",
        "since=2026-10-09T16:30&hours=-1",
        "since=9999-12-31T23:59&hours=2000",
        "since=0001-01-01T00:00&hours=1",
        "since=2026-10-09T16:30&hours=1e400",
        "day=x",
    ],
)
def test_odd_words_in_the_address_break_nothing(head_client, at, words):
    assert head_client.get(f"{at}/calendar/?{words}").status_code == 200


def test_a_deadline_is_asked_for_and_explained(head_client, at):
    page = text(head_client.get(f"{at}/calendar/?since=2026-09-30T16:30&hours=17"))

    assert "到 10-10 周六 09:00" in page
    assert "国庆节" in page
    assert "周六，调休上班" in page
    assert "17 时" in page


def test_a_calendar_that_never_opens_says_so(head_client, at, school):
    with tenant_scope(school):
        work_calendar().shifts.all().delete()

    assert "一年多里没有开放的时间" in text(
        head_client.get(f"{at}/calendar/?since=2026-09-30T16:30&hours=17")
    )


def test_the_week_is_saved(head_client, at, school):
    answer = head_client.post(f"{at}/calendar/week/", WEEK)

    assert answer.status_code == 302
    with tenant_scope(school):
        assert [str(shifts[0]) if shifts else "" for shifts in week_of(work_calendar())] == [
            "09:00–17:00"
        ] * 5 + ["", ""]
        assert work_calendar().works_make_up is False


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"day_2": "早上"}, "看不懂班次"),
        ({"day_2": "9:00-8:00"}, "班次的结束要晚于开始"),
        ({"version": "7"}, "同事刚改过园历"),
        ({"version": ""}, "看不懂"),
        ({"works_make_up": "on", "make_up_like": "6"}, "选的那天是休息"),
        ({"quiet_from": "25:00"}, "有效"),
        ({"make_up_like": "9"}, "有效"),
    ],
)
def test_a_week_with_a_slip_comes_back_as_it_was_typed(head_client, at, school, slip, said):
    answer = head_client.post(f"{at}/calendar/week/", WEEK | {"day_0": "7:00-15:00"} | slip)

    assert answer.status_code == 422 and 'value="7:00-15:00"' in text(answer)
    if slip != {"version": ""}:
        assert said in text(answer)
    with tenant_scope(school):
        assert str(week_of(work_calendar())[0][0]) == "08:00–12:00"


def test_special_days_are_added_and_taken_away(head_client, at, school):
    head_client.post(f"{at}/calendar/days/", DAYS | {"year": "2026"})
    with tenant_scope(school):
        row = SpecialDays.objects.get()
    shown = text(head_client.get(f"{at}/calendar/?year=2026"))
    head_client.post(f"{at}/calendar/days/{row.pk}/remove/")

    assert (row.first, row.last) == (row.first, row.first)
    assert "检修" in shown
    assert rows(school) == []


@pytest.mark.parametrize(
    "slip",
    [
        {"first": ""},
        {"first": "2062-01-01"},
        {"last": "2026-12-01"},
        {"kind": "opening"},
        {"kind": "party"},
        {"hours": "下午"},
        {"hours": "8:00-12:00"},
        {"name": "检" * 41},
        {"first": "2026-02-30"},
    ],
)
def test_days_with_a_slip_are_not_added_and_nothing_typed_is_lost(head_client, at, school, slip):
    answer = head_client.post(f"{at}/calendar/days/", DAYS | {"name": "换地板"} | slip)

    assert answer.status_code == 422 and rows(school) == []
    assert slip.get("name", "换地板") in text(answer)


def test_a_notice_is_looked_at_before_it_is_entered(head_client, at, school):
    told = {"year": "2027", "text": "一、春节：2月5日至11日放假调休，共7天。2月13日（周六）上班。"}

    looked = head_client.post(f"{at}/calendar/notice/", told)
    nothing_yet = rows(school)
    entered = head_client.post(f"{at}/calendar/notice/", told | {"enter": "1"})

    assert "读到 2 段" in text(looked) and nothing_yet == [] and entered.status_code == 302
    assert [row[2] for row in rows(school)] == ["holiday", "make_up"]
    assert "先按法定假日推算" not in text(head_client.get(f"{at}/calendar/?year=2027"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_notice_comes_as_a_file_too(head_client, at, school, encoding):
    upload = SimpleUploadedFile("2027.csv", "2027-02-05,2027-02-11,春节,休\n2027-02-13,班\n".encode(encoding))

    looked = text(head_client.post(f"{at}/calendar/notice/", {"year": "2027", "text": "", "file": upload}))

    assert (
        "读到 2 段" in looked and "2027-02-05,2027-02-11,春节,休" in looked
    )  # in the box, so that the next step has it


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"year": "2027", "text": ""}, "没有读到日期"),
        ({"year": "2027", "text": "2026-01-01 元旦"}, "不在 2027 年"),
        ({"year": "", "text": "2026-01-01 元旦"}, "必填"),
        ({"year": "1800", "text": "x"}, "2000"),
        (
            {"year": "2027", "text": "", "file": SimpleUploadedFile("x.bin", b"\xff\xfe\xff\xff\x81")},
            "这个文件不是文字",
        ),
    ],
)
def test_a_notice_with_a_slip_enters_nothing(head_client, at, school, told, said):
    answer = head_client.post(f"{at}/calendar/notice/", told | {"enter": "1"})

    assert answer.status_code == 422 and said in text(answer) and rows(school) == []


def test_a_campus_goes_its_own_way_and_comes_back(head_client, at, school, east):
    follows = text(head_client.get(f"{at}/calendar/?campus={east.pk}"))
    head_client.post(f"{at}/calendar/campus/", {"campus": east.pk})
    apart = text(head_client.get(f"{at}/calendar/?campus={east.pk}"))
    head_client.post(f"{at}/calendar/week/", WEEK | {"campus": east.pk})
    with tenant_scope(school):
        different = week_of(work_calendar(east)) != week_of(work_calendar())
    head_client.post(f"{at}/calendar/campus/", {"campus": east.pk, "way": "back"})

    assert "给 东园 单独排" in follows and "自己的园历" in apart and different
    with tenant_scope(school):
        assert WorkCalendar.objects.count() == 1


def test_a_campus_that_follows_cannot_be_written_to_by_mistake(head_client, at, school, east):
    answer = head_client.post(f"{at}/calendar/days/", DAYS | {"campus": east.pk})

    assert answer.status_code == 409 and "先给它单独排" in text(answer) and rows(school) == []


# -- who may ------------------------------------------------------------------------------------------------------------------
def test_the_front_desk_reads_and_changes_nothing(school, at):
    desk = signed_in(make_member(school, "frontdesk"))

    page = text(desk.get(f"{at}/calendar/"))

    assert "每周的班次" in page and "保存园历" not in page
    assert [
        desk.post(f"{at}/calendar/{path}/", WEEK | DAYS).status_code
        for path in ("week", "days", "campus", "notice")
    ] == [403] * 4


def test_who_works_for_one_campus_keeps_that_campus_only(school, at, east):
    with tenant_scope(school):
        west = makers.campus()
        go_own_way(east, by=None)
    desk = signed_in(make_member(school, "supervisor", campuses=[east]))

    answers = {
        name: desk.post(f"{at}/calendar/days/", DAYS | {"campus": pk}).status_code
        for name, pk in (("own", east.pk), ("other", west.pk), ("all", ""))
    }

    assert answers == {"own": 302, "other": 404, "all": 403}
    assert desk.post(f"{at}/calendar/notice/", {"year": "2027", "text": "2027-01-01 元旦"}).status_code == 403


def test_who_works_for_one_campus_cannot_take_away_the_schools_days(school, at, east, head_client):
    head_client.post(f"{at}/calendar/days/", DAYS)
    with tenant_scope(school):
        row = SpecialDays.objects.get()
    desk = signed_in(make_member(school, "supervisor", campuses=[east]))

    assert desk.post(f"{at}/calendar/days/{row.pk}/remove/").status_code == 404
    assert len(rows(school)) == 1

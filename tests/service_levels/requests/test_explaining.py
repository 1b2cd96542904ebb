"""Why a deadline is what it is, as its page says it: the lines add up, a pause is named, a stopped clock says what it took."""
import re
from datetime import timedelta

import pytest

from crm.opening import work_calendar
from crm.timetable import add_days
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.scope import tenant_scope
from tests.service_levels.conftest import DAY, ONE
from tests.service_levels.requests.test_working import TEN, at


def seen(client, place, row) -> str:
    return re.sub(r"\s+", " ", client.get(f"{place}/service/requests/{row.pk}/").content.decode())


def sums(page: str) -> list[str]:
    """The figures at the right of each sum, the total last."""
    return re.findall(r'<(?:span|b) class="right(?: muted)?">([−\d:]+)</', page)


@pytest.fixture
def here(school) -> str:
    return f"/s/{school.slug}"


@pytest.fixture
def row(school, head, on_the_day):
    """Something nobody known asked for yesterday at four: two hours to be answered, nine to be settled."""
    with tenant_scope(school):
        return working.open_request(Wish("enquiry", "招生吗", "phone"), by=head, at=TEN - timedelta(hours=18))


def test_lines_add_up_to_what_was_promised(boss, here, row):
    page = seen(boss, here, row)

    assert sums(page) == ["1:30", "0:30", "2:00", "1:30", "7:30", "9:00"]
    assert "11-19 周四" in page and "11-20 周五" in page


def test_a_pause_is_named_with_the_open_time_it_took(boss, here, school, head, row):
    with tenant_scope(school):
        working.reply(row, text="x", channel="phone", by=head, at=at(-17.5))
        working.pause(row, why="等家长", by=head, at=at(-17))
        working.resume(row, by=head, at=at(-1))
    page = seen(boss, here, row)

    assert "11-19 17:00 到 11-20 09:00 停着" in page
    assert "−1:30" in sums(page) and sums(page)[-1] == "9:00"


def test_what_is_paused_says_how_much_is_left_and_what_it_waits_for(boss, here, school, head, row):
    with tenant_scope(school):
        working.reply(row, text="x", channel="phone", by=head, at=at(-17.5))
        working.pause(row, why="等家长定时间", by=head, at=at(-17))
    page = seen(boss, here, row)

    assert "已暂停，还剩 8 时 00 分" in page and "等家长定时间" in page and "到现在怎么算的" in page
    assert "该恢复了" not in page


def test_what_is_stopped_says_what_it_took(boss, here, school, head, row):
    with tenant_scope(school):
        working.reply(row, text="x", channel="phone", by=head, at=at(-17.5))
        working.resolve(row, result="x", by=head, at=at(-1))
    page = seen(boss, here, row)

    assert "按时，用了 0 时 30 分" in page or "按时，用了 30 分" in page
    assert "按时，用了 2 时 30 分" in page


def test_what_is_late_says_by_how_much_open_time(boss, here, row):
    assert "逾期 1 时 30 分" in seen(boss, here, row)  # due at half past eight, and it is ten


def test_a_holiday_is_named(boss, here, school, head, row):
    with tenant_scope(school):
        add_days(work_calendar(), first=DAY + 3 * ONE, last=DAY + 4 * ONE, kind="holiday", name="校庆", hours="", by=head)
        late = working.open_request(Wish("enquiry", "招生吗", "phone"), by=head, at=TEN)
    page = seen(boss, here, late)

    assert "校庆" in page and "11-23 周一 – 11-24 周二" in page
    assert sums(page)[-1] == "9:00"

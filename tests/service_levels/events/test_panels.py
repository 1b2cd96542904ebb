"""What events add to a family's page: what it cares for, what it was asked to and came to."""
from datetime import timedelta

from service_levels.events import interests, panels
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import ENDS, STARTS, asked, planned

ONE = timedelta(days=1)


def test_where_nothing_is_known_there_is_no_card(chief):
    assert panels.of_family(chief, family(1), DAY) is None


def test_the_latest_events_stand_first(chief):
    home = family(1)
    for number in range(6):
        asked(planned(chief, title=f"第{number}场", starts_at=STARTS + number * ONE, ends_at=ENDS + number * ONE), chief, home)

    told = panels.of_family(chief, home, DAY)

    assert [row.event.title for row in told["rows"]] == ["第5场", "第4场", "第3场", "第2场"]


def test_what_the_school_knows_of_can_be_ticked(chief):
    home = family(1)
    books, sport = interests.add("绘本", by=chief), interests.add("运动", by=chief)
    interests.keep(home, [books], by=chief)

    told = panels.of_family(chief, home, DAY)

    assert (set(told["interests"]), told["known"], told["may_log"]) == ({books, sport}, {books.pk}, True)


def test_whoever_only_looks_reads_what_the_family_has(chief):
    home = family(1)
    books, _sport = interests.add("绘本", by=chief), interests.add("运动", by=chief)
    interests.keep(home, [books], by=chief)

    told = panels.of_family(colleague("inspector"), home, DAY)

    assert (told["interests"], told["may_log"]) == ([books], False)


def test_a_day_that_is_over_is_read_and_not_changed(chief):
    home = family(1)
    asked(planned(chief), chief, home)

    assert panels.of_family(chief, home, DAY - ONE) is None, "nobody had asked it yet"
    assert panels.of_family(chief, home, DAY + ONE)["may_log"] is False

"""Whoever writes hears once a quarter that families wait."""
from datetime import timedelta

from notifications.models import Message
from service_levels.market.reminding import nightly
from service_levels.models import Touch
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.market.conftest import AT, DAY, written

ONE = timedelta(days=1)


def heard(member) -> list[str]:
    return list(Message.objects.filter(member=member, title__contains="市场信息").values_list("title", flat=True))


def test_whoever_writes_hears_once_that_families_wait(first_level, writer):
    planner = colleague("planner", "策划")
    nightly(DAY, at=AT)
    nightly(DAY + ONE, at=AT + ONE)

    assert heard(writer) == ["1 户等着这一季的市场信息，还没有写"]
    assert heard(planner) == []


def test_where_one_is_written_nobody_hears(first_level, writer):
    Message.objects.all().delete()
    written(writer)
    nightly(DAY, at=AT)

    assert heard(writer) == []


def test_nor_where_nobody_waits(inside, writer):
    nightly(DAY, at=AT)

    assert heard(writer) == []


def test_nor_before_it_is_time(first_level, writer):
    Message.objects.all().delete()
    Touch.objects.filter(occasion="news").update(due_on=DAY + 15 * ONE)
    nightly(DAY, at=AT)

    assert heard(writer) == []

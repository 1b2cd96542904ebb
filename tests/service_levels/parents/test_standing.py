"""What a family is told of its own request: where it stands, by when, what was said; never a word among colleagues."""
from datetime import UTC, datetime, timedelta

import pytest

from service_levels.parents import standing
from service_levels.requests import working
from service_levels.requests.working import Wish
from tests.service_levels.conftest import derive, family
from tests.service_levels.requests.test_working import TEN, at

SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def row(miao, head):
    return working.open_request(Wish("enquiry", "几点开门", "online"), by=None, at=TEN)


def lines(row) -> list[tuple[str, str]]:
    return [(line.who, line.text) for line in standing.lines(row)]


def test_it_was_received_and_will_be_answered_by_a_time(row):
    found = standing.of(row, at(0.5))

    assert (found.title, found.due, found.opens, found.why) == ("收到了", at(2), None, "")


def test_after_an_answer_it_says_until_when_it_is_done(row, head):
    working.reply(row, text="七点半", channel="online", by=head, at=at(1))

    found = standing.of(row, at(1))
    assert (found.title, found.due) == ("正在办", row.clocks.get(kind="resolve").due_at)


def test_out_of_hours_it_says_when_somebody_looks(row):
    found = standing.of(row, SATURDAY - timedelta(days=1) + timedelta(hours=11))  # nine on Friday evening

    assert found.opens is not None and found.opens > SATURDAY + timedelta(days=1)


def test_late_is_called_late(row):
    found = standing.of(row, at(3 + 24 * 3))

    assert (found.title, found.due) == ("比说好的晚了，园里在催", None)


def test_a_pause_says_what_the_school_waits_for_until_the_family_has_spoken(row, head):
    working.reply(row, text="哪个园所", channel="online", by=head, at=at(0.5))
    working.pause(row, why="等您说是哪个园所", by=head, at=at(0.6))
    assert (standing.of(row, at(0.7)).title, standing.of(row, at(0.7)).why) == ("在等您回话", "等您说是哪个园所")

    working.heard(row, text="东园", channel="online", by=None, at=at(0.8))

    assert standing.of(row, at(0.9)).title == "正在办"


@pytest.mark.parametrize(("score", "title"), [(None, "办好了"), (5, "谢谢您，记下了")])
def test_settled_it_waits_for_a_score(row, head, score, title):
    working.resolve(row, result="七点半", by=head, at=at(1))
    if score:
        working.confirm(row, score=score, text="", by=None, at=at(2))

    assert standing.of(row, at(3)).title == title


def test_what_was_said_stands_in_order(row, head):
    working.heard(row, text="周末呢", channel="online", by=None, at=at(0.1))
    working.reply(row, text="七点半，周末不开", channel="online", by=head, at=at(1))
    working.resolve(row, result="告诉您了", by=head, at=at(1.1))
    working.reopen(row, why="节假日没说", by=None, at=at(1.2))
    working.resolve(row, result="节假日也不开", by=head, at=at(1.3))
    working.confirm(row, score=4, text="谢谢", by=None, at=at(1.4))

    assert lines(row) == [("您", "几点开门"), ("您", "周末呢"), ("园里", "七点半，周末不开"), ("园里", "告诉您了"), ("您", "节假日没说"),
                          ("园里", "节假日也不开"), ("您", "谢谢")]


def test_of_what_was_spoken_the_family_reads_that_it_was_and_no_note_of_it(miao, head):
    customer = family(1, "A", "low", owner=head)
    derive()
    row = working.open_request(Wish("complaint", "难缠，又来抱怨", "phone"), customer=customer, by=head, at=TEN)
    working.note(row, text="上次也是他", by=head, at=at(0.1))
    working.heard(row, text="口气不好", channel="wechat", by=head, at=at(0.2))
    working.reply(row, text="敷衍了两句", channel="phone", by=head, at=at(0.3))
    working.hand_over(row, department="admin", to=None, text="你来哄", by=head, at=at(0.4))
    working.pause(row, why="等家长", by=head, at=at(0.5))
    working.resume(row, by=head, at=at(0.6))
    working.resolve(row, result="换了老师", by=head, at=at(0.7))
    working.reopen(row, why="老板说的", by=head, at=at(0.8))

    assert lines(row) == [("您", "用电话跟园里说过"), ("您", "用微信跟园里说过"), ("园里", "用电话答复过您"), ("园里", "换了老师"),
                          ("园里", "这件事又打开了，接着办")]


def test_the_number_of_queries_does_not_grow_with_what_was_said(row, head, django_assert_max_num_queries):
    for n in range(8):
        working.heard(row, text=f"第{n}句", channel="online", by=None, at=at(n / 10))

    with django_assert_max_num_queries(2):
        assert len(standing.lines(row)) == 9

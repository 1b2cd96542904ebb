"""The queue in its order, what stands in a row, and how often deadlines were kept."""
from datetime import timedelta

import pytest

from service_levels.models import ServiceRequest
from service_levels.requests import queries, working
from service_levels.requests.queries import Asked, Kept
from service_levels.requests.working import Wish
from tenancy.actions import confine
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.service_levels.conftest import derive, family
from tests.service_levels.requests.test_working import TEN, WISH, at

HOUR = timedelta(hours=1)


def texts(member, asked=Asked(tab="all"), now=TEN) -> list[str]:
    return [row.text for row in queries.listed(member, asked, now)]


def ask(text: str, head, hours: float = 0, customer=None, kind: str = "service") -> ServiceRequest:
    return working.open_request(Wish(kind, text), customer=customer, by=head, at=at(hours))


def test_the_next_deadline_stands_first_and_on_one_day_the_priority(miao, head):
    best = family(1, "A", "low")
    derive()
    ask("普通的先到", head, -1)
    ask("昨天的", head, -20)
    ask("A 级的后到", head, 0.5, best)

    assert texts(head) == ["昨天的", "A 级的后到", "普通的先到"]


def test_what_is_paused_stands_at_the_end(miao, head):
    first, _second = ask("暂停的", head), ask("走着的", head, 1)
    working.reply(first, text="x", channel="phone", by=head, at=at(0.5))
    working.pause(first, why="x", by=head, at=at(0.6))

    assert texts(head) == ["走着的", "暂停的"]


@pytest.mark.parametrize(("tab", "found"), [
    ("mine", ["没人接的", "我的"]),
    ("all", ["没人接的", "我的", "别人的"]),
    ("confirm", ["办完的"]),
    ("done", ["办完的"]),
])
def test_tabs_part_whose_it_is_and_how_far(school, head, on_the_day, tab, found):
    other = make_member(school, "agent", "高敏")
    with tenant_scope(school):
        for n, (text, owner) in enumerate((("没人接的", None), ("我的", head), ("别人的", other), ("办完的", head))):
            row = ask(text, head, n / 10)
            if owner:
                working.take(row, by=owner, at=at(0.4))
        working.resolve(ServiceRequest.objects.get(text="办完的"), result="x", by=head, at=at(0.5))

        assert texts(head, Asked(tab=tab)) == found
        assert queries.counts(head, TEN) == {"mine": 2, "all": 3, "late": 0, "confirm": 1}


def test_what_was_confirmed_is_done_and_waits_for_nobody(miao, head):
    row = ask("办完的", head)
    working.resolve(row, result="x", by=head, at=at(0.5))
    working.confirm(row, score=None, text="", by=head, at=at(1))

    assert (texts(head, Asked(tab="confirm")), texts(head, Asked(tab="done"))) == ([], ["办完的"])


def test_lateness_is_read_from_the_deadline_of_the_list(miao, head):
    ask("晚了的", head, -3)
    ask("不晚的", head)

    assert texts(head, Asked(tab="all", late=True), at(1)) == ["晚了的"]
    assert queries.counts(head, at(1))["late"] == 1


def test_a_row_says_how_much_open_time_there_is(miao, head):
    customer = family(1, "A", "high")
    derive()
    ask("快了", head, customer=customer)
    rows = [queries.shown(queries.listed(head, Asked(tab="all"), at(n)), at(n))[0] for n in (0, 0.45, 1, 6)]

    assert [row.left for row in rows] == [HOUR / 2, HOUR / 20, -HOUR / 2, -3.5 * HOUR]  # at four, after two hours of lunch
    assert [(row.late, row.close) for row in rows] == [(False, False), (False, True), (True, False), (True, False)]
    assert (rows[0].label, rows[0].band, rows[0].clock.kind) == ("A", "high", "reply")


def test_only_the_campuses_of_a_member_are_seen(school, head, on_the_day):
    member = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        here, there = Campus.objects.first(), Campus.objects.create(name="东园")
        confine(member, [there])
        ask("这边的", head, customer=family(1, at=here))
        ask("那边的", head, customer=family(2, at=there))
        ask("不知道哪边的", head)

        assert sorted(texts(member)) == ["不知道哪边的", "那边的"]


def test_deadlines_that_ended_in_a_time_are_counted(miao, head):
    for hours in (0.5, 5):
        row = working.open_request(WISH, by=head, at=TEN)
        working.reply(row, text="x", channel="phone", by=head, at=at(hours))
    found = queries.kept(head, TEN, at(6))

    assert found == {"reply": Kept(2, 1), "resolve": Kept(0, 0)}
    assert (found["reply"].share, found["resolve"].share) == (0.5, None)
    assert queries.kept(head, TEN, at(1))["reply"] == Kept(1, 1)

"""查暂停: who stopped clocks, for how long, and while the family had spoken (B6)."""
from datetime import UTC, datetime, timedelta

import pytest

from service_levels.requests import pauses, working
from service_levels.requests.working import Wish
from tenancy.models import Campus, Membership, User
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school, signed_in
from tests.reception.test_views import text
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, WISH, at

ZERO, HOUR = timedelta(0), timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine in the morning; open since half past seven or later
LATER = TEN + timedelta(days=10)


@pytest.fixture
def other(miao):
    return Membership.objects.create(user=User.objects.create(username="l@miao"), role="relations", name="李老师")


@pytest.fixture
def row(miao, head):
    made = working.open_request(WISH, customer=family(1), by=head, at=TEN)
    working.reply(made, text="要什么颜色", channel="phone", by=head, at=TEN)
    return made


def seen(head, since=TEN - timedelta(days=1), until=LATER, now=LATER) -> list[pauses.Pause]:
    return pauses.pauses(head, since, until, now)


def heard(row, hours: float) -> None:
    working.heard(row, text="蓝色", channel="wechat", by=None, at=at(hours))


def test_a_pause_that_ended_when_the_family_answered_is_none_of_waiting(row, head):
    working.pause(row, why="等颜色", by=head, at=at(0.5))
    working.resume(row, by=head, at=at(1.5))
    heard(row, 1.5)

    one, = seen(head)
    assert (one.request, one.by, one.why, one.since, one.until, one.took, one.idle, one.flagged) == (
        row, head, "等颜色", at(0.5), at(1.5), HOUR, ZERO, False)


def test_from_the_familys_word_on_it_stood_still_all_the_same(row, head):
    working.pause(row, why="等颜色", by=head, at=at(0.5))
    heard(row, 1)
    working.resume(row, by=head, at=at(1.75))

    one, = seen(head)
    assert (one.took, one.idle, one.flagged) == (1.25 * HOUR, 0.75 * HOUR, True)


def test_lunch_counts_for_nobody(row, head):
    working.pause(row, why="等颜色", by=head, at=at(1))
    heard(row, 1.5)
    working.resume(row, by=head, at=at(5))  # three in the afternoon; lunch from twelve to two

    one, = seen(head)
    assert (one.took, one.idle) == (2 * HOUR, 1.5 * HOUR)


def test_one_that_still_stands_counts_up_to_now(row, head):
    working.pause(row, why="等颜色", by=head, at=at(0))
    heard(row, 0.5)

    one, = seen(head, now=at(1))
    assert (one.until, one.took, one.idle) == (None, HOUR, 0.5 * HOUR)


def test_settling_ends_a_pause(row, head):
    working.pause(row, why="等颜色", by=head, at=at(0.5))
    working.resolve(row, result="换了", by=head, at=at(1.5))

    one, = seen(head)
    assert (one.until, one.took) == (at(1.5), HOUR)


def test_those_that_began_in_the_time_are_shown(row, head):
    working.pause(row, why="一", by=head, at=at(0.5))
    working.resume(row, by=head, at=at(1))
    working.pause(row, why="二", by=head, at=MONDAY)

    assert [one.why for one in seen(head, until=at(1))] == ["一"]
    assert [one.why for one in seen(head, since=at(1))] == ["二"]
    assert {one.why for one in seen(head)} == {"一", "二"}


def test_who_let_families_wait_longest_stands_first(row, head, other):
    second = working.open_request(Wish("service", "要照片"), by=head, at=TEN)
    working.reply(second, text="好", channel="phone", by=head, at=TEN)
    working.pause(row, why="等颜色", by=head, at=at(0.5))
    working.resume(row, by=head, at=at(2))
    working.pause(second, why="等照片", by=other, at=at(0.5))
    heard(second, 1)
    working.resume(second, by=other, at=at(1.5))

    rows = seen(head)
    assert [one.why for one in rows] == ["等照片", "等颜色"]
    assert [(one.name, one.count, one.flagged, one.took, one.idle) for one in pauses.by_colleague(rows)] == [
        ("李老师", 1, 1, HOUR, 0.5 * HOUR), (head.name, 1, 0, 1.5 * HOUR, ZERO)]


def test_the_number_of_queries_does_not_grow_with_the_pauses(miao, head, django_assert_max_num_queries):
    for n in range(6):
        row = working.open_request(Wish("service", f"第{n}件"), by=head, at=TEN)
        working.reply(row, text="好", channel="phone", by=head, at=TEN)
        working.pause(row, why="等", by=head, at=at(0.5))

    with django_assert_max_num_queries(8):
        assert len(seen(head)) == 6


# -- on the screen ---------------------------------------------------------------------------------------------------------------
def test_the_page_says_who_and_why(school, head, at, on_the_day, now):
    boss = signed_in(head)
    assert "没有人暂停过时限" in text(boss.get(f"{at}/service/requests/pauses/"))
    with tenant_scope(school):
        row = working.open_request(WISH, customer=family(1), by=head, at=now - 3 * HOUR)
        working.reply(row, text="好", channel="phone", by=head, at=now - 2.5 * HOUR)
        working.pause(row, why="等颜色", by=head, at=now - 2 * HOUR)
        working.heard(row, text="蓝色", channel="wechat", by=None, at=now - HOUR)

    page = text(boss.get(f"{at}/service/requests/pauses/"))

    assert "暂停了 1 次，其中 1 次家长已经回话还停着" in page
    assert "等颜色" in page and "还停着" in page and "换一床被子" in page
    assert "没有人暂停过时限" in text(boss.get(f"{at}/service/requests/pauses/?from=2026-01-01&to=2026-02-01"))


@pytest.mark.parametrize(("role", "status"), [("relations", 200), ("supervisor", 200), ("agent", 403), ("teacher", 403)])
def test_it_is_for_whoever_looks_after_contentment(school, at, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/service/requests/pauses/").status_code == status


def test_of_another_campus_one_sees_no_pause(db, on_the_day, now):
    tenant = make_school("miao", east="东园", west="西园")
    head = make_member(tenant, "head")
    with tenant_scope(tenant):
        east, west = Campus.objects.order_by("pk")
    mine = make_member(tenant, "relations", "东", campuses=[east])
    with tenant_scope(tenant):
        row = working.open_request(Wish("service", "西园的事", campus=west), by=head, at=now)
        working.reply(row, text="好", channel="phone", by=head, at=now)
        working.pause(row, why="等", by=head, at=now)
        mine = Membership.objects.get(pk=mine.pk)

        assert seen(mine, now=now + HOUR) == []
        assert len(seen(head, now=now + HOUR)) == 1


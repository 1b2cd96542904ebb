"""接待准备: eleven things a day, ticked by one tap or all at once, reported when something is lacking, due before the first visit."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from reception.furnish import furnish_board
from reception.models import Area, BriefingPoint, Check, CheckItem, Offer
from reception.preparing import AHEAD, readiness, tick, tick_rest
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW

DAY = MONDAY.date()


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def item(fang, miao) -> CheckItem:
    return CheckItem.objects.get(name="价格表")


def test_a_new_school_starts_with_the_eleven_things_of_the_policy(miao):
    names = [item.name for item in CheckItem.objects.all()]

    assert names == [
        "区域整洁",
        "布置温馨",
        "宣传手册",
        "招生手册",
        "价格表",
        "教师介绍",
        "饮品",
        "点心",
        "环境安全",
        "环境卫生",
        "环境舒适",
    ]
    assert BriefingPoint.objects.count() == 6


def test_it_is_due_half_an_hour_before_the_first_visit(miao):
    ready = readiness(makers.campus(), DAY, MONDAY)

    assert ready.due_at == MONDAY - AHEAD
    assert (ready.done, len(ready.rows), ready.is_done) == (0, 11, False)
    assert [ready.is_late(MONDAY - AHEAD + timedelta(seconds=s)) for s in (0, 1)] == [False, True]


def test_without_visits_nothing_is_late(miao):
    assert readiness(makers.campus(), DAY, None).is_late(NOW + timedelta(days=99)) is False


def test_an_item_is_ticked_and_taken_back(fang, item):
    tick(item, makers.campus(), DAY, "done", by=fang, at=NOW)
    ready = readiness(makers.campus(), DAY, MONDAY)
    check = dict(ready.rows)[item]
    tick(item, makers.campus(), DAY, "open", by=fang, at=NOW)

    assert (ready.done, check.done_at, check.by) == (1, NOW, fang) and readiness(
        makers.campus(), DAY, MONDAY
    ).done == 0
    assert Entry.objects.filter(verb="reception.checked", actor=fang).count() == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", "价格表"), ("  ", "价格表"), (" 价格表只剩 2 份 ", "价格表只剩 2 份"), ("x" * 99, "x" * 60)],
)
def test_what_is_lacking_is_said_in_a_few_words(fang, item, typed, kept):
    tick(item, makers.campus(), DAY, "lacking", by=fang, at=NOW, lacking=typed)

    ready = readiness(makers.campus(), DAY, MONDAY)
    assert [check.lacking for _item, check in ready.lacking] == [kept] and ready.done == 0


def test_restocked_it_lacks_nothing_any_more(fang, item):
    tick(item, makers.campus(), DAY, "lacking", by=fang, at=NOW)
    tick(item, makers.campus(), DAY, "done", by=fang, at=NOW)

    assert readiness(makers.campus(), DAY, MONDAY).lacking == [] and Check.objects.count() == 1


def test_the_rest_is_ticked_by_one_tap_and_what_is_lacking_stays_lacking(fang, item):
    tick(item, makers.campus(), DAY, "lacking", by=fang, at=NOW)

    ticked = tick_rest(makers.campus(), DAY, by=fang, at=NOW)

    ready = readiness(makers.campus(), DAY, MONDAY)
    assert (ticked, ready.done, len(ready.lacking), tick_rest(makers.campus(), DAY, by=fang, at=NOW)) == (
        10,
        10,
        1,
        0,
    )


def test_everything_ready_is_never_late(fang, item):
    tick_rest(makers.campus(), DAY, by=fang, at=NOW)

    assert readiness(makers.campus(), DAY, MONDAY).is_late(MONDAY) is False


def test_another_day_and_another_campus_have_their_own(fang, item):
    west = Campus.objects.create(code="w", name="西园")
    tick(item, makers.campus(), DAY, "done", by=fang, at=NOW)

    assert (
        readiness(makers.campus(), DAY + timedelta(days=1), None).done == 0
        and readiness(west, DAY, None).done == 0
    )


def test_an_item_that_is_not_used_any_more_is_not_asked_for(fang, item):
    CheckItem.objects.filter(pk=item.pk).update(is_open=False)

    assert len(readiness(makers.campus(), DAY, None).rows) == 10


def test_what_is_no_state_is_refused(fang, item):
    with pytest.raises(Refused):
        tick(item, makers.campus(), DAY, "half", by=fang, at=NOW)


def test_the_database_keeps_done_and_lacking_apart(fang, item):
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(item=item, campus=makers.campus(), day=DAY, done_at=NOW, lacking="x")


def test_furnishing_again_changes_nothing_and_gives_a_new_campus_its_areas(school):
    with tenant_scope(school):
        before = (CheckItem.objects.count(), Area.objects.count())
        west = Campus.objects.create(code="w", name="西园")
        furnish_board()
        furnish_board()

        assert (CheckItem.objects.count(), Area.objects.count()) == (before[0], before[1] + 7)
        assert Area.objects.filter(campus=west).count() == 7


def test_a_campus_added_on_the_screen_can_be_visited_at_once(school, head_client):
    answer = head_client.post(
        f"/s/{school.slug}/admin/tenancy/campus/add/", {"code": "west", "name": "西湖园", "address": "西湖路 3 号"}
    )

    with tenant_scope(school):
        made = Campus.objects.get(code="west")
        assert answer.status_code == 302 and made.areas.count() == 7
        assert set(Offer.objects.filter(campus=made).values_list("type__code", flat=True)) == {"tour", "trial",
                "consultation", "signing"}


def test_a_changed_campus_keeps_its_own_areas(school, head_client):
    with tenant_scope(school):
        here = Campus.objects.get()
        here.areas.exclude(name="餐厅").delete()
    at = f"/s/{school.slug}/admin/tenancy/campus/{here.pk}/change/"

    answer = head_client.post(at, {"code": here.code, "name": "东湖园", "address": "东湖路 12 号"})

    with tenant_scope(school):
        assert answer.status_code == 302
        assert [area.name for area in Campus.objects.get().areas.all()] == ["餐厅"]

"""The page of improvements: opened by who looks after them, closed by whose they are, overdue ones counted on top."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.improving import Measured, Plan, finish, improve
from crm.models import Improvement
from crm.surveys.asking import answer
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.crm.surveys.makers import asked, given, visit_survey
from tests.reception.test_views import text


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def client(liang):
    return signed_in(liang)


@pytest.fixture
def make(school, liang, head):
    """An improvement due so many days from today."""

    def made(title: str, days: int = 7, owner=None, campus: str = "") -> Improvement:
        now = timezone.now()
        with tenant_scope(school):
            place = (
                Campus.objects.get_or_create(code=campus, defaults={"name": campus})[0] if campus else None
            )
            plan = Plan(
                title,
                "",
                "meals",
                owner or liang,
                timezone.localdate(now) + timedelta(days=max(days, 0)),
                place,
            )
            row = improve(plan, by=head, at=now)
            if days < 0:
                Improvement.objects.filter(pk=row.pk).update(due_on=row.due_on + timedelta(days=days))
            return row

    return made


def form(colleague, **changed) -> dict:
    due = timezone.localdate() + timedelta(days=7)
    return {
        "title": "午饭换菜",
        "why": "",
        "topic": "meals",
        "campus": "",
        "owner": colleague.pk,
        "due_on": f"{due}",
    } | changed


def test_an_empty_page_says_what_belongs_here(client, at):
    shown = text(client.get(f"{at}/improvements/"))

    assert "没有在改的事" in shown and "写明谁改、哪天改好" in shown


def test_the_heading_counts_what_is_open_and_late(client, at, make):
    make("午饭换菜")
    make("门口少等", -2)

    shown = text(client.get(f"{at}/improvements/"))

    assert "2 件在改，1 件过期了" in shown and shown.index("门口少等") < shown.index("午饭换菜")
    late = text(client.get(f"{at}/improvements/?show=overdue"))
    assert "门口少等" in late and "午饭换菜" not in late


def test_one_is_opened_by_who_looks_after_improvement(head_client, at, school, liang):
    answered = head_client.post(f"{at}/improvements/new/", form(liang), follow=True)

    assert "记下了，到期会提醒" in text(answered) and "午饭换菜" in text(answered)
    with tenant_scope(school):
        assert Improvement.objects.get().owner == liang


@pytest.mark.parametrize(
    "changed,why",
    [
        ({"title": ""}, "必填"),
        ({"due_on": "2020-01-01"}, "最晚的日期要从今天起"),
        ({"due_on": "明天以后"}, "日期"),
        ({"owner": "999999"}, "选"),
        ({"topic": "weather"}, "weather"),
    ],
)
def test_what_is_wrong_stands_at_its_field(head_client, at, school, liang, changed, why):
    answered = head_client.post(f"{at}/improvements/new/", form(liang, **changed))

    assert answered.status_code == 422 and why in text(answered)
    with tenant_scope(school):
        assert not Improvement.objects.exists()


def test_whose_it_is_says_what_was_changed(client, at, school, make):
    row = make("午饭换菜")

    shown = text(
        client.post(f"{at}/improvements/{row.pk}/finish/?show=open", {"result": "周三换成面"}, follow=True)
    )

    assert "记下了：改好了" in shown
    done = text(client.get(f"{at}/improvements/?show=done"))
    assert "周三换成面" in done and "改好了" in done


def test_another_s_is_not_mine_to_end(client, at, make, head, school):
    row = make("午饭换菜", owner=head)

    assert client.post(f"{at}/improvements/{row.pk}/finish/", {"result": "x"}).status_code == 403
    with tenant_scope(school):
        assert Improvement.objects.get().state == "open"


def test_who_looks_after_improvement_may_end_anybody_s(head_client, at, make, school):
    row = make("午饭换菜")

    head_client.post(f"{at}/improvements/{row.pk}/drop/", {"result": "家长又说好了"})

    with tenant_scope(school):
        assert Improvement.objects.get().state == "dropped"


def test_it_is_put_off_and_opened_again(client, at, school, make):
    row, later = make("午饭换菜"), timezone.localdate() + timedelta(days=20)

    client.post(f"{at}/improvements/{row.pk}/put_off/", {"due_on": f"{later}"})
    with tenant_scope(school):
        assert Improvement.objects.get().due_on == later
    client.post(f"{at}/improvements/{row.pk}/finish/", {"result": "换了"})
    client.post(f"{at}/improvements/{row.pk}/reopen/")

    with tenant_scope(school):
        assert Improvement.objects.get().state == "open"


@pytest.mark.parametrize(
    "verb,told,why",
    [("finish", {}, "请写改了什么"), ("put_off", {"due_on": "那天"}, "日期"), ("put_off", {}, "日期")],
)
def test_a_refusal_is_said_and_nothing_changes(client, at, school, make, verb, told, why):
    row = make("午饭换菜")

    assert why in text(client.post(f"{at}/improvements/{row.pk}/{verb}/", told, follow=True))
    with tenant_scope(school):
        assert Improvement.objects.get().state == "open"


def test_an_unknown_act_is_refused(client, at, make):
    assert client.post(f"{at}/improvements/{make('午饭换菜').pk}/burn/").status_code == 409


def test_a_campus_sees_its_own_and_the_school_s(school, at, make):
    make("东园的", campus="east")
    make("西园的", campus="west")
    make("全园的")
    with tenant_scope(school):
        east = Campus.objects.get(code="east")
    confined = signed_in(make_member(school, "relations", "东老师", campuses=[east]))

    shown = text(confined.get(f"{at}/improvements/"))

    assert "东园的" in shown and "全园的" in shown and "西园的" not in shown and "2 件在改" in shown


def test_whether_it_helped_stands_beside_what_was_done(head_client, at, school, head):
    now = timezone.now()
    with tenant_scope(school):
        plan = Plan("门口少等", "", "welcome", head, timezone.localdate(now))
        row = improve(plan, by=head, at=now, measured=Measured(visit_survey(), 2, 40, 12))
        finish(row, result="加了人", by=head, at=now)

    before = text(head_client.get(f"{at}/improvements/?show=done"))
    with tenant_scope(school):
        answer(asked(makers.family()), given(5, 5), channel="online", by=None, at=timezone.now())
    after = text(head_client.get(f"{at}/improvements/?show=done"))

    assert "改以前 40（12 份）" in before and "改以后 还没有回答" in before
    assert "改以后 100（1 份）" in after


def test_the_page_asks_the_database_as_often_for_many_as_for_few(client, at, make):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{at}/improvements/?show=all")
        return len(queries)

    make("一")
    make("二", -1)
    statements()
    few = statements()
    for n in range(10):
        make(f"第 {n} 件", n - 3)

    assert statements() == few

"""培训: noted with who was there; who was trained least stands first; taken away when it was a mistake."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.models import Training, TrainingAttendance
from crm.training import forget, train, trained
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.crm.surveys.makers import plain

TODAY = date(2026, 11, 20)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def row(liang, fang, miao) -> Training:
    return train(
        " 接待礼仪 ",
        "welcome",
        on=TODAY,
        trainer=miao.head,
        members=[liang, fang, liang],
        by=miao.head,
        notes="蹲下来说话",
    )


def form(leader, *members, **changed) -> dict:
    day = timezone.localdate()
    told = {
        "subject": "接待礼仪",
        "topic": "welcome",
        "on": f"{day}",
        "trainer": leader.pk,
        "campus": "",
        "notes": "",
    }
    return told | {"members": [one.pk for one in members]} | changed


# -- the verbs --------------------------------------------------------------------------------------------------------------------
def test_it_is_noted_with_who_was_there_once(row, liang, fang, miao):
    assert (row.subject, row.topic, row.on, row.trainer, row.notes) == (
        "接待礼仪",
        "welcome",
        TODAY,
        miao.head,
        "蹲下来说话",
    )
    assert set(row.attendances.values_list("member", flat=True)) == {liang.pk, fang.pk}
    assert Entry.objects.get(verb="crm.training_noted").object_id == row.pk


def test_a_mistake_goes_with_its_attendances(row, miao):
    forget(row, by=miao.head)

    assert not Training.objects.exists() and not TrainingAttendance.objects.exists()
    assert Entry.objects.filter(verb="crm.training_removed").exists()


def test_who_was_trained_least_stands_first(row, liang, fang, miao):
    train(
        "沟通", "consultation", on=TODAY - timedelta(days=9), trainer=miao.head, members=[liang], by=miao.head
    )

    found = [(one.name, one.times, one.last) for one in trained(TODAY)]

    assert found == [("head", 0, None), ("方老师", 1, TODAY), ("梁老师", 2, TODAY)]


@pytest.mark.parametrize("days,times", [(0, 1), (364, 1), (365, 0), (-1, 0)])
def test_a_year_is_counted_back_from_the_day(liang, miao, days, times):
    train("沟通", "other", on=TODAY - timedelta(days=days), trainer=miao.head, members=[liang], by=miao.head)

    assert {one.name: one.times for one in trained(TODAY)}["梁老师"] == times


def test_who_has_left_is_not_counted(row, fang):
    fang.is_active = False
    fang.save()

    assert "方老师" not in [one.name for one in trained(TODAY)]


# -- the pages ----------------------------------------------------------------------------------------------------------------------
def test_it_is_noted_on_a_page_and_read_by_everybody(head_client, at, school, head, liang, fang):
    answered = head_client.post(
        f"{at}/trainings/new/", form(head, liang, fang, notes="蹲下来说话"), follow=True
    )

    assert "记下了" in plain(answered)
    shown = plain(signed_in(liang).get(f"{at}/trainings/"))
    assert "接待礼仪 迎接" in shown
    assert "方老师" in shown
    assert "2 人" in shown
    assert "蹲下来说话" in shown
    assert "记一次培训" not in shown and "记错了" not in shown


def test_an_empty_page_says_what_belongs_here(head_client, at):
    shown = plain(head_client.get(f"{at}/trainings/"))

    assert "还没有记过培训" in shown and "head 园长 还没有" in shown


@pytest.mark.parametrize(
    "changed,why",
    [
        ({"members": []}, "请勾上参加的同事"),
        ({"subject": ""}, "必填"),
        ({"on": "2999-01-01"}, "还没到"),
        ({"on": "昨天"}, "日期"),
        ({"trainer": "999999"}, "选"),
    ],
)
def test_what_is_wrong_stands_at_its_field(head_client, at, school, head, liang, changed, why):
    answered = head_client.post(f"{at}/trainings/new/", form(head, liang, **changed))

    assert answered.status_code == 422 and why in plain(answered)
    with tenant_scope(school):
        assert not Training.objects.exists()


def test_a_mistake_is_taken_away_on_the_page(head_client, at, school, head, liang):
    head_client.post(f"{at}/trainings/new/", form(head, liang))
    with tenant_scope(school):
        pk = Training.objects.get().pk

    assert signed_in(liang).post(f"{at}/trainings/{pk}/remove/").status_code == 403
    assert "删掉了" in plain(head_client.post(f"{at}/trainings/{pk}/remove/", follow=True))
    assert head_client.post(f"{at}/trainings/{pk}/remove/").status_code == 404


def test_the_page_asks_the_database_as_often_for_many_as_for_few(head_client, at, school, head, liang, fang):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            head_client.get(f"{at}/trainings/")
        return len(queries)

    head_client.post(f"{at}/trainings/new/", form(head, liang))
    statements()
    few = statements()
    for n in range(6):
        head_client.post(f"{at}/trainings/new/", form(head, liang, fang, subject=f"第 {n} 次"))

    assert statements() == few

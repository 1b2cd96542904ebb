"""改进闭环: a weak point gets somebody and a day; it ends with what was changed, or with why it was not."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.improving import Measured, Plan, drop, finish, improve, put_off, reopen, tell_due
from crm.models import Improvement
from crm.tasks import morning_one
from notifications.models import Message
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.crm.surveys.makers import visit_survey
from tests.reception.makers import NOW
from tests.reception.test_races import at_once

TODAY = date(2026, 11, 20)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def row(liang, miao) -> Improvement:
    return opened(liang, miao.head)


def opened(owner, by, days: int = 7) -> Improvement:
    plan = Plan("门口少等", "五份里三份说等", "welcome", owner, TODAY + timedelta(days=days))
    return improve(plan, by=by, at=NOW)


def bells(member) -> list[str]:
    return list(Message.objects.filter(member=member).order_by("id").values_list("title", flat=True))


def unread(member) -> int:
    return Message.objects.filter(member=member, read_at=None).count()


def test_it_is_handed_to_somebody_with_a_day(row, liang, miao):
    assert (row.state, row.opened_on, row.due_on, row.owner, row.by) == (
        "open",
        TODAY,
        date(2026, 11, 27),
        liang,
        miao.head,
    )
    assert bells(liang) == ["有一件要改进的事交给您，最晚 2026-11-27"]
    assert Entry.objects.get(verb="crm.improvement_opened").actor == miao.head


def test_one_s_own_rings_no_bell(miao):
    opened(miao.head, miao.head)

    assert bells(miao.head) == []


def test_where_it_came_from_is_kept(liang, miao):
    plan = Plan("门口少等", "", "welcome", liang, TODAY)
    row = improve(plan, by=miao.head, at=NOW, measured=Measured(visit_survey(), 2, 40, 12))

    assert (row.survey, row.line, row.level, row.answers) == (visit_survey(), 2, 40, 12)


def test_a_day_that_has_passed_is_refused(liang, miao):
    with pytest.raises(Refused) as refusal:
        opened(liang, miao.head, days=-1)

    assert refusal.value.field == "due_on" and not Improvement.objects.exists()


def test_who_has_left_cannot_do_it(liang, miao):
    liang.is_active = False
    liang.save()

    with pytest.raises(Refused) as refusal:
        opened(liang, miao.head)

    assert refusal.value.field == "owner"


def test_done_it_says_what_was_changed(row, liang):
    finish(row, result=" 早上加一位老师在门口 ", by=liang, at=NOW + timedelta(days=2))

    assert (row.state, row.closed_on, row.result) == ("done", date(2026, 11, 22), "早上加一位老师在门口")


@pytest.mark.parametrize("end,why", [(finish, "请写改了什么"), (drop, "请写为什么不改了")])
@pytest.mark.parametrize("words", ["", "  "])
def test_without_a_word_it_does_not_end(row, liang, end, why, words):
    with pytest.raises(Refused, match=why):
        end(row, result=words, by=liang, at=NOW)

    row.refresh_from_db()
    assert row.state == "open"


def test_dropped_it_says_why(row, liang):
    drop(row, result="搬走以后没有门口了", by=liang, at=NOW)

    assert (row.state, row.result) == ("dropped", "搬走以后没有门口了")


@pytest.mark.parametrize("end", [finish, drop])
def test_it_ends_once(row, liang, end):
    finish(row, result="加了人", by=liang, at=NOW)

    with pytest.raises(Refused, match="已经了结"):
        end(row, result="又一次", by=liang, at=NOW)

    row.refresh_from_db()
    assert row.result == "加了人"


def test_put_off_it_gets_another_day(row, liang):
    put_off(row, due_on=date(2026, 12, 1), by=liang, at=NOW)

    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 1)
    with pytest.raises(Refused):
        put_off(row, due_on=TODAY - timedelta(days=1), by=liang, at=NOW)


def test_what_is_closed_is_not_put_off(row, liang):
    drop(row, result="不用了", by=liang, at=NOW)

    with pytest.raises(Refused, match="已经了结"):
        put_off(row, due_on=date(2026, 12, 1), by=liang, at=NOW)


def test_opened_again_it_is_as_it_was(row, liang):
    finish(row, result="加了人", by=liang, at=NOW)

    reopen(row, by=liang)

    row.refresh_from_db()
    assert (row.state, row.closed_on, row.result) == ("open", None, "")
    with pytest.raises(Refused, match="不用恢复"):
        reopen(row, by=liang)


def test_its_bells_are_silent_once_it_is_done(row, liang):
    assert unread(liang) == 1

    finish(row, result="加了人", by=liang, at=NOW)

    assert unread(liang) == 0


@pytest.mark.parametrize(
    "days,said",
    [
        (1, []),
        (0, ["一件要改进的事今天到期"]),
        (-1, ["一件要改进的事过了 2026-11-19 还没改好"]),
    ],
)
def test_the_last_day_and_a_missed_one_are_told_in_the_morning(liang, miao, days, said):
    row = opened(liang, miao.head)
    Improvement.objects.update(due_on=TODAY + timedelta(days=days))

    tell_due(at=NOW)
    tell_due(at=NOW)

    assert bells(liang)[1:] == said and row.pk


def test_a_missed_one_is_told_once_for_its_day(liang, miao):
    opened(liang, miao.head)
    Improvement.objects.update(due_on=TODAY - timedelta(days=1))

    tell_due(at=NOW)
    tell_due(at=NOW + timedelta(days=1))

    assert len(bells(liang)) == 2


@pytest.mark.usefixtures("on_the_day")
def test_the_morning_of_the_archive_tells_it(school, liang, head):
    with tenant_scope(school):
        opened(liang, head)
        Improvement.objects.update(due_on=TODAY)

    morning_one(school.pk)

    with tenant_scope(school):
        assert bells(liang)[-1] == "一件要改进的事今天到期"


@pytest.mark.parametrize("wrong", [{"state": "done"}, {"closed_on": TODAY}])
def test_the_database_holds_that_what_is_closed_has_its_day(row, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_who_end_it_at_one_moment_end_it_once(school, head, liang):
    with tenant_scope(school):
        row = opened(liang, head)

    said = at_once(
        school,
        lambda: finish(row, result="加了人", by=liang, at=NOW),
        lambda: drop(row, result="不改了", by=head, at=NOW),
    )

    with tenant_scope(school):
        kept = Improvement.objects.get()
        assert said == ["changed", "done"] and (kept.state, kept.result) in {
            ("done", "加了人"),
            ("dropped", "不改了"),
        }

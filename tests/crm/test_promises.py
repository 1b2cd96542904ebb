"""承诺: a promise has somebody and a day; kept, late, put off, dropped or missed, its fate stands on the timeline."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm import duplicates, handover, promises, undoing
from crm.models import Promise, TimelineEntry
from crm.promises import drop, keep, promise, put_off, reopen, tell_due, tell_missed
from notifications.models import Message
from tenancy.models import Membership
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import NOW

TODAY = date(2026, 11, 20)
SAID = {"text": "发一份一周食谱", "made_in": "consultation", "at": NOW}


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def fang(school):
    return make_member(school, "front_desk", "方前台")


@pytest.fixture
def row(liang, fang, miao) -> Promise:
    return promise(makers.family(), owner=liang, due_on=TODAY + timedelta(days=2), by=fang, **SAID)


def told(kind: str = "promise") -> list[str]:
    return list(TimelineEntry.objects.filter(kind=kind).order_by("id").values_list("title", flat=True))


def inbox(member: Membership) -> list[str]:
    return list(
        Message.objects.filter(member=member, read_at=None).order_by("id").values_list("title", flat=True)
    )


def test_a_promise_is_told_to_the_family_s_timeline_and_to_whoever_has_to_keep_it(row, liang, fang):
    assert told() == ["答应：发一份一周食谱"] and row.entry.text == "梁老师，最晚 2026-11-22"
    assert inbox(liang) == ["有一件答应家长的事交给您，最晚 2026-11-22"] and inbox(fang) == []


def test_one_s_own_promise_rings_no_bell(liang, miao):
    promise(makers.family(), owner=liang, due_on=TODAY, by=liang, **SAID)

    assert inbox(liang) == []


def test_a_promise_for_yesterday_is_refused(liang, miao):
    with pytest.raises(Refused, match="从今天起"):
        promise(makers.family(), owner=liang, due_on=TODAY - timedelta(days=1), by=liang, **SAID)

    assert told() == [] and not Promise.objects.exists()


def test_somebody_who_left_promises_nothing(liang, fang, miao):
    Membership.objects.filter(pk=liang.pk).update(is_active=False)
    liang.refresh_from_db()

    with pytest.raises(Refused, match="已经离岗"):
        promise(makers.family(), owner=liang, due_on=TODAY, by=fang, **SAID)


@pytest.mark.parametrize(
    "days,said",
    [
        (0, "已兑现：发一份一周食谱"),
        (2, "已兑现：发一份一周食谱"),
        (5, "已兑现（晚了 3 天）：发一份一周食谱"),
    ],
)
def test_kept_is_told_with_how_late_it_was(row, liang, days, said):
    keep(row, outcome="微信发了", by=liang, at=NOW + timedelta(days=days))

    assert told()[-1] == said and TimelineEntry.objects.order_by("id").last().text == "微信发了"
    assert (row.state, row.closed_on, row.outcome) == (
        "kept",
        TODAY + timedelta(days=days),
        "微信发了",
    ) and inbox(liang) == []


def test_keeping_twice_is_refused_and_told_once(row, liang, fang):
    keep(row, outcome="", by=liang, at=NOW)

    with pytest.raises(Refused, match="已经了结"):
        keep(Promise.objects.get(), outcome="", by=fang, at=NOW)

    assert len(told()) == 2


def test_a_promise_is_dropped_only_with_the_family_s_reason(row, liang):
    with pytest.raises(Refused) as refusal:
        drop(row, outcome=" ", by=liang, at=NOW)
    drop(row, outcome="家长说不用了", by=liang, at=NOW)

    assert (
        refusal.value.field == "outcome"
        and Promise.objects.get().state == "dropped"
        and told()[-1] == "不用了：发一份一周食谱"
    )


def test_another_day_is_agreed_with_the_family(row, liang):
    put_off(row, due_on=TODAY + timedelta(days=9), outcome="厨师请假", by=liang, at=NOW)

    assert (
        Promise.objects.get().due_on == TODAY + timedelta(days=9)
        and told()[-1] == "跟家长改到 2026-11-29：发一份一周食谱"
    )


def test_no_promise_is_put_off_into_the_past_or_when_it_is_done(row, liang):
    with pytest.raises(Refused, match="从今天起"):
        put_off(row, due_on=TODAY - timedelta(days=1), outcome="", by=liang, at=NOW)
    keep(row, outcome="", by=liang, at=NOW)

    with pytest.raises(Refused, match="已经了结"):
        put_off(row, due_on=TODAY + timedelta(days=9), outcome="", by=liang, at=NOW)


def test_marked_by_mistake_it_is_open_again(row, liang):
    keep(row, outcome="", by=liang, at=NOW)

    reopen(row, by=liang, at=NOW)

    assert (row.state, row.closed_on) == ("open", None) and told()[
        -1
    ] == "还没有兑现，重新打开：发一份一周食谱"
    with pytest.raises(Refused, match="不用恢复"):
        reopen(row, by=liang, at=NOW)


# -- the night ------------------------------------------------------------------------------------------------------------
def test_a_missed_promise_is_told_once_for_each_day_it_was_promised_for(row, liang):
    night = NOW + timedelta(days=3)

    counts = [
        tell_missed(at=NOW + timedelta(days=2)),
        tell_missed(at=night),
        tell_missed(at=night + timedelta(days=1)),
    ]
    put_off(row, due_on=TODAY + timedelta(days=9), outcome="", by=liang, at=night)
    counts += [tell_missed(at=NOW + timedelta(days=10)), tell_missed(at=NOW + timedelta(days=11))]

    assert counts == [0, 1, 0, 1, 0]
    assert told("promise_broken") == ["没有按时兑现：发一份一周食谱"] * 2
    assert "答应家长的一件事过了 2026-11-22 还没有兑现" in inbox(liang)


def test_what_was_kept_or_dropped_is_never_missed(row, liang):
    keep(row, outcome="", by=liang, at=NOW)

    assert tell_missed(at=NOW + timedelta(days=30)) == 0 and told("promise_broken") == []


def test_on_the_last_day_whoever_has_to_keep_it_is_reminded_once(row, liang):
    last = NOW + timedelta(days=2)

    counts = [tell_due(at=NOW), tell_due(at=last), tell_due(at=last)]

    assert counts == [0, 1, 1] and inbox(liang).count("答应家长的一件事今天到期") == 1


def test_a_reminder_of_one_promise_is_not_settled_by_another(liang, fang, miao):
    family = makers.family()
    rows = [promise(family, owner=liang, due_on=TODAY, by=fang, **SAID) for _ in range(11)]
    first, tenth = (
        rows[0],
        next((r for r in rows if str(r.pk).startswith(str(rows[0].pk)) and r != rows[0]), rows[-1]),
    )

    keep(first, outcome="", by=liang, at=NOW)

    assert (
        Message.objects.filter(key__startswith=f"promise-{tenth.pk}-", read_at=None).count() == 1
        and len(inbox(liang)) == 10
    )


# -- with the rest of the archive --------------------------------------------------------------------------------------
def test_a_leaver_s_promises_go_to_whoever_takes_over(row, liang, fang, miao):
    with pytest.raises(Refused, match="没兑现的承诺"):
        handover.let_go(liang, None, on=TODAY, by=miao.head)
    handover.let_go(liang, fang, on=TODAY, by=miao.head)

    assert Promise.objects.get().owner == fang


def test_kept_promises_stay_with_who_kept_them(row, liang, fang, miao):
    keep(row, outcome="", by=liang, at=NOW)

    handover.hand_over(liang, fang, by=miao.head)

    assert Promise.objects.get().owner == liang


def test_a_merged_family_keeps_what_it_was_promised(row, miao):
    twin = makers.family("周小满", "13800138001")

    made = duplicates.merge(twin, row.customer, take=[], by=miao.head, at=NOW)
    there = Promise.objects.get().customer
    duplicates.undo(made, by=miao.head, at=NOW)

    assert (there, Promise.objects.get().customer) == (twin, row.customer)


def test_one_s_own_act_of_today_is_taken_back(row, liang, fang):
    undoing.WAYS["crm.promised"](row, fang, NOW)

    assert not Promise.objects.exists() and told() == [] and inbox(liang) == []


def test_what_was_kept_since_is_not_taken_back(row, liang, fang):
    keep(row, outcome="", by=liang, at=NOW)

    with pytest.raises(Refused, match="先恢复"):
        undoing.WAYS["crm.promised"](row, fang, NOW)
    undoing.WAYS["crm.promise_kept"](row, liang, NOW)

    assert Promise.objects.get().state == "open"


def test_a_line_taken_from_the_timeline_leaves_the_promise(row):
    TimelineEntry.objects.get().delete()

    row.refresh_from_db()
    assert row.entry is None and row.state == "open"
    promises.forget(row, at=NOW)


@pytest.mark.parametrize(
    "wrong", [{"due_on": TODAY - timedelta(days=1)}, {"state": "kept"}, {"closed_on": TODAY}]
)
def test_the_database_keeps_the_days_in_order(row, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=row.pk).update(**wrong)


def test_every_act_is_in_the_audit(row, liang):
    put_off(row, due_on=TODAY + timedelta(days=9), outcome="", by=liang, at=NOW)
    keep(row, outcome="", by=liang, at=NOW)
    reopen(row, by=liang, at=NOW)
    drop(row, outcome="不要了", by=liang, at=NOW)

    verbs = Entry.objects.filter(object_type="crm.promise").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        f"crm.{v}"
        for v in ("promised", "promise_put_off", "promise_kept", "promise_reopened", "promise_dropped")
    ]

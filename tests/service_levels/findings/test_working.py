"""原因和改进: found with what it rests on, changed by somebody, done, told; each step once and in its order."""
import pytest

from audit.models import Entry
from churn.models import Cause
from crm.models import TimelineEntry
from notifications.models import Message
from service_levels.findings import working
from service_levels.findings.working import Change
from service_levels.models import Finding
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.findings.makers import ONE, changed, changing, cooler, found


def wish(member, **more) -> Change:
    told = {"kind": "pick_up", "what": "加一个接送时段", "due_on": DAY} | more
    return Change(told["kind"], told["what"], member, told["due_on"])


# -- found ---------------------------------------------------------------------------------------------------------------------------------
def test_a_reason_is_found_with_what_it_rests_on(gao, cause):
    home = cooler()

    row = working.find(home, cause, " 接孩子要排半小时 ", by=gao, at=AT)

    assert (row.customer, row.cause, row.evidence, row.on, row.by, row.kind) == (home, cause, "接孩子要排半小时", DAY, gao, "")
    assert Entry.objects.get(verb="service.cause_found").data == {"cause": cause.pk}


@pytest.mark.parametrize("evidence", ["", "   "])
def test_not_without_anything(gao, cause, evidence):
    with pytest.raises(Refused) as told:
        working.find(cooler(), cause, evidence, by=gao, at=AT)

    assert told.value.field == "evidence" and Finding.objects.count() == 0


def test_not_by_a_cause_that_is_out_of_use(gao, cause):
    Cause.objects.filter(pk=cause.pk).update(is_open=False)
    cause.refresh_from_db()

    with pytest.raises(Refused) as told:
        found(cooler(), gao, cause)

    assert told.value.field == "cause"


def test_the_same_may_be_found_again(gao):
    home = cooler()

    assert found(home, gao).pk != found(home, gao).pk


# -- changed -------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["pick_up", "courses", "other"])
def test_something_is_changed_for_the_family(gao, kind):
    row, teacher = found(cooler(), gao), colleague("teacher", "梁老师")

    working.change(row, wish(teacher, kind=kind), by=gao, at=AT)

    assert (row.kind, row.change, row.member, row.due_on) == (kind, "加一个接送时段", teacher, DAY)
    assert Message.objects.get(member=teacher).title == "有一件为家庭改的事交给您"


def test_or_something_else_than_was_said(gao):
    row = changing(cooler(), gao)

    working.change(row, wish(gao, kind="courses", what="换一位老师带"), by=gao, at=AT)

    assert (row.kind, row.change) == ("courses", "换一位老师带") and Message.objects.filter(member=gao).count() == 0


@pytest.mark.parametrize(("more", "field"), [({"kind": ""}, "kind"), ({"kind": "x"}, "kind"), ({"what": " "}, "what")])
def test_what_is_missing_is_said(gao, more, field):
    row = found(cooler(), gao)

    with pytest.raises(Refused) as told:
        working.change(row, wish(gao, **more), by=gao, at=AT)

    assert told.value.field == field and Finding.objects.get().kind == ""


def test_nobody_who_left_changes_anything(gao):
    gone = colleague("teacher", "走了的")
    gone.is_active = False

    with pytest.raises(Refused) as told:
        changing(cooler(), gao, gone)

    assert told.value.field == "member"


def test_what_is_done_is_not_changed_any_more(gao):
    row = changed(cooler(), gao)

    with pytest.raises(Refused) as told:
        working.change(row, wish(gao), by=gao, at=AT)

    assert told.value.code == "changed"


# -- done ----------------------------------------------------------------------------------------------------------------------------------
def test_it_is_done_with_a_result(gao):
    row = changed(cooler(), gao)

    assert (row.done_on, row.result) == (DAY, "这周起五点半也能接")


def test_not_before_somebody_said_what(gao):
    with pytest.raises(Refused) as told:
        working.done(found(cooler(), gao), "好了", by=gao, at=AT)

    assert told.value.code == "no_change"


@pytest.mark.parametrize("result", ["", "  "])
def test_not_without_a_result(gao, result):
    with pytest.raises(Refused) as told:
        working.done(changing(cooler(), gao), result, by=gao, at=AT)

    assert told.value.field == "result"


def test_once(gao):
    row = changed(cooler(), gao)

    with pytest.raises(Refused) as told:
        working.done(row, "别的", by=gao, at=AT)

    assert told.value.code == "changed" and Finding.objects.get().result == "这周起五点半也能接"


def test_the_message_is_settled_with_it(gao):
    teacher = colleague("teacher", "梁老师")
    row = changing(cooler(), gao, teacher)

    working.done(row, "好了", by=gao, at=AT)

    assert Message.objects.filter(member=teacher, read_at=None).count() == 0


# -- told ----------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["phone", "wechat", "face"])
def test_the_family_hears_what_was_changed(gao, how):
    row = changed(cooler(), gao)

    working.tell_back(row, how, by=gao, at=AT)

    entry = TimelineEntry.objects.get(customer=row.customer, title="告诉家长改了什么")
    assert (entry.channel, entry.text, row.told_on) == (how, "加一个五点半的接送时段。这周起五点半也能接", DAY)


@pytest.mark.parametrize("how", ["", "sms", "x"])
def test_by_a_way_that_is_a_talk(gao, how):
    with pytest.raises(Refused) as told:
        working.tell_back(changed(cooler(), gao), how, by=gao, at=AT)

    assert told.value.field == "how"


@pytest.mark.parametrize("more", [{"what": "C类家庭专门的时段"}, {"result": "流失风险降了"}])
def test_no_label_is_told(gao, more):
    row = changed(cooler(), gao, **more)

    with pytest.raises(Refused) as told:
        working.tell_back(row, "phone", by=gao, at=AT)

    assert told.value.code == "label" and row.told_on is None


def test_not_before_it_is_done_and_once(gao):
    home = cooler()
    with pytest.raises(Refused):
        working.tell_back(changing(home, gao), "phone", by=gao, at=AT)
    row = changed(home, gao)
    working.tell_back(row, "phone", by=gao, at=AT)

    with pytest.raises(Refused) as told:
        working.tell_back(row, "face", by=gao, at=AT)

    assert told.value.code == "changed"


# -- a mistake -----------------------------------------------------------------------------------------------------------------------------
def test_a_mistake_goes_as_long_as_nothing_was_done(gao):
    home = cooler()
    working.drop(found(home, gao), by=gao)
    working.drop(changing(home, gao), by=gao)
    assert Finding.objects.count() == 0

    with pytest.raises(Refused) as told:
        working.drop(changed(home, gao), by=gao)

    assert told.value.code == "done" and Finding.objects.count() == 1


def test_whoever_only_looks_does_none_of_it(gao, cause):
    watcher, row = colleague("inspector"), found(cooler(), gao)

    for act in (lambda: found(row.customer, watcher, cause), lambda: working.change(row, wish(gao), by=watcher, at=AT),
                lambda: working.done(row, "x", by=watcher, at=AT), lambda: working.tell_back(row, "phone", by=watcher, at=AT),
                lambda: working.drop(row, by=watcher)):
        with pytest.raises(Forbidden):
            act()


def test_rows_say_what_they_are(gao):
    row = changing(cooler(), gao, due_on=DAY + ONE)

    assert str(row) == f"{row.cause_id} 2026-11-20"

"""挽回: one plan a family, led by the group, with measures that are shown to it, and an end from which others learn."""
from datetime import date

import pytest

from audit.models import Entry
from crm.models import TimelineEntry
from crm.training import train
from notifications.models import Message
from service_levels.models import WinBack, WinBackStep
from service_levels.winback import working
from service_levels.winback.working import End
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import cased, colleague
from tests.service_levels.winback.makers import KEPT, LOST, begun, finished, lost_heart, step, together, wish


def titles(member) -> list[str]:
    return list(Message.objects.filter(member=member, key__startswith="win-back-").order_by("pk").values_list("title", flat=True))


# -- begun ---------------------------------------------------------------------------------------------------------------------------------
def test_a_plan_says_why_how_and_who_leads(lead):
    home = lost_heart()

    row = begun(home, lead)

    assert (row.customer, row.lead, row.by, row.state, row.opened_on) == (home, lead, lead, "open", DAY)
    assert (row.why, row.strategy) == ("午睡被吵醒，老师没有回话", "换到安静的午睡室，每周回一次话")
    assert Entry.objects.get(verb="service.win_back_begun").data == {"customer": home.pk}


def test_the_case_that_is_open_goes_along(chief, lead):
    home = lost_heart()
    case = cased(home, chief)

    assert begun(home, lead).case == case


def test_without_a_case_there_is_none(lead):
    assert begun(lost_heart(), lead).case is None


def test_a_family_has_one_plan_at_a_time(lead):
    home = lost_heart()
    first = begun(home, lead)

    with pytest.raises(Refused) as told:
        begun(home, lead)

    assert (told.value.code, told.value.about) == ("open_already", first)
    assert WinBack.objects.count() == 1


def test_and_another_when_the_first_is_over(lead):
    home = lost_heart()
    working.close(begun(home, lead), KEPT, by=lead, at=AT)

    assert begun(home, lead).state == "open" and WinBack.objects.count() == 2


@pytest.mark.parametrize(("more", "field"), [({"why": " "}, "why"), ({"strategy": ""}, "strategy")])
def test_what_is_missing_is_said(lead, more, field):
    with pytest.raises(Refused) as told:
        working.begin(lost_heart(), wish(lead, **more), by=lead, at=AT)

    assert told.value.field == field and WinBack.objects.count() == 0


def test_whoever_leads_hears_of_it(chief, lead):
    begun(lost_heart(), lead, by=chief)

    assert titles(lead) == ["有一家交给您牵头挽回"]


def test_and_not_of_what_they_begun_themselves(lead):
    begun(lost_heart(), lead)

    assert titles(lead) == []


def test_whoever_only_looks_begins_nothing(lead):
    with pytest.raises(Forbidden):
        begun(lost_heart(), lead, by=colleague("inspector"))


# -- the group -----------------------------------------------------------------------------------------------------------------------------
def test_by_the_rule_who_looks_after_parents_leads(lead):
    assert working.leads() == [lead]


def test_the_group_is_who_the_school_put_together(chief, lead):
    agent, desk = colleague("agent", "小方"), colleague("frontdesk", "小周")
    together(agent, desk, leader=chief)

    assert working.leads() == [chief, agent], "who may not work on cases leads none"


def test_who_is_not_in_it_leads_nothing(chief, lead):
    agent = colleague("agent", "小方")

    with pytest.raises(Refused) as told:
        begun(lost_heart(), agent, by=chief)

    assert (told.value.field, told.value.message) == ("lead", "小方 不在客户挽回小组里，请选组里的同事。")


def test_who_left_leads_nothing_any_more(chief, lead):
    gone = colleague("agent", "走了的")
    together(gone, leader=chief)
    gone.is_active = False
    gone.save(update_fields=["is_active"])

    assert working.leads() == [chief]


# -- changed -------------------------------------------------------------------------------------------------------------------------------
def test_another_strategy_and_another_lead(chief, lead):
    row = begun(lost_heart(), lead)
    together(lead, leader=chief)

    working.keep(row, wish(chief, strategy="园长上门"), by=lead, at=AT)

    assert (row.strategy, row.lead) == ("园长上门", chief) and titles(chief) == ["有一家交给您牵头挽回"]


def test_the_same_lead_hears_nothing_again(chief, lead):
    row = begun(lost_heart(), lead, by=chief)

    working.keep(row, wish(lead, strategy="园长上门"), by=chief, at=AT)

    assert len(titles(lead)) == 1


@pytest.mark.parametrize(("more", "field"), [({"why": ""}, "why"), ({"strategy": " "}, "strategy")])
def test_nothing_is_emptied(lead, more, field):
    row = begun(lost_heart(), lead)

    with pytest.raises(Refused) as told:
        working.keep(row, wish(lead, **more), by=lead, at=AT)

    assert told.value.field == field


def test_what_is_over_is_not_changed(lead):
    row = begun(lost_heart(), lead)
    working.close(row, LOST, by=lead, at=AT)

    with pytest.raises(Refused) as told:
        working.keep(row, wish(lead), by=lead, at=AT)

    assert told.value.code == "changed"


# -- the end -------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["kept", "lost", "mistaken"])
def test_what_became_of_it_is_kept(lead, state):
    row = begun(lost_heart(), lead)

    working.close(row, End(state, " 换了班 "), by=lead, at=AT)

    assert (row.state, row.result, row.closed_on, row.closed_by) == (state, "换了班", DAY, lead)


@pytest.mark.parametrize(("end", "field"), [(End("open", "x"), "state"), (End("won", "x"), "state"), (End("kept", " "), "result"),
                                            (End("lost", ""), "result")])
def test_an_end_says_what_and_how(lead, end, field):
    row = begun(lost_heart(), lead)

    with pytest.raises(Refused) as told:
        working.close(row, end, by=lead, at=AT)

    assert told.value.field == field and WinBack.objects.get().state == "open"


def test_it_ends_once(lead):
    row = begun(lost_heart(), lead)
    working.close(row, KEPT, by=lead, at=AT)

    with pytest.raises(Refused) as told:
        working.close(row, LOST, by=lead, at=AT)

    assert told.value.code == "changed" and WinBack.objects.get().state == "kept"


def test_it_is_not_over_after_all(lead):
    row = begun(lost_heart(), lead)
    working.close(row, KEPT, by=lead, at=AT)

    working.reopen(row, by=lead)

    assert (row.state, row.result, row.closed_on, row.closed_by) == ("open", "", None, None)


def test_what_goes_on_is_not_reopened(lead):
    row = begun(lost_heart(), lead)

    with pytest.raises(Refused) as told:
        working.reopen(row, by=lead)

    assert told.value.code == "changed"


def test_nor_what_was_begun_anew(lead):
    home = lost_heart()
    first = begun(home, lead)
    working.close(first, KEPT, by=lead, at=AT)
    begun(home, lead)

    with pytest.raises(Refused) as told:
        working.reopen(first, by=lead)

    assert told.value.code == "open_already" and WinBack.objects.open().count() == 1


# -- measures ------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def row(lead):
    return begun(lost_heart(), lead)


def test_a_measure_has_somebody_who_does_it_and_who_hears(row, lead):
    teacher = colleague("teacher", "梁老师")

    made = step(row, teacher, by=lead)

    assert (made.winback, made.member, made.done_on) == (row, teacher, None)
    assert titles(teacher) == ["有一件挽回的措施交给您"]


def test_nobody_who_left_does_anything(row, lead):
    gone = colleague("teacher", "走了的")
    gone.is_active = False

    with pytest.raises(Refused) as told:
        step(row, gone, by=lead)

    assert told.value.field == "member" and WinBackStep.objects.count() == 0


def test_nothing_is_added_to_what_is_over(row, lead):
    working.close(row, KEPT, by=lead, at=AT)

    with pytest.raises(Refused):
        step(row, lead)


def test_it_is_done_with_a_result(row, lead):
    made = finished(row, lead)

    assert (made.done_on, made.result, made.training) == (DAY, "当天都回了", None)
    assert Entry.objects.get(verb="service.win_back_step_done").data == {"winback": row.pk}


def test_a_training_that_was_held_for_it_is_named(row, lead):
    made = step(row, lead)
    held = train("怎么回家长的话", "care", on=DAY, trainer=lead, members=[lead], by=lead)

    working.done(made, "当天都回了", by=lead, at=AT, training=held)

    assert made.training == held


@pytest.mark.parametrize("result", ["", "  "])
def test_not_without_a_result(row, lead, result):
    made = step(row, lead)

    with pytest.raises(Refused) as told:
        working.done(made, result, by=lead, at=AT)

    assert told.value.field == "result"


def test_it_is_done_once(row, lead):
    made = finished(row, lead)

    with pytest.raises(Refused) as told:
        working.done(made, "别的", by=lead, at=AT)

    assert told.value.code == "changed" and WinBackStep.objects.get().result == "当天都回了"


def test_it_is_not_done_after_all(row, lead):
    made = finished(row, lead)

    working.not_done(made, by=lead)

    assert (made.done_on, made.result) == (None, "")


def test_what_the_family_saw_stays_done(row, lead):
    made = finished(row, lead)
    working.show(made, "face", by=lead, at=AT)

    with pytest.raises(Refused):
        working.not_done(made, by=lead)

    assert WinBackStep.objects.get().done_on == DAY


def test_a_mistake_is_removed_and_what_was_done_is_not(row, lead):
    working.remove(step(row, lead), by=lead)
    made = finished(row, lead)

    with pytest.raises(Refused) as told:
        working.remove(made, by=lead)

    assert told.value.code == "done" and list(WinBackStep.objects.all()) == [made]


# -- shown to the family (K28d) --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["face", "phone", "wechat"])
def test_what_was_done_is_shown_to_the_family(row, lead, how):
    made = finished(row, lead)

    working.show(made, how, by=lead, at=AT)

    assert (made.shown_on, made.shown_by, made.shown_how) == (DAY, lead, how)
    entry = TimelineEntry.objects.get(customer=row.customer, kind="contact")
    assert (entry.channel, entry.title, entry.text, entry.by) == (how, "把改进给家长看", "老师练了怎么回话。当天都回了", lead)


@pytest.mark.parametrize("kind", WinBackStep.Kind.values)
def test_every_kind_of_measure_is_done_and_shown(row, lead, kind):
    made = finished(row, lead, kind=kind)

    working.show(made, "face", by=lead, at=AT)

    assert (WinBackStep.objects.get().kind, WinBackStep.objects.get().shown_on) == (kind, DAY)


def test_once(row, lead):
    made = finished(row, lead)
    working.show(made, "face", by=lead, at=AT)

    with pytest.raises(Refused) as told:
        working.show(made, "phone", by=lead, at=AT)

    assert told.value.code == "changed" and TimelineEntry.objects.filter(title="把改进给家长看").count() == 1


def test_not_before_there_is_something_to_show(row, lead):
    with pytest.raises(Refused) as told:
        working.show(step(row, lead), "face", by=lead, at=AT)

    assert told.value.code == "not_done"


@pytest.mark.parametrize("how", ["", "sms", "sign_in", "x"])
def test_by_word_of_mouth_or_wechat(row, lead, how):
    with pytest.raises(Refused) as told:
        working.show(finished(row, lead), how, by=lead, at=AT)

    assert told.value.field == "how"


@pytest.mark.parametrize("more", [{"what": "D类家庭专人负责"}, {"result": "流失风险降了"}, {"result": "挽留成功"}])
def test_no_label_is_shown(row, lead, more):
    made = finished(row, lead, **more)

    with pytest.raises(Refused) as told:
        working.show(made, "face", by=lead, at=AT)

    assert told.value.code == "label" and TimelineEntry.objects.filter(customer=row.customer, kind="contact").count() == 0


def test_whoever_only_looks_does_none_of_it(row, lead):
    watcher, made = colleague("inspector"), step(row, lead)

    for act in (lambda: working.keep(row, wish(lead), by=watcher, at=AT), lambda: working.close(row, KEPT, by=watcher, at=AT),
                lambda: working.reopen(row, by=watcher), lambda: step(row, lead, by=watcher),
                lambda: working.done(made, "x", by=watcher, at=AT), lambda: working.not_done(made, by=watcher),
                lambda: working.show(made, "face", by=watcher, at=AT), lambda: working.remove(made, by=watcher)):
        with pytest.raises(Forbidden):
            act()


def test_a_measure_may_be_due_at_any_day(row, lead):
    assert step(row, lead, due_on=date(2027, 1, 1)).due_on.year == 2027

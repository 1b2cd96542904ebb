"""活动 on the screen: planned, prepared, looked back upon, compared; interests; who may do what of it."""
from datetime import timedelta

import pytest

from audit.models import Entry
from service_levels.events import interests, inviting, planning
from service_levels.models import CustomerInterest, Event, EventTask, Interest
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import AFTER, ENDS, STARTS, TEN, came, opened, planned
from tests.service_levels.plans.test_views import text

TYPED = {"kind": "parent_child", "title": "亲子阅读会", "about": "读三本绘本", "campus": "", "place": "多功能厅", "on": "2026-12-05", "starts": "09:30",
         "ends": "11:00", "seats": "", "interest": "", "priority_days": "0"}


@pytest.fixture
def planner(school):
    return make_member(school, "planner", "苏晴")


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def plans(planner):
    return signed_in(planner)


@pytest.fixture
def calls(agent):
    return signed_in(agent)


@pytest.fixture
def row(school, planner, on_the_day):
    with tenant_scope(school):
        return planned(planner)


@pytest.fixture
def held(school, planner, on_the_day):
    """An event that was held a fortnight before the day, to which two families came."""
    with tenant_scope(school):
        event = came(planner, 2, at=TEN)[0].event
        Event.objects.update(starts_at=STARTS - 25 * timedelta(days=1), ends_at=ENDS - 25 * timedelta(days=1))
        return event


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/events/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/events/{row.pk}/do/{verb}/", typed, follow=True)


# -- the list ------------------------------------------------------------------------------------------------------------------------------
def test_an_empty_list_says_what_to_begin_with(plans, at, on_the_day):
    page = seen(plans, at)

    assert "策划第一场活动" in page and "点“策划活动”" in page


def test_what_is_coming_stands_there(plans, at, row):
    page = seen(plans, at)

    assert "接下来有 1 场活动" in page and "亲子阅读会" in page and "2026-12-05 09:30" in page and "在筹备" in page


def test_what_waits_for_a_look_back_is_said_first(plans, at, held):
    page = seen(plans, at)

    assert "1 场活动办完了，等总结" in page
    assert "请了 2 户，来了 2 户" in seen(plans, at, "?tab=over")


@pytest.mark.parametrize(("words", "there"), [
    ("?kind=lecture", False), ("?kind=parent_child", True), ("?q=阅读", True), ("?q=多功能", True), ("?q=郊游", False),
    ("?tab=x&kind=x&page=99", True), ("?tab=cancelled", False)])
def test_the_list_is_narrowed(plans, at, row, words, there):
    assert ("亲子阅读会" in seen(plans, at, words)) is there


def test_whom_nobody_asked_for_a_quarter_is_named(plans, school, at, row):
    with tenant_scope(school):
        family(1, "A", "low")
        derive()

    page = seen(plans, at)
    assert "1 户一个季度没请过了" in page and "孩1一家" in page


def test_in_a_list_of_many_the_page_is_as_quick(plans, school, planner, at, row, django_assert_max_num_queries):
    with tenant_scope(school):
        for number in range(12):
            planned(planner, title=f"第{number}场")
    seen(plans, at)

    with django_assert_max_num_queries(22):
        seen(plans, at)


# -- planned -------------------------------------------------------------------------------------------------------------------------------
def test_an_event_is_planned(plans, school, planner, at, on_the_day):
    answer = plans.post(f"{at}/service/events/new/", TYPED | {"seats": "20"}, follow=True)

    assert "写好了，接着列清单、挑请谁" in text(answer)
    with tenant_scope(school):
        made = Event.objects.get()
        assert (made.starts_at, made.ends_at, made.seats, made.owner, made.plans) == (STARTS, ENDS, 20, planner, [])


def test_for_some_plans_and_an_interest(plans, school, planner, at, on_the_day):
    with tenant_scope(school):
        books = interests.add("绘本", by=planner)

    plans.post(f"{at}/service/events/new/", TYPED | {"plans": ["dedicated", "win-back"], "interest": books.pk, "priority_days": "3"})

    with tenant_scope(school):
        made = Event.objects.get()
        assert (made.plans, made.interest, made.priority_days) == (["dedicated", "win-back"], books, 3)


@pytest.mark.parametrize(("typed", "words"), [
    ({"title": ""}, "必填"), ({"ends": "09:00"}, "结束要晚于开始。"), ({"ends": "09:30"}, "结束要晚于开始。"),
    ({"on": "2026-11-01"}, "开始的时间要在以后。"), ({"title": "A类家长茶话会"}, "家长会看到这里，不能写等级、风险或挽留。"),
    ({"seats": "0"}, "大于或等于"), ({"priority_days": "99"}, "小于或等于"), ({"plans": ["no-such"]}, "no-such"), ({"on": "x"}, "日期"),
    ({"starts": "25:00"}, "时间")])
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(plans, school, at, on_the_day, typed, words):
    answer = plans.post(f"{at}/service/events/new/", TYPED | typed)

    assert answer.status_code == 422 and words in text(answer)
    assert "读三本绘本" in answer.content.decode()
    with tenant_scope(school):
        assert Event.objects.count() == 0


def test_the_form_shows_what_was_planned(plans, at, row):
    page = plans.get(f"{at}/service/events/{row.pk}/plan/").content.decode()

    assert 'value="2026-12-05"' in page and 'value="09:30"' in page and 'value="11:00"' in page and "亲子阅读会" in page


def test_and_keeps_what_is_changed(plans, school, at, row):
    answer = plans.post(f"{at}/service/events/{row.pk}/plan/", TYPED | {"place": "操场"}, follow=True)

    assert "记下了" in text(answer) and "操场" in text(answer)
    with tenant_scope(school):
        assert Event.objects.get().place == "操场"


def test_whoever_works_for_a_campus_plans_for_it(school, at, on_the_day):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    client = signed_in(make_member(school, "planner", "西园的", [west]))

    refused = client.post(f"{at}/service/events/new/", TYPED)
    assert refused.status_code == 422
    client.post(f"{at}/service/events/new/", TYPED | {"campus": west.pk})

    with tenant_scope(school):
        assert Event.objects.get().campus == west


def test_what_was_learnt_last_time_stands_above_the_form(plans, school, planner, at, held):
    with tenant_scope(school):
        planning.close(Event.objects.get(), "", "分两场，一场十二家", by=planner, at=AFTER)
        again = planned(planner)

    assert "分两场，一场十二家" in seen(plans, at, f"{again.pk}/plan/")
    assert "分两场，一场十二家" in seen(plans, at, f"{again.pk}/")


# -- one event -----------------------------------------------------------------------------------------------------------------------------
def test_an_event_shows_what_belongs_to_it(plans, at, row):
    page = seen(plans, at, f"{row.pk}/")

    assert all(word in page for word in ("亲子阅读会", "在筹备", "多功能厅", "苏晴 策划", "列一份常用清单", "挑请谁", "读三本绘本", "为所有家庭"))


def test_whoever_looks_is_written_down(plans, school, at, row):
    seen(plans, at, f"{row.pk}/")

    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.event_seen", object_id=row.pk).count() == 1


def test_a_colleague_reads_it_and_plans_nothing(calls, at, row):
    page = seen(calls, at, f"{row.pk}/")

    assert "亲子阅读会" in page and "改活动" not in page and "取消活动" not in page and "列一份常用清单" not in page


def test_the_invitations_go_out_with_one_button(plans, school, planner, at, row):
    with tenant_scope(school):
        inviting.invite(row, [family(1)], by=planner, at=TEN)
    assert "给 1 户发出邀请" in seen(plans, at, f"{row.pk}/")

    answer = did(plans, at, row, "open")

    assert "邀请发出去了，1 户" in text(answer) and "在邀请" in text(answer)


def test_with_nobody_on_the_list_it_says_what_to_do(plans, at, row):
    answer = did(plans, at, row, "open")

    assert answer.status_code == 422 and "还没有请谁，先挑请哪些家庭。" in text(answer)


def test_it_is_called_off_with_a_reason(plans, school, at, row):
    refused = did(plans, at, row, "cancel", why="")
    assert refused.status_code == 422

    answer = did(plans, at, row, "cancel", why="下暴雨")

    assert "取消了，告诉 0 户" in text(answer) and "取消了：下暴雨" in text(answer)


def test_it_is_looked_back_upon(plans, school, at, held):
    page = seen(plans, at, f"{held.pk}/")
    assert "写总结" in page and "来过以后 60 天里入园" in page

    refused = did(plans, at, held, "close", effect="很好", lessons="")
    assert refused.status_code == 422 and "很好" in refused.content.decode()
    answer = did(plans, at, held, "close", effect="很好", lessons="分两场")

    assert "总结好了" in text(answer) and "分两场" in text(answer) and "总结过了" in text(answer)


def test_and_again(plans, school, planner, at, held):
    with tenant_scope(school):
        planning.close(Event.objects.get(), "", "分两场", by=planner, at=AFTER)

    answer = did(plans, at, held, "again")

    assert "可以重新总结了" in text(answer) and "分两场" in answer.content.decode()


@pytest.mark.parametrize("verb", ["x", "delete", "open"])
def test_what_cannot_be_done_is_said(plans, at, held, verb):
    answer = did(plans, at, held, verb)

    assert answer.status_code in (400, 409, 422)


@pytest.mark.parametrize("verb", ["open", "cancel", "close", "again", "begin", "task"])
def test_who_does_not_organise_does_none_of_it(calls, at, row, verb):
    typed = {"why": "x", "lessons": "x", "kind": "venue", "what": "x", "due_on": "2026-12-01"}

    assert did(calls, at, row, verb, **typed).status_code == 403


def test_in_an_event_of_many_the_page_is_as_quick(plans, school, planner, at, on_the_day, django_assert_max_num_queries):
    with tenant_scope(school):
        event = opened(planner, 12)[0].event
    seen(plans, at, f"{event.pk}/")

    with django_assert_max_num_queries(24):
        seen(plans, at, f"{event.pk}/")


# -- the list of what has to be there --------------------------------------------------------------------------------------------------------
def test_the_usual_list_is_written_with_one_button(plans, school, at, row):
    answer = did(plans, at, row, "begin")

    assert "列好了 6 项，改成合适的" in text(answer) and "备好 0 / 6 项" in text(answer)


def test_an_item_is_added(plans, school, agent, at, row):
    typed = {"kind": "venue", "what": "借大厅", "member": agent.pk, "due_on": "2026-12-01", "fen": "120.50"}

    answer = did(plans, at, row, "task", **typed)

    assert "加到清单里了" in text(answer) and "借大厅" in text(answer) and "120.5" in text(answer)
    with tenant_scope(school):
        kept = EventTask.objects.get()
        assert (kept.event, kept.member, kept.fen, kept.kind) == (row, agent, 12_050, "venue")


@pytest.mark.parametrize(("typed", "words"), [({"what": ""}, "必填"), ({"due_on": ""}, "必填"), ({"fen": "一百"}, ""), ({"fen": "99999999999"}, "")])
def test_what_is_wrong_with_an_item_is_said(plans, school, at, row, typed, words):
    answer = did(plans, at, row, "task", **{"kind": "venue", "what": "借大厅", "due_on": "2026-12-01", "fen": ""} | typed)

    assert answer.status_code == 422 and words in text(answer)
    with tenant_scope(school):
        assert EventTask.objects.count() == 0


@pytest.fixture
def task(school, row):
    with tenant_scope(school):
        return EventTask.objects.create(event=row, what="借大厅", due_on=DAY, fen=12_050)


def test_an_item_is_changed(plans, school, at, task):
    page = plans.get(f"{at}/service/events/tasks/{task.pk}/").content.decode()
    assert "借大厅" in page and "120.50" in page

    answer = plans.post(f"{at}/service/events/tasks/{task.pk}/", {"kind": "venue", "what": "借小厅", "due_on": "2026-12-02", "fen": ""}, follow=True)

    assert "借小厅" in text(answer)
    with tenant_scope(school):
        assert (EventTask.objects.get().what, EventTask.objects.get().fen) == ("借小厅", 0)


def test_anybody_ticks_it_and_takes_the_tick_back(calls, school, agent, at, task):
    done = calls.post(f"{at}/service/events/tasks/{task.pk}/do/done/", follow=True)
    assert "好了一项" in text(done) and "备好 1 / 1 项" in text(done)

    again = calls.post(f"{at}/service/events/tasks/{task.pk}/do/not-done/", follow=True)

    assert "又算没好" in text(again) and "备好 0 / 1 项" in text(again)


def test_what_is_not_needed_goes(plans, school, at, task):
    plans.post(f"{at}/service/events/tasks/{task.pk}/do/remove/")

    with tenant_scope(school):
        assert EventTask.objects.count() == 0


def test_a_strange_verb_does_nothing(plans, at, task):
    answer = plans.post(f"{at}/service/events/tasks/{task.pk}/do/x/", follow=True)

    assert "没有这个操作。" in text(answer)


def test_what_is_late_says_so(plans, school, at, task):
    with tenant_scope(school):
        EventTask.objects.update(due_on=DAY - timedelta(days=1))

    assert "过期了" in seen(plans, at, f"{task.event_id}/")


# -- the poster ------------------------------------------------------------------------------------------------------------------------------
def test_the_poster_is_there_once_the_invitations_are_out(plans, school, planner, at, on_the_day):
    with tenant_scope(school):
        event = opened(planner)[0].event

    answer = plans.get(f"{at}/service/events/{event.pk}/door/")

    assert "<svg" in answer.content.decode() and "/here/" in text(answer)


def test_and_not_before(plans, at, row):
    assert "还没有签到码" in seen(plans, at, f"{row.pk}/door/")


# -- beside each other -----------------------------------------------------------------------------------------------------------------------
def test_a_year_of_events_beside_each_other(plans, at, held):
    page = seen(plans, at, "effects/")

    assert "近一年 1 场，请了 2 户次，来了 2 户次" in page and "亲子阅读会" in page


def test_a_year_without_any(plans, at, row):
    assert "近一年还没有办过活动" in seen(plans, at, "effects/?kind=x")


# -- interests -------------------------------------------------------------------------------------------------------------------------------
def test_interests_are_written_down(plans, school, at, on_the_day):
    assert "写下家庭的兴趣和需要" in seen(plans, at, "interests/")

    answer = plans.post(f"{at}/service/events/interests/", {"name": "绘本"}, follow=True)

    assert "加上了，打开一家就能选" in text(answer) and "1 项兴趣和需要" in text(answer)


def test_none_twice(plans, school, planner, at, on_the_day):
    with tenant_scope(school):
        interests.add("绘本", by=planner)

    answer = plans.post(f"{at}/service/events/interests/", {"name": "绘本"})

    assert answer.status_code == 422 and "已经有“绘本”了。" in text(answer)


def test_one_that_nobody_has_goes(plans, school, planner, at, on_the_day):
    with tenant_scope(school):
        row = interests.add("绘本", by=planner)

    plans.post(f"{at}/service/events/interests/{row.pk}/remove/")

    with tenant_scope(school):
        assert Interest.objects.count() == 0


def test_a_colleague_ticks_what_a_family_cares_for(calls, school, planner, at, on_the_day):
    with tenant_scope(school):
        home, books, sport = family(1), interests.add("绘本", by=planner), interests.add("运动", by=planner)
    page = text(calls.get(f"{at}/families/{home.pk}/"))
    assert "活动和兴趣" in page and "绘本" in page

    calls.post(f"{at}/service/events/interests/of/{home.pk}/", {"interests": [books.pk, sport.pk]})
    answer = calls.post(f"{at}/service/events/interests/of/{home.pk}/", {"interests": [sport.pk]}, follow=True)

    assert "记下了，办活动的时候会先请到" in text(answer)
    with tenant_scope(school):
        assert list(CustomerInterest.objects.values_list("interest__name", flat=True)) == ["运动"]


def test_what_is_no_interest_is_not_kept(calls, school, at, on_the_day):
    with tenant_scope(school):
        home = family(1)

    answer = calls.post(f"{at}/service/events/interests/of/{home.pk}/", {"interests": ["999"]}, follow=True)

    assert "有一项刚被去掉了，请刷新再选。" in text(answer)


@pytest.mark.parametrize("address", ["new/", "interests/"])
def test_who_does_not_organise_plans_nothing(calls, at, on_the_day, address):
    assert calls.get(f"{at}/service/events/{address}").status_code == 403

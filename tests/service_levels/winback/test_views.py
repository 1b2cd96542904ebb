"""挽回 on the screen: begun, worked on, shown, ended; who may see and do what of it."""
from datetime import timedelta

import pytest

from audit.models import Entry
from crm.training import train
from service_levels.models import Invitation, WinBack, WinBackStep
from service_levels.winback import working
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.events.makers import planned
from tests.service_levels.plans.test_views import text
from tests.service_levels.winback.makers import KEPT, begun, finished, lost_heart, step, talked

ONE = timedelta(days=1)
TYPED = {"why": "午睡被吵醒", "strategy": "换到安静的午睡室"}


@pytest.fixture
def lead(school):
    return make_member(school, "relations", "高敏")


@pytest.fixture
def hers(lead):
    return signed_in(lead)


@pytest.fixture
def home(school, lead, on_the_day):
    with tenant_scope(school):
        return lost_heart()


@pytest.fixture
def row(school, lead, home):
    with tenant_scope(school):
        return begun(home, lead)


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/winback/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/winback/{row.pk}/do/{verb}/", typed, follow=True)


def step_did(client, at, step, verb, **typed):
    return client.post(f"{at}/service/winback/steps/{step.pk}/do/{verb}/", typed, follow=True)


# -- the list ------------------------------------------------------------------------------------------------------------------------------
def test_an_empty_list_says_so(hers, at, on_the_day):
    page = seen(hers, at)

    assert "现在没有要挽回的家庭" in page and "每一户都有计划" in page and "组长 高敏" in page


def test_families_without_a_plan_are_said_first(hers, at, home):
    page = seen(hers, at)

    assert "1 户归挽回小组，还没有计划" in page and "孩1一家" in page and "开始" in page


def test_a_plan_says_that_nobody_spoke_for_a_week(hers, school, at, row):
    page = seen(hers, at)
    assert "在挽回 1 户" in page and "一周没联系了" in page and "高敏 牵头" in page and "措施 0 / 0" in page

    with tenant_scope(school):
        talked(row.customer, 1)

    assert "一周没联系了" not in seen(hers, at)


@pytest.mark.parametrize(("words", "there"), [("?q=孩1", True), ("?q=火星", False), ("?mine=1", True), ("?tab=kept", False), ("?tab=x&page=9", True)])
def test_the_list_is_narrowed(hers, at, row, words, there):
    assert ("换到安静的午睡室" in seen(hers, at, words)) is there


def test_who_looks_is_written_down(hers, school, at, row):
    seen(hers, at), seen(hers, at, f"{row.pk}/")

    with tenant_scope(school):
        assert Entry.objects.filter(verb__in=["service.win_backs_listed", "service.win_back_seen"]).count() == 2


def test_without_anybody_who_leads_it_says_what_to_do(school, head, at, on_the_day):
    assert "还没有组长：请园长在“工作小组”里定。" in seen(signed_in(head), at)


def test_in_a_list_of_many_the_page_is_as_quick(hers, school, lead, at, home, django_assert_max_num_queries):
    with tenant_scope(school):
        for number in range(2, 12):
            begun(lost_heart(number), lead)
    seen(hers, at)

    with django_assert_max_num_queries(28):
        seen(hers, at)


# -- begun ---------------------------------------------------------------------------------------------------------------------------------
def test_a_plan_is_begun_from_the_familys_page(hers, school, lead, at, home):
    page = text(hers.get(f"{at}/families/{home.pk}/"))
    assert "这一家归挽回小组负责，还没有计划。" in page and "开始挽回" in page

    answer = hers.post(f"{at}/service/winback/for/{home.pk}/", TYPED | {"lead": lead.pk}, follow=True)

    assert "开始了，接着写要做哪几件事" in text(answer) and "换到安静的午睡室" in text(answer)
    assert "换到安静的午睡室" in text(hers.get(f"{at}/families/{home.pk}/"))


@pytest.mark.parametrize("typed", [{"why": ""}, {"strategy": ""}, {"lead": ""}, {"lead": "9999"}])
def test_what_is_missing_is_said_and_nothing_is_lost(hers, school, lead, at, home, typed):
    answer = hers.post(f"{at}/service/winback/for/{home.pk}/", TYPED | {"lead": lead.pk} | typed)

    assert answer.status_code == 422
    assert any(words in answer.content.decode() for words in TYPED.values())
    with tenant_scope(school):
        assert WinBack.objects.count() == 0


def test_a_second_one_is_refused_with_the_first(hers, lead, at, row):
    answer = hers.post(f"{at}/service/winback/for/{row.customer_id}/", TYPED | {"lead": lead.pk})

    assert answer.status_code == 422 and "这一家已经有挽回计划了，写在那里面。" in text(answer)


# -- worked on -----------------------------------------------------------------------------------------------------------------------------
def test_the_plan_shows_what_belongs_to_it(hers, at, row):
    page = seen(hers, at, f"{row.pk}/")

    assert all(words in page for words in ("挽回孩1一家", "原因和办法", "做哪几件事", "每周联系", "还为这一家做了什么", "有结果了", "没联系"))


def test_the_strategy_is_changed(hers, lead, at, row):
    answer = did(hers, at, row, "keep", why="午睡被吵醒", strategy="园长上门", lead=lead.pk)

    assert "园长上门" in text(answer)
    refused = did(hers, at, row, "keep", why="", strategy="x", lead=lead.pk)
    assert refused.status_code == 422


def test_a_measure_is_added_done_shown(hers, school, lead, at, row):
    added = did(hers, at, row, "step", kind="teaching", what="老师练了怎么回话", member=lead.pk, due_on="2026-11-27")
    assert "加上了" in text(added) and "老师练了怎么回话" in text(added)
    with tenant_scope(school):
        made = WinBackStep.objects.get()
        held = train("怎么回家长的话", "care", on=DAY, trainer=lead, members=[lead], by=lead)

    done = step_did(hers, at, made, "done", result="当天都回了", training=held.pk)
    assert "记下了，可以给家长看了" in text(done) and "当天都回了" in text(done) and "怎么回家长的话" in text(done)

    shown = step_did(hers, at, made, "show", how="face")

    assert "给家长看了（面谈）" in text(shown)
    assert "把改进给家长看" in text(hers.get(f"{at}/families/{row.customer_id}/"))


@pytest.mark.parametrize(("verb", "typed", "words"), [("done", {"result": ""}, "必填"), ("done", {"result": "x", "training": "9999"}, ""),
                                                      ("show", {"how": "x"}, ""), ("show", {}, ""), ("fly", {}, "没有这个操作。")])
def test_what_is_wrong_with_a_measure_is_said(hers, school, lead, at, row, verb, typed, words):
    with tenant_scope(school):
        made = step(row, lead)

    answer = step_did(hers, at, made, verb, **typed)

    assert words in text(answer)
    with tenant_scope(school):
        assert (WinBackStep.objects.get().done_on, WinBackStep.objects.get().shown_on) == (None, None)


def test_a_mistake_is_taken_back(hers, school, lead, at, row):
    with tenant_scope(school):
        made, wrong = finished(row, lead), step(row, lead, what="写错的")

    assert "又算没好" in text(step_did(hers, at, made, "not-done"))
    assert "写错的" not in text(step_did(hers, at, wrong, "remove"))


def test_what_is_late_says_so(hers, school, lead, at, row):
    with tenant_scope(school):
        step(row, lead, due_on=DAY - ONE)

    assert "过期了" in seen(hers, at, f"{row.pk}/")


@pytest.mark.parametrize("typed", [{"what": ""}, {"member": ""}, {"due_on": "x"}, {"kind": "x"}])
def test_a_measure_says_what_who_and_when(hers, school, lead, at, row, typed):
    answer = did(hers, at, row, "step", **{"kind": "solve", "what": "x", "member": lead.pk, "due_on": "2026-11-27"} | typed)

    assert answer.status_code == 422
    with tenant_scope(school):
        assert WinBackStep.objects.count() == 0


def test_the_family_is_asked_to_a_small_event(hers, school, lead, at, row):
    with tenant_scope(school):
        event = planned(lead, kind="small", title="家长茶话会")
    assert "小型活动：家长茶话会" in seen(hers, at, f"{row.pk}/")

    answer = did(hers, at, row, "invite", event=event.pk)

    assert "请了这一家来“家长茶话会”" in text(answer)
    with tenant_scope(school):
        assert Invitation.objects.get().customer == row.customer


@pytest.mark.parametrize("event", ["", "x", "9999"])
def test_to_what_is_no_event_nobody_is_asked(hers, school, at, row, event):
    did(hers, at, row, "invite", event=event)

    with tenant_scope(school):
        assert Invitation.objects.count() == 0


# -- the end -------------------------------------------------------------------------------------------------------------------------------
def test_it_ends_and_goes_on_after_all(hers, at, row):
    refused = did(hers, at, row, "close", state="kept", result="")
    assert refused.status_code == 422

    ended = did(hers, at, row, "close", state="kept", result="换了班，家长放心了")
    assert "了结了" in text(ended) and "换了班，家长放心了" in text(ended) and "做好了" not in text(ended)
    assert "留住了" in seen(hers, at, "?tab=kept")

    again = did(hers, at, row, "reopen")

    assert "又在挽回了" in text(again) and "有结果了" in text(again)


def test_what_helped_stands_beside_the_list(hers, school, lead, at, row):
    with tenant_scope(school):
        finished(row, lead)
        working.close(row, KEPT, by=lead, at=AT)

    page = seen(hers, at)

    assert "教学：培训教师" in page and "100.0%" in page.replace("100%", "100.0%")


def test_a_strange_verb_does_nothing(hers, at, row):
    assert did(hers, at, row, "fly").status_code == 409


# -- who may -------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["", "plan"])
def test_who_may_not_see_risks_is_told_so(school, at, row, address):
    desk = signed_in(make_member(school, "frontdesk", "小周"))

    assert desk.get(f"{at}/service/winback/{f'{row.pk}/' if address else ''}").status_code == 403


def test_whoever_only_looks_does_nothing(school, lead, at, row):
    watcher = signed_in(make_member(school, "inspector", "督"))
    page = seen(watcher, at, f"{row.pk}/")

    assert "原因和办法" in page and "加一件" not in page and "了结" not in page
    assert did(watcher, at, row, "close", state="kept", result="x").status_code == 403


def test_another_campus_sees_nothing(school, at, row):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    stranger = signed_in(make_member(school, "relations", "西园的", [west]))

    assert stranger.get(f"{at}/service/winback/{row.pk}/").status_code == 404
    assert "换到安静的午睡室" not in seen(stranger, at)

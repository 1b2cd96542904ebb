"""请谁来 on the screen: picked, asked, answered for, signed in; a code that is scanned opens one family."""
from datetime import timedelta

import pytest

from crm.models import Customer
from service_levels.events import coming, interests, inviting
from service_levels.models import Event, Invitation
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school, signed_in
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import TEN, asked, opened, planned
from tests.service_levels.plans.test_views import text

HOUR = timedelta(hours=1)


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
    """A family that knows of an event in a fortnight."""
    with tenant_scope(school):
        return opened(planner)[0]


@pytest.fixture
def now_on(school, planner, on_the_day):
    """A family that knows of an event which is going on."""
    with tenant_scope(school):
        row = opened(planner)[0]
        Event.objects.update(starts_at=TEN - HOUR, ends_at=TEN + HOUR)
        return Invitation.objects.select_related("event", "customer").get(pk=row.pk)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/events/guests/{row.pk}/do/{verb}/", typed, follow=True)


def event_families():
    """The families of the school, in the order in which they came."""
    return Customer.objects.order_by("pk")


def kept(school, row) -> Invitation:
    with tenant_scope(school):
        return Invitation.objects.get(pk=row.pk)


# -- picked --------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def event(school, planner, on_the_day):
    with tenant_scope(school):
        for number in (1, 2, 3):
            family(number)
        return planned(planner)


def test_the_families_it_suits_are_listed(plans, at, event):
    page = text(plans.get(f"{at}/service/events/{event.pk}/fitting/"))

    assert "3 户合适，还没请" in page and "孩1一家" in page and "请勾上的" in page


def test_those_that_were_ticked_are_asked(plans, school, at, event):
    with tenant_scope(school):
        homes = [row.pk for row in event_families()]

    answer = plans.post(f"{at}/service/events/{event.pk}/invite/", {"family": homes[:2]}, follow=True)

    assert "加了 2 户，点“发出邀请”才告诉家长" in text(answer)
    with tenant_scope(school):
        assert sorted(Invitation.objects.values_list("customer", flat=True)) == sorted(homes[:2])


def test_or_all_that_were_found(plans, school, at, event):
    answer = plans.post(f"{at}/service/events/{event.pk}/invite/", {"all": "1", "q": "孩1"}, follow=True)

    assert "加了 1 户" in text(answer)
    plans.post(f"{at}/service/events/{event.pk}/invite/", {"all": "1", "q": ""})
    with tenant_scope(school):
        assert Invitation.objects.count() == 3


@pytest.mark.parametrize("typed", [{}, {"family": ["x", "²", "999999"]}, {"family": "99999999999999999999"}])
def test_nobody_ticked_is_nobody_asked(plans, school, at, event, typed):
    answer = plans.post(f"{at}/service/events/{event.pk}/invite/", typed, follow=True)

    assert "请先勾上要请的家庭。" in text(answer)
    with tenant_scope(school):
        assert Invitation.objects.count() == 0


def test_who_cares_for_it_is_ticked_beforehand(plans, school, planner, at, event):
    with tenant_scope(school):
        books = interests.add("绘本", by=planner)
        interests.keep(event_families()[1], [books], by=planner)
        Event.objects.update(interest=books)

    page = plans.get(f"{at}/service/events/{event.pk}/fitting/").content.decode()

    assert page.count(" checked") == 1 and page.index("孩2一家") < page.index("孩1一家")


def test_once_it_is_open_the_families_hear_at_once(plans, school, planner, at, row):
    with tenant_scope(school):
        home = family(2)

    answer = plans.post(f"{at}/service/events/{row.event_id}/invite/", {"family": [home.pk]}, follow=True)

    assert "请了 1 户，这就告诉他们" in text(answer)


def test_who_looks_for_nobody_finds_a_hint(plans, at, event):
    assert "没有合适又没请的家庭了" in text(plans.get(f"{at}/service/events/{event.pk}/fitting/?q=火星"))


def test_a_family_of_another_campus_cannot_be_ticked(school, planner, at, event):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
        home = event_families()[0]
    client = signed_in(make_member(school, "planner", "西园的", [west]))

    client.post(f"{at}/service/events/{event.pk}/invite/", {"family": [home.pk]})

    with tenant_scope(school):
        assert Invitation.objects.count() == 0


@pytest.mark.parametrize("address", ["fitting/", "invite/"])
def test_a_colleague_who_does_not_organise_asks_nobody(calls, at, event, address):
    url = f"{at}/service/events/{event.pk}/{address}"

    assert (calls.get(url) if address == "fitting/" else calls.post(url)).status_code == 403


# -- one family ------------------------------------------------------------------------------------------------------------------------------
def test_the_guests_stand_on_the_events_page(calls, at, row):
    page = text(calls.get(f"{at}/service/events/{row.event_id}/"))

    assert "孩1一家" in page and "没答复" in page and "请的家庭" in page


def test_a_colleague_writes_down_what_a_family_said(calls, school, at, row):
    answer = did(calls, at, row, "answer", answer="yes", people="3", words="奶奶也来")

    assert "答复记下了" in text(answer) and "3 个人" in text(answer) and "奶奶也来" in text(answer)
    assert (kept(school, row).answer, kept(school, row).people) == ("yes", 3)


@pytest.mark.parametrize("typed", [{}, {"answer": "x"}, {"answer": "yes", "people": "0"}, {"answer": "yes", "people": "99"}, {"answer": "yes", "people": "x"}])
def test_what_is_no_answer_is_refused(calls, school, at, row, typed):
    did(calls, at, row, "answer", **typed)

    assert kept(school, row).answer == ""


def test_a_family_is_asked_to_speak(plans, school, at, row):
    answer = did(plans, at, row, "part", part="speaker", topic="怎么讲绘本")

    assert "分享嘉宾：怎么讲绘本" in text(answer)
    did(plans, at, row, "part", part="", topic="")
    assert kept(school, row).part == ""


def test_not_without_saying_of_what(plans, school, at, row):
    answer = did(plans, at, row, "part", part="speaker", topic="")

    assert "请写请家长讲什么、做什么。" in text(answer) and kept(school, row).part == ""


def test_who_has_no_number_is_asked_in_person(calls, school, planner, at, event):
    with tenant_scope(school):
        (guest,) = asked(event, planner, event_families()[0])

    assert "记下了，当面请过" in text(did(calls, at, guest, "told"))
    assert kept(school, guest).told_at is not None


def test_who_knows_nothing_is_taken_off_the_list(plans, school, planner, at, event):
    with tenant_scope(school):
        (guest,) = asked(event, planner, event_families()[0])

    assert "从名单上撤下来了" in text(did(plans, at, guest, "withdraw"))
    with tenant_scope(school):
        assert Invitation.objects.count() == 0


def test_who_is_here_is_signed_in_and_a_mistake_is_taken_back(calls, school, at, now_on):
    page = did(calls, at, now_on, "come")
    assert "签到好了，往来里也有" in text(page) and "点错了" in text(page)
    assert kept(school, now_on).came_at is not None

    assert "签到撤销了" in text(did(calls, at, now_on, "gone"))
    assert kept(school, now_on).came_at is None


def test_before_the_day_there_is_nobody_to_sign_in(calls, school, at, row):
    assert "活动那天才能签到。" in text(did(calls, at, row, "come"))
    assert kept(school, row).came_at is None


@pytest.mark.parametrize("verb", ["x", "delete"])
def test_a_strange_verb_does_nothing(calls, at, row, verb):
    assert "没有这个操作。" in text(did(calls, at, row, verb))


@pytest.mark.parametrize("verb", ["part", "withdraw"])
def test_a_colleague_who_does_not_organise_changes_no_part(calls, at, row, verb):
    assert did(calls, at, row, verb, part="speaker", topic="x").status_code == 403


@pytest.mark.parametrize("verb", ["answer", "told", "come", "gone"])
def test_whoever_only_looks_does_nothing(school, at, row, verb):
    watcher = signed_in(make_member(school, "inspector", "督"))

    assert did(watcher, at, row, verb, answer="yes").status_code == 403


# -- scanned ---------------------------------------------------------------------------------------------------------------------------------
def test_a_code_that_is_scanned_shows_the_family_and_one_button(calls, school, at, now_on):
    url = f"{at}/service/events/guests/{now_on.pk}/"
    page = text(calls.get(url))
    assert "孩1一家" in page and "签到" in page and kept(school, now_on).came_at is None, "looking signs nobody in"

    answer = calls.post(url, follow=True)

    assert "签到好了" in text(answer) and kept(school, now_on).came_at is not None


def test_scanned_twice_it_says_so(calls, at, now_on):
    url = f"{at}/service/events/guests/{now_on.pk}/"
    calls.post(url)

    assert "这一家已经签到过了" in text(calls.post(url, follow=True))


def test_too_early_it_says_so(calls, school, at, row):
    answer = calls.post(f"{at}/service/events/guests/{row.pk}/", follow=True)

    assert "活动那天才能签到。" in text(answer) and kept(school, row).came_at is None


def test_a_code_of_another_campus_opens_nothing(school, at, row):
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")
    stranger = signed_in(make_member(school, "agent", "西园的", [west]))

    assert stranger.get(f"{at}/service/events/guests/{row.pk}/").status_code == 404


def test_a_code_of_another_school_opens_nothing(row):
    stranger = signed_in(make_member(make_school("qi", "training"), "head"))

    assert stranger.get(f"/s/qi/service/events/guests/{row.pk}/").status_code == 404


def test_whoever_only_looks_scans_nothing(school, at, row):
    watcher = signed_in(make_member(school, "inspector", "督"))

    assert watcher.get(f"{at}/service/events/guests/{row.pk}/").status_code == 403


def test_a_family_whose_plan_lets_it_choose_first_is_marked_for_colleagues(plans, school, planner, at, on_the_day):
    with tenant_scope(school):
        best = family(1, "A", "low")
        derive()
        event = planned(planner)
        inviting.invite(event, [best], by=planner, at=TEN)

    assert "优先" in text(plans.get(f"{at}/service/events/{event.pk}/"))


def test_how_a_family_liked_it_stands_beside_it(calls, school, at, now_on, agent):
    with tenant_scope(school):
        coming.sign_in(now_on, by=agent, at=TEN)
        coming.rate(now_on, 4, "时间短了点", at=TEN)

    page = text(calls.get(f"{at}/service/events/{now_on.event_id}/?tab=rated"))

    assert "打了 4 分" in page and "时间短了点" in page and "点错了" not in page

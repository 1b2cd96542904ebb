"""积分 on the screen: the list, prizes at the desk, points with a reason, the rule, the prizes."""
import pytest

from service_levels.models import PointsEntry, PointsRules, Prize
from service_levels.points import booking
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import family
from tests.service_levels.plans.test_views import text
from tests.service_levels.points.makers import prize, rule, with_points


@pytest.fixture
def planner(school):
    return make_member(school, "planner", "苏晴")


@pytest.fixture
def plans_events(planner):
    return signed_in(planner)


@pytest.fixture
def home(school, planner, on_the_day):
    """A family with fifty points, where a picture book costs twenty."""
    with tenant_scope(school):
        rule()
        prize(20, 3)
        return with_points(family(1), planner)


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/points/{address}")

    assert answer.status_code == 200
    return text(answer)


def card(client, at, home) -> str:
    page = text(client.get(f"{at}/families/{home.pk}/"))
    return page[page.index('id="points"'):]


def left(school, home) -> int:
    with tenant_scope(school):
        return booking.balance(home.pk)


def redeem(client, at, home, school, **typed):
    with tenant_scope(school):
        one = Prize.objects.get()
    return client.post(f"{at}/service/points/of/{home.pk}/redeem/", {"prize": one.pk} | typed, follow=True)


# -- the list ----------------------------------------------------------------------------------------------------------------------
def test_without_a_rule_the_page_says_what_to_do(boss, at, on_the_day):
    page = seen(boss, at)

    assert "还没有积分规则，参加活动不加积分" in page and "还没有家庭有积分" in page and "还没有奖品" in page


def test_the_list_says_who_has_how_many(boss, at, home):
    page = seen(boss, at)

    assert "1 户手里有 50 分" in page and "近 90 天加了 50 分" in page and "参加一次活动 10 分，12 个月后过期" in page and "还有 3 份" in page
    assert "没有找到" in seen(boss, at, "?q=火星")


@pytest.mark.parametrize(("role", "may"), [("planner", True), ("relations", True), ("supervisor", False), ("agent", False), ("inspector", False)])
def test_who_keeps_the_rule_and_the_prizes(school, at, home, role, may):
    client = signed_in(make_member(school, role, "谁"))

    assert ("/service/points/rules/" in seen(client, at)) is may
    assert client.get(f"{at}/service/points/rules/").status_code == (200 if may else 403)
    assert client.get(f"{at}/service/points/prizes/new/").status_code == (200 if may else 403)
    assert client.get(f"{at}/service/points/of/{home.pk}/give/").status_code == (200 if may else 403)


# -- at the desk -------------------------------------------------------------------------------------------------------------------
def test_a_prize_is_handed_over_from_the_familys_page(desk, at, school, home):
    assert "50 分" in card(desk, at, home) and "绘本" in card(desk, at, home)

    assert "换了一份“绘本”，交给家长吧" in text(redeem(desk, at, home, school))
    assert left(school, home) == 30 and "30 分" in card(desk, at, home)


def test_and_taken_back(desk, at, school, home):
    redeem(desk, at, home, school)
    with tenant_scope(school):
        row = PointsEntry.objects.get(kind="spent")

    assert "撤回了，两笔都留着" in text(desk.post(f"{at}/service/points/{row.pk}/back/", follow=True))
    assert left(school, home) == 50 and "撤回了" in card(desk, at, home)


def test_what_does_not_reach_is_told_on_the_familys_page(desk, at, school, home):
    for _n in range(3):
        answer = redeem(desk, at, home, school)

    assert "积分不够：还有 10 分，要 20 分" in text(answer) and left(school, home) == 10


@pytest.mark.parametrize("odd", ["", "x", "999999", "-1", "9" * 30])
def test_a_prize_that_is_none_is_told(desk, at, school, home, odd):
    assert "没有这个奖品" in text(redeem(desk, at, home, school, prize=odd)) and left(school, home) == 50


def test_who_talks_to_no_families_sees_no_prizes(school, at, home):
    inspector = signed_in(make_member(school, "inspector"))

    assert "redeem" not in card(inspector, at, home)
    assert redeem(inspector, at, home, school).status_code == 403


def test_a_school_without_the_rule_has_no_card(boss, at, school, home):
    with tenant_scope(school):
        PointsRules.objects.all().delete()

    assert 'id="points"' not in text(boss.get(f"{at}/families/{home.pk}/"))


# -- points, rule, prizes ----------------------------------------------------------------------------------------------------------
def test_points_are_given_with_a_reason(plans_events, at, school, home):
    answer = plans_events.post(f"{at}/service/points/of/{home.pk}/give/", {"points": "-5", "words": "记多了"}, follow=True)

    assert "记下了" in text(answer) and left(school, home) == 45


@pytest.mark.parametrize("typed", [{"points": "", "words": "x"}, {"points": "x", "words": "x"}, {"points": "5", "words": ""},
                                   {"points": "99999", "words": "x"}, {"points": "-60", "words": "x"}, {"points": "0", "words": "x"}])
def test_what_cannot_be_is_said_in_the_form(plans_events, at, school, home, typed):
    answer = plans_events.post(f"{at}/service/points/of/{home.pk}/give/", typed)

    assert answer.status_code == 422 and "mp-err" in text(answer) and left(school, home) == 50


def test_the_rule_is_kept(plans_events, at, school, home):
    assert plans_events.post(f"{at}/service/points/rules/", {"an_event": "20", "months": "6", "since": "2026-10-01"}).status_code == 302

    with tenant_scope(school):
        row = PointsRules.objects.get()
        assert (row.an_event, row.months, row.since.isoformat()) == (20, 6, "2026-10-01")
    assert plans_events.post(f"{at}/service/points/rules/", {"an_event": "0", "months": "6", "since": "x"}).status_code == 422


def test_a_prize_is_written_and_changed(plans_events, at, school, home):
    plans_events.post(f"{at}/service/points/prizes/new/", {"name": "书包", "points": "100", "stock": "", "is_on": "on"})
    with tenant_scope(school):
        bag = Prize.objects.get(name="书包")
    assert (bag.points, bag.stock, bag.is_on) == (100, None, True)

    plans_events.post(f"{at}/service/points/prizes/{bag.pk}/", {"name": "书包", "points": "80", "stock": "5"})
    with tenant_scope(school):
        assert Prize.objects.filter(name="书包", points=80, stock=5, is_on=False).exists()


def test_two_prizes_do_not_share_a_name(plans_events, at, home):
    answer = plans_events.post(f"{at}/service/points/prizes/new/", {"name": "绘本", "points": "10", "stock": "", "is_on": "on"})

    assert answer.status_code == 422 and "已经有这个奖品了" in text(answer)


def test_another_schools_entry_is_not_there(boss, at, home):
    assert boss.post(f"{at}/service/points/999999/back/").status_code == 404


def test_an_entry_cannot_be_taken_back_when_it_was_spent(plans_events, desk, at, school, home):
    redeem(desk, at, home, school)
    with tenant_scope(school):
        row = PointsEntry.objects.get(kind="given")

    assert "积分不够" in text(plans_events.post(f"{at}/service/points/{row.pk}/back/", follow=True))
    assert left(school, home) == 30

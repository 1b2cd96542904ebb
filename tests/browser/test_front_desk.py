"""The front desk's day on a tablet: make ready, receive, a minute without network, a colleague beside one, a walk-in, the way out."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from reception.booking import book
from reception.models import Booking, Check, Visit, VisitStep
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.reception.makers import slot, wish


@pytest.fixture
def school(transactional_db):
    made = make_school("miao")
    make_member(made, "frontdesk")
    make_member(made, "teacher")
    return made


@pytest.fixture
def visit(school) -> int:
    """A family that is expected in these minutes."""
    with tenant_scope(school):
        now = timezone.now()
        here = slot(2, now + timedelta(seconds=30))
        told = wish(
            guardian_name="贾女士",
            special="花生过敏",
            child_name="弟弟",
            birth_month="2024-05",
            child_data=True,
        )
        return book(here, told, cutoff=now, channel="phone", at=now).booking.pk


def steps(school, pk: int) -> list[str]:
    with tenant_scope(school):
        return list(
            VisitStep.objects.filter(visit__booking=pk).order_by("at", "id").values_list("step", flat=True)
        )


def tap(desk, word: str) -> None:
    """The one big button, when it has become that word."""
    desk.page.locator(".mp-big-tap", has_text=word).click()


def is_sound(desk) -> None:
    wrong = [
        v["id"]
        for v in Axe().run(desk.page, ".mp").response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert wrong == [] and desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_family_is_received_from_the_door_to_the_way_out(school, visit, person):
    desk = person("miao", width=1024).sign_in("frontdesk@miao")
    desk.go("board/")
    desk.sees("贾女士")
    desk.sees("讲分餐台和过敏提示牌")
    is_sound(desk)

    desk.page.locator(".mp-ready summary").click()
    desk.press("都看过了，全部好了")
    desk.sees("接待准备好了")
    for word in ("到达", "迎接", "入座", "参观"):
        tap(desk, word)
    desk.page.locator(".mp-now .mp-kicker", has_text="参观").wait_for()
    for area in ("接待区", "游戏区"):
        desk.page.get_by_role("button", name=area).click()
        desk.page.locator(".mp-area.is-on", has_text=area).wait_for()
    desk.sees("还有 5 处没看")
    tap(desk, "咨询")
    desk.sees("还有 5 处没看：休息区、教学区、餐厅、卫生间、安全出口")
    is_sound(desk)
    desk.page.get_by_text("不往下走了…").click()
    desk.page.select_option("[name=exit]", "thinking")
    desk.press("记下原因")

    desk.sees("没有往下走：再考虑")
    assert steps(school, visit) == ["arrived", "greeted", "seated", "tour", "consultation", "left"]
    with tenant_scope(school):
        assert Visit.objects.get().exit == "thinking"
        assert Check.objects.filter(done_at=None).count() == 0


def test_taps_of_a_minute_without_network_are_kept_with_their_times(school, visit, person):
    desk = person("miao", width=1024).sign_in("frontdesk@miao")
    desk.go("board/")
    tap(desk, "到达")
    desk.page.locator(".mp-now .mp-kicker", has_text="到达").wait_for()  # the server has it

    desk.page.context.set_offline(True)
    for word in ("迎接", "入座"):
        tap(desk, word)
    desk.sees("没有网络，已经记下，连上后自动补上（2）")
    assert steps(school, visit) == ["arrived"]
    desk.page.context.set_offline(False)

    desk.page.locator(".mp-now .mp-kicker", has_text="入座").wait_for(timeout=30_000)
    desk.page.locator("#offline").wait_for(state="hidden")
    assert steps(school, visit) == ["arrived", "greeted", "seated"]


def test_the_board_shows_what_a_colleague_does_without_being_touched(school, visit, person):
    desk = person("miao", width=1024).sign_in("frontdesk@miao")
    teacher = person("miao", width=390).sign_in("teacher@miao")
    for one in (desk, teacher):
        one.go("board/")
    is_sound(teacher)

    tap(teacher, "到达")

    desk.page.locator(".mp-big-tap", has_text="迎接").wait_for(timeout=30_000)
    desk.page.locator(".mp-visit", has_text="等候").wait_for()


def test_a_walk_in_takes_two_taps(school, visit, person):
    desk = person("miao", width=390).sign_in("frontdesk@miao")
    desk.go("board/")

    desk.press("临时到访")
    desk.page.locator("dialog[open]").get_by_role("button", name="参观").click()

    desk.page.locator(".mp-now h2", has_text="临时到访").wait_for()
    with tenant_scope(school):
        assert Booking.objects.filter(channel="walk_in", state="arrived").count() == 1
    is_sound(desk)


def drag(desk, guardian: str, to: str) -> None:
    """Take a card by its grip and drop it on a column."""
    grip = desk.page.locator("article", has_text=guardian).locator("[data-grip]").bounding_box()
    target = desk.page.locator(f"[data-to={to}]").bounding_box()
    desk.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(target["x"] + 40, target["y"] + 120, steps=8)
    desk.page.mouse.up()


def test_a_card_is_dragged_from_stage_to_stage(school, visit, person):
    desk = person("miao", width=1440).sign_in("frontdesk@miao")
    desk.go("board/")
    desk.page.get_by_role("link", name="按环节").click()
    desk.sees("贾女士")
    is_sound(desk)

    drag(desk, "贾女士", "arrived")
    desk.page.locator("[data-to=arrived] [data-seen=arrived]").wait_for()
    drag(desk, "贾女士", "tour")
    desk.page.locator("[data-to=tour] [data-seen=tour]").wait_for()
    is_sound(desk)
    drag(desk, "贾女士", "booked")
    desk.sees("往回走请打开这一组")

    desk.page.locator("[data-to=tour] article").get_by_role("button", name="咨询").click()
    desk.page.locator("[data-to=consultation] [data-seen=consultation]").wait_for()
    assert steps(school, visit) == ["arrived", "tour", "consultation"]


@pytest.mark.parametrize("width", [390, 1024])
def test_the_columns_fit_a_tablet_and_a_phone(school, visit, person, width):
    desk = person("miao", width=width).sign_in("frontdesk@miao")

    desk.go("board/?view=columns")

    desk.sees("贾女士")
    is_sound(desk)

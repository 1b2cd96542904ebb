"""Asking families, as people do it: on the tablet at the door, on a parent's own phone, and what the head makes of it."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from crm.filing import file_lead
from crm.models import Improvement, Question, SurveyResponse
from crm.surveys.asking import answer, token_of
from reception.booking import book
from reception.models import Booking, Visit
from reception.stages import Step
from reception.surveying import sheet_of
from reception.visiting import Tap, take_step
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school
from tests.crm.surveys.makers import asked, given
from tests.reception.makers import slot, wish


@pytest.fixture
def school(transactional_db):
    made = make_school("miao")
    make_member(made, "frontdesk")
    make_member(made, "head")
    return made


@pytest.fixture
def visit(school) -> Booking:
    """A family that has just left."""
    with tenant_scope(school):
        now = timezone.now()
        made = book(
            slot(2, now),
            wish(guardian_name="贾女士"),
            cutoff=now - timedelta(days=1),
            channel="phone",
            at=now,
        )
        file_lead(made.booking.lead, title="预约 参观", at=now)
        rows = Booking.objects.select_related("slot__type", "slot__campus", "lead__customer", "host")
        for to, seen in ((Step.ARRIVED, Step.BOOKED), (Step.LEFT, Step.ARRIVED)):
            take_step(rows.get(pk=made.booking.pk), Tap(to, seen, now, to), by=None, now=now)
        return rows.get(pk=made.booking.pk)


def is_sound(page, within: str = "body") -> None:
    wrong = [
        v["id"]
        for v in Axe().run(page, within).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert wrong == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def question(topic: str) -> str:
    return f"q{Question.objects.get(version__survey__occasion='visit', topic=topic, order=1).pk}"


def overall() -> str:
    return f"q{Question.objects.get(version__survey__occasion='visit', is_overall=True).pk}"


@pytest.mark.parametrize("width", [390, 1024])
def test_the_front_desk_asks_at_the_door_and_the_visit_is_complete(school, visit, person, width):
    desk = person("miao", width=width).sign_in("frontdesk@miao")
    desk.go(f"board/?v={visit.pk}")
    desk.sees("家长还没有答问卷")
    desk.page.get_by_role("link", name="当面问一问").click()
    desk.sees("有没有觉得在硬推销")
    is_sound(desk.page, ".mp")

    with tenant_scope(school):
        name = overall()
    assert desk.page.locator("[name=channel][value=face]").is_checked()
    desk.page.locator(f"[name={name}][value='5']").check(force=True)
    desk.press("记下回答")
    desk.sees("记下了，往来里也有")

    desk.go(f"board/?v={visit.pk}")
    desk.sees("家长答了问卷，总体 5 分")
    desk.page.locator(".mp-now .mp-kicker", has_text="反馈").wait_for(timeout=60_000)
    with tenant_scope(school):
        assert sheet_of(visit).channel == "face"


@pytest.mark.parametrize("width", [390, 1024])
def test_a_parent_answers_on_a_phone_with_a_thumb(school, visit, person, width):
    with tenant_scope(school):
        link, name, tour = f"/q/{token_of(sheet_of(visit))}/", overall(), question("welcome")
    parent = person("miao", width=width)
    parent.page.goto(f"{parent.address}{link}")
    parent.sees("一分钟，说说接待得怎么样")
    is_sound(parent.page)

    parent.page.get_by_role("button", name="交给园里").click()
    parent.sees("请回答这一题")
    parent.page.locator(f"#f-{name} label", has_text="4").click()
    parent.page.locator(f"#f-{tour} label", has_text="2").click()
    parent.page.get_by_label("还有什么想说的").fill("停车不方便")
    is_sound(parent.page)
    parent.page.get_by_role("button", name="交给园里").click()

    parent.sees("收到了，谢谢您")
    is_sound(parent.page)
    with tenant_scope(school):
        row = SurveyResponse.objects.get()
        assert (row.state, row.score, row.channel) == ("answered", 4, "online")
        assert sorted(row.answers.exclude(number=None).values_list("number", flat=True)) == [2, 4]


def test_by_keyboard_alone_a_parent_answers(school, visit, person):
    with tenant_scope(school):
        link = f"/q/{token_of(sheet_of(visit))}/"
    parent = person("miao", width=390)
    parent.page.goto(f"{parent.address}{link}")

    parent.page.locator("input[type=radio]").first.focus()
    for _ in range(3):
        parent.page.keyboard.press("ArrowRight")
    parent.page.keyboard.press("Enter")

    parent.sees("收到了，谢谢您")
    with tenant_scope(school):
        assert SurveyResponse.objects.get().score == 4


@pytest.mark.parametrize("width", [390, 1024])
def test_the_head_finds_a_weak_point_and_hands_it_to_somebody(school, person, width):
    with tenant_scope(school):
        for n in range(6):
            when = timezone.now() - timedelta(hours=2)
            row = asked(makers.family(f"孩{n}", f"1380013{n:04d}"), key=f"visit-{n}", at=when)
            answer(
                row, given(4, 2, 5, 5, 5, 9, words=f"第 {n} 句"), channel="online", by=None, at=timezone.now()
            )
    head = person("miao", width=width).sign_in("head@miao")
    head.go("surveys/results/")
    head.sees("薄弱点：到了以后等得久不久")
    is_sound(head.page, ".mp")

    head.page.get_by_role("link", name="提一件改进").first.click()
    head.page.select_option("[name=owner]", index=1)
    head.page.fill("[name=due_on]", f"{timezone.localdate() + timedelta(days=7)}")
    head.press("交给这位同事")

    head.sees("1 件在改，都没有过期")
    is_sound(head.page, ".mp")
    head.page.get_by_text("改好了、改期…").click()
    head.page.fill("[name=result]", "早上加一位老师在门口")
    head.press("改好了")
    head.sees("没有在改的事")
    with tenant_scope(school):
        row = Improvement.objects.get()
        assert (row.state, row.level, row.answers) == ("done", 25, 6)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_head_writes_a_questionnaire_and_publishes_it(school, person, width):
    head = person("miao", width=width).sign_in("head@miao")
    head.go("surveys/")
    head.page.get_by_role("link", name="新问卷").click()
    head.page.fill("[name=name]", "开放日问卷")
    head.page.select_option("[name=occasion]", "by_hand")
    head.press("接着写问题")

    head.page.fill("[name=q-0-text]", "总体怎么样")
    head.page.locator(".mp-question").first.get_by_text("选项、两端的字、必答").click()
    head.page.get_by_text("这一题是总体满意度").first.click()
    is_sound(head.page, ".mp")
    head.press("存好，再加几题")
    head.page.fill("[name=q-1-text]", "还想来吗")
    head.page.select_option("[name=q-1-kind]", "ten")
    head.press("存草稿")

    head.sees("第 1 版是草稿")
    head.press("发布这一版")
    head.sees("第 1 版开始用了")
    head.press("启用这份问卷")
    head.sees("开始用了")
    is_sound(head.page, ".mp")
    with tenant_scope(school):
        rows = Question.objects.filter(version__survey__name="开放日问卷").order_by("order")
        assert [(row.text, row.kind, row.is_overall) for row in rows] == [
            ("总体怎么样", "five", True),
            ("还想来吗", "ten", False),
        ]
        assert not Visit.objects.exists()

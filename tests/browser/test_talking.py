"""Talking on a tablet and on a phone: the consultation with a promise, the way out, the contact that is owed, the promise kept."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from crm.filing import file_lead
from crm.models import INTENT_SCALES, Consultation, Promise, TimelineEntry
from reception.booking import book
from reception.models import Booking, FollowUp
from reception.stages import Step
from reception.visiting import Tap, take_step
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.reception.makers import slot, wish


@pytest.fixture
def school(transactional_db):
    made = make_school("miao")
    make_member(made, "frontdesk")
    return made


@pytest.fixture
def visit(school) -> int:
    """A family at the table, received by the front desk."""
    with tenant_scope(school):
        now = timezone.now()
        made = book(slot(2, now), wish(guardian_name="贾女士"), cutoff=now - timedelta(days=1), channel="phone", at=now)
        file_lead(made.booking.lead, title="预约 参观", at=now)
        row = Booking.objects.select_related("slot__type", "slot__campus", "lead", "host").get(pk=made.booking.pk)
        take_step(row, Tap(Step.CONSULTATION, Step.BOOKED, now, "talk"), by=None, now=now)
        return row.pk


def is_sound(someone) -> None:
    wrong = [v["id"] for v in Axe().run(someone.page, ".mp").response["violations"] if v["impact"] in ("serious",
            "critical")]
    assert wrong == []
    assert someone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1024])
def test_what_was_said_and_promised_is_written_down_and_kept(school, visit, person, width):
    desk = person("miao", width=width).sign_in("frontdesk@miao")
    desk.go("board/")
    desk.page.get_by_role("link", name="咨询记录").click()
    desk.sees("午睡")
    is_sound(desk)

    desk.page.fill("[name=worries]", "怕哭，没离开过妈妈")
    desk.page.fill("[name=budget]", "3,200")
    for name in INTENT_SCALES:
        desk.page.locator(f"[name={name}][value='4']").check(force=True)
    desk.page.get_by_text("没有催着今天定").click()
    desk.page.fill("[name=text-1]", "发一份一周食谱")
    desk.page.select_option("[name=owner-1]", index=1)
    desk.page.fill("[name=due_on-1]", f"{timezone.localdate() + timedelta(days=2)}")
    desk.press("记好了")
    desk.sees("请写依据")  # rated without saying why: nothing typed is lost
    desk.page.fill("[name=evidence]", "问了三次老师怎么带")
    desk.press("记好了")

    desk.sees("咨询记好了，已经进档案")
    with tenant_scope(school):
        made = Consultation.objects.select_related("rating").get()
        assert (made.budget_fen, made.worries, made.self_check) == (320_000, "怕哭，没离开过妈妈", ["unhurried"])
        assert made.rating.likelihood == 4 and Promise.objects.get().text == "发一份一周食谱"

    desk.go("promises/?whose=all")
    desk.sees("1 件待兑现，都没有过期")
    is_sound(desk)
    desk.page.get_by_role("button", name="已兑现", exact=True).first.click()
    desk.sees("答应家长的事都办完了")


@pytest.mark.parametrize("width", [390, 1024])
def test_a_family_that_left_is_spoken_to_again(school, visit, person, width):
    desk = person("miao", width=width).sign_in("frontdesk@miao")
    desk.go("board/")
    desk.page.locator(".mp-big-tap", has_text="离开").click()
    desk.page.locator(".mp-now .mp-kicker", has_text="离开").wait_for()
    with tenant_scope(school):
        assert FollowUp.objects.open().count() == 4
        FollowUp.objects.filter(rule__days=1).update(due_on=timezone.localdate())

    desk.go("follow-ups/")
    desk.sees("今天要跟进 1 家")
    desk.page.get_by_text("记下来…").click()
    is_sound(desk)
    desk.page.select_option("[name=answer]", "thinking")
    desk.page.fill("[name=text]", "要跟爷爷奶奶商量")
    desk.press("跟进好了")

    desk.sees("记下了，往来里也有了")
    with tenant_scope(school):
        entry = TimelineEntry.objects.get(kind="contact")
        assert entry.text == "要跟爷爷奶奶商量" and entry.title.endswith("还在考虑")

"""A parent books on a phone, is filed by the worker within seconds, waits, moves, cancels; the desk receives them on a tablet.

Everything is the product as it runs: two phones and a tablet, gunicorn, worker, relay, and the strict policy of parents' pages.
"""
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from crm.models import Child, Customer
from reception.models import Booking, BookingRules, Slot
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.reception.makers import slot, soon


@pytest.fixture
def school(transactional_db):
    made = make_school("miao")
    make_member(made, "frontdesk", "")
    with tenant_scope(made):
        BookingRules.objects.update(page_seconds=0)  # a test types faster than any person
        for hours in (0, 1):
            slot(1, soon(timedelta(days=2, hours=hours)))
    return made


class Phone:
    """A parent's phone: 390 px, what the console says is kept."""

    def __init__(self, chromium, address: str, **context) -> None:
        self.context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True,
                **context)
        self.page, self.address, self.said = self.context.new_page(), address, []
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and "422" not in message.text and self.said.append(message.text))

    def choose(self, number: int) -> None:
        """The page of times, and the n-th of them."""
        self.page.goto(f"{self.address}/t/miao/book/")
        self.page.locator("a.pick.num").nth(number).click()
        self.page.locator("#guardian").wait_for()

    def fill(self, phone: str, child: str = "") -> None:
        self.page.fill("#guardian", "罗女士")
        self.page.fill("#phone", phone)
        if child:
            self.page.check("[name=child_data][value=yes]")
            self.page.fill("#child", child)

    def send(self) -> None:
        self.page.locator("[data-send]").click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=60_000)

    def is_sound(self) -> None:
        """Fits the phone, passes axe, and the console is quiet."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wrong = [v["id"] for v in Axe().run(self.page).response["violations"] if v["impact"] in ("serious", "critical")]
        assert wrong == [] and self.said == []


@pytest.fixture
def phone(chromium, product):
    phones = []

    def make(**context) -> Phone:
        phones.append(Phone(chromium, product, **context))
        return phones[-1]

    yield make
    for one in phones:
        one.context.close()


def test_a_parent_books_and_the_desk_receives_them(school, phone, person):
    parent = phone()
    parent.choose(0)
    parent.is_sound()
    parent.fill("138 1234 567", "小满")
    parent.send()
    parent.sees("少了 1 位，手机号是 11 位")
    assert parent.page.evaluate("document.activeElement.id") == "phone"
    assert parent.page.input_value("#child") == "小满"
    parent.fill("138 1234 5678")
    parent.send()
    parent.page.wait_for_url("**/b/**")
    parent.sees("约好了，罗女士")
    parent.is_sound()

    desk = person("miao", width=1024).sign_in("frontdesk@miao")
    desk.go(f"visits/?day={timezone.localtime(timezone.now() + timedelta(days=2)):%Y-%m-%d}")
    desk.page.get_by_role("link", name="罗女士").click()
    desk.sees("家长说了什么")
    for _ in range(30):  # the worker files the family within seconds
        if desk.page.get_by_role("link", name="打开这一家").count():
            break
        desk.page.wait_for_timeout(500)
        desk.page.reload()
    desk.press("确认")
    assert desk.page.get_by_role("button", name="到了").count() == 0  # two days ahead nobody has come
    with tenant_scope(school):
        Booking.objects.update(starts_at=timezone.now())  # the day has come
    desk.page.reload()
    desk.press("到了")
    desk.sees("已到访")

    with tenant_scope(school):
        assert (Customer.objects.get().name, Child.objects.get().name) == ("小满一家", "小满")
        assert Booking.objects.get().state == "arrived"


def test_who_looks_around_does_not_block_what_they_looked_at(school, phone):
    parent = phone()
    for _ in range(2):
        parent.choose(0)
        parent.sees("已为您留 10 分钟")
        parent.page.get_by_role("link", name="上一步").click()
        parent.page.locator("a.pick.num").first.wait_for()
        assert "还有 1 个" in parent.page.locator("a.pick.num").first.inner_text()
    parent.choose(0)
    parent.sees("已为您留 10 分钟")
    parent.page.goto("about:blank")  # closed without a word
    other = phone()
    for _ in range(40):
        other.page.goto(f"{other.address}/t/miao/book/")
        if "还有 1 个" in other.page.locator("a.pick.num").first.inner_text():
            break
    other.choose(0)
    other.fill("138 1234 5678")
    other.send()
    other.page.wait_for_url("**/b/**")

    with tenant_scope(school):
        assert sorted(Booking.objects.values_list("state", flat=True)) == ["booked", "expired", "expired", "expired"]


def test_the_last_place_is_waited_for_offered_and_taken(school, phone):
    first, second = phone(), phone()
    first.choose(0)
    first.fill("138 1234 5678")
    first.send()
    first.sees("约好了，罗女士")
    second.choose(0)
    second.sees("先排上候补")
    second.fill("138 1234 5679")
    second.send()
    second.sees("排上候补了")

    first.page.get_by_text("取消…").click()
    first.page.get_by_role("button", name="确定不来了").click()
    first.sees("已经取消了")
    second.page.reload()
    second.page.get_by_role("button", name="就要这个时间").click()
    second.sees("约好了，罗女士")

    second.is_sound()
    with tenant_scope(school):
        assert list(Slot.objects.order_by("starts_at").values_list("booked", flat=True)) == [1, 0]


def test_a_booking_is_moved_to_another_time_with_one_thumb(school, phone):
    parent = phone()
    parent.choose(0)
    parent.fill("138 1234 5678")
    parent.send()
    parent.sees("改时间")
    parent.page.get_by_role("link", name="改时间").click()
    parent.sees("改到什么时候")
    parent.is_sound()
    parent.page.locator("button[name=slot]").first.click()
    parent.sees("已改到新的时间")

    with tenant_scope(school):
        assert list(Slot.objects.order_by("starts_at").values_list("booked", flat=True)) == [0, 1]


def test_all_of_it_works_without_any_script(school, phone):
    parent = phone(java_script_enabled=False)
    parent.choose(1)
    parent.fill("138 1234 567")
    parent.send()
    parent.sees("少了 1 位，手机号是 11 位")
    parent.fill("138 1234 5678")
    parent.send()
    parent.sees("约好了，罗女士")


def test_a_form_is_filled_in_by_keyboard_alone(school, phone):
    parent = phone()
    parent.choose(0)
    parent.page.focus("#guardian")
    for word in ("罗女士", "13812345678"):
        parent.page.keyboard.type(word)
        parent.page.keyboard.press("Tab")
    parent.page.keyboard.press("Shift+Tab")
    parent.page.keyboard.press("Enter")
    parent.sees("约好了，罗女士")


def test_a_held_place_is_kept_from_others_while_the_form_is_filled_in(school, phone):
    first, second = phone(), phone()
    first.choose(0)
    first.sees("已为您留 10 分钟")

    second.choose(0)
    second.sees("先排上候补")
    first.fill("138 1234 5678")
    first.send()
    first.sees("约好了，罗女士")

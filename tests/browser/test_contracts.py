"""A contract on the tablet and on the parent's phone: every clause explained, a name drawn, a sealed file to keep."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from crm.models import Enrolment
from reception.models import Contract, ContractTemplate
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.reception.contracts.makers import contract, template


@pytest.fixture
def school(transactional_db):
    return make_school("miao")


@pytest.fixture
def row(school) -> Contract:
    """Drawn up, nothing explained yet."""
    deputy, tang = make_member(school, "deputy"), make_member(school, "supervisor")
    with tenant_scope(school):
        return contract(template(tang, deputy), tang)


def is_sound(page, part: str = ".mp") -> None:
    wrong = [v["id"] for v in Axe().run(page, part).response["violations"] if v["impact"] in ("serious", "critical")]
    assert wrong == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def draw_a_name(page) -> None:
    """Two strokes with the mouse, as a finger would."""
    pad = page.locator("[data-pad] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in (((0.2, 0.2), (0.3, 0.8), (0.45, 0.3)), ((0.6, 0.2), (0.6, 0.8))):
        for n, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
            if n == 0:
                page.mouse.down()
        page.mouse.up()


def until_sealed(phone) -> None:
    """The product's own worker seals it; the parent looks again until the copy is there."""
    for _ in range(60):
        phone.page.reload()
        if phone.page.get_by_role("link", name="保存盖章的合同").count():
            return
        phone.page.wait_for_timeout(500)


def kept(school) -> Contract:
    with tenant_scope(school):
        return Contract.objects.get()


def explain_all(desk) -> None:
    for left in (2, 1, 0):
        desk.page.get_by_role("button", name="讲清楚了").first.click()
        desk.sees(f"逐条讲，还有 {left} 条" if left else "每一条都讲过了，可以签")


@pytest.mark.parametrize("width", [390, 1024])
def test_it_is_explained_and_signed_on_the_tablet(school, row, person, width):
    desk = person("miao", width=width).sign_in("supervisor@miao")
    desk.go(f"contracts/{row.pk}/")
    is_sound(desk.page)
    explain_all(desk)

    desk.page.get_by_role("link", name="在平板上签").click()
    is_sound(desk.page)
    draw_a_name(desk.page)
    desk.page.get_by_role("button", name="清空重签").click()
    assert desk.page.locator("[name=strokes]").input_value() == ""
    desk.page.get_by_label("合同全文、收费说明和承诺我都看过，同意签订").check()
    desk.press("签订")
    desk.sees("请在框里签上您的名字")
    draw_a_name(desk.page)
    desk.press("签订")

    desk.sees("签好了，正在盖章")
    made = kept(school)
    with tenant_scope(school):
        assert made.state == "signed"
        assert len(made.signature) > 60
        assert Enrolment.objects.count() == 1


def test_a_parent_signs_on_their_own_phone_and_keeps_a_copy(school, row, person):
    desk = person("miao", width=1024).sign_in("supervisor@miao")
    desk.go(f"contracts/{row.pk}/")
    explain_all(desk)
    desk.press("发到家长手机上签")
    desk.sees("让家长扫码，在自己手机上看和签")
    link = desk.page.locator(".mp-secret").first.inner_text()

    phone = person("miao", width=390)
    phone.page.goto(link)
    phone.sees("请从头看到尾，有不明白的先问园里，再签字。")
    is_sound(phone.page, "main")
    draw_a_name(phone.page)
    phone.page.get_by_label("合同全文、收费说明和承诺我都看过，同意签订").check()
    phone.page.get_by_role("button", name="签订").click()
    phone.sees("签好了，谢谢您")
    until_sealed(phone)
    with phone.page.expect_download() as download:
        phone.page.evaluate("document.querySelector('a.is-main').setAttribute('download', '')")
        phone.page.get_by_role("link", name="保存盖章的合同").click()

    made = kept(school)
    assert made.signed_where == "phone" and download.value.suggested_filename.endswith(".pdf")
    with tenant_scope(school):
        assert ContractTemplate.objects.count() == 1 and len(made.digest) == 64

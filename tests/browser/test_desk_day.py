"""A day at the front desk, on a tablet: a call, a search, a contact, money, a slip, a step taken back."""
import pytest

from crm.models import Customer, Payment, TimelineEntry
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    made = make_school("miao")
    make_member(made, "frontdesk")
    with tenant_scope(made):
        makers.family("周小满", "13800138000")
    return made


def test_a_call_a_search_a_contact_a_payment_and_a_step_back(school, person):
    desk = person("miao", width=1024).sign_in("frontdesk@miao")

    desk.go("families/new/")
    desk.page.fill("#id_guardian", "孙女士")
    desk.page.fill("#id_phone", "1390013900")
    desk.page.fill("#id_note", "想下周来参观")
    desk.press("建档")
    desk.sees("少了 1 位，手机号是 11 位")
    assert desk.page.input_value("#id_note") == "想下周来参观"
    desk.page.fill("#id_phone", "139 0013 9000")
    desk.press("建档")
    desk.sees("想下周来参观")

    desk.go("families/?q=zxm")
    desk.page.get_by_role("link", name="周小满一家").first.click()
    desk.page.get_by_role("button", name="记一次沟通").first.click()
    dialog = desk.page.locator("dialog[open]")
    dialog.locator("textarea").fill("妈妈来电，问秋游")
    dialog.get_by_role("button", name="记下").click()
    desk.sees("妈妈来电，问秋游")

    desk.go("my-day/")
    desk.sees("记一次往来")
    desk.page.get_by_role("button", name="撤销").first.click()
    desk.sees("已撤销：记一次往来")

    with tenant_scope(school):
        assert list(Customer.objects.order_by("id").values_list("name", flat=True)) == ["周小满一家", "孙女士一家"]
        assert list(TimelineEntry.objects.values_list("text", flat=True)) == ["想下周来参观"]
        assert not Payment.objects.exists()

"""优惠 on the screen: the list, an application, the decision, what the family had, whether it was fair."""
import pytest

from service_levels.concessions import working
from service_levels.concessions.policy import Policy
from service_levels.models import Concession
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member, signed_in
from tests.service_levels.concessions.makers import CLASS, asked, granted, hold, troubled
from tests.service_levels.plans.test_views import text


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def calls(agent):
    return signed_in(agent)


@pytest.fixture
def home(school, agent, on_the_day):
    with tenant_scope(school):
        hold()
        return troubled()


@pytest.fixture
def row(school, agent, home):
    with tenant_scope(school):
        return asked(home, agent)


@pytest.fixture
def approved(school, agent, head, home):
    with tenant_scope(school):
        return granted(home, agent, head)


def seen(client, at, address="") -> str:
    answer = client.get(f"{at}/service/concessions/{address}")

    assert answer.status_code == 200
    return text(answer)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/service/concessions/{row.pk}/do/{verb}/", typed, follow=True)


def state_of(school, row) -> str:
    with tenant_scope(school):
        return Concession.objects.get(pk=row.pk).state


# -- the list ----------------------------------------------------------------------------------------------------------------------
def test_without_rules_the_list_says_that_nobody_can_be_given_anything(boss, at, on_the_day):
    page = seen(boss, at)

    assert "还没有优惠办法，谁也不能给优惠" in page and "起草优惠办法" in page and "可是没有规则，给不出去" in page


def test_the_list_shows_budgets_and_what_waits(boss, at, row):
    page = seen(boss, at)

    assert "2026 年还没有批过优惠" in page and "用了 0 元，共 1,200 元" in page and "孩1一家" in page and "高敏" in page


def test_what_was_approved_is_the_heading(boss, at, approved):
    page = seen(boss, at, "?tab=granted")

    assert "2026 年批了 1 份优惠，共 500 元" in page
    assert "用了 500 元，共 1,200 元" in page and "2027-02-18 前用" in page


def test_an_empty_tab_says_where_one_begins(boss, at, home):
    assert "没有等批准的" in seen(boss, at) and "要给一家申请，打开这一家" in seen(boss, at, "?tab=given")


@pytest.mark.parametrize(("asked_for", "there"), [("?q=孩1", True), ("?q=火星", False), ("?rule=free-class", False), ("?tab=all&rule=tuition", True)])
def test_the_list_is_searched_and_narrowed(boss, at, row, asked_for, there):
    assert ("孩1一家" in seen(boss, at, asked_for)) is there


def test_the_list_is_a_file_for_who_may_export(boss, calls, at, row):
    answer = boss.get(f"{at}/service/concessions/?export=csv")
    rows = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig").splitlines()

    assert rows[0].split(",")[3:6] == ["什么优惠", "多少（元）", "状态"] and rows[1].split(",")[3:6] == ["学费优惠", "500.00", "等批准"]
    assert calls.get(f"{at}/service/concessions/?export=csv").status_code == 403


@pytest.mark.parametrize(("role", "status"), [("teacher", 403), ("frontdesk", 403), ("inspector", 200), ("operations", 200), ("marketing", 200)])
def test_who_may_see_concessions(school, at, row, role, status):
    client = signed_in(make_member(school, role))

    assert client.get(f"{at}/service/concessions/").status_code == status
    assert client.get(f"{at}/service/concessions/{row.pk}/").status_code == status


# -- asking ------------------------------------------------------------------------------------------------------------------------
def test_a_colleague_asks_from_the_familys_page(calls, at, school, home):
    page = text(calls.get(f"{at}/families/{home.pk}/"))
    assert f'href="{at}/service/concessions/for/{home.pk}/?rule=tuition"' in page

    form = seen(calls, at, f"for/{home.pk}/?rule=tuition")
    assert "这一家的服务方案里有这一项" in form and "今年的预算还剩 1,200 元" in form
    answer = calls.post(f"{at}/service/concessions/for/{home.pk}/", {"rule": "tuition", "fen": "500", "why": "手头紧"}, follow=True)

    assert "交上去了，另一位同事批了就能给" in text(answer)
    assert "等批准" in text(calls.get(f"{at}/families/{home.pk}/"))


def test_what_is_wrong_stands_in_the_form_and_nothing_typed_is_lost(calls, at, home):
    answer = calls.post(f"{at}/service/concessions/for/{home.pk}/", {"rule": "tuition", "fen": "900", "why": "手头紧"})

    assert answer.status_code == 422
    assert "不合规则：每次最多 500 元" in text(answer) and 'value="900"' in text(answer) and "手头紧" in text(answer)


def test_a_second_application_leads_to_the_first(calls, at, home, row):
    answer = calls.post(f"{at}/service/concessions/for/{home.pk}/", {"rule": "tuition", "fen": "500", "why": "手头紧"})

    assert "已经有一份在等批准" in text(answer) and f"/service/concessions/{row.pk}/" in text(answer)


def test_a_family_that_is_promised_nothing_is_told_so(calls, at, school, home):
    with tenant_scope(school):
        other = makers.family("豆豆", "13800138099")

    assert "这一家现在没有可以申请的优惠" in seen(calls, at, f"for/{other.pk}/")


def test_who_may_not_ask_finds_no_button(desk, at, home):
    assert desk.get(f"{at}/service/concessions/for/{home.pk}/").status_code == 403
    assert "/service/concessions/for/" not in text(desk.get(f"{at}/families/{home.pk}/"))


# -- the decision ------------------------------------------------------------------------------------------------------------------
def test_a_second_person_sees_the_rule_and_approves(boss, at, school, row):
    page = seen(boss, at, f"{row.pk}/")
    assert "规则要的，现在合不合" in page and "批还是不批" in page and "妈妈说这学期手头紧" in page

    assert "批了，钱从今年的预算里留出来了" in text(did(boss, at, row, "grant", words="一次"))
    assert state_of(school, row) == "granted"


def test_or_says_why_not(boss, at, school, row):
    answer = did(boss, at, row, "refuse", words="")
    assert answer.status_code == 422 and state_of(school, row) == "asked"

    did(boss, at, row, "refuse", words="已经减过")
    assert state_of(school, row) == "refused" and "已经减过" in seen(boss, at, f"{row.pk}/")


def test_who_asked_does_not_decide(boss, head, at, school, home):
    with tenant_scope(school):
        row = asked(home, head)

    assert "您自己申请的，要另一位同事来批" in seen(boss, at, f"{row.pk}/")
    answer = did(boss, at, row, "grant", words="")
    assert answer.status_code == 422 and "提交人不能审批自己提交的内容" in text(answer)


def test_who_may_only_ask_sees_no_decision(calls, at, row):
    assert "批还是不批" not in seen(calls, at, f"{row.pk}/")
    assert did(calls, at, row, "grant", words="").status_code == 403


def test_a_rule_that_is_gone_is_said(boss, at, school, row):
    with tenant_scope(school):
        hold(Policy((CLASS,)))

    page = seen(boss, at, f"{row.pk}/")
    assert "没有这一条规则了" in page and 'do/grant/"' not in page


def test_a_verb_that_is_none_is_refused(boss, at, row):
    assert did(boss, at, row, "sing").status_code == 409


def test_another_schools_concession_is_not_there(boss, at, row):
    assert boss.get(f"{at}/service/concessions/{row.pk + 1000}/").status_code == 404


# -- made use of -------------------------------------------------------------------------------------------------------------------
def test_it_is_given_and_put_right(calls, at, school, approved):
    assert "告诉家长，用掉" in seen(calls, at, f"{approved.pk}/")
    did(calls, at, approved, "give", on="2026-11-20")
    assert state_of(school, approved) == "given" and "兑现记错了，改回" in seen(calls, at, f"{approved.pk}/")

    did(calls, at, approved, "take_back")
    assert state_of(school, approved) == "granted"


def test_a_day_that_cannot_be_is_said_at_its_field(calls, at, school, approved):
    answer = did(calls, at, approved, "give", on="2026-11-01")

    assert answer.status_code == 422 and "兑现的日子从批准那天到今天" in text(answer) and state_of(school, approved) == "granted"


def test_it_is_withdrawn(calls, at, school, approved):
    did(calls, at, approved, "withdraw")

    assert state_of(school, approved) == "withdrawn" and "用了 0 元" in seen(calls, at)


def test_a_colleague_who_was_first_is_told_of(calls, at, school, approved, agent):
    with tenant_scope(school):
        working.give(approved, DAY, by=agent, at=AT)

    answer = did(calls, at, approved, "withdraw")
    assert answer.status_code == 422 and "同事刚处理过这份优惠" in text(answer)


# -- the first page ----------------------------------------------------------------------------------------------------------------
def test_what_waits_for_one_is_on_the_first_page(boss, calls, at, row):
    assert "1 份等您批准" in text(boss.get(f"{at}/"))
    assert "份等您批准" not in text(calls.get(f"{at}/"))


def test_what_is_to_be_told_is_on_the_first_page_of_who_asked(boss, calls, at, approved):
    assert "1 份批了，等您告诉家长" in text(calls.get(f"{at}/"))
    assert "等您告诉家长" not in text(boss.get(f"{at}/"))


# -- fairness ----------------------------------------------------------------------------------------------------------------------
def test_a_school_without_any_is_told_so(boss, at, home):
    page = seen(boss, at, "fair/")

    assert "近一年少收的钱都有批准" in page and "没有一家一年里又要走" in page and "家数太少，不下结论" in page


def test_prices_below_the_list_are_named(boss, at, school, home):
    with tenant_scope(school):
        makers.payment(home, 800, DAY, list_yuan=1000)

    page = seen(boss, at, "fair/")
    assert "近一年有 1 笔少收了 200 元，没有对应的优惠批准" in page and "孩1一家" in page


def test_the_check_is_for_who_may_see_concessions(desk, school, at, home):
    assert desk.get(f"{at}/service/concessions/fair/").status_code == 403
    assert signed_in(make_member(school, "inspector")).get(f"{at}/service/concessions/fair/").status_code == 200

"""Refunds as people use the pages: the list, an application, the preview with its offer, approval, the school's rules."""
import pytest

from audit.models import Entry
from churn.models import RefundLine, RefundRequest, RefundRules
from churn.refunds.working import propose, take_back
from crm.models import Attendance, Payment
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import child_of
from tests.churn.cases.test_views import rows_of, text
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.refunds.makers import package, paid, the_line
from tests.conftest import make_member, signed_in


@pytest.fixture
def desk(frontdesk):
    return signed_in(frontdesk)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/churn/refunds/{row.pk}/{verb}/", typed, follow=True)


def seen(client, at, row) -> str:
    return text(client.get(f"{at}/churn/refunds/{row.pk}/"))


def figures(row, **typed) -> dict:
    """What the sheet sends: the day, and of the one line whatever is typed."""
    line = the_line(row)
    return {"counted_on": str(DAY), f"l{line.pk}-is_in": "on", f"l{line.pk}-package": line.package_id or ""} | {
        f"l{line.pk}-{name}": value for name, value in typed.items()}


# -- the list ------------------------------------------------------------------------------------------------------------------------
def test_an_empty_list_says_where_applications_come_from(boss, at):
    page = text(boss.get(f"{at}/churn/refunds/"))

    assert "没有在办的退费申请" in page and "找这一家" in page and "还没有选退费规则" in page


def test_the_list_says_what_waits_and_for_how_long(desk, at, row):
    page = text(desk.get(f"{at}/churn/refunds/"))

    assert "1 份退费申请在谈" in page
    assert "等了 0 天" in page
    assert "2,000" in page
    assert "按“校外培训（全国）”的规则算" in page


@pytest.mark.parametrize(("address", "found"), [
    ("", True),
    ("?state=asked", True),
    ("?state=paid", False),
    ("?state=all", True),
    ("?state=%00", True),
    ("?q=孩1", True),
    ("?q=无", False),
    ("?page=99", True),
])
def test_the_address_narrows_it(desk, at, row, address, found):
    answer = desk.get(f"{at}/churn/refunds/{address}")

    assert (f"/churn/refunds/{row.pk}/" in text(answer)) is (found and answer.status_code == 200)


def test_what_waits_for_approval_is_said_first(boss, at, centre, row, frontdesk):
    with tenant_scope(centre):
        propose(row, by=frontdesk, at=AT)

    assert "1 份退费申请等审批" in text(boss.get(f"{at}/churn/refunds/"))


def test_it_leaves_as_a_file_with_a_record(boss, at, row):
    rows = rows_of(boss.get(f"{at}/churn/refunds/", {"export": "xlsx"}))

    assert rows[1][5:8] == ["换老师太多", 2000, "在谈"]


def test_the_front_desk_may_not_take_the_file(desk, at, row):
    assert desk.get(f"{at}/churn/refunds/", {"export": "xlsx"}).status_code == 403


# -- taking it down ------------------------------------------------------------------------------------------------------------------
def test_an_application_is_taken_down_from_the_family_s_page(desk, at, centre, family):
    door = text(desk.get(f"{at}/families/{family.pk}/"))
    assert f"/churn/refunds/new/?customer={family.pk}" in door and "没有退费申请" in door

    with tenant_scope(centre):
        child = child_of(family)
    page = text(desk.post(f"{at}/churn/refunds/new/", {"customer": family.pk, "child": child.pk, "asked_on": str(DAY),
            "channel": "face",
                                                       "leaves_on": "", "reason": "太远"}, follow=True))

    assert "谈之前先看能退多少" in page and "太远" in page and "2,000" in page
    assert "太远" in text(desk.get(f"{at}/families/{family.pk}/"))


@pytest.mark.parametrize("typed", [
    {"reason": ""},
    {"asked_on": "2027-01-01"},
    {"asked_on": "x"},
    {"channel": "pigeon"},
    {"child": "999999"},
    {"leaves_on": "someday"},
    {"leaves_on": "1999-01-01"},
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, at, family, typed):
    usual = {"customer": family.pk, "child": "", "asked_on": str(DAY), "channel": "face", "reason": "太远了点"}
    answer = desk.post(f"{at}/churn/refunds/new/", usual | typed)

    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert ("太远了点" in text(answer)) is ("reason" not in typed)


@pytest.mark.parametrize("customer", ["", "x", "999999"])
def test_a_family_that_is_not_there_is_not_found(desk, at, centre, customer):
    assert desk.get(f"{at}/churn/refunds/new/?customer={customer}").status_code == 404


def test_a_second_one_is_refused_above_nothing_lost(desk, at, centre, row, family):
    with tenant_scope(centre):
        child = child_of(family)
    answer = desk.post(f"{at}/churn/refunds/new/", {"customer": family.pk, "child": child.pk, "asked_on": str(DAY),
            "channel": "face", "reason": "又来"})

    assert answer.status_code == 422 and "已经有一份在办的退费申请" in text(answer)
    assert f'href="{at.removeprefix("https://testserver")}/churn/refunds/{row.pk}/"' in text(answer)


def test_where_everything_is_used_up_another_day_can_be_counted_on(desk, at, centre, row):
    with tenant_scope(centre):
        RefundLine.objects.all().delete()
        RefundRequest.objects.update(counted_on=DAY)
    page = seen(desk, at, row)

    assert "缴过的费用都已经用完" in page
    assert 'name="counted_on"' in page and "重算" in page


# -- the preview ---------------------------------------------------------------------------------------------------------------------
def test_the_preview_says_what_comes_back_and_by_which_clause(desk, at, row):
    page = seen(desk, at, row)

    assert "1 笔缴费里还有可退的" in page
    assert "按剩余课时" in page
    assert "赠送的课时一起算" in page
    assert "还没有挽留方案" in page
    assert "家长有权投诉和要求合理退费" in page


def test_looking_at_it_goes_into_the_child_s_record(desk, at, centre, row):
    desk.get(f"{at}/churn/refunds/{row.pk}/")

    with tenant_scope(centre):
        assert Entry.objects.filter(verb="crm.child_viewed").count() == 1


def test_what_was_taken_ahead_beyond_the_limits_is_warned_of(desk, at, centre, family, row):
    with tenant_scope(centre):
        package(family, 80, 0, DAY - ONE)
        paid(family, 7200, DAY - ONE)
    did(desk, at, row, "count", counted_on=str(DAY))

    assert "预收超限" in seen(desk, at, row)
    assert "一次收的超过 60 课时" in seen(desk, at, row)
    assert "一门课收的超过 5000 元" in seen(desk, at, row)


def test_figures_are_corrected_and_counted_again(desk, at, centre, row):
    with tenant_scope(centre):
        typed = figures(row, agreed_fen="1500", why="教材拆了")
    page = text(did(desk, at, row, "count", **typed))

    assert "已重算" in page and "1,500" in page and "1 笔和规则算的不同；全按规则是" in page


def test_an_agreement_without_why_stays_as_it_was_typed(desk, at, centre, row):
    with tenant_scope(centre):
        typed = figures(row, agreed_fen="1500")
    answer = did(desk, at, row, "count", **typed)

    assert answer.status_code == 422
    assert "请写为什么" in text(answer)
    assert 'value="1500"' in text(answer)


@pytest.mark.parametrize(("name", "value"), [
    ("agreed_fen", "abc"),
    ("agreed_fen", "-5"),
    ("package", "999999"),
    ("why", "长" * 121),
])
def test_figures_that_cannot_be_are_refused_at_their_field(desk, at, centre, row, name, value):
    with tenant_scope(centre):
        typed = figures(row, **{name: value})

    assert did(desk, at, row, "count", **typed).status_code == 422


@pytest.mark.parametrize("day", ["", "x", "1900-01-01"])
def test_the_day_must_be_a_day(desk, at, centre, row, day):
    with tenant_scope(centre):
        typed = figures(row) | {"counted_on": day}

    assert did(desk, at, row, "count", **typed).status_code == 422


def test_a_line_taken_out_comes_to_nothing(desk, at, centre, row):
    with tenant_scope(centre):
        typed = figures(row)
        del typed[f"l{the_line(row).pk}-is_in"]
    did(desk, at, row, "count", **typed)

    with tenant_scope(centre):
        assert the_line(row).is_in is False


def test_a_kindergarten_asks_for_days_and_refuses_the_wrong_way_round(boss, at, school, head, on_the_day):
    boss.post(f"{at}/churn/refunds/rules/", {"pack": "hefei"})
    with tenant_scope(school):
        customer = home(1)
        paid(customer, 1200, DAY.replace(day=2), kind="保教费")
        Attendance.objects.create(child=child_of(customer), day=DAY - ONE, status="absent")
        child = child_of(customer)
    boss.post(f"{at}/churn/refunds/new/", {"customer": customer.pk, "child": child.pk, "asked_on": str(DAY),
            "channel": "face", "reason": "x"})
    with tenant_scope(school):
        row = RefundRequest.objects.get()
        typed = figures(row, first_on="2026-12-01", last_on="2026-11-01", absent="30")
    wrong = did(boss, at, row, "count", **typed)
    with tenant_scope(school):
        typed = figures(row, first_on="2026-11-01", last_on="2026-11-30", absent="30")
    did(boss, at, row, "count", **typed)

    assert wrong.status_code == 422 and "结束不能早于开始" in text(wrong)
    with tenant_scope(school):
        assert the_line(row).counted_fen == 120000


def test_an_older_payment_is_added(desk, at, centre, row, family):
    with tenant_scope(centre):
        old = paid(family, 500, DAY - 500 * ONE)
    assert "别的缴费也要退" in seen(desk, at, row)

    assert "已加上这一笔" in text(did(desk, at, row, "add", payment=old.pk))
    assert did(desk, at, row, "add", payment="x").status_code == 422


# -- a save offer --------------------------------------------------------------------------------------------------------------------
def test_an_offer_stands_beside_the_refund(desk, at, row):
    page = text(did(desk, at, row, "offer", kind="lessons", text="送四课时", lessons="4", fen=""))

    assert "留要" in page
    assert "400" in page
    assert "每 7 家里有一家因此再留一年，就不亏。" in page
    assert "等家长答复" in page


def test_an_offer_that_lacks_something_comes_back(desk, at, row):
    answer = did(desk, at, row, "offer", kind="lessons", text="送四课时", lessons="", fen="")

    assert answer.status_code == 422 and "请写送几课时" in text(answer)


def test_a_family_that_takes_it_is_kept(boss, at, centre, row):
    did(boss, at, row, "offer", kind="pause", text="留名额", lessons="", fen="0")
    with tenant_scope(centre):
        made = row.offers.get()
    page = text(did(boss, at, row, "answer", offer=made.pk, answer="accepted"))

    assert "留住了，申请已了结" in page and "重开" in page


def test_an_offer_of_another_application_is_not_found(boss, at, row):
    assert did(boss, at, row, "answer", offer="999999", answer="accepted").status_code == 404


# -- approval ------------------------------------------------------------------------------------------------------------------------
def test_from_the_desk_to_the_money(desk, boss, at, centre, row):
    assert "已提交，等另一位同事审批" in text(did(desk, at, row, "propose"))
    assert "收回来改" in seen(desk, at, row) and "批准" in seen(boss, at, row)
    assert "已批准" in text(did(boss, at, row, "approve", words="同意"))
    assert "等园长、副园长或行政退款" in seen(desk, at, row)
    assert "已退款，每笔都记进了缴费" in text(did(boss, at, row, "pay"))
    with tenant_scope(centre):
        assert Payment.objects.filter(amount_fen=-200000).count() == 1


def test_what_is_refused_is_said_on_the_page(desk, at, centre, row):
    with tenant_scope(centre):
        RefundLine.objects.update(is_in=False)
    answer = did(desk, at, row, "propose")

    assert answer.status_code == 422 and "没有可退的钱" in text(answer)


def test_the_front_desk_cannot_approve(desk, at, centre, row, frontdesk):
    other = make_member(centre, "frontdesk", "乙")
    did(desk, at, row, "propose")

    assert did(signed_in(other), at, row, "approve", words="").status_code == 403


def test_declined_and_sent_back_with_words(desk, boss, at, row):
    did(desk, at, row, "propose")
    assert did(boss, at, row, "decline", words="").status_code == 422
    assert "已退回" in text(did(boss, at, row, "send_back", words="分开算"))
    did(desk, at, row, "propose")

    assert "没有批准，理由已记下" in text(did(boss, at, row, "decline", words="都上完了"))
    assert "都上完了" in seen(desk, at, row)


def test_taken_back_and_reopened(desk, at, row):
    assert "家长撤回了" in text(did(desk, at, row, "take_back"))
    assert "已重开" in text(did(desk, at, row, "reopen"))


@pytest.mark.parametrize("verb", ["fly", "count%00"])
def test_what_nobody_can_do_is_refused(desk, at, row, verb):
    assert desk.post(f"{at}/churn/refunds/{row.pk}/{verb}/").status_code in (400, 404, 409)


def test_the_state_of_each_is_read_by_who_may_not_change_the_case(desk, at, centre, row, frontdesk):
    with tenant_scope(centre):
        take_back(row, by=frontdesk, at=AT)

    assert "家长撤回" in text(desk.get(f"{at}/churn/refunds/?state=all"))


def test_a_teacher_sees_nothing_of_it(at, centre, family, row):
    teacher = signed_in(make_member(centre, "teacher"))

    assert teacher.get(f"{at}/churn/refunds/").status_code == 403
    assert "退费申请" not in text(teacher.get(f"{at}/families/{family.pk}/"))


# -- rules ---------------------------------------------------------------------------------------------------------------------------
def test_the_rules_in_force_are_read(desk, at, centre):
    page = text(desk.get(f"{at}/churn/refunds/rules/"))

    assert "退费按“校外培训（全国）”算" in page
    assert "付款 7 天内没有上过课，全退。" in page
    assert "由园长、副园长或市场负责人改" in page


def test_a_pack_is_chosen(boss, at, school):
    assert "还没有选退费规则" in text(boss.get(f"{at}/churn/refunds/rules/"))
    page = text(boss.post(f"{at}/churn/refunds/rules/", {"pack": "taian"}, follow=True))

    assert "以后算退费按这套规则" in page
    assert "退费按“泰安幼儿园”算" in page
    assert "当月出勤不超过工作日一半的退 60%" in page


def test_a_school_writes_its_own(boss, at, school):
    typed = {"pack": "own", "basis": "协议第三条"} | {f"method_{group}": "days" for group in ("tuition", "meals",
            "interest", "other")} | {
        f"clause_{group}": "按剩余天数退" for group in ("tuition", "meals", "interest", "other")}

    assert "退费按“本校的退费规则”算" in text(boss.post(f"{at}/churn/refunds/rules/", typed, follow=True))
    with tenant_scope(school):
        assert RefundRules.objects.get().own["meals"] == {"method": "days", "clause": "按剩余天数退"}


@pytest.mark.parametrize("typed", [
    {"pack": ""},
    {"pack": "x"},
    {"pack": "own"},
    {"pack": "own", "basis": "x", "method_tuition": "fly"},
])
def test_rules_that_are_not_sound_come_back(boss, at, school, typed):
    assert boss.post(f"{at}/churn/refunds/rules/", typed).status_code == 422


def test_the_desk_may_not_choose_rules(desk, at, centre):
    assert desk.post(f"{at}/churn/refunds/rules/", {"pack": "training"}).status_code == 403

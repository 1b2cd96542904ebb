"""收费流水: whose line it is, which child's, which lines are new, and what looks doubled."""
from datetime import date
from decimal import Decimal

import pytest

from crm.imports.payments import import_key
from crm.imports.records import PaymentLine
from crm.models import Child, Customer, CustomerType, Family, FeeKind, Payment
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

HEADER = "缴费日期,幼儿姓名,家长电话,收费项目,金额,挂牌价,支付方式,票据号\n"
ROW = "2026-09-01,周小满,13800138000,保教费,1200,1500,微信,0001\n"


@pytest.fixture
def miao(school):
    with tenant_scope(school):
        school.family = makers.family("周小满", "13800138000")
        yield school


def line(**values):
    known = dict(paid_on=date(2026, 9, 1), amount_fen=120_000, phone="13800138000", external_ref="", child_name="",
            fee_kind="保教费",
                 list_fen=None, quantity=None, method="", receipt="", remark="")
    return PaymentLine(**(known | values))


# -- keys -------------------------------------------------------------------------------------------------------------
def test_the_same_line_has_the_same_key():
    assert import_key("7", line(), 1) == import_key("7", line(method="现金", remark="x", phone="13900139000"), 1)
    assert len(import_key("7", line(), 1)) == 32


@pytest.mark.parametrize("values", [{"paid_on": date(2026, 9, 2)}, {"amount_fen": 1}, {"fee_kind": "伙食费"},
        {"receipt": "0002"}])
def test_another_day_item_amount_or_receipt_is_another_line(values):
    assert import_key("7", line(), 1) != import_key("7", line(**values), 1)


def test_another_customer_or_another_time_is_another_line():
    assert len({import_key("7", line(), 1), import_key("8", line(), 1), import_key("7", line(), 2)}) == 3


# -- lines ------------------------------------------------------------------------------------------------------------
def test_a_line_is_kept_whole(miao, bring):
    bring("payments", HEADER + ROW)
    payment = Payment.objects.select_related("fee_kind", "child").get()

    assert (payment.customer_id, payment.child.name, payment.fee_kind.name) == (miao.family.pk, "周小满", "保教费")
    assert (payment.amount_fen, payment.list_fen, payment.method, payment.receipt, payment.paid_on) == (
        120_000, 150_000, "微信", "0001", date(2026, 9, 1))


def test_the_same_file_again_adds_nothing(miao, bring):
    bring("payments", HEADER + ROW)
    run = bring("payments", HEADER + ROW)

    assert (run.counts["new"], run.counts["unchanged"], Payment.objects.count()) == (0, 1, 1)


def test_a_longer_file_adds_what_is_new(miao, bring):
    bring("payments", HEADER + ROW)
    run = bring("payments", HEADER + ROW + ROW.replace("09-01", "10-01"))

    assert (run.counts["new"], run.counts["unchanged"]) == (1, 1)


def test_equal_lines_are_all_kept_and_the_later_ones_listed(miao, bring, noted):
    run = bring("payments", HEADER + ROW * 3)

    assert (run.counts["new"], Payment.objects.count()) == (3, 3)
    assert [(number, verdict, reason) for number, verdict, _field, reason in noted(run)] == [
        (3, "doubled", "和前面一行完全相同（第 2 次），已保留，请核对是否重复"), (4, "doubled",
                "和前面一行完全相同（第 3 次），已保留，请核对是否重复")]


def test_equal_lines_in_two_batches_of_rows_are_counted_on(miao, bring, monkeypatch):
    monkeypatch.setattr("crm.imports.runs.AT_ONCE", 1)
    first = bring("payments", HEADER + ROW * 3)
    again = bring("payments", HEADER + ROW * 3)

    assert (first.counts["new"], again.counts["new"], again.counts["unchanged"], Payment.objects.count()) == (3, 0, 3, 3)


@pytest.mark.parametrize(("amount", "fen"), [("0", 0), ("-300", -30_000), ("(300)", -30_000)])
def test_nothing_and_less_than_nothing_are_kept(miao, bring, amount, fen):
    bring("payments", HEADER + ROW.replace("1200", amount))

    assert Payment.objects.get().amount_fen == fen


def test_an_unknown_fee_becomes_a_fee_kind_of_the_school(miao, bring):
    bring("payments", HEADER + ROW.replace("保教费", "春游费"))

    assert FeeKind.objects.get(name="春游费").group == "other"
    assert Payment.objects.get().fee_kind.name == "春游费"


# -- whose -------------------------------------------------------------------------------------------------------------
def test_a_number_nobody_has_is_refused_with_what_to_do(miao, bring, noted):
    run = bring("payments", HEADER + ROW.replace("13800138000", "13900139000"))

    assert noted(run) == [(2, "refused", "phone", "档案里没有这个号码的家庭，先导入花名册")]


def test_a_child_nobody_knows_leaves_the_line_with_the_family_and_says_so(miao, bring, noted):
    run = bring("payments", HEADER + ROW.replace("周小满", "周大满"))
    payment = Payment.objects.get()

    assert (payment.customer_id, payment.child_id) == (miao.family.pk, None)
    assert noted(run) == [(2, "remark", "child_name", "这家没有叫“周大满”的孩子，已记在家庭名下")]


def test_two_children_of_one_name_leave_the_line_with_the_family(miao, bring, noted):
    Child.objects.create(family=miao.family.family, name="周小满", born_on=date(2023, 1, 1))
    run = bring("payments", HEADER + ROW)

    assert (Payment.objects.get().child_id, noted(run)[0][3]) == (None, "这家有两个同名的孩子，已记在家庭名下")


def test_a_line_without_a_child_is_the_familys_without_a_word(miao, bring, noted):
    run = bring("payments", HEADER + ROW.replace("周小满", ""))

    assert (Payment.objects.get().child_id, noted(run)) == (None, [])


def test_a_reference_finds_the_customer_where_there_is_no_phone(miao, bring):
    bring("payments", f"缴费日期,客户编号,金额\n2026-09-01,{miao.family.external_ref},80\n")

    assert Payment.objects.get().customer_id == miao.family.pk


def test_a_reference_nobody_has_is_refused(miao, bring, noted):
    run = bring("payments", "缴费日期,客户编号,金额\n2026-09-01,Z-1,80\n")

    assert noted(run) == [(2, "refused", "external_ref", "档案里没有这个编号的家庭，先导入花名册")]


# -- customers made by their purchases -----------------------------------------------------------------------------------
PURCHASES = "缴费日期,客户编号,数量,金额\n2026-03-05,K-1,2,20\n2026-01-02,K-1,1,10\n2026-02-01,K-2,1,5\n"


def test_unknown_customers_are_made_since_their_first_purchase(miao, bring):
    run = bring("payments", PURCHASES, on_missing="create")
    made = dict(Customer.objects.exclude(pk=miao.family.pk).values_list("external_ref", "since"))

    assert (run.counts["families"], run.counts["new"]) == (2, 3)
    assert made == {"K-1": date(2026, 1, 2), "K-2": date(2026, 2, 1)}
    assert Family.objects.count() == 3


def test_made_customers_are_of_the_type_that_was_asked_for(miao, bring):
    kind = CustomerType.objects.create(code="alumni", name="校友", half="family")
    bring("payments", PURCHASES, on_missing="create", customer_type="alumni")

    assert Customer.objects.filter(type=kind).count() == 2


def test_a_type_nobody_knows_stops_the_import(miao, bring):
    with pytest.raises(Refused, match="没有代码为“ghost”的客户类型"):
        bring("payments", PURCHASES, on_missing="create", customer_type="ghost")


def test_quantities_are_kept(miao, bring):
    bring("payments", PURCHASES, on_missing="create")

    assert sorted(Payment.objects.values_list("quantity", flat=True)) == [Decimal(1), Decimal(1), Decimal(2)]


def test_bought_again_a_made_customer_is_found(miao, bring):
    bring("payments", PURCHASES, on_missing="create")
    run = bring("payments", PURCHASES.replace("2026-03-05", "2026-04-05"), on_missing="create")

    assert (run.counts["families"], run.counts["new"], run.counts["unchanged"]) == (0, 1, 2)


def test_without_phone_and_reference_columns_the_sheet_is_refused(miao, bring):
    with pytest.raises(Refused, match="还缺这几列：家长电话或客户编号") as refusal:
        bring("payments", "缴费日期,金额,票据号\n2026-09-01,80,1\n")

    assert refusal.value.field == "columns"

"""One row of a sheet as a record, or the reason why not: every kind of sheet, every column, every way to write it."""
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.columns import FIELDS
from crm.imports.records import OUTCOMES, READERS, RELATIONS, RESULTS, SEXES, STATUSES, RowRefused, Rules
from crm.models import Attendance, Outcome, Referral, Relation, Sex

TODAY = date(2026, 11, 20)
RULES = Rules(TODAY)
PHONE = "13800138000"
# the least that each kind of row must say
LEAST = {
    "roster": {"child_name": "周小满", "phone": PHONE},
    "payments": {"paid_on": "2026-09-01", "phone": PHONE, "amount": "1200"},
    "referrals": {"referred_on": "2026-09-01", "phone": PHONE, "referred_phone": "13900139000"},
    "activities": {"day": "2026-09-01", "phone": PHONE, "title": "亲子运动会"},
    "attendance": {"day": "2026-09-01", "phone": PHONE, "child_name": "周小满", "status": "请假"},
    "lessons": {"bought_on": "2026-09-01", "phone": PHONE, "course": "钢琴", "bought": "24"},
    "leads": {"day": "2026-09-01", "guardian_name": "罗女士", "phone": PHONE},
    "partners": {"name": "市图书馆"},
    "enrolments": {"phone": PHONE, "child_name": "周小满", "from_on": "2024-09-01"},
}


def read(kind, **cells):
    return READERS[kind](LEAST[kind] | cells, RULES)


def refused(kind, **cells):
    with pytest.raises(RowRefused) as refusal:
        read(kind, **cells)
    return refusal.value.field, refusal.value.reason


# -- what all kinds share ------------------------------------------------------------------------------------
def test_every_kind_of_sheet_has_a_reader():
    assert set(READERS) == set(FIELDS) == set(LEAST)


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_the_least_that_a_row_must_say_is_enough(kind):
    assert read(kind) is not None


REQUIRED = sorted((kind, field.code) for kind, fields in FIELDS.items() for field in fields if field.required)


@pytest.mark.parametrize(("kind", "field"), REQUIRED)
@pytest.mark.parametrize("empty", [None, "", "  ", "\x00"])
def test_a_row_without_a_required_cell_is_refused_at_that_cell(kind, field, empty):
    if (kind, field) == ("attendance", "status"):
        empty = "不知道"

    assert refused(kind, **{field: empty})[0] == field


PHONES = sorted((kind, field.code) for kind, fields in FIELDS.items() for field in fields if field.code.endswith("phone"))


@pytest.mark.parametrize(("kind", "field"), PHONES)
@pytest.mark.parametrize(("written", "why"), [
    ("1380013800", "少了 1 位，手机号是 11 位"), ("138001380001", "多了 1 位，手机号是 11 位"), ("没有", "没有电话号码"),
    ("2580", "“2580”不是手机号，也不是带区号的座机"),
])
def test_a_wrong_number_says_what_is_wrong_with_it(kind, field, written, why):
    assert refused(kind, **{field: written}) == (field, why)


@pytest.mark.parametrize(("kind", "field"), PHONES)
@pytest.mark.parametrize("written", ["+86 138-0013-8000", "１３８００１３８０００", 13800138000, 13800138000.0,
        "138 0013 8000（妈妈）", "86-13800138000"])
def test_a_number_is_read_however_it_is_written(kind, field, written):
    other = {"referrals": {"phone": "13900139001"} if field == "referred_phone" else {}}.get(kind, {})
    line = read(kind, **other, **{field: written})

    assert getattr(line, field) == PHONE


DATES = sorted({("roster", "born_on"), ("payments", "paid_on"), ("referrals", "referred_on"), ("activities", "day"),
        ("attendance", "day"),
                ("lessons", "bought_on"), ("leads", "day"), ("leads", "born_on"), ("partners", "since")})


@pytest.mark.parametrize(("kind", "field"), DATES)
@pytest.mark.parametrize("written", ["2025-03-11", "2025/3/11", "2025.03.11", "2025年3月11日", "20250311", 20250311,
        45727, date(2025, 3, 11),
                                     "２０２５－０３－１１", "2025-03-11 08:30"])
def test_a_day_is_read_however_it_is_written(kind, field, written):
    line = read(kind, **{field: written})
    found = getattr(line, field, None) or getattr(line, "day", None)

    assert (line.values["born_on"] if (kind, field) == ("leads", "born_on") else found) == date(2025, 3, 11)


@pytest.mark.parametrize(("kind", "field"), DATES)
@pytest.mark.parametrize("written", ["2025-02-30", "2025-13-01", "昨天", "2026-11-21", "2999-01-01"])
def test_a_day_that_is_none_or_still_to_come_is_refused(kind, field, written):
    assert refused(kind, **{field: written})[0] == field


@pytest.mark.parametrize("kind", sorted(LEAST))
@given(junk=st.dictionaries(st.sampled_from(sorted({f.code for fields in FIELDS.values() for f in fields})),
                            st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.dates(),
                                    st.booleans())))
def test_whatever_the_cells_hold_it_is_a_record_or_a_reason(kind, junk):
    try:
        READERS[kind](LEAST[kind] | junk, RULES)
    except RowRefused as refusal:
        assert refusal.field and refusal.reason


@pytest.mark.parametrize(("words", "choices"), [
    (RELATIONS, Relation), (SEXES, Sex), (STATUSES, Attendance.Status), (OUTCOMES, Outcome),
])
def test_every_word_means_a_choice_that_is_there(words, choices):
    assert set(words.values()) <= set(choices.values)


def test_the_words_for_a_referrals_result_mean_one_of_its_results():
    assert set(RESULTS.values()) == set(Referral.Result.values)


# -- 花名册 -----------------------------------------------------------------------------------------------------
def test_a_roster_row_is_read_whole():
    line = read("roster", sex="女", born_on="2021-05-01", guardian_name="罗 女士", relation="妈妈",
            address="河畔里 12 号", class_name="小一班",
                enrolled_on="2024-09-01", occupation="护士", health="花生过敏", campus="东园", external_ref="K-17")

    assert (line.child_name, line.phone, line.sex, line.born_on) == ("周小满", PHONE, "f", date(2021, 5, 1))
    assert (line.guardian_name, line.relation, line.occupation) == ("罗女士", "mother", "护士")
    assert (line.address, line.class_name, line.enrolled_on) == ("河畔里 12 号", "小一班", date(2024, 9, 1))
    assert (line.health, line.campus, line.external_ref) == ("花生过敏", "东园", "K-17")


def test_what_a_roster_does_not_say_is_empty():
    line = read("roster")

    assert (line.sex, line.born_on, line.relation, line.address, line.enrolled_on) == ("", None, "other", "", None)


def test_a_guardian_without_a_name_is_called_by_the_child():
    assert read("roster").guardian_name == "周小满家长"


@pytest.mark.parametrize(("written", "kept"), [("周 小满", "周小满"), ("Mary  Ann", "Mary Ann"), ("阿依古丽·买买提",
        "阿依古丽·买买提"), ("　李四", "李四")])
def test_a_name_is_kept_without_stray_spaces(written, kept):
    assert read("roster", child_name=written).child_name == kept


@pytest.mark.parametrize(("written", "sex"), [("男", "m"), ("女", "f"), ("M", "m"), ("男孩", "m"), ("不详", ""),
        (None, ""), ("男 ", "m")])
def test_the_sex_is_one_of_two_or_unknown(written, sex):
    assert read("roster", sex=written).sex == sex


@pytest.mark.parametrize(("written", "relation"), [("爸爸", "father"), ("母", "mother"), ("姥姥", "grandma_m"),
        ("姑姑", "other"), ("", "other")])
def test_an_unknown_relation_is_another_guardian(written, relation):
    assert read("roster", relation=written).relation == relation


def test_a_long_cell_is_cut_where_the_archive_ends():
    line = read("roster", address="路" * 300, class_name="班" * 50, occupation="工" * 60, external_ref="9" * 60)

    assert [len(text) for text in (line.address, line.class_name, line.occupation, line.external_ref)] == [200, 30, 40, 40]


def test_a_name_of_a_whole_sentence_is_refused():
    assert refused("roster", child_name="名" * 41) == ("child_name", "孩子姓名太长，最多 40 个字")


@pytest.mark.parametrize(("written", "why"), [("2027-01-01", "在将来"), ("1920-01-01", "太早"), ("2021-13-01",
        "没有 13 月"), ("属牛", "看不懂日期")])
def test_a_birthday_that_cannot_be_says_why(written, why):
    field, reason = refused("roster", born_on=written)

    assert field == "born_on" and why in reason


def test_a_place_may_be_promised_for_the_year_after_next_and_no_later():
    assert read("roster", enrolled_on="2028-09-01").enrolled_on == date(2028, 9, 1)
    assert "太远了" in refused("roster", enrolled_on="2032-09-01")[1]


# -- 收费流水 -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("written", "fen"), [
    ("1200", 120_000), ("1,200.50", 120_050), ("￥1200元", 120_000), ("¥ 1 200", 120_000), (1200, 120_000), (1200.5,
            120_050), ("-300", -30_000),
    ("(300)", -30_000), ("（300）", -30_000), ("0", 0), ("１２００", 120_000), ("1200 RMB", 120_000), ("0.1",
            10), (0.07, 7),
])
def test_money_is_read_however_it_is_written(written, fen):
    assert read("payments", amount=written).amount_fen == fen


@pytest.mark.parametrize("written", ["一千二", "12a", "", None, "NaN", "Infinity", "1e12", "1200/月"])
def test_what_is_no_amount_is_refused(written):
    assert refused("payments", amount=written)[0] == "amount"


@pytest.mark.parametrize(("item", "amount", "kept", "fen"), [
    ("保教费", "100", "保教费", 10_000), ("保教费退费", "100", "保教费", -10_000), ("保教费退款", "-100", "保教费",
            -10_000),
    ("退费", "100", "退费", -10_000), ("", "100", "其他", 10_000), (None, "100", "其他", 10_000),
])
def test_a_fee_paid_back_is_the_same_fee_with_a_minus(item, amount, kept, fen):
    line = read("payments", fee_kind=item, amount=amount)

    assert (line.fee_kind, line.amount_fen) == (kept, fen)


def test_a_payment_is_read_whole():
    line = read("payments", external_ref="K-17", child_name="周小满", fee_kind="伙食费", list_price="1500",
            quantity="2", method="微信",
                receipt="0001", remark="九月")

    assert (line.external_ref, line.child_name, line.fee_kind, line.list_fen) == ("K-17", "周小满", "伙食费", 150_000)
    assert (line.quantity, line.method, line.receipt, line.remark) == (Decimal(2), "微信", "0001", "九月")


def test_a_payment_needs_a_number_or_a_reference():
    assert refused("payments", phone="")[0] == "phone"
    assert read("payments", phone="", external_ref="K-17").phone == ""


@pytest.mark.parametrize(("written", "quantity"), [("3", Decimal(3)), (2.5, Decimal("2.5")), ("", None), ("-1",
        Decimal(-1))])
def test_a_quantity_may_be_missing_or_broken(written, quantity):
    assert read("payments", quantity=written).quantity == quantity


@pytest.mark.parametrize("written", ["三", "1000000", "NaN"])
def test_a_quantity_that_is_none_is_refused(written):
    assert refused("payments", quantity=written)[0] == "quantity"


def test_an_explicit_pattern_reads_what_looks_like_a_number():
    assert READERS["payments"](LEAST["payments"] | {"paid_on": "19970930"},
            Rules(TODAY, "%Y%m%d")).paid_on == date(1997, 9, 30)


def test_a_day_against_the_pattern_is_refused():
    with pytest.raises(RowRefused, match="不是 %Y%m%d 写法的日期"):
        READERS["payments"](LEAST["payments"] | {"paid_on": "1997-09-30"}, Rules(TODAY, "%Y%m%d"))


# -- 推荐 ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("written", "result"), sorted(RESULTS.items()))
def test_a_referrals_result_is_what_the_sheet_says(written, result):
    assert read("referrals", result=written).result == result


def test_an_unknown_result_lists_the_words_that_can_be_written():
    field, reason = refused("referrals", result="差不多了")

    assert field == "result"
    assert reason.startswith("“差不多了”不认识，可以写：")
    assert "已参观" in reason


def test_nobody_refers_themselves():
    assert refused("referrals", referred_phone=PHONE) == ("referred_phone", "推荐人和被推荐人是同一个号码，不能推荐自己")


def test_a_referral_is_read_whole():
    line = read("referrals", referred_name="孙女士", result="已入园", converted_on="2026-10-08")

    assert (line.referred_on, line.referred_name, line.referred_phone) == (date(2026, 9, 1), "孙女士", "13900139000")
    assert (line.result, line.converted_on) == ("converted", date(2026, 10, 8))


# -- 活动、考勤、课时 -------------------------------------------------------------------------------------------------
def test_a_sign_in_needs_no_child():
    line = read("activities")

    assert (line.child_name, line.day, line.values) == ("", date(2026, 9, 1), {"title": "亲子运动会"})


@pytest.mark.parametrize(("written", "status"), sorted(STATUSES.items()))
def test_attendance_is_read_in_the_schools_words(written, status):
    assert read("attendance", status=written).values == {"status": status}


def test_attendance_in_unknown_words_lists_the_known_ones():
    assert "可以写：出勤、到、√、请假" in refused("attendance", status="早退")[1]


@pytest.mark.parametrize(("cells", "values"), [
    ({}, {"course": "钢琴", "bought": 24, "gifted": 0, "used": 0}),
    ({"gifted": "2", "used": "26"}, {"course": "钢琴", "bought": 24, "gifted": 2, "used": 26}),
    ({"bought": 48.0, "used": "0"}, {"course": "钢琴", "bought": 48, "gifted": 0, "used": 0}),
])
def test_a_package_counts_its_lessons(cells, values):
    assert read("lessons", **cells).values == values


@pytest.mark.parametrize(("cells", "field", "why"), [
    ({"used": "25"}, "used", "已上 25 课时，多于买的和送的共 24 课时"), ({"bought": "2.5"}, "bought", "“2.5”不是整数"),
    ({"bought": "-1"}, "bought", "“-1”不是整数"), ({"gifted": "两"}, "gifted",
            "“两”不是数量"), ({"bought": "9999999"}, "bought", "数量太大了"),
])
def test_a_package_that_does_not_add_up_is_refused(cells, field, why):
    assert refused("lessons", **cells) == (field, why)


# -- 线索、合作机构、在园记录 -----------------------------------------------------------------------------------------
def test_a_lead_is_read_whole():
    line = read("leads", child_name="周小满", born_on="2023-05-01", source="小红书", text="想参观")

    assert (line.child_name, line.day) == ("周小满", date(2026, 9, 1))
    assert line.values == {"guardian_name": "罗女士", "source": "小红书", "born_on": date(2023, 5, 1), "text": "想参观"}


def test_a_partner_may_have_no_number_and_no_day():
    line = read("partners")

    assert (line.name, line.phone, line.since, line.contact, line.field, line.external_ref) == ("市图书馆", "", None,
            "", "", "")


def test_a_partners_landline_is_taken():
    assert read("partners", phone="0571-88001234").phone == "057188001234"


@pytest.mark.parametrize(("written", "outcome"), sorted(OUTCOMES.items()))
def test_an_ended_stay_has_its_reason(written, outcome):
    assert read("enrolments", until_on="2026-06-30", outcome=written).values["outcome"] == outcome


def test_a_stay_that_goes_on_has_no_reason():
    assert read("enrolments", outcome="毕业").values == {"class_name": "", "until_on": None, "outcome": ""}


def test_a_stay_that_ended_may_leave_its_reason_open():
    assert read("enrolments", until_on="2026-06-30").values["outcome"] == ""


def test_a_stay_that_ends_before_it_begins_is_refused():
    assert refused("enrolments", until_on="2024-08-31") == ("until_on", "离园日期 2024-08-31 早于入园日期 2024-09-01")


@pytest.mark.parametrize(("until_on", "taken"), [("2024-09-01", True), ("2024-09-02", True)])
def test_a_stay_of_a_day_is_a_stay(until_on, taken):
    assert (read("enrolments", until_on=until_on).values["until_on"] is not None) is taken

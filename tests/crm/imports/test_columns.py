"""Which column is what: the header is found by itself, and the words schools use are known."""
import pytest

from crm.imports.columns import FIELDS, field_names, find_header, is_blank_or_total, missing_fields, plain, suggest

ROSTER = ["序号", "幼儿姓名", "性别", "出生日期", "班级", "家长姓名", "联系电话"]


@pytest.mark.parametrize(("rows", "at"), [
    ([ROSTER], 0), ([["苗苗幼儿园花名册"], [], ROSTER], 2), ([["2026 年秋", "", ""], ["制表：王老师"], ["", ""],
            ROSTER, ["1", "张三"]], 3),
    ([["姓名"], ROSTER], 1), ([["张三", "13800138000"]], None), ([["姓名"]], None), ([], None), ([[]],
            None), ([ROSTER, ROSTER], 0),
    ([[""]] * 15 + [ROSTER], None),
])
def test_the_header_is_the_first_row_that_names_the_most_columns(rows, at):
    assert find_header("roster", rows) == at


@pytest.mark.parametrize(("cell", "said"), [
    ("联系电话 *", "联系电话"), ("联系\n电话", "联系电话"), ("金额（元）", "金额(元)"), (" 班级：",
            "班级"), ("＊姓名", "姓名"), (None, ""), (3, "3"),
])
def test_a_header_is_read_without_its_ornaments(cell, said):
    assert plain(cell) == said


def test_known_words_find_their_columns_and_unknown_ones_none():
    assert suggest("roster", ROSTER) == {"child_name": 1, "sex": 2, "born_on": 3, "class_name": 4, "guardian_name": 5,
            "phone": 6}


def test_of_two_columns_that_mean_the_same_the_first_is_taken():
    assert suggest("roster", ["手机", "联系电话", "姓名"]) == {"phone": 0, "child_name": 2}


def test_what_the_school_chose_last_time_goes_before_the_known_words():
    assert suggest("roster", ["姓名", "宝贝", "电话"], {"宝贝": "child_name", "姓名": "guardian_name"}) == {
        "guardian_name": 0, "child_name": 1, "phone": 2}


@pytest.mark.parametrize(("row", "left_out"), [
    ([], True), (["", None, "  "], True), (["合计", "", "12,000"], True), (["", "总计：3 人"],
            True), (["", "", "小计"], True),
    (["共计 12 户"], True), (["1", "张三"], False), (["", "", "", "合计"], False), ([0], False), (["", "李合计"], False),
])
def test_empty_rows_and_sums_are_no_data(row, left_out):
    assert is_blank_or_total(row) is left_out


@pytest.mark.parametrize(("kind", "mapping", "names"), [
    ("roster", {"child_name": 0, "phone": 1}, []), ("roster", {}, ["孩子姓名", "手机号（加密）"]), ("roster",
            {"phone": 1}, ["孩子姓名"]),
    ("payments", {"paid_on": 0, "amount": 1, "phone": 2}, []), ("payments",
            {"paid_on": 0, "amount": 1, "external_ref": 2}, []),
    ("payments", {"paid_on": 0, "amount": 1}, ["家长电话或客户编号"]), ("payments", {},
            ["缴费日期", "金额（元）", "家长电话或客户编号"]),
])
def test_what_must_be_there_is_named(kind, mapping, names):
    assert missing_fields(kind, mapping) == names


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_every_kind_finds_its_own_template_and_its_words_mean_one_thing(kind):
    header = [field.words[0] for field in FIELDS[kind]]
    words = [word for field in FIELDS[kind] for word in field.words]

    assert suggest(kind, header) == {field.code: column for column, field in enumerate(FIELDS[kind])}
    assert find_header(kind, [header]) == 0 and missing_fields(kind, suggest(kind, header)) == []
    assert len(words) == len(set(words)) and len(field_names(kind)) == len(FIELDS[kind])


WORDS = sorted((kind, word, field.code) for kind, fields in FIELDS.items() for field in fields for word in field.words)


@pytest.mark.parametrize(("kind", "word", "code"), WORDS)
def test_every_word_finds_its_column_with_or_without_ornaments(kind, word, code):
    assert suggest(kind, ["x", word]) == suggest(kind, ["x", f" {word}＊："]) == {code: 1}


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_every_field_has_a_name_of_its_own_on_the_screen(kind):
    names = field_names(kind)

    assert set(names) == {field.code for field in FIELDS[kind]}
    assert len(set(names.values())) == len(names)
    assert all(names.values())

"""花名册 into the archive: families by phone, children by name, classes as they are named, and a second time without harm."""
from datetime import date

import pytest

from crm.models import Child, ClassGroup, Customer, Enrolment, Family, Guardian, ImportChange
from crm.queries import search
from tenancy.models import Campus
from tests import makers

HEADER = "幼儿姓名,性别,出生日期,家长姓名,与幼儿关系,联系电话,家庭住址,班级,入园时间,备注,园所\n"
ROW = "周小满,女,2021-05-01,罗女士,妈妈,13800138000,河畔里 12 号,小一班,2024-09-01,花生过敏,\n"


# -- new ----------------------------------------------------------------------------------------------------------
def test_a_row_becomes_a_customer_a_family_a_guardian_a_child_and_an_enrolment(miao, bring):
    run = bring("roster", HEADER + ROW)
    customer, guardian, child = Customer.objects.get(), Guardian.objects.get(), Child.objects.get()
    enrolment = child.enrolments.select_related("class_group").get()

    assert (run.counts["new"], run.counts["families"], run.counts["classes"]) == (1, 1, ["小一班"])
    assert (customer.name, customer.since, customer.campus.code) == ("周小满一家", date(2024, 9, 1), "main")
    assert (guardian.name, guardian.relation, guardian.phone, guardian.phone_mask) == ("罗女士", "mother",
            "13800138000", "138****8000")
    assert (guardian.decides, guardian.pays, customer.family.address) == (True, True, "河畔里 12 号")
    assert (child.name, child.sex, child.born_on, child.health) == ("周小满", "f", date(2021, 5, 1), "花生过敏")
    assert (enrolment.class_group.name, enrolment.from_on, enrolment.until_on) == ("小一班", date(2024, 9, 1), None)


def test_everything_that_was_made_remembers_its_run(miao, bring):
    run = bring("roster", HEADER + ROW)

    assert {model.objects.get().import_run_id for model in (Customer, Guardian, Child, Enrolment, ClassGroup)} == {run.pk}


@pytest.mark.parametrize("words", ["周小满", "zxm", "zhouxiaoman", "小满", "罗女士", "lns", "13800138000", "8000",
        "F-0001"])
def test_what_came_in_is_found_at_once(miao, bring, words):
    bring("roster", HEADER + ROW)

    assert [customer.name for customer in search(Customer.objects.present(), words)] == ["周小满一家"]


def test_siblings_on_one_number_are_one_family_that_is_called_by_all_of_them(miao, bring):
    run = bring("roster", HEADER + ROW + ROW.replace("周小满", "周小树").replace("2021-05-01", "2023-01-01"))

    assert (run.counts["new"], run.counts["families"], Customer.objects.get().name) == (2, 1, "周小满、周小树一家")


def test_a_family_of_many_is_called_by_three_of_them(miao, bring):
    bring("roster", HEADER + "".join(ROW.replace("周小满", f"周小{n}").replace("05-01", f"05-0{n}") for n in range(1, 6)))

    assert Customer.objects.get().name == "周小1、周小2、周小3等一家"


def test_without_a_class_and_a_day_nobody_is_enrolled(miao, bring):
    bring("roster", "幼儿姓名,联系电话\n周小满,13800138000\n")

    assert (Child.objects.count(), Enrolment.objects.count()) == (1, 0)


def test_a_class_without_a_day_begins_on_the_day_of_the_import(miao, bring, now):
    bring("roster", "幼儿姓名,联系电话,班级\n周小满,13800138000,小一班\n")

    assert Enrolment.objects.get().from_on == date(2026, 11, 20)


def test_a_class_is_made_once_and_its_grade_read_from_its_name(miao, bring):
    run = bring("roster", HEADER + ROW + ROW.replace("周小满", "李四").replace("13800138000", "13900139000"))

    assert (run.counts["classes"], list(ClassGroup.objects.values_list("name", "grade"))) == (["小一班"],
            [("小一班", "小一")])


def test_a_row_may_name_its_campus_by_name_or_code(miao, bring):
    Campus.objects.create(code="west", name="西园")
    bring("roster", HEADER + ROW[:-1] + "西园\n" + ROW.replace("周小满", "李四").replace("13800138000",
            "13900139000")[:-1] + "west\n",
          campus=Campus.objects.get(code="main"))

    assert set(Customer.objects.values_list("campus__code", flat=True)) == {"west"}


def test_a_campus_nobody_knows_is_refused_with_where_to_add_it(miao, bring, noted):
    run = bring("roster", HEADER + ROW[:-1] + "南园\n")

    assert noted(run) == [(2, "refused", "campus", "没有叫“南园”的园所，先在“园所”里添加")]
    assert not Customer.objects.exists()


# -- again -----------------------------------------------------------------------------------------------------------
def test_the_same_sheet_again_changes_nothing(miao, bring):
    bring("roster", HEADER + ROW)
    before = [model.objects.count() for model in (Customer, Family, Guardian, Child, Enrolment, ClassGroup)]
    run = bring("roster", HEADER + ROW)

    assert (run.counts["new"], run.counts["unchanged"], run.counts["changed"]) == (0, 1, 0)
    assert [model.objects.count() for model in (Customer, Family, Guardian, Child, Enrolment, ClassGroup)] == before


def test_a_row_twice_in_one_sheet_is_imported_once_and_said(miao, bring, noted):
    run = bring("roster", HEADER + ROW + ROW)

    assert (run.counts["new"], run.counts["doubled"]) == (1, 1)
    assert noted(run) == [(3, "doubled", "child_name", "“周小满”在这份表里已有一行，未重复导入")]


@pytest.mark.parametrize(("old", "new", "field", "value"), [
    ("2021-05-01", "2021-06-01", "born_on", date(2021, 5, 1)), (",女,", ",男,", "sex", "m"),
])
def test_what_changed_is_changed_but_another_birthday_is_another_child(miao, bring, old, new, field, value):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace(old, new))
    first = Child.objects.order_by("id").first()

    assert getattr(first, field) == value
    assert (run.counts["changed"], run.counts["new"]) == ((0, 1) if field == "born_on" else (1, 0))


def test_an_empty_cell_takes_nothing_away(miao, bring):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace(",女,2021-05-01,", ",,,"))
    child = Child.objects.get()

    assert (run.counts["unchanged"], child.sex, child.born_on) == (1, "f", date(2021, 5, 1))


def test_a_birthday_that_was_missing_is_filled_in(miao, bring):
    bring("roster", HEADER + ROW.replace("2021-05-01", ""))
    run = bring("roster", HEADER + ROW)

    assert (run.counts["changed"], Child.objects.get().born_on) == (1, date(2021, 5, 1))


def test_a_child_in_another_class_than_before_moves_there(miao, bring):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace("小一班", "小二班"))
    enrolment = Enrolment.objects.select_related("class_group").get()

    assert (run.counts["changed"], enrolment.class_group.name, run.counts["classes"]) == (1, "小二班", ["小二班"])


def test_a_child_that_had_left_is_enrolled_again(miao, bring):
    bring("roster", HEADER + ROW)
    Enrolment.objects.update(until_on=date(2026, 6, 30), outcome="moved")
    run = bring("roster", HEADER + ROW.replace("2024-09-01", "2026-09-01"))

    assert (run.counts["changed"], Enrolment.objects.filter(until_on=None).get().from_on) == (1, date(2026, 9, 1))


def test_a_brother_joins_the_family_of_the_archive_which_is_renamed(miao, bring):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace("周小满", "周小树").replace("2021-05-01", "2023-01-01"))

    assert (run.counts["new"], run.counts["families"], Customer.objects.get().name) == (1, 0, "周小满、周小树一家")
    assert [c.name for c in search(Customer.objects.present(), "zxs")] == ["周小满、周小树一家"]


def test_a_name_that_differs_in_one_character_is_said_and_imported(miao, bring, noted):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace("周小满", "周晓满"))

    assert (run.counts["new"], run.counts["duplicate"], Child.objects.count()) == (1, 1, 2)
    assert noted(run)[0][1:3] == ("duplicate", "child_name")
    assert "可能是同一个孩子" in noted(run)[0][3]


@pytest.mark.parametrize("other", ["周小满满", "李大海", "周晓漫"])
def test_a_name_that_differs_in_more_is_another_child_without_a_word(miao, bring, other):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace("周小满", other))

    assert (run.counts["new"], run.counts["duplicate"]) == (1, 0)


def test_a_family_in_the_bin_is_not_found_by_its_phone(miao, bring, now):
    bring("roster", HEADER + ROW)
    Customer.objects.update(deleted_at=now)
    run = bring("roster", HEADER + ROW)

    assert (run.counts["families"], Customer.objects.present().count()) == (1, 1)


def test_what_was_there_before_is_remembered_for_undo(miao, bring):
    bring("roster", HEADER + ROW)
    run = bring("roster", HEADER + ROW.replace("小一班", "小二班").replace(",女,", ",男,"))
    changes = {change.model: change.before for change in ImportChange.objects.filter(run=run)}

    assert changes["crm.child"] == {"sex": "f"}
    assert set(changes["crm.enrolment"]) == {"class_group_id"}


# -- batches -----------------------------------------------------------------------------------------------------------
def test_a_family_that_spans_two_batches_of_rows_is_one_family(miao, bring, monkeypatch):
    monkeypatch.setattr("crm.imports.runs.AT_ONCE", 2)
    rows = "".join(f"孩{n},,2021-05-0{n},,,13800138000,,,,,\n" for n in range(1, 6))
    run = bring("roster", HEADER + rows)

    assert (run.counts["families"], run.counts["new"], Family.objects.count(), Child.objects.count()) == (1, 5, 1, 5)
    assert Customer.objects.get().name == "孩1、孩2、孩3等一家"


def test_a_row_doubled_across_two_batches_is_still_doubled(miao, bring, monkeypatch):
    monkeypatch.setattr("crm.imports.runs.AT_ONCE", 1)
    run = bring("roster", HEADER + ROW + ROW)

    assert (run.counts["new"], run.counts["doubled"]) == (1, 1)


def test_refused_rows_leave_the_others_alone(miao, bring, noted):
    run = bring("roster", HEADER + ROW + ROW.replace("13800138000", "1380013800") + ROW.replace("周小满",
            "").replace("13800138000", "13700137000"))

    assert (run.counts["rows"], run.counts["new"], run.counts["refused"]) == (3, 1, 2)
    assert [(number, field) for number, _verdict, field, _reason in noted(run)] == [(3, "phone"), (4, "child_name")]


def test_a_known_family_keeps_its_own_number_when_the_sheet_says_another(miao, bring):
    known = makers.family("周小满", "13800138000", born_on=None)
    bring("roster", "编号,幼儿姓名,联系电话\nK-99,周小满,13800138000\n")

    assert Customer.objects.get().external_ref == known.external_ref

"""An import from upload to done: headers found, columns remembered, a dry run that promises and keeps, one run at a time."""
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile

from audit.models import Entry
from crm.imports.runs import (
    CHECK,
    START,
    ask,
    choose_columns,
    customer_type,
    dry_run,
    fix,
    new_run,
    start,
    understand,
)
from crm.models import Child, ColumnMap, Customer, CustomerType, ImportRow, ImportRun
from notifications.models import Outbox
from tenancy.models import Campus
from tenancy.refusals import Refused
from tests import makers

TODAY = date(2026, 11, 20)
ROSTER = "幼儿姓名,联系电话\n周小满,13800138000\n李四,13900139000\n"


@pytest.fixture
def sheet(tmp_path):
    def sheet(text, kind="roster", **mapping):
        path = tmp_path / "sheet.csv"
        path.write_text(text)
        return understand(kind, path, mapping or None)
    return sheet


@pytest.fixture
def run(miao, now):
    return new_run("roster", "花名册.csv", campus=None, by=miao.head, at=now)


# -- understanding -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("above", ["", "苗苗幼儿园花名册\n", "苗苗幼儿园\n2026 年秋\n\n", ",\n"])
def test_the_header_is_found_below_titles(miao, sheet, above):
    found = sheet(above + ROSTER)

    assert found.header == above.count("\n") and found.columns == {"child_name": 0, "phone": 1}
    assert [number for number, _cells in found.data()] == [above.count("\n") + 2, above.count("\n") + 3]


def test_totals_and_empty_rows_are_no_data(miao, sheet):
    found = sheet("缴费日期,家长电话,金额\n2026-09-01,13800138000,100\n,,\n合计,,100\n", "payments")

    assert [number for number, _cells in found.data()] == [2]


def test_a_sheet_without_a_header_is_read_by_numbers(miao, sheet):
    found = sheet("周小满,13800138000\n", header=None, columns={"child_name": 1, "phone": 2})

    assert (found.titles, [cells for _n, cells in found.data()]) == (["1", "2"], [["周小满", "13800138000"]])


def test_an_explicit_header_row_is_taken_at_its_word(miao, sheet):
    assert sheet("x,y\n" + ROSTER, header=2).columns == {"child_name": 0, "phone": 1}


def test_what_the_school_chose_last_time_is_known(miao, sheet, run, now):
    chosen = sheet("娃,打这个\n周小满,13800138000\n", header=1, columns={"child_name": 1, "phone": 2})
    start(run, chosen, at=now)

    assert sheet("打这个,娃\n13700137000,王五\n", header=1).columns == {"phone": 0, "child_name": 1}
    assert dict(ColumnMap.objects.values_list("header", "target")) == {"娃": "child_name", "打这个": "phone"}


def test_a_dry_run_remembers_nothing(miao, sheet, run):
    dry_run(run, sheet(ROSTER), today=TODAY)

    assert not ColumnMap.objects.exists()


def test_required_columns_that_are_missing_are_named(miao, sheet, run):
    with pytest.raises(Refused, match="还缺这几列：手机号（加密）") as refusal:
        dry_run(run, sheet("幼儿姓名,班级\n周小满,小一班\n"), today=TODAY)

    assert refusal.value.field == "columns"


# -- dry run and run -----------------------------------------------------------------------------------------------------
def test_a_dry_run_counts_and_writes_nothing_but_its_findings(miao, sheet, run):
    dry_run(run, sheet(ROSTER + "王五,123\n"), today=TODAY)
    run.refresh_from_db()

    assert (run.state, run.total, run.counts["new"], run.counts["refused"]) == ("checked", 3, 2, 1)
    assert (Customer.objects.count(), ImportRow.objects.get().number) == (0, 4)


def test_what_it_promises_is_what_happens(miao, sheet, run, now):
    text = ROSTER + "王五,123\n周小满,13800138000\n"
    promised = dict(dry_run(run, sheet(text), today=TODAY).counts)
    done = dict(start(run, sheet(text), at=now).counts)

    assert promised == done and Child.objects.count() == 2


def test_tried_again_the_older_findings_are_gone(miao, sheet, run):
    for text in (ROSTER + "王五,123\n赵六,456\n", ROSTER + "王五,123\n"):
        dry_run(run, sheet(text), today=TODAY)

    assert ImportRow.objects.count() == 1


def test_a_run_that_is_done_is_not_done_again(miao, sheet, run, now):
    start(run, sheet(ROSTER), at=now)
    with pytest.raises(Refused, match="已经导入过了"):
        start(run, sheet(ROSTER), at=now)

    assert Child.objects.count() == 2


def test_today_is_the_campuss_day_also_before_eight_in_the_morning(miao, sheet, run, now):
    early = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)
    payments = new_run("payments", "x", campus=None, by=None, at=early)
    makers.family("周小满", "13800138000")
    ledger = start(payments, sheet("缴费日期,家长电话,金额\n2026-11-20,13800138000,100\n", "payments"), at=early)

    assert (ledger.counts["new"], ledger.counts["refused"]) == (1, 0)


def test_who_imported_how_much_is_on_record(miao, sheet, run, now):
    start(run, sheet(ROSTER), at=now)
    entry = Entry.objects.get(verb="crm.imported")

    assert (entry.actor_id, entry.object_id, entry.data["new"], entry.data["families"]) == (miao.head.pk, run.pk, 2, 2)
    assert "周小满" not in str(entry.data)


def test_progress_is_told_after_each_batch(miao, sheet, run, now, monkeypatch):
    monkeypatch.setattr("crm.imports.runs.AT_ONCE", 1)
    seen = []
    start(run, sheet(ROSTER), at=now, tick=seen.append)

    assert seen == [1, 2]


def test_stopped_in_the_middle_nothing_stays(miao, sheet, run, now, monkeypatch):
    monkeypatch.setattr("crm.imports.runs.AT_ONCE", 1)

    def stop(done):
        raise Refused("停下")
    with pytest.raises(Refused, match="停下"):
        start(run, sheet(ROSTER), at=now, tick=stop)

    assert (Customer.objects.count(), ImportRun.objects.get().state) == (0, "checking")


# -- whose ------------------------------------------------------------------------------------------------------------------
def test_the_only_campus_is_the_one_meant(run):
    assert run.campus.code == "main"


def test_of_several_campuses_one_must_be_chosen(miao, now):
    west = Campus.objects.create(code="west", name="西园")
    with pytest.raises(Refused, match="有多个园所，请选一个") as refusal:
        new_run("roster", "x", campus=None, by=None, at=now)

    assert refusal.value.field == "campus"
    assert new_run("roster", "x", campus=west, by=None, at=now).campus == west


def test_a_long_file_name_is_cut(miao, now):
    assert len(new_run("roster", "长" * 300, campus=None, by=None, at=now).filename) == 200


def test_the_stored_file_is_named_by_school_and_time_only(miao, now):
    made = new_run("roster", "周小满家.csv", campus=None, by=None, at=now, file=ContentFile(b"x", name="周小满家.csv"))

    assert made.file.name.startswith(f"{miao.public_id}/imports/")
    assert "周小满" not in made.file.name


def test_the_type_is_the_schools_first_family_type_or_the_one_named(miao):
    alumni = CustomerType.objects.create(code="alumni", name="校友", half="family")

    assert (customer_type(None).code, customer_type("").code, customer_type("alumni")) == ("family", "family", alumni)


# -- one at a time ------------------------------------------------------------------------------------------------------------
def test_asking_hands_the_run_to_the_worker(run):
    ask(run, CHECK, ImportRun.State.CHECKING)

    assert list(Outbox.objects.values_list("topic", "payload")) == [(CHECK, {"run": run.pk})]


@pytest.mark.parametrize("state", ["running", "done", "undone"])
def test_a_run_under_way_or_done_is_not_asked_for_again(run, state):
    ImportRun.objects.update(state=state)
    with pytest.raises(Refused, match="已经在导入或导入过了"):
        ask(run, START, ImportRun.State.RUNNING)

    assert not Outbox.objects.exists()


@pytest.mark.parametrize("state", ["checking", "mapping", "checked", "failed"])
def test_a_run_at_rest_may_be_asked_for_and_forgets_its_error(run, state):
    ImportRun.objects.update(state=state, error="上次的问题")
    ask(run, CHECK, ImportRun.State.CHECKING)

    assert (ImportRun.objects.get().state, ImportRun.objects.get().error) == ("checking", "")


# -- corrections ---------------------------------------------------------------------------------------------------------------
def test_a_refused_row_is_corrected_without_touching_the_file(miao, sheet, run, now):
    text = ROSTER + "王五,123\n"
    dry_run(run, sheet(text), today=TODAY)
    fix(run, 4, "phone", "13700137000")
    ledger = start(run, sheet(text), at=now)

    assert (ledger.counts["new"], ledger.counts["refused"]) == (3, 0)


def test_corrections_add_up_and_the_last_one_counts(run):
    for number, field, value in ((4, "phone", "1"), (4, "phone", "2"), (4, "child_name", "王五"), (9, "phone", "3")):
        fix(run, number, field, value)

    assert ImportRun.objects.get().fixes == '{"4": {"phone": "2", "child_name": "王五"}, "9": {"phone": "3"}}'


def test_a_correction_may_be_as_wrong_as_the_cell(miao, sheet, run):
    fix(run, 2, "phone", "456")
    ledger = dry_run(run, sheet(ROSTER), today=TODAY)

    assert (ledger.counts["new"], ledger.counts["refused"]) == (1, 1)


def test_corrections_rest_sealed(run):
    fix(run, 4, "phone", "13700137000")

    assert b"13700137000" not in bytes(ImportRun.objects.get().fixes_sealed)


def test_chosen_columns_replace_earlier_ones_and_keep_the_rest_of_the_mapping(run):
    run.mapping = {"date": "%Y%m%d"}
    choose_columns(run, {"phone": 1})
    choose_columns(run, {"phone": 2, "child_name": 1})

    assert ImportRun.objects.get().mapping == {"date": "%Y%m%d", "columns": {"phone": 2, "child_name": 1}}


def test_the_cells_of_a_refused_row_rest_sealed(miao, sheet, run):
    dry_run(run, sheet(ROSTER + "王五,1380013800\n"), today=TODAY)
    row = ImportRow.objects.get()

    assert row.cells == '["王五", "1380013800"]' and "王五".encode() not in bytes(row.cells_sealed)

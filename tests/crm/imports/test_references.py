"""编号: a school's own numbers and ours meet in one column, so neither may stand in the other's way."""
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from crm.archive import draw_refs
from crm.imports.runs import dry_run, new_run, understand
from crm.models import Customer, ImportRow
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

TODAY = date(2026, 11, 20)
ROSTER = "编号,幼儿姓名,联系电话\n"


def refusals(run):
    return list(ImportRow.objects.filter(run=run, verdict="refused").values_list("number", "field", "reason"))


def test_a_number_that_a_sheet_brought_is_passed_over_when_we_come_to_it(school):
    with tenant_scope(school):
        first = draw_refs(1)
        customer = makers.family()
        Customer.objects.filter(pk=customer.pk).update(external_ref="F-0004")

        assert (first, draw_refs(3)) == (["F-0001"], ["F-0003", "F-0005", "F-0006"])


def test_numbers_about_to_be_written_are_passed_over_as_well(school):
    with tenant_scope(school):
        assert draw_refs(2, besides={"F-0001", "F-0003"}) == ["F-0002", "F-0004"]


def test_none_are_drawn_where_none_are_wanted(school):
    with tenant_scope(school):
        assert draw_refs(0) == [] and draw_refs(1) == ["F-0001"]


def test_each_prefix_counts_by_itself(school):
    with tenant_scope(school):
        assert (draw_refs(2), draw_refs(1, "P"), draw_refs(1)) == (["F-0001", "F-0002"], ["P-0001"], ["F-0003"])


def test_rows_with_and_without_a_number_come_in_together(school, bring):
    with tenant_scope(school):
        run = bring("roster", ROSTER + "F-0001,甲,13800138001\n,乙,13800138002\nF-0002,丙,13800138003\n,丁,13800138004\n")
        refs = dict(Customer.objects.values_list("name", "external_ref"))

    assert run.counts["new"] == 4
    assert refs == {"甲一家": "F-0001", "乙一家": "F-0003", "丙一家": "F-0002", "丁一家": "F-0004"}


def test_a_number_of_another_family_is_refused_and_the_other_rows_come_in(school, bring):
    with tenant_scope(school):
        known = makers.family("老生", "13900139000")
        run = bring("roster", ROSTER + f"{known.external_ref},甲,13800138001\nK-2,乙,13800138002\n")

        assert refusals(run) == [(2, "external_ref", f"编号“{known.external_ref}”已经是另一家的，请核对")]
        assert Customer.objects.filter(external_ref="K-2").exists()


def test_one_number_twice_in_a_file_is_refused_the_second_time(school, bring):
    with tenant_scope(school):
        run = bring("roster", ROSTER + "K-1,甲,13800138001\nK-1,乙,13800138002\n")

        assert [number for number, *_ in refusals(run)] == [3] and Customer.objects.count() == 1


def test_siblings_under_one_number_are_one_family(school, bring):
    with tenant_scope(school):
        run = bring("roster", ROSTER + "K-1,甲,13800138001\nK-1,乙,13800138001\n")

        assert (refusals(run), Customer.objects.get().external_ref) == ([], "K-1")


def test_the_number_of_a_family_in_the_bin_is_still_theirs(school, bring, now):
    with tenant_scope(school):
        known = makers.family("老生", "13900139000")
        Customer.objects.filter(pk=known.pk).update(deleted_at=now)
        run = bring("roster", ROSTER + f"{known.external_ref},甲,13800138001\n")

        assert len(refusals(run)) == 1


def test_a_payment_of_a_family_in_the_bin_makes_no_twin(school, bring, now):
    text = "客户编号,缴费日期,金额\nK-9,2026-09-01,100\nK-10,2026-09-01,50\n"
    with tenant_scope(school):
        known = makers.family()
        Customer.objects.filter(pk=known.pk).update(external_ref="K-9", deleted_at=now)
        run = bring("payments", text, on_missing="create")

        assert [field for _, field, _ in refusals(run)] == ["external_ref"]
        assert (run.counts["new"], run.counts["families"]) == (1, 1)


def test_a_partners_number_is_refused_where_it_is_taken_and_drawn_where_it_is_missing(school, bring):
    with tenant_scope(school):
        run = bring("partners", "机构名称,编号\n图书馆,P-0001\n书店,P-0001\n绘本馆,\n")
        refs = dict(Customer.objects.values_list("name", "external_ref"))

        assert [number for number, *_ in refusals(run)] == [3]
        assert refs == {"图书馆": "P-0001", "绘本馆": "P-0002"}


def test_a_dry_run_promises_the_same_refusals(school, now, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(ROSTER + "K-1,甲,13800138001\nK-1,乙,13800138002\n")
    with tenant_scope(school):
        run = new_run("roster", "x", campus=None, by=None, at=now)
        dry_run(run, understand("roster", path), today=TODAY)

        assert (run.counts["new"], run.counts["refused"], Customer.objects.count()) == (1, 1, 0)


# -- an explicit mapping -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("mapping", "said"), [
    ("[1, 2]", "这样的 JSON"), ('"x"', "这样的 JSON"), ('{"columns": [1]}',
            "这样的 JSON"), ('{"columns": {"shoe": 1}}', "不认识这几列：shoe"),
    ('{"columns": {"phone": 0}}', "从 1 数起"), ('{"columns": {"phone": "b"}}',
            "从 1 数起"), ('{"columns": {"phone": true}}', "从 1 数起"),
    ('{"header": -1}', "从 1 数起"), ('{"header": "x"}', "从 1 数起"), ('{"columns": {"phone": 100000}}',
            "最大 200"), ("{", "读不了对应列文件"),
])
def test_a_mapping_that_is_none_is_refused_in_words(school, tmp_path, mapping, said):
    (tmp_path / "map.json").write_text(mapping)
    (tmp_path / "sheet.csv").write_text(ROSTER + "K-1,甲,13800138001\n")
    with pytest.raises(CommandError, match=said):
        call_command("import_archive", str(tmp_path / "sheet.csv"), "--tenant", school.slug, "--kind", "roster",
                     "--mapping", str(tmp_path / "map.json"))


@pytest.mark.parametrize("mapping", [None, {}, {"header": None, "columns": {"child_name": 2, "phone": 3}}, {"header": 1}])
def test_a_mapping_may_say_little_or_nothing(school, tmp_path, mapping):
    path = tmp_path / "sheet.csv"
    path.write_text(ROSTER + "K-1,甲,13800138001\n")
    with tenant_scope(school):
        assert {"child_name", "phone"} <= set(understand("roster", path, mapping).columns)


def test_a_file_without_a_header_says_how_to_write_one(school, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("1,2,3\n4,5,6\n")
    with tenant_scope(school), pytest.raises(Refused, match="没找到表头"):
        understand("roster", path)

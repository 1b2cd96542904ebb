"""import_archive on the command line: what it prints, as whom, for which campus, and what it refuses."""
import io
import json

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from crm.models import Child, Customer, CustomerType, ImportRun, Payment
from tenancy.models import Campus
from tenancy.scope import tenant_scope

ROSTER = "幼儿姓名,联系电话\n周小满,13800138000\n李四,123\n"


@pytest.fixture
def run(school, tmp_path):
    """Run the command on a text; (what was printed as JSON, what was said beside it)."""
    def run(*words, text=ROSTER, kind="roster", mapping=None):
        (tmp_path / "a.csv").write_text(text)
        if mapping is not None:
            (tmp_path / "m.json").write_text(json.dumps(mapping))
            words = (*words, "--mapping", str(tmp_path / "m.json"))
        out, err = io.StringIO(), io.StringIO()
        call_command("import_archive", str(tmp_path / "a.csv"), "--tenant", school.slug, "--kind", kind, *words,
                stdout=out, stderr=err)
        return json.loads(out.getvalue()), err.getvalue()
    return run


def test_it_imports_and_prints_counts_and_refusals(school, run):
    told, beside = run()

    assert (told["new"], told["refused"], told["dry_run"]) == (1, 1, False)
    assert "第 3 行 [refused] 少了 8 位" in beside
    with tenant_scope(school):
        assert (Child.objects.get().name, ImportRun.objects.get().pk) == ("周小满", told["run"])


def test_a_dry_run_writes_nothing_and_leaves_no_run(school, run):
    told, _beside = run("--dry-run")

    assert (told["new"], told["run"], told["dry_run"]) == (1, None, True)
    with tenant_scope(school):
        assert not Child.objects.exists() and not ImportRun.objects.exists()


def test_what_it_prints_names_nobody(run):
    told, beside = run()

    assert "周小满" not in json.dumps(told, ensure_ascii=False) and "13800138000" not in beside


def test_the_product_itself_acts_unless_somebody_is_named(school, head, run):
    run()
    run("--as", head.user.username, text=ROSTER.replace("周小满", "王五").replace("8000", "8001"))

    with tenant_scope(school):
        assert list(Entry.objects.filter(verb="crm.imported").order_by("id").values_list("actor_id",
                flat=True)) == [None, head.pk]


def test_of_several_campuses_one_is_named(school, run):
    with tenant_scope(school):
        Campus.objects.create(code="west", name="西园")
    with pytest.raises(CommandError, match="有多个园所，请选一个"):
        run()
    run("--campus", "west")

    with tenant_scope(school):
        assert Customer.objects.get().campus.code == "west"


@pytest.mark.parametrize(("words", "why"), [(["--campus", "moon"], "没有代码为 moon 的园所"), (["--as", "ghost"],
        "ghost 不是这个机构的成员")])
def test_who_or_where_is_unknown_is_told(run, words, why):
    with pytest.raises(CommandError, match=why):
        run(*words)


def test_a_school_or_file_that_is_not_there_is_told(school, tmp_path):
    for words, why in ((["x.csv", "--tenant", "nowhere"], "没有网址名为 nowhere"),
            ([str(tmp_path / "x.csv"), "--tenant", school.slug], "没有这个文件")):
        with pytest.raises(CommandError, match=why):
            call_command("import_archive", *words, "--kind", "roster")


@pytest.mark.parametrize("kind", ["horoscope", ""])
def test_a_kind_that_is_none_is_told(school, tmp_path, kind):
    with pytest.raises(CommandError):
        call_command("import_archive", str(tmp_path), "--tenant", school.slug, "--kind", kind)


def test_a_mapping_reads_a_sheet_without_a_header(school, run):
    told, _beside = run(text="K-1 19970101 2 29.33\nK-1 19970118 1 29.73\n", kind="payments", mapping={
        "format": "blank-separated", "header": None, "columns": {"external_ref": 1, "paid_on": 2, "quantity": 3,
                "amount": 4}, "date": "%Y%m%d",
        "on_missing": "create"})

    with tenant_scope(school):
        assert (told["new"], told["families"]) == (2, 1)
        assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [2933, 2973]


def test_a_wrong_date_pattern_refuses_the_rows_in_words(run):
    told, beside = run(text="K-1 1997-01-01 29.33\n", kind="payments", mapping={
        "format": "blank-separated", "header": None, "columns": {"external_ref": 1, "paid_on": 2,
                "amount": 3}, "date": "%Y%m%d", "on_missing": "create"})

    assert told["refused"] == 1 and "“1997-01-01”不是 %Y%m%d 写法的日期" in beside


def test_the_type_of_new_customers_is_said_in_the_mapping(school, run):
    with tenant_scope(school):
        CustomerType.objects.create(code="alumni", name="校友", half="family")
    run(mapping={"customer_type": "alumni"})

    with tenant_scope(school):
        assert Customer.objects.get().type.code == "alumni"


def test_a_long_list_of_refusals_is_cut(run):
    _told, beside = run(text="幼儿姓名,联系电话\n" + "周小满,1\n" * 250)

    assert len(beside.splitlines()) == 200

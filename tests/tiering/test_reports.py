"""The quarterly report: one sentence a picture, figures with their counts, a summary that closes with the signature."""
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import openpyxl
import pytest

from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.tiering.steps import JUNE, SEPTEMBER, computed, published
from tiering import reports
from tiering.models import Batch, QuarterlyReport
from tiering.movement import GONE, NEW, Movement
from tiering.report_files import _data, _figures, xlsx
from tiering.reports import Report, build, findings, headline, pictures, published_before, sign, starts_on, write_summary
from tiering.stays import Mean, Rate

LABELS = ("A", "B", "C", "D")
FIRST = SimpleNamespace(previous=None)


def report(**values) -> Report:
    """A report as a quarter might look; each test changes what it is about."""
    known = dict(batch=SimpleNamespace(previous=FIRST), labels=LABELS, campus=None, before=[], by_campus=[],
                 distribution=[("A", 10), ("B", 30), ("C", 50),
                         ("D", 10)], movement=Movement(LABELS), trend={label: [] for label in LABELS},
                 quarters=[], hollow=[], retention={}, retention_before={}, growth=Rate(3,
                         100), growth_before=None, referred={}, satisfaction={}, satisfaction_before=Mean(0, 0), overrides=2,
                 unrated=0)
    return Report(**(known | values))


# -- sentences ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("distribution", "said"), [
    ([("A", 30), ("B", 30), ("C", 30), ("D", 10)], "过半客户在 A、B 级。"), ([("A", 10), ("B", 10), ("C", 40), ("D",
            40)], "D 级占到四分之一以上。"),
    ([("A", 20), ("B", 20), ("C", 40), ("D", 20)], "共 100 户定级。"), ([("A", 25), ("B", 25), ("C", 25), ("D", 25)],
            "共 100 户定级。"),
    ([("A", 0), ("B", 0), ("C", 0), ("D", 0)], "共 0 户定级。"), ([], "共 0 户定级。"),
])
def test_the_first_sentence_says_the_most_striking_thing(distribution, said):
    assert headline(report(distribution=distribution)) == said


def test_the_distribution_is_told_as_a_share_and_a_count():
    assert findings(report())["distribution"] == "A、B 级占 40%，D 级 10 户"


def test_of_nobody_there_is_nothing_to_tell():
    assert findings(report(distribution=[(label, 0) for label in LABELS]))["distribution"] == "等级分布"


@pytest.mark.parametrize(("counts", "said"), [
    ({("B", "A"): 3, ("C", "D"): 5, ("A", "A"): 9}, "升级 3 户、降级 5 户；最大的一股是 C 到 D，5 户"),
    ({("A", "A"): 9, (NEW, "A"): 4, ("D", GONE): 2}, "没有客户变级"), ({}, "没有客户变级"),
])
def test_movement_is_told_by_its_largest_stream(counts, said):
    assert findings(report(movement=Movement(LABELS, Counter(counts))))["movement"] == said


def test_a_first_batch_has_nothing_to_compare_with():
    assert findings(report(batch=SimpleNamespace(previous=None)))["movement"] == "第一次定级，还没有上季可比"


@pytest.mark.parametrize(("best", "worst", "said"), [
    ([0.10, 0.12, 0.15], [0.20, 0.20, 0.18], "3 个季度里，A 级升 5.0 个百分点，D 级降 2.0 个百分点"),
    ([0.10, 0.10], [0.20, 0.20], "2 个季度里，A 级持平，D 级持平"), ([0.10], [0.20], "等级占比走势，从这一季开始"),
    ([None, 0.1, 0.2], [None, 0.3, 0.3], "2 个季度里，A 级升 10.0 个百分点，D 级持平"), ([], [],
            "等级占比走势，从这一季开始"),
])
def test_the_trend_is_told_in_points_from_first_to_last(best, worst, said):
    assert findings(report(trend={"A": best, "B": best, "C": best, "D": worst}))["trend"] == said


@pytest.mark.parametrize(("retention", "said"), [
    ({}, "还没有上一批可比，留存率只有合计"), ({"A": Rate(0, 0)}, "还没有上一批可比，留存率只有合计"),
    ({"A": Rate(40, 40), "D": Rate(9, 9)}, "各级都没有人离开"), ({"A": Rate(40, 40), "D": Rate(6, 9)},
            "D 级走得最多：期初 9 户，留下 6 户"),
    ({"A": Rate(40, 40), "C": Rate(45, 60)}, "C 级留存最低，75.0%"), ({"A": Rate(29, 30), "": Rate(1, 99)},
            "A 级留存最低，96.7%"),
])
def test_retention_is_told_in_counts_where_they_are_few(retention, said):
    assert findings(report(retention=retention))["retention"] == said


def test_the_override_rate_is_of_those_who_were_rated():
    assert (report().override_rate, report(distribution=[]).override_rate) == (0.02, None)


def test_pictures_are_drawn_for_all_that_is_told():
    drawn = pictures(report(by_campus=[("东园", [("A", 1), ("B", 2), ("C", 0), ("D", 0)])], hollow=[True, False],
                            trend={label: [0.2, 0.3] for label in LABELS}, retention={"A": Rate(9, 10)}))

    assert set(drawn) == {"now", "before", "campuses", "trend", "retention"}
    assert [(name, n) for name, _pieces, n in drawn["campuses"]] == [("东园", 3)]
    assert len(drawn["retention"]["rows"]) == 4


def test_what_is_signed_holds_every_figure_with_its_count_and_formula():
    signed = SimpleNamespace(digest="d", version=SimpleNamespace(scheme=SimpleNamespace(code="kg-ad"), number=3))
    figures = reports.frozen_figures(report(batch=signed, retention={"A": Rate(9, 10)}, referred={"A": 2}, satisfaction={"": Mean(9, 2)}))

    assert (figures["retention"], figures["growth"], figures["growth_before"], figures["n"]) == ({"A": [9, 10]},
            [3, 100], None, 100)
    assert (figures["scheme"], figures["version"], figures["digest"], figures["overrides"]) == ("kg-ad", 3, "d", 2)
    assert figures["satisfaction"] == {"": [9, 2]}
    assert set(figures["formulas"]) == {"retention", "growth", "referred", "satisfaction", "overrides", "version"}


# -- built from a school ---------------------------------------------------------------------------------------------
@pytest.fixture
def people(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        rich, poor = makers.family("周小满", "13800138001", date(2023, 9, 1)), makers.family("李小树", "13800138002",
                date(2025, 9, 1), at=west)
        makers.payment(rich, 30_000, date(2026, 3, 1))
        return rich, poor


def test_a_report_counts_what_its_batch_holds(school, head, deputy, people, now):
    with tenant_scope(school):
        made = build(published(head, deputy, now))

    assert (made.distribution, made.size, made.unrated) == ([("A", 0), ("B", 1), ("C", 0), ("D", 1)], 2, 0)
    assert made.by_campus == [("本部", [("A", 0), ("B", 1), ("C", 0), ("D", 0)]),
            ("西园", [("A", 0), ("B", 0), ("C", 0), ("D", 1)])]


def test_a_report_of_one_campus_counts_its_families(school, head, deputy, people, now):
    with tenant_scope(school):
        made = build(published(head, deputy, now), people[1].campus_id)

    assert (made.size, made.distribution, made.movement.sums()) == (1, [("A", 0), ("B", 0), ("C", 0), ("D", 1)],
            [0, 0, 0, 1, 0])


def test_who_is_too_new_is_counted_as_unrated(school, head, deputy, people, now):
    with tenant_scope(school):
        makers.family("新来的", "13900139000", since=date(2026, 9, 20))
        made = build(published(head, deputy, now))

    assert (made.size, made.unrated) == (2, 1)


def test_a_second_report_looks_back_at_the_first(school, head, deputy, people, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(people[0], "transfer_signal", date(2026, 9, 1))
        made = build(published(head, deputy, now))

    assert (made.before, made.quarters, made.hollow) == ([("A", 0), ("B", 1), ("C", 0), ("D", 1)], ["26 Q2", "26 Q3"],
            [False, False])
    assert made.trend["B"] == [0.5, 0.0] and made.movement.downs == 1


def test_the_period_begins_where_the_last_report_ended(school, head, deputy, people, now):
    with tenant_scope(school):
        first = published(head, deputy, now, JUNE)
        second = published(head, deputy, now)

        assert (starts_on(first), starts_on(second)) == (date(2026, 3, 30), JUNE)


def test_worked_back_quarters_are_hollow_and_a_published_one_wins_over_them(school, head, deputy, people, now):
    with tenant_scope(school):
        computed(head, now, date(2026, 3, 31), worked_back=True)
        computed(head, now, JUNE, worked_back=True)
        published(head, deputy, now, JUNE)
        last = published(head, deputy, now)

        assert [(b.as_of, b.state) for b in published_before(last)] == [(date(2026, 3, 31), "worked_back"),
                (JUNE, "published")]


def test_the_trend_looks_back_six_quarters_at_most(school, head, deputy, people, now):
    with tenant_scope(school):
        for year, month, day in ((2024, 12, 31), (2025, 3, 31), (2025, 6, 30), (2025, 9, 30), (2025, 12, 31),
                (2026, 3, 31), (2026, 6, 30)):
            computed(head, now, date(year, month, day), worked_back=True)
        made = build(published(head, deputy, now))

    assert made.quarters == ["25 Q2", "25 Q3", "25 Q4", "26 Q1", "26 Q2", "26 Q3"]


# -- the written part ------------------------------------------------------------------------------------------------
def test_a_summary_is_written_and_written_again(school, head, deputy, people, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        for text in ("初稿", "  本季稳中有升。 "):
            write_summary(batch, text, by=head)

        assert QuarterlyReport.objects.get().summary == "本季稳中有升。"


def test_a_summary_longer_than_its_field_is_cut_at_its_end(school, head, deputy, people, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        write_summary(batch, "长" * 5000, by=head)

        assert len(QuarterlyReport.objects.get().summary) == 4000


@pytest.mark.parametrize("summary", ["", "   "])
def test_without_a_summary_nothing_is_signed(school, head, deputy, people, now, summary):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        write_summary(batch, summary, by=head)
        with pytest.raises(Refused, match="先写一段本季总结"):
            sign(batch, by=head, at=now)


def test_a_batch_that_is_not_published_is_not_signed(school, head, people, now):
    with tenant_scope(school):
        batch = computed(head, now)
        write_summary(batch, "稳。", by=head)
        with pytest.raises(Refused, match="发布之后才能签发"):
            sign(batch, by=head, at=now)


def test_signed_once_it_is_closed(school, head, deputy, people, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        write_summary(batch, "稳。", by=head)
        sign(batch, by=head, at=now)
        with pytest.raises(Refused, match="已签发"):
            write_summary(batch, "改一改", by=head)
        with pytest.raises(Refused, match="已经签发过"):
            sign(batch, by=deputy, at=now)
        kept = QuarterlyReport.objects.get()

    assert (kept.summary, kept.signed_by_id, kept.figures["n"]) == ("稳。", head.pk, 2)


@pytest.mark.parametrize("act", [lambda batch, by, at: write_summary(batch, "x", by=by), lambda batch, by,
        at: sign(batch, by=by, at=at)])
def test_who_may_not_sign_writes_nothing(school, head, deputy, people, now, act):
    teacher = make_member(school, "teacher")
    with tenant_scope(school):
        batch = published(head, deputy, now)
        with pytest.raises(Forbidden):
            act(batch, teacher, now)


def test_what_changes_later_does_not_change_what_was_signed(school, head, deputy, people, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        write_summary(batch, "稳。", by=head)
        sign(batch, by=head, at=now)
        before = QuarterlyReport.objects.get().figures
        makers.payment(people[1], 30_000, date(2026, 9, 1))
        published(head, deputy, now, date(2026, 10, 31))

        assert QuarterlyReport.objects.get(batch=batch).figures == before


# -- as files --------------------------------------------------------------------------------------------------------
def test_the_day_of_the_signature_is_the_campuss(school, head, deputy, people, now):
    night = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)  # two in the morning of the 20th
    with tenant_scope(school):
        batch = published(head, deputy, now)
        write_summary(batch, "稳。", by=head)
        sign(batch, by=head, at=night)
        data = _data(build(Batch.objects.get(pk=batch.pk)), school, "许园长")

    assert data["signed"] == "head 2026-11-20"


def test_figures_read_the_same_on_page_and_paper(school, head, deputy, people, now):
    with tenant_scope(school):
        made = build(published(head, deputy, now))
    rows = _figures(replace(made, retention={"": Rate(47, 50)}, growth=Rate(3, 40), growth_before=None,
            referred={"A": 2, "": 1}, satisfaction={"": Mean(9, 2)}, satisfaction_before=Mean(4, 1), overrides=1))

    assert [(value, note) for value, _name, note in rows] == [
        ("94.0%", "47 / 50"), ("7.5%", "分级前 –"), ("4.50", "上期 4.00"), ("3 户", ""), ("0", "降级 0 户"), ("50.0%", "1 户")]


def test_a_workbook_lists_every_customer_by_reference_and_nobody_by_name(school, head, deputy, people, now):
    with tenant_scope(school):
        book = openpyxl.load_workbook(xlsx(build(published(head, deputy, now)), school, "许园长"))
    cells = [[cell.value for cell in row] for row in book["明细"]]
    told = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)

    assert [row[:3] for row in cells[1:]] == [["F-0001", "本部", "B"], ["F-0002", "西园", "D"]]
    assert cells[0][:4] == ["编号", "园所", "等级", "分数"]
    assert "周小满" not in told
    assert "138" not in told


def test_a_workbook_of_one_campus_lists_its_families(school, head, deputy, people, now):
    with tenant_scope(school):
        book = openpyxl.load_workbook(xlsx(build(published(head, deputy, now), people[1].campus_id), school, "许园长"))

    assert [row[0].value for row in book["明细"]][1:] == ["F-0002"]


def test_the_matrix_in_the_workbook_is_the_one_on_the_page(school, head, deputy, people, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(people[0], "transfer_signal", date(2026, 9, 1))
        made = build(published(head, deputy, now))
        sheet = openpyxl.load_workbook(xlsx(made, school, "许园长"))["升降矩阵"]
    rows = [[cell.value for cell in row] for row in sheet]

    assert rows[0] == ["上季＼本季", "A", "B", "C", "D", "离开", "上季"]
    assert rows[2] == ["B", 0, 0, 0, 1, 0, 1]
    assert [row[0] for row in rows[1:]] == ["A", "B", "C", "D", "新来"]
    assert made.batch.as_of == SEPTEMBER

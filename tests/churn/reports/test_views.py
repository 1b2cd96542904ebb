"""流失分析 as a manager reads it."""
import re

import pytest

from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause
from tests.churn.reports.test_queries import lost
from tests.conftest import make_member, signed_in


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def two(school, head, on_the_day):
    with tenant_scope(school):
        return [lost(1, head, 9000, ("换老师太多", 10)), lost(2, head, 1000, ("停车难", 10))]


def test_the_headline_is_the_finding(boss, at, two):
    page = text(boss.get(f"{at}/churn/report/"))

    assert "1 个原因占了 90.0%：换老师太多" in page
    assert "流失 2 个，近一年缴费 10,000 元；留住 0 个" in page
    assert "按园所" in page


def test_by_children_nothing_stands_out(boss, at, two):
    page = text(boss.get(f"{at}/churn/report/?by=children"))

    assert "流失 2 个，没有哪几个原因特别突出" in page and "流失的孩子因为什么" in page


def test_an_empty_period_says_so(boss, at, two):
    page = text(boss.get(f"{at}/churn/report/?from=2026-01-01&to=2026-01-31"))

    assert "这段时间没有流失" in page and "没有可以分析的" in page and 'value="2026-01-31"' in page


@pytest.mark.parametrize("address", ["?from=x&to=y", "?by=nonsense", "?campus=x", "?from=2026-12-01&to=2026-01-01"])
def test_odd_addresses_do_no_harm(boss, at, two, address):
    assert boss.get(f"{at}/churn/report/{address}").status_code == 200


def test_the_causes_leave_as_a_file(boss, at, school, two, relations):
    told = b"".join(boss.get(f"{at}/churn/report/?export=csv").streaming_content).decode()

    assert "教学,换老师太多,1,1.0,9000.0,90.0%" in told
    assert signed_in(relations).get(f"{at}/churn/report/?export=csv").status_code == 403


def test_the_front_desk_reads_no_report(school, at):
    assert signed_in(make_member(school, "frontdesk")).get(f"{at}/churn/report/").status_code == 403


def test_who_plans_measures_goes_from_a_cause_to_a_measure_against_it(boss, at, school, two):
    with tenant_scope(school):
        teaching = cause().pk
    teacher = signed_in(make_member(school, "teacher", "教"))

    assert f"/churn/measures/new/?cause={teaching}" in text(boss.get(f"{at}/churn/report/"))
    assert "/churn/measures/new/" not in text(teacher.get(f"{at}/churn/report/"))


# -- written and signed ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def writer(marketing):
    return signed_in(marketing)


@pytest.fixture
def report_of(writer, at, school, two):
    """The address of a report that marketing wrote."""
    return writer.post(f"{at}/churn/report/", {"summary": "主班要稳定"}, follow=True).redirect_chain[-1][0]


def test_a_report_is_written_and_waits(writer, at, school, two):
    page = text(writer.post(f"{at}/churn/report/", {"summary": "主班要稳定"}, follow=True))

    assert "报告写好了，等签发" in page
    assert "主班要稳定" in page
    assert "按班主任" in page
    assert "等签发" in text(writer.get(f"{at}/churn/report/"))


@pytest.mark.parametrize("summary", ["", "   ", "长" * 2001])
def test_without_words_it_is_not_written(writer, at, two, summary):
    assert writer.post(f"{at}/churn/report/", {"summary": summary}).status_code == 422


def test_a_period_without_losses_is_not_written(writer, at, two):
    assert writer.post(f"{at}/churn/report/?from=2025-01-01&to=2025-02-01", {"summary": "x"}).status_code == 422


def test_the_head_signs_and_takes_it_back(boss, writer, report_of):
    assert "签发</button>" not in text(writer.get(report_of))
    assert "已签发" in text(boss.post(f"{report_of}sign/", follow=True))
    assert "刚被改过或签发了" in text(boss.post(f"{report_of}sign/", follow=True))
    assert "已收回，可以改写" in text(boss.post(f"{report_of}unsign/", follow=True))
    assert writer.post(f"{report_of}sign/").status_code == 403
    assert boss.post(f"{report_of}fly/").status_code == 409


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_it_leaves_as_a_file(writer, report_of, form, start):
    answer = writer.get(f"{report_of}file/{form}/")

    assert b"".join(answer.streaming_content).startswith(start)
    assert "attachment" in answer["Content-Disposition"]


def test_a_file_of_another_kind_is_not_found_and_who_may_not_export_gets_none(writer, report_of, relations):
    assert writer.get(f"{report_of}file/exe/").status_code == 409
    assert signed_in(relations).get(f"{report_of}file/pdf/").status_code == 403


def test_a_teacher_reads_it_and_writes_none(at, school, report_of):
    teacher = signed_in(make_member(school, "teacher", "教"))

    assert "主班要稳定" in text(teacher.get(report_of))
    assert "写成报告" not in text(teacher.get(f"{at}/churn/report/"))
    assert teacher.post(f"{at}/churn/report/", {"summary": "x"}).status_code == 403

"""The computing step as CSV: header, order and units are a contract; money in 元, ratings with two decimals."""
import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from tenancy.scope import tenant_scope
from tests import makers
from tiering.actions import in_force, judged
from tiering.csv_out import first_phones, header, hundredths, limit_names, shown, write
from tiering.models import Batch, Scheme, Standing
from tiering.presets import KINDERGARTEN, SERVICE

DAY = date(2026, 9, 30)
FRONT = ["external_ref", "customer_type", "campus", "as_of", "scheme", "version"]
BACK = ["score", "tier", "uncapped_tier", "held_back_by", "missing"]


# -- pure ---------------------------------------------------------------------------------------------------------
def test_the_header_is_fixed():
    assert header(SERVICE, with_phone=False) == [
        *FRONT, "fact_spend", "part_spend", "fact_frequency", "part_frequency", "fact_tenure", "part_tenure", "fact_credit", "part_credit",
        "fact_complexity", "part_complexity", *BACK]


def test_the_phone_stands_last_and_only_when_asked_for():
    assert header(SERVICE, with_phone=True)[:-1] == header(SERVICE, with_phone=False)
    assert header(SERVICE, with_phone=True)[-1] == "phone"


@pytest.mark.parametrize(("code", "value", "text"), [
    ("spend", 1_864_050, "18640.50"), ("spend", 0, "0.00"), ("spend", -5, "-0.05"), ("spend", -123_456,
            "-1234.56"), ("intent", 340, "3.40"),
    ("satisfaction", 467, "4.67"), ("influence", 35, "3.5"), ("influence", 0, "0.0"), ("tenure", 800,
            "800"), ("frequency", 3, "3"),
    ("spend", None, ""), ("credit", None, ""),
])
def test_a_fact_stands_in_the_unit_people_use(code, value, text):
    assert shown(code, value) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0.00"), (5, "0.05"), (7450, "74.50"), (10_000, "100.00")])
def test_a_score_stands_in_points(value, text):
    assert hundredths(value) == text


@given(st.integers(-(10**13), 10**13))
def test_money_is_never_rounded(fen):
    assert round(float(shown("spend", fen)) * 100) == fen and shown("spend", fen).count(".") == 1


def test_limits_are_named_as_gates_and_caps():
    assert limit_names(KINDERGARTEN) == ["gate:A:converted>=1", "cap:D:transfer>=1"]
    assert limit_names(SERVICE) == []


# -- written --------------------------------------------------------------------------------------------------------
@pytest.fixture
def school_of_two(school):
    with tenant_scope(school):
        first = makers.family("周小满", "13800138000")
        makers.payment(first, 9_000, date(2026, 3, 1))
        makers.family("新来的", "13900139000", since=date(2026, 9, 20))
    return school


def rows_of(with_phone=False):
    version = in_force(Scheme.objects.get(code="kg-ad"))
    out = io.StringIO()
    count = write(out, version, DAY, judged(version, DAY), with_phone=with_phone)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert count == len(rows)
    return rows


def test_a_row_holds_the_customer_its_facts_and_what_they_came_to(school_of_two):
    with tenant_scope(school_of_two):
        first, _second = rows_of()

    assert [first[name] for name in FRONT] == ["F-0001", "family", "main", "2026-09-30", "kg-ad", "1"]
    assert (first["fact_spend"], first["part_spend"], first["fact_tenure"]) == ("9000.00", "10.50", "760")
    assert (first["tier"], first["uncapped_tier"], first["missing"]) == ("C", "C", "intent;satisfaction")


def test_who_is_too_new_has_a_score_and_no_tier(school_of_two):
    with tenant_scope(school_of_two):
        _first, second = rows_of()

    assert (second["tier"], second["uncapped_tier"], second["held_back_by"]) == ("", "", "")
    assert float(second["score"]) > 0


def test_the_parts_add_up_to_the_score(school_of_two):
    with tenant_scope(school_of_two):
        rows = rows_of()

    for row in rows:
        assert round(sum(float(value) for name, value in row.items() if name.startswith("part_")), 2) == float(row["score"])


def test_what_held_somebody_back_is_named(school_of_two):
    with tenant_scope(school_of_two):
        customer = makers.family("要走的", "13700137000")
        makers.payment(customer, 30_000, date(2026, 3, 1))
        makers.entry(customer, "transfer_signal", date(2026, 9, 1))
        row = rows_of()[-1]

    assert (row["held_back_by"], row["tier"]) == ("cap:D:transfer>=1", "D")


def test_the_phone_is_the_first_guardians(school_of_two):
    with tenant_scope(school_of_two):
        rows = rows_of(with_phone=True)

    assert [row["phone"] for row in rows] == ["13800138000", "13900139000"]


def test_phones_are_opened_only_for_those_asked_about(school_of_two):
    with tenant_scope(school_of_two):
        known = makers.family("三", "13600136000")

        assert first_phones([known.pk]) == {known.pk: "13600136000"} and first_phones([]) == {}


# -- the command ---------------------------------------------------------------------------------------------------
def retier(school, *words, out=None):
    call_command("retier", "--tenant", school.slug, "--scheme", "kg-ad", "--as-of", "2026-09-30", *words,
            stdout=out or io.StringIO())


def test_the_command_writes_a_file_that_excel_reads(school_of_two, tmp_path):
    retier(school_of_two, "--csv", str(tmp_path / "out.csv"))
    content = (tmp_path / "out.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbfexternal_ref,") and content.count(b"\r\n") == 3


def test_without_a_file_it_counts(school_of_two):
    out = io.StringIO()
    retier(school_of_two, out=out)

    assert "2" in out.getvalue() and "周小满" not in out.getvalue()


def test_it_writes_no_standing_and_no_batch(school_of_two, tmp_path):
    retier(school_of_two, "--csv", str(tmp_path / "out.csv"))

    with tenant_scope(school_of_two):
        assert (Batch.objects.count(), Standing.objects.count()) == (0, 0)


def test_phones_in_the_file_leave_an_audit_row(school_of_two, tmp_path):
    retier(school_of_two, "--csv", str(tmp_path / "out.csv"), "--with-phone")

    with tenant_scope(school_of_two):
        assert Entry.objects.filter(verb="tiering.phones_exported").count() == 2  # one a customer
    assert b"13800138000" in (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize(("words", "why"), [
    (["--tenant", "nowhere", "--scheme", "kg-ad", "--as-of", "2026-09-30"], "nowhere"),
    (["--tenant", "miao", "--scheme", "zz", "--as-of", "2026-09-30"], "zz"),
    (["--tenant", "miao", "--scheme", "kg-ad", "--as-of", "2999-01-01"], "2999-01-01"),
    (["--tenant", "miao", "--scheme", "kg-ad", "--as-of", "gestern"], "要写成 2026-09-30"),
])
def test_a_slip_on_the_command_line_is_told_in_words(school_of_two, words, why):
    with pytest.raises(CommandError, match=why):
        call_command("retier", *words)

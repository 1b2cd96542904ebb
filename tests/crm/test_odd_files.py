"""F-2: whatever a file holds, an import ends in counts and reasons or in a clear refusal; nothing is written by looking."""
import io
import os
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.imports.columns import FIELDS
from crm.imports.runs import dry_run, new_run, understand
from crm.models import Customer, Payment
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
EXAMPLES = int(os.environ.get("MIAOPU_FUZZ", "15"))  # each reads in a child process; the long run asks for thousands
often = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, database=None,
        suppress_health_check=list(HealthCheck))

WELL_KNOWN = ["周小满", "罗女士", "13800138000", "138 0013 8000", "2024-09-01", "2024年9月1日", "45000", "小一班",
        "3000", "¥3,000.00", "-500", "已入园",
              "出勤", "母亲", "女", "保教费退费", "画画", "20", "亲子运动会"]
ODD = ["", " ", "\x00", "合计", "=1+1", "'", '"', "\n", "\r\n", "，", "苗" * 400, "1e400", "NaN", "inf", "-0", "²",
        "٣", "2062-03-05", "0001-01-01", "99999999",
       "9" * 40, "1" * 11, "\u202e", "🐼", "\ufeff", "<script>", "0x10", "1/0", "((((", "Infinity", "1e-400", "12.345678", "#REF!", "TRUE"]
words = st.one_of(st.sampled_from(WELL_KNOWN), st.sampled_from(ODD), st.text(max_size=30))
typed = st.one_of(words, st.integers(-10**20, 10**20), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes())
kinds = st.sampled_from(sorted(FIELDS))


@st.composite
def tables(draw, cells):
    """A kind of sheet, and rows below the very headers it asks for; sometimes a title above, and rows too short or too long."""
    kind = draw(kinds)
    titles = [field.words[0] for field in FIELDS[kind]]
    rows = draw(st.lists(st.lists(cells, max_size=len(titles) + 2), max_size=8))
    return kind, [*draw(st.sampled_from([[], [["某某幼儿园名单"]], [[], ["", "2026 年"]]])), titles, *rows]


def as_csv(rows, encoding: str, delimiter: str) -> bytes:
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows).encode(encoding, errors="replace")


def as_xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def looked_at(kind: str, content: bytes) -> str:
    """What came of a dry run: the refusal, or how many rows were read. Every row that is not taken has its reason."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "名单.xlsx")
        path.write_bytes(content)
        try:
            sheet = understand(kind, path)
            run = new_run(kind, path.name, campus=None, by=None, at=NOW)
            ledger = dry_run(run, sheet, today=NOW.date())
        except Refused as refusal:
            assert refusal.message and refusal.field in ("file", "columns")
            return refusal.message
    refused = [issue for issue in ledger.issues if issue.verdict == "refused"]
    assert ledger.counts["refused"] == len(refused) <= ledger.counts["rows"]
    assert all(issue.reason for issue in refused)
    assert run.rows.count() == len(ledger.issues) and run.counts["rows"] == ledger.counts["rows"]
    return str(ledger.counts["rows"])


@pytest.fixture
def archive(school):
    """A family whose phone the odd rows may name. What is there before is there after."""
    with tenant_scope(school):
        makers.payment(makers.family(), 3000, date(2026, 3, 5))
        yield
        assert (Customer.objects.count(), Payment.objects.count()) == (1, 1)


@often
@given(table=tables(words), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"]),
        delimiter=st.sampled_from(",;\t"))
def test_any_text_file(archive, table, encoding, delimiter):
    kind, rows = table

    looked_at(kind, as_csv(rows, encoding, delimiter))


@often
@given(table=tables(typed))
def test_any_workbook(archive, table):
    kind, rows = table

    looked_at(kind, as_xlsx(rows))


@often
@given(table=tables(words), hits=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 255)), max_size=20),
       kept=st.sampled_from([1, 1, 1, 0.999, 0.5, 0.01]))
def test_any_damaged_workbook(archive, table, hits, kept):
    kind, rows = table
    content = bytearray(as_xlsx(rows))
    for place, change in hits:
        content[place % len(content)] ^= change

    looked_at(kind, bytes(content[:int(len(content) * kept)]))


@often
@given(kind=kinds, content=st.binary(max_size=400))
def test_any_bytes(archive, kind, content):
    looked_at(kind, content)


def test_a_million_columns_are_cut_and_a_million_rows_refused(archive):
    titles = ",".join(field.words[0] for field in FIELDS["roster"])
    wide = f"{titles}\n" + "周小满," * 10**6
    tall = f"{titles}\n" + "周小满,女\n" * 10**6

    assert looked_at("roster", wide.encode()) == "1"
    assert looked_at("roster", tall.encode()) == "一次最多 200,000 行，请拆成几份。"


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(archive):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number in range(4):
            bundle.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 100 * 1024**2)

    assert "解压后太大" in looked_at("roster", bomb.getvalue())


def test_a_workbook_that_lies_about_its_size_costs_an_error_only(archive):
    """The declared size is small; what comes out is not. The child's memory limit answers, not the worker."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 10**6)
    lied = packed.getvalue().replace((6 * 10**6).to_bytes(4, "little"), (600).to_bytes(4, "little"))

    assert looked_at("roster", lied).startswith("读不了这个文件")


def test_a_workbook_with_a_broken_directory_is_refused_in_words(archive):
    whole = as_xlsx([["幼儿姓名", "联系电话"], ["周小满", "13800138000"]])
    broken = whole.replace(b"PK\x01\x02", b"PK\x07\x02")

    assert looked_at("roster", broken).startswith("读不了这个文件")

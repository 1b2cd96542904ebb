"""An import from upload to undo. The dry run is the real run, rolled back: what it promises is what happens."""
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.imports import facts, payments, referrals, roster
from crm.imports.columns import field_names, find_header, is_blank_or_total, missing_fields, plain, suggest
from crm.imports.ledger import Issue, Ledger, Row
from crm.imports.records import READERS, RowRefused, Rules
from crm.imports.sheet import MAX_COLUMNS, Rows, read_rows
from crm.models import ColumnMap, CustomerType, ImportChange, ImportRow, ImportRun
from notifications.actions import later
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import current_tenant

UNDO_DAYS = 7
AT_ONCE = 10_000  # rows in memory
CHECK, START = "crm.import_check", "crm.import_start"
APPLY: dict[str, Callable[[Ledger, Sequence[Row]], None]] = {
    "roster": roster.apply, "payments": payments.apply, "referrals": referrals.apply, "activities": facts.activities,
    "attendance": facts.attendance, "lessons": facts.lessons, "leads": facts.leads, "partners": facts.partners,
    "enrolments": facts.enrolments}


@dataclass
class Sheet:
    """The rows of a file with its header found and its columns understood."""

    rows: Rows
    header: int | None
    columns: dict[str, int]
    options: dict[str, Any]

    @property
    def titles(self) -> list[Any]:
        """The header row; column numbers where the sheet has none."""
        return [f"{n + 1}" for n in range(len(self.rows.at(0)))] if self.header is None else self.rows.at(self.header)

    def data(self) -> Iterator[tuple[int, list[Any]]]:
        """(row number as the person sees it, cells), without blank rows and totals."""
        first = 0 if self.header is None else self.header + 1
        return ((n, row) for n, row in enumerate(self.rows, start=1) if n > first and not is_blank_or_total(row))


def checked(mapping: Any, kind: str) -> dict[str, Any]:
    """A mapping as it must be: an object whose header is a row number or null and whose columns are numbers from 1 on."""
    if not isinstance(mapping, dict) or not isinstance(mapping.get("columns") or {}, dict):
        raise Refused(_("对应列要写成 {\"columns\": {\"phone\": 2}} 这样的 JSON。"), "mapping")
    unknown = sorted(set(mapping.get("columns") or {}) - set(field_names(kind)))
    if unknown:
        raise Refused(_("不认识这几列：%(names)s。可以写：%(known)s。")
                      % {"names": "、".join(unknown), "known": "、".join(field_names(kind))}, "mapping")
    numbers = [*(mapping.get("columns") or {}).values(), *([] if mapping.get("header") is None else [mapping["header"]])]
    if any(type(number) is not int or not 1 <= number <= MAX_COLUMNS for number in numbers):
        raise Refused(_("列号和表头行号从 1 数起，最大 %(n)s。") % {"n": MAX_COLUMNS}, "mapping")
    return mapping


def understand(kind: str, path: Path, mapping: dict[str, Any] | None = None) -> Sheet:
    """Read a file and find its header and columns, by an explicit mapping or by itself."""
    options = checked(mapping or {}, kind)
    rows = read_rows(path, options.get("format"))
    if "header" in options:
        header = None if options["header"] is None else options["header"] - 1
    else:
        header = find_header(kind, rows.head)
    if options.get("columns"):
        columns = {field: column - 1 for field, column in options["columns"].items()}
    elif header is None:
        raise Refused(_("没找到表头。表头那一行要写明列名，比如“幼儿姓名、联系电话”；可以先下载空白模板。"), "file")
    else:
        remembered = dict(ColumnMap.objects.filter(kind=kind).values_list("header", "target"))
        columns = suggest(kind, rows.at(header), remembered)
    return Sheet(rows, header, columns, options)


def customer_type(code: str | None) -> CustomerType:
    if code:
        found = CustomerType.objects.filter(code=code).first()
        if found is None:
            raise Refused(_("没有代码为“%(code)s”的客户类型。") % {"code": code}, "customer_type")
        return found
    return CustomerType.objects.filter(half="family").order_by("id").first()


def carry_out(run: ImportRun, sheet: Sheet, *, today: date, tick: Callable[[int], None] = lambda done: None) -> Ledger:
    """Read every row and write what can be written, a batch at a time, so that memory does not grow with the sheet.

    Must run inside a transaction; the caller keeps or drops it. What an earlier batch wrote, a later one finds in the archive.
    """
    lacking = missing_fields(run.kind, sheet.columns)
    if lacking:
        raise Refused(_("还缺这几列：%(names)s。请在“对应列”里选好。") % {"names": "、".join(lacking)}, "columns")
    ledger = Ledger(run, run.campus, customer_type(sheet.options.get("customer_type")), today,
                    sheet.options.get("on_missing", "refuse"))
    readable = _readable(ledger, sheet, Rules(today, sheet.options.get("date")))
    while batch := list(islice(readable, AT_ONCE)):
        APPLY[run.kind](ledger, batch)
        tick(ledger.counts["rows"])
    if not ledger.counts["rows"]:
        raise Refused(_("表头下面没有一行数据。请看看选的是不是这个文件、这张工作表。"), "file")
    ImportChange.objects.bulk_create(ledger.changes, batch_size=2000)
    return ledger


def _readable(ledger: Ledger, sheet: Sheet, rules: Rules) -> Iterator[Row]:
    read = READERS[ledger.run.kind]
    fixes = json.loads(ledger.run.fixes or "{}")
    for number, cells in sheet.data():
        ledger.counts["rows"] += 1
        named = {field: cells[column] if column < len(cells) else None for field, column in sheet.columns.items()}
        named |= fixes.get(str(number), {})
        try:
            row = Row(number, read(named, rules), cells)
        except RowRefused as refusal:
            ledger.refuse(Row(number, None, cells), refusal.field, refusal.reason)
        else:
            yield row


class _RollBack(Exception):
    """Leaves the dry run's savepoint without a trace."""


def dry_run(run: ImportRun, sheet: Sheet, *, today: date) -> Ledger:
    """The same as the import, then rolled back to before it: counts and refusals are the real ones."""
    ledger: Ledger | None = None
    try:
        with transaction.atomic():
            ledger = carry_out(run, sheet, today=today)
            raise _RollBack
    except _RollBack:
        pass
    assert ledger is not None
    run.counts, run.state = summary(ledger), ImportRun.State.CHECKED
    run.total = ledger.counts["rows"]
    run.save(update_fields=["counts", "state", "total"])
    _keep_issues(run, ledger.issues)
    return ledger


@transaction.atomic
def start(run: ImportRun, sheet: Sheet, *, at: datetime, tick: Callable[[int], None] = lambda done: None) -> Ledger:
    """Import for good, in one transaction: a killed import leaves nothing."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state in (ImportRun.State.DONE, ImportRun.State.UNDONE):
        raise Refused(_("这一批已经导入过了。"), code="already_done")
    ledger = carry_out(run, sheet, today=timezone.localdate(at), tick=tick)
    run.counts, run.state, run.finished_at = summary(ledger), ImportRun.State.DONE, at
    run.total = ledger.counts["rows"]
    run.save(update_fields=["counts", "state", "finished_at", "total"])
    _keep_issues(run, ledger.issues)
    _remember_columns(run.kind, sheet)
    record(run.by, "crm.imported", run, **{k: v for k, v in run.counts.items() if isinstance(v, int)})
    return ledger


def summary(ledger: Ledger) -> dict[str, Any]:
    names = ("rows", "new", "families", "changed", "unchanged", "refused", "doubled", "duplicate", "remark")
    return {name: ledger.counts[name] for name in names} | {"classes": sorted(set(ledger.new_classes))}


def _keep_issues(run: ImportRun, issues: list[Issue]) -> None:
    ImportRow.objects.filter(run=run).delete()
    ids = iter(ImportRow.objects.draw_ids(len(issues)))
    rows = []
    for issue in issues:
        row = ImportRow(pk=next(ids), run=run, number=issue.number, verdict=issue.verdict, field=issue.field,
                        reason=issue.reason[:200])
        row.cells = json.dumps(issue.cells, ensure_ascii=False)
        rows.append(row)
    ImportRow.objects.bulk_create(rows, batch_size=2000)


def _remember_columns(kind: str, sheet: Sheet) -> None:
    if sheet.header is None:
        return
    titles = sheet.titles
    rows = [ColumnMap(kind=kind, header=plain(titles[column])[:60], target=field)
            for field, column in sheet.columns.items() if column < len(titles) and plain(titles[column])]
    ColumnMap.objects.bulk_create(rows, update_conflicts=True, unique_fields=["tenant", "kind", "header"],
                                  update_fields=["target"])


def new_run(kind: str, filename: str, *, campus: Campus | None, by: Any, at: datetime, file: Any = None) -> ImportRun:
    """A fresh run; the only campus is the default, several must be chosen from."""
    if campus is None:
        campuses = list(Campus.objects.all()[:2])
        if len(campuses) != 1:
            raise Refused(_("%(school)s 有多个园所，请选一个。") % {"school": current_tenant().name}, "campus")
        campus = campuses[0]
    run = ImportRun.objects.create(kind=kind, filename=filename[:200], campus=campus, by=by, created_at=at)
    if file is not None:
        run.file.save("upload", file)
    return run


def choose_columns(run: ImportRun, columns: dict[str, int]) -> None:
    """What the person picked, counted from 1 as in a mapping file."""
    run.mapping = {**run.mapping, "columns": columns}
    run.save(update_fields=["mapping"])


def ask(run: ImportRun, topic: str, state: str) -> None:
    """Hand the run to the worker; the page watches its state."""
    if not ImportRun.objects.filter(pk=run.pk).exclude(state__in=["running", "done", "undone"]).update(state=state, error=""):
        raise Refused(_("这一批已经在导入或导入过了。"), code="already_done")
    run.refresh_from_db()
    later(topic, run=run.pk)


def fix(run: ImportRun, number: int, field: str, value: str) -> None:
    """Correct one cell of a refused row; the sheet itself stays as it came."""
    fixes = json.loads(run.fixes or "{}")
    fixes.setdefault(str(number), {})[field] = value
    run.fixes = json.dumps(fixes, ensure_ascii=False)
    run.save(update_fields=["fixes_sealed"])


def may_undo(run: ImportRun, at: datetime) -> bool:
    return (run.state == ImportRun.State.DONE and run.finished_at is not None
            and at - run.finished_at <= timedelta(days=UNDO_DAYS))

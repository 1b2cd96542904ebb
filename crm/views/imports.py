"""Imports: upload, columns, dry run, corrections, progress, refused rows, undo."""
import json
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import run_for
from crm.consumers import progress_key
from crm.forms import UploadForm
from crm.imports.columns import FIELDS, field_names
from crm.imports.runs import CHECK, START, ask, choose_columns, may_undo, new_run, understand
from crm.imports.runs import fix as fix_cell
from crm.imports.samples import samples
from crm.imports.undo import undo
from crm.models import ImportKind, ImportRun
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.sheets import XLSX, workbook
from tenancy.site import need, page
from tenancy.typed import numbered

MAX_UPLOAD = 20 * 1024 * 1024
LOOKED_AT = 200  # rows from which samples are shown


def imports(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.import")
    form = UploadForm(request.POST or None, request.FILES or None, campuses=campuses_of(request.member),
                      initial={"kind": request.GET.get("kind", "roster")})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            made = _upload(form.cleaned_data, member)
            return redirect("crm:import", made.pk)
    rows = ImportRun.objects.in_campuses(member.campus_ids()).select_related("by", "campus")[:50]
    return page(request, "crm/imports.html", {"title": _("导入"), "form": form, "rows": rows, "kinds": ImportKind.choices},
                status=422 if form.errors else 200)


def _upload(values: dict[str, Any], member: Any) -> ImportRun:
    upload = values["file"]
    if upload.size > MAX_UPLOAD:
        raise Refused(_("文件超过 20 MB，请拆成几份。"), "file")
    run = new_run(values["kind"], upload.name, campus=values["campus"], by=member, at=timezone.now(), file=upload)
    ask(run, CHECK, ImportRun.State.CHECKING)
    record(member, "crm.import_uploaded", run)
    return run


def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the run stands: being checked, columns and dry run, in progress, done."""
    row = run_for(request.member, pk)
    template = "crm/import_run.html"
    context: dict[str, Any] = {"title": _("导入%(kind)s") % {"kind": row.get_kind_display()}, "crumb": _("导入"), "run": row,
                               "steps": _steps(row), "undoable": may_undo(row, timezone.now())}
    if row.state in ("mapping", "checked"):
        context |= _columns(row)
    if row.state in ("checked", "done", "undone"):
        context["good"] = _importable(row)
    if row.state in ("checked", "done"):
        names = field_names(row.kind)
        context["issues"] = [(issue, names.get(issue.field, issue.field)) for issue in row.rows.all()[:100]]
    return page(request, template, context)


def _importable(row: ImportRun) -> int:
    """Rows that come in; a doubled one does so among payments only, where equal lines may both be meant."""
    left_out = row.counts.get("refused", 0) + (0 if row.kind == "payments" else row.counts.get("doubled", 0))
    rows: int = row.counts.get("rows", 0)
    return rows - left_out


def _steps(row: ImportRun) -> list[tuple[str, str]]:
    at = {"checking": 1, "mapping": 1, "checked": 2, "running": 3, "failed": 1, "done": 4, "undone": 4}[row.state]
    names = [_("上传"), _("对应列"), _("试运行"), _("导入"), _("核对")]
    return [(name, "is-done" if n < at else "is-now" if n == at else "") for n, name in enumerate(names)]


def _columns(row: ImportRun) -> dict[str, Any]:
    """Their columns, three masked samples each, and what we take them for."""
    try:
        sheet = understand(row.kind, Path(row.file.path), row.mapping)
    except Refused as refusal:
        return {"columns": [], "problem": refusal.message}
    chosen = {column: field for field, column in sheet.columns.items()}
    first = [cells for _number, cells in islice(sheet.data(), LOOKED_AT)]
    columns = [(n, title, samples(first, n, chosen.get(n)), chosen.get(n, "")) for n, title in enumerate(sheet.titles)]
    return {"columns": columns, "fields": FIELDS[row.kind], "known": len(chosen)}


@require_POST
def map_columns(request: HttpRequest, pk: int) -> HttpResponse:
    row = run_for(request.member, pk)
    known = field_names(row.kind)
    chosen = {field: column + 1 for column, field in numbered(request, "column").items() if field in known}
    choose_columns(row, chosen)
    ask(row, CHECK, ImportRun.State.CHECKING)
    return redirect("crm:import", pk)


@require_POST
def fix(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = run_for(request.member, pk)
    field = request.POST.get("field", "")
    if field not in field_names(found.kind):
        raise Refused(_("没有这一列。"), "field")
    fix_cell(found, row, field, request.POST.get("value", "")[:200])
    ask(found, CHECK, ImportRun.State.CHECKING)
    return redirect("crm:import", pk)


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    row = run_for(request.member, pk)
    if row.state != ImportRun.State.CHECKED:
        raise Refused(_("先看过试运行的结果，才能导入。"), code="stale")
    ask(row, START, ImportRun.State.RUNNING)
    return redirect("crm:import", pk)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page; a run that came to rest reloads it. A POST stops the run."""
    row = run_for(request.member, pk)
    if request.method == "POST":
        cache.set(f"{progress_key(row)}:stop", 1, 600)
    if row.state not in ("checking", "running"):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return page(request, "crm/import_progress.html", {"run": row, "done": cache.get(progress_key(row)) or 0})


def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that did not come in, with the reason, ready to be put right and uploaded again."""
    row = run_for(request.member, pk)
    names = field_names(row.kind)
    rows = [[issue.number, names.get(issue.field, ""), issue.reason, *json.loads(issue.cells)]
            for issue in row.rows.exclude(verdict="remark")]
    record(request.member, "crm.refused_rows_downloaded", row, rows=len(rows))
    width = max((len(r) for r in rows), default=3)
    header = [_("行"), _("列"), _("问题"), *[""] * (width - 3)]
    book = workbook(_("要改的行"), header, rows, reader=request.member.name)
    return FileResponse(book, as_attachment=True, content_type=XLSX, filename=f"{_('要改的行')}-{row.pk}.xlsx")


def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    need(request, "crm.import")
    if kind not in FIELDS:
        raise Http404
    header = [field.words[0] + ("*" if field.required else "") for field in FIELDS[kind]]
    book = workbook(_("模板"), header, [], reader=request.tenant.name)
    return FileResponse(book, as_attachment=True, content_type=XLSX, filename=f"{dict(ImportKind.choices)[kind]}-{_('模板')}.xlsx")


@require_POST
def undo_run(request: HttpRequest, pk: int) -> HttpResponse:
    undo(run_for(request.member, pk), by=request.member, at=timezone.now())
    messages.success(request, _("已撤销这一批"))
    return redirect("crm:import", pk)

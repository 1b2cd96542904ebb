"""A sheet of text as an import, from file to archive."""
import pytest

from crm.imports.runs import new_run, start, understand
from crm.models import ImportRow, ImportRun


@pytest.fixture
def bring(now, tmp_path):
    """Import a text as a kind of sheet, inside an open scope; the run that was made."""
    def bring(kind: str, text: str, *, campus=None, by=None, **mapping) -> ImportRun:
        path = tmp_path / "sheet.csv"
        path.write_text(text)
        sheet = understand(kind, path, mapping or None)
        run = new_run(kind, "sheet.csv", campus=campus, by=by, at=now)
        start(run, sheet, at=now)
        return run
    return bring


@pytest.fixture
def noted():
    """(row, verdict, field, reason) of every row that needs a person."""
    def noted(run: ImportRun) -> list[tuple[int, str, str, str]]:
        return list(ImportRow.objects.filter(run=run).values_list("number", "verdict", "field", "reason"))
    return noted

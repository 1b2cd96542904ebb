"""Laws over the whole source tree: order of the stack, sizes, no inline imports, no writes in views (QUALITY G)."""
import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STACK = ["tenancy", "audit", "notifications", "crm", "tiering", "churn", "service_levels", "reception", "supervision", "config"]
TRACKED = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
SOURCE = [p for p in TRACKED if p.endswith(".py") and "/migrations/" not in p and not p.startswith("tests/") and (ROOT / p).is_file()]


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def functions(path: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(path: str) -> set[str]:
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", [p for p in SOURCE if p.split("/")[0] in STACK])
def test_each_app_imports_only_from_apps_below_it(path):
    here = STACK.index(path.split("/")[0])

    assert {name for name in imported(path) if name in STACK and STACK.index(name) > here} == set()


def test_the_pure_rooms_import_no_framework():
    pure = ["tiering/rules.py", "tiering/charts.py", "tiering/presets.py", "crm/parse.py", "crm/naming.py", "crm/imports/columns.py",
            "crm/imports/records.py"]

    assert {path: imported(path) & {"django", "rest_framework", "celery"} for path in pure} == {path: set() for path in pure}


def test_functions_and_files_keep_their_size():
    sizes = sorted((f.end_lineno - f.lineno + 1, f"{path}:{f.name}") for path in SOURCE for f in functions(path))
    files = sorted((len((ROOT / p).read_text().splitlines()), p) for p in SOURCE if (ROOT / p).read_text().strip())
    def p95(rows):
        return rows[int(len(rows) * 0.95)][0]

    assert statistics.median(size for size, _ in sizes) <= 8 and p95(sizes) <= 35 and [s for s in sizes if s[0] > 60] == []
    assert p95(files) <= 300 and [f for f in files if f[0] > 450] == []


def test_there_are_no_inline_imports_outside_of_ready():
    inline = [f"{path}:{f.name}" for path in SOURCE if not path.endswith("apps.py") and path != "manage.py" for f in functions(path)
              if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(f))]

    assert inline == []


def test_views_write_nothing_themselves():
    views = [p for p in SOURCE if p.endswith("views.py") or "/views/" in p]
    writes = [f"{p}:{n}" for p in views for n, line in enumerate((ROOT / p).read_text().splitlines(), 1)
              if re.search(r"\.(save|delete|create|bulk_create|update_or_create|update)\(", line) and "ALLOWED" not in line]

    assert writes == []


def test_templates_hold_no_inline_script_or_style():
    templates = [p for p in TRACKED if p.endswith(".html") and (ROOT / p).is_file()]
    found = [p for p in templates if re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", (ROOT / p).read_text())]
    lines = {p: (ROOT / p).read_text().splitlines() for p in templates}
    long = [p for p in templates if len(lines[p]) > 150]
    wide = [f"{p}:{n}" for p in templates for n, line in enumerate(lines[p], 1) if len(line) > 360]

    assert found == [] and long == [] and wide == []


def test_every_public_function_of_an_app_says_what_it_takes():
    untyped = [f"{path}:{f.name}" for path in SOURCE if path.split("/")[0] in STACK for f in functions(path)
               if not f.name.startswith("_") and f.returns is None]

    assert untyped == []


def test_nothing_is_left_unfinished_or_skipped():
    words = re.compile("TO" + "DO|FIX" + r"ME|NotImplementedError\(|pytest\.(skip|xfail)|mark\.(skip|xfail)")
    found = [p for p in TRACKED if p.endswith((".py", ".html")) and (ROOT / p).is_file() and words.search((ROOT / p).read_text())]

    assert found == []


def test_the_project_speaks_of_itself_alone():
    words = re.compile(r"pypi\.org|registry\.npmjs|deb\.debian|/root/|/work/", re.I)
    mine = Path(__file__).relative_to(ROOT).as_posix()
    found = [p for p in TRACKED if p and p != mine and (ROOT / p).is_file() and p.endswith((".py", ".md", ".html", ".yml", ".sh", ".txt", ".css", ".js"))
             and words.search((ROOT / p).read_text(errors="replace"))]

    assert found == []

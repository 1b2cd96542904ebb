"""Laws over the whole source tree: order of the stack, sizes, no inline imports, no writes in views (QUALITY G).

Each law is a small reader of text, so that a planted fault can be shown to turn it red.
"""
import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STACK = ["tenancy", "audit", "notifications", "crm", "tiering", "churn", "service_levels", "reception", "supervision",
        "config"]
TRACKED = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True,
        text=True).stdout.split("\n")
PYTHON = [p for p in TRACKED if p.endswith(".py") and "/migrations/" not in p and (ROOT / p).is_file()]
SOURCE = [p for p in PYTHON if not p.startswith("tests/")]
TESTS = [p for p in PYTHON if p.startswith("tests/")]
TEMPLATES = [p for p in TRACKED if p.endswith(".html") and (ROOT / p).is_file()]
PURE = ["service_levels/plans/book.py", "service_levels/plans/presets.py", "service_levels/plans/capacity.py", "service_levels/points/ledger.py", "service_levels/plans/discreet.py", "service_levels/concessions/policy.py", "service_levels/requests/clocks.py", "service_levels/answers/matching.py", "service_levels/touches/owing.py", "service_levels/touches/ranking.py", "service_levels/touches/festivals.py", "crm/lunar.py", "tiering/rules.py", "tiering/charts.py", "tiering/presets.py", "tiering/fairness.py", "tiering/calendar.py",
        "tenancy/said.py", "crm/parse.py", "crm/calendar.py", "crm/hours.py",
        "crm/publicdays.py",
        "crm/naming.py", "crm/surveys/results.py", "reception/flow.py", "reception/stages.py", "reception/stopwatch.py", "reception/reminders.py", "reception/funnel.py",
        "churn/risk/rules.py", "churn/risk/figures.py", "churn/risk/charts.py", "churn/cases/natural.py", "churn/reports/pareto.py", "churn/refunds/rules.py", "churn/refunds/offers.py", "crm/ownership/judging.py", "churn/measures/verdict.py", "churn/measures/indicators.py", "churn/measures/lateness.py", "churn/measures/typed.py", "churn/measures/charts.py", "churn/departments/funnel.py", "churn/reports/charts.py", "crm/imports/columns.py", "crm/imports/records.py", "crm/imports/samples.py"]
FRAMEWORKS = {"django", "rest_framework", "celery"}


def text_of(path: str) -> str:
    return (ROOT / path).read_text()


# -- the readers ----------------------------------------------------------------------------------------------------------
def functions(source: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def from_above(app: str, source: str) -> set[str]:
    """Apps that stand above this one and are imported by it all the same."""
    return {name for name in imported(source) if name in STACK and STACK.index(name) > STACK.index(app)}


def lengths(source: str) -> list[int]:
    return [f.end_lineno - f.lineno + 1 for f in functions(source)]


def inline_imports(source: str) -> list[str]:
    return [f.name for f in functions(source) if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(f))]


def writes(source: str) -> list[str]:
    """Lines of a view that write to the database themselves."""
    return [line.strip() for line in source.splitlines() if re.search(r"\.(save|delete|create|bulk_create|update_or_create|update)\(", line)]


def inline_markup(page: str) -> list[str]:
    return re.findall(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page)


def untyped(source: str) -> list[str]:
    return [f.name for f in functions(source) if not f.name.startswith("_") and f.returns is None]


def unfinished(source: str) -> list[str]:
    words = re.compile("TO" + "DO|FIX" + r"ME|NotImplementedError\(|pytest\.(?:skip|xfail)|mark\.(?:skip|xfail)")
    return words.findall(source)


def elsewhere(text: str) -> list[str]:
    """Hosts of registries and paths of a machine."""
    return re.findall(r"pypi\.org|registry\.npmjs|deb\.debian|/root/|/work/", text, re.I)


def mocks(source: str) -> list[str]:
    return re.findall(r"unittest\.mock|MagicMock|mocker\b|@patch\b", source)


# -- the laws ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [p for p in SOURCE if p.split("/")[0] in STACK])
def test_each_app_imports_only_from_apps_below_it(path):
    assert from_above(path.split("/")[0], text_of(path)) == set()


@pytest.mark.parametrize("path", PURE)
def test_the_pure_rooms_import_no_framework(path):
    assert imported(text_of(path)) & FRAMEWORKS == set()


def test_functions_and_files_keep_their_size():
    sizes = sorted((size, path) for path in SOURCE for size in lengths(text_of(path)))
    files = sorted((len(text_of(p).splitlines()), p) for p in SOURCE if text_of(p).strip())

    def p95(rows):
        return rows[int(len(rows) * 0.95)][0]

    assert statistics.median(size for size, _ in sizes) <= 8
    assert p95(sizes) <= 35
    assert [s for s in sizes if s[0] > 60] == []
    assert p95(files) <= 300 and [f for f in files if f[0] > 450] == []


def test_tests_are_half_as_long_again_as_what_they_test():
    product = [p for p in SOURCE if not p.startswith("config/bench/")]  # benches are proof themselves, and are not shipped to anybody
    source, tests = (sum(len(text_of(p).splitlines()) for p in paths) for paths in (product, TESTS))

    assert tests >= 1.5 * source, f"{tests} lines of tests for {source} of source: {tests / source:.2f}"


def test_there_are_no_inline_imports_outside_of_ready():
    assert {p: found for p in PYTHON if not p.endswith("apps.py") and p != "manage.py" and (found := inline_imports(text_of(p)))} == {}


def test_views_write_nothing_themselves():
    views = [p for p in SOURCE if p.endswith("views.py") or "/views/" in p]

    assert len(views) > 10 and {p: found for p in views if (found := writes(text_of(p)))} == {}


def test_templates_hold_no_inline_script_or_style_and_keep_their_size():
    lines = {p: text_of(p).splitlines() for p in TEMPLATES}

    assert {p: found for p in TEMPLATES if (found := inline_markup(text_of(p)))} == {}
    assert [p for p in TEMPLATES if len(lines[p]) > 150] == []
    assert [f"{p}:{n}" for p in TEMPLATES for n, line in enumerate(lines[p], 1) if len(line) > 360] == []


def test_every_public_function_of_an_app_says_what_it_takes():
    assert {p: found for p in SOURCE if p.split("/")[0] in STACK and (found := untyped(text_of(p)))} == {}


def test_nothing_is_left_unfinished_or_skipped():
    assert {p: found for p in [*PYTHON, *TEMPLATES] if (found := unfinished(text_of(p)))} == {}


def test_the_project_speaks_of_itself_alone():
    mine = Path(__file__).relative_to(ROOT).as_posix()
    told = [p for p in TRACKED if p != mine and (ROOT / p).is_file() and p.endswith((".py", ".md", ".html", ".yml",
            ".sh", ".txt", ".css", ".js"))]

    assert {p: found for p in told if (found := elsewhere((ROOT / p).read_text(errors="replace")))} == {}


def test_our_own_code_is_never_mocked():
    mine = Path(__file__).relative_to(ROOT).as_posix()

    assert {p: found for p in TESTS if p != mine and (found := mocks(text_of(p)))} == {}


def test_every_test_says_what_it_is_about():
    assert [p for p in TESTS if not p.endswith("__init__.py") and ast.get_docstring(ast.parse(text_of(p))) is None] == []


# -- their controls -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("app", "source", "found"), [
    ("tenancy", "from crm.models import Child", {"crm"}), ("crm", "import tiering.rules", {"tiering"}), ("tiering",
            "from crm import models", set()),
    ("audit", "def f():\n    from notifications import actions", {"notifications"}), ("config", "import tenancy, crm",
            set()),
])
def test_an_import_from_above_is_found(app, source, found):
    assert from_above(app, source) == found


@pytest.mark.parametrize(("source", "found"), [("import re\nfrom django.db import models", {"django"}),
        ("import celery", {"celery"}), ("import math", set())])
def test_a_framework_in_a_pure_room_is_found(source, found):
    assert imported(source) & FRAMEWORKS == found


def test_a_long_function_is_found():
    assert lengths("def f():\n" + "    x = 1\n" * 70 + "\ndef g():\n    return 1\n") == [71, 2]


@pytest.mark.parametrize(("source", "found"), [("def f():\n    import os", ["f"]),
        ("import os\ndef f():\n    return os", []),
                                               ("class A:\n    def g(self):\n        from x import y", ["g"])])
def test_an_inline_import_is_found(source, found):
    assert inline_imports(source) == found


@pytest.mark.parametrize(("line", "count"), [("    row.save()", 1), ("    Child.objects.create(name='x')", 1),
        ("    rows.update(x=1)", 1), ("    form.is_valid()", 0),
                                             ("    row.delete()", 1), ("    rows.filter(x=1)", 0)])
def test_a_write_in_a_view_is_found(line, count):
    assert len(writes(f"def f(request):\n{line}\n")) == count


@pytest.mark.parametrize(("page", "count"), [("<script>x()</script>", 1), ('<script src="a.js"></script>', 0),
        ('<p style="color:red">', 1), ('<b onclick="x()">', 1),
                                             ("<p class='x'>", 0)])
def test_markup_that_runs_is_found(page, count):
    assert len(inline_markup(page)) == count


@pytest.mark.parametrize(("source", "found"), [("def f(x): return x", ["f"]), ("def f(x) -> int: return x", []),
        ("def _f(x): return x", [])])
def test_a_function_without_a_type_is_found(source, found):
    assert untyped(source) == found


@pytest.mark.parametrize(("source", "count"), [("# TO" + "DO later", 1), ("raise NotImplemented" + "Error()", 1),
        ("@pytest.mark.sk" + "ip", 1), ("x = 1", 0)])
def test_work_that_is_left_is_found(source, count):
    assert len(unfinished(source)) == count


@pytest.mark.parametrize(("text", "count"), [("pip install --index https://pypi.org/simple", 1), ("see /work/main",
        1), ("see docs/architecture.md", 0)])
def test_a_word_of_elsewhere_is_found(text, count):
    assert len(elsewhere(text)) == count


@pytest.mark.parametrize(("source", "count"), [("from unittest.mock import patch", 1), ("def test(mocker): pass", 1),
        ("monkeypatch.setattr(x, 'CHUNK', 7)", 0)])
def test_a_mock_is_found(source, count):
    assert len(mocks(source)) == count

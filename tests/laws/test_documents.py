"""What the documents promise is there: commands, paths, settings, and the rooms they point at."""
import re

import pytest

from devtools.main import COMMANDS
from tests.laws.test_code import ROOT, STACK, TRACKED

README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def commands(text):
    return {name for name in re.findall(r"\./dev (\w+)", text)}


def paths(text):
    """Files of the project that a document names."""
    return {path for path in re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|sql|md|yml|typ|html))`", text) if "{" not in path}


def test_the_first_screen_holds_the_two_commands():
    first = "\n".join(README.splitlines()[:25])

    assert "./dev up" in first and "./dev test" in first and "![" in first


@pytest.mark.parametrize("text", [README, ARCHITECTURE], ids=["README", "architecture"])
def test_every_command_that_is_named_is_there(text):
    assert commands(text) <= set(COMMANDS)


def test_every_command_is_named():
    assert set(COMMANDS) <= commands(README)


@pytest.mark.parametrize("text", [README, ARCHITECTURE, *(path.read_text() for path in DECISIONS)],
        ids=["README", "architecture", *(p.stem for p in DECISIONS)])
def test_every_path_that_is_named_is_there(text):
    assert {path for path in paths(text) if path not in TRACKED and not list(ROOT.glob(f"*/{path}"))} == set()


def test_the_stack_is_drawn_with_all_its_apps():
    assert all(app in ARCHITECTURE for app in STACK)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_has_a_number_a_title_and_says_why(path):
    text = path.read_text()

    assert re.match(r"\d{4}-[a-z-]+$", path.stem) and text.startswith("# ") and len(text) > 50


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_pictures_are_there():
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)

    assert named and all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_POLLER_URL", "DATABASE_BACKUP_URL",
        "REDIS_URL"])
def test_the_addresses_of_real_servers_are_named_where_they_are_read(name):
    assert name in README and name in (ROOT / "config" / "settings.py").read_text()


@pytest.mark.parametrize("app", [app for app in STACK if app != "config"])
def test_every_app_says_what_it_is_for(app):
    text = (ROOT / app / "__init__.py").read_text()

    assert text.startswith('"""') and len(text) > 30


@pytest.mark.parametrize(("text", "found"), [("`tiering/rules.py` and `nowhere/at_all.py`", {"tiering/rules.py",
        "nowhere/at_all.py"}), ("no path", set()),
                                             ("`./dev up`", set())])
def test_a_planted_path_is_found(text, found):
    assert paths(text) == found


@pytest.mark.parametrize(("text", "found"), [("./dev fly and ./dev up", {"fly", "up"}), ("dev", set())])
def test_a_planted_command_is_found(text, found):
    assert commands(text) == found

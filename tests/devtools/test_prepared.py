"""What makes ./dev up prepare the database again: another tree, another database, lost outputs."""
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from devtools.postgres import Cluster
from devtools.prepared import digest, is_prepared, outputs_lie_there, write_note


@pytest.fixture
def tree(tmp_path):
    for name in ("crm/migrations/0001_initial.py", "tenancy/sql/roles.sql", "locale/en/LC_MESSAGES/django.po",
            "requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


# -- the tree -----------------------------------------------------------------------------------------------------------
def test_the_same_tree_has_the_same_digest_wherever_it_lies(tree, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "clone"
    shutil.copytree(tree, elsewhere)

    assert digest(elsewhere) == digest(tree)


@pytest.mark.parametrize("changed", ["crm/migrations/0001_initial.py", "tenancy/sql/roles.sql",
        "locale/en/LC_MESSAGES/django.po",
                                     "requirements.txt", "crm/migrations/0002_more.py"])
def test_a_changed_or_a_new_source_is_another_tree(tree, changed):
    before = digest(tree)
    (tree / changed).write_text("other")

    assert digest(tree) != before


def test_a_source_that_was_moved_is_another_tree(tree):
    before = digest(tree)
    (tree / "crm/migrations/0001_initial.py").rename(tree / "crm/migrations/0001_first.py")

    assert digest(tree) != before


@pytest.mark.parametrize("made", ["var/log/web.log", "docs/why.md", "tests/test_it.py", ".git/HEAD", ".venv/pyvenv.cfg",
                                  "crm/__pycache__/x.pyc", "locale/en/LC_MESSAGES/django.mo"])
def test_what_running_and_writing_leave_behind_does_not_count(tree, made):
    before = digest(tree)
    path = tree / made
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("made")

    assert digest(tree) == before


# -- what lies beside the database ------------------------------------------------------------------------------------------
def test_every_catalogue_must_be_compiled_and_the_static_files_collected(tree):
    static, compiled = tree / "var" / "static", tree / "locale/en/LC_MESSAGES/django.mo"
    assert not outputs_lie_there(tree, static)

    static.mkdir(parents=True)
    assert not outputs_lie_there(tree, static)

    compiled.touch()
    assert outputs_lie_there(tree, static)


# -- the database -------------------------------------------------------------------------------------------------------
def test_the_database_remembers_the_tree_it_was_prepared_from():
    cluster = Cluster(Path("nowhere"), port=int(settings.DATABASES["default"]["PORT"]))
    write_note(cluster, "")
    assert not is_prepared(cluster, "abc")

    write_note(cluster, "abc")
    assert is_prepared(cluster, "abc") and not is_prepared(cluster, "abd")

    write_note(cluster, "")
    assert not is_prepared(cluster, "abc")

"""Where things lie, and secrets that are drawn once and read by nobody else."""
import json
import stat

import pytest

from devtools import paths
from devtools.paths import local_secrets, read_json, write_json


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "VAR", tmp_path / "var")
    return tmp_path / "var"


def test_what_was_written_is_read_back(tmp_path):
    write_json(tmp_path / "a" / "b.json", {"名": "苗圃", "n": 1})

    assert read_json(tmp_path / "a" / "b.json") == {"名": "苗圃", "n": 1}
    assert "苗圃" in (tmp_path / "a" / "b.json").read_text()


def test_a_file_that_is_not_there_is_empty(tmp_path):
    assert read_json(tmp_path / "nothing.json") == {}


def test_nobody_else_can_read_it(tmp_path):
    write_json(tmp_path / "b.json", {"a": 1})

    assert stat.S_IMODE((tmp_path / "b.json").stat().st_mode) == 0o600


def test_written_again_nothing_of_the_old_stays_and_no_half_file_lies_about(tmp_path):
    for content in ({"long": "x" * 1000}, {"a": 1}):
        write_json(tmp_path / "b.json", content)

    assert json.loads((tmp_path / "b.json").read_text()) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["b.json"]


def test_secrets_are_drawn_once(var):
    first = local_secrets()

    assert local_secrets() == first
    assert set(first) == {"secret_key", "master_key", "postgres", "owner", "app", "poller", "backup", "demo"}


def test_no_two_secrets_are_alike_and_keys_are_long_enough_for_production(var):
    drawn = local_secrets()

    assert len(set(drawn.values())) == len(drawn)
    assert min(len(drawn["secret_key"]), len(drawn["master_key"])) >= 40


def test_a_secret_that_is_missing_is_added_and_the_others_stay(var):
    before = local_secrets()
    write_json(var / "secrets.json", {name: value for name, value in before.items() if name != "backup"})
    after = local_secrets()

    assert after["backup"] != before["backup"] and {n: v for n, v in after.items() if n != "backup"} == {
        n: v for n, v in before.items() if n != "backup"}


def test_secrets_are_read_by_nobody_else(var):
    local_secrets()

    assert stat.S_IMODE((var / "secrets.json").stat().st_mode) == 0o600

"""docs/acceptance.md names real tests, and names every part that is built or says ``later``."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "acceptance.md").read_text()
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| [KRCSXB]\d", line)]


def test_every_row_names_a_test_that_exists_or_says_later():
    wrong = []
    for row in ROWS:
        named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", row)
        if not named and "later" not in row:
            wrong.append(row)
        wrong += [f"{path}::{test}" for path, test in named
                  if not (ROOT / path).is_file() or not re.search(rf"def {test}\(", (ROOT / path).read_text())]

    assert wrong == []


def test_ids_stand_once():
    ids = [re.match(r"\| ([^|]+) \|", row)[1].strip() for row in ROWS]

    assert sorted(ids) == sorted(set(ids))

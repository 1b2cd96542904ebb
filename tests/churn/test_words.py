"""Every act of churn that is recorded has its words, and no words stand for an act that nobody records."""
import re
from pathlib import Path

import pytest

from audit.words import word
from churn.words import VERBS

SOURCE = Path(__file__).resolve().parents[2] / "churn"
RECORDED = {verb for path in SOURCE.rglob("*.py") for verb in re.findall(r'record\([^"]*"(churn\.\w+)"', path.read_text())}


def test_every_act_that_is_recorded_has_its_words():
    assert set(VERBS) == RECORDED


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_act_is_called_by_its_words_in_the_record(verb):
    assert str(VERBS[verb]) and not str(VERBS[verb]).endswith("。") and len(str(VERBS[verb])) <= 12


def test_the_record_knows_the_words():
    assert {verb: word(verb) for verb in VERBS} == {verb: str(said) for verb, said in VERBS.items()}

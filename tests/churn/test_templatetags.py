"""Marks of risk in templates: a shape and a word for each band, and words for signs."""
import pytest
from django.template import Context, Template

from churn.risk.rules import Reason


def drawn(text: str, **words) -> str:
    return Template("{% load risks %}" + text).render(Context(words)).strip()


@pytest.mark.parametrize(("band", "word", "shape"), [
    ("high", "高风险", "M6.500 1.500"),
    ("watch", "留意", "M6.500 1.700"),
    ("low", "平稳", "circle"),
])
def test_a_band_has_its_own_shape_and_word(db, band, word, shape):
    badge = drawn("{% risk band %}", band=band)

    assert word in badge and shape in badge and 'aria-hidden="true"' in badge


@pytest.mark.parametrize("band", ["", "nonsense", None])
def test_what_is_no_band_draws_nothing(db, band):
    assert drawn("{% risk band %}", band=band or "") == ""
    assert drawn("{{ band|band_name }}", band=band or "") == ""


def test_bands_signs_and_reasons_are_said_in_words(db):
    assert drawn("{{ band|band_name }}", band="watch") == "留意"
    assert drawn("{{ sign|sign_name }}", sign="run") == "连续缺勤"
    assert drawn("{{ sign|sign_name }}", sign="x") == ""
    assert drawn("{{ why|said }}", why=Reason("run", 5, 16, 30)) == "连续缺勤 5 个开园日"

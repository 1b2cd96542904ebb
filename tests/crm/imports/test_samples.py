"""Three samples of a column, by which a person can judge it without reading anybody's number."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.samples import SECRET, masked, samples

ROWS = [["周小满", "13800138000", ""], ["李四", "13900139000", None], ["李四", "13700137000"], ["王五", "x"], ["赵六", "y"]]


def test_at_most_three_are_shown_and_none_twice():
    assert samples(ROWS, 0, "child_name") == ["周小满", "李四", "王五"]


def test_a_column_that_is_empty_or_missing_has_no_samples():
    assert (samples(ROWS, 2, None), samples(ROWS, 9, None), samples([], 0, None)) == ([], [], [])


def test_a_number_is_hidden_whether_or_not_its_column_was_recognized():
    assert samples(ROWS[:1], 1, None) == samples(ROWS[:1], 1, "phone") == ["138****8000"]


@pytest.mark.parametrize("written", ["138 0013 8000", "138-0013-8000", "13800138000", "13800138000.0"])
def test_a_number_is_hidden_however_it_is_written(written):
    assert "0013" not in masked(written, "phone").replace(" ", "").replace("-", "")
    assert "****" in masked(written, "phone")


@pytest.mark.parametrize("field", ["address", "health"])
@pytest.mark.parametrize(("text", "shown"), [("河畔里 12 号 3 单元", "河畔里 …"), ("花生", "花生"), ("", ""),
        ("青霉素过敏", "青霉素过…")])
def test_of_an_address_and_a_health_note_only_the_start_is_shown(field, text, shown):
    assert masked(text, field) == shown


def test_what_is_secret_is_said_once():
    assert {"phone", "referred_phone", "address", "health"} == SECRET


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from([None, "phone", "referred_phone", "remark"]))
def test_no_mobile_number_is_ever_shown_whole(number, field):
    assert number not in masked(number, field) and number[3:7] not in masked(number, field)[3:7]


@given(st.text(max_size=50))
def test_a_sample_is_short(text):
    assert len(masked(text, None)) <= 16

"""手写签名: read from what a page sends, refused when it is no signature, drawn again as lines and nothing else."""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.contracts.drawing import HEIGHT, POINTS, STROKES, WIDTH, read, svg, written

NAME = [[[100, 40], [180, 150], [260, 60]], [[300, 30], [300, 170]]]
POINT = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT))


def refusal(text: str) -> str:
    with pytest.raises(ValueError) as error:
        read(text)
    return str(error.value.args[0])


def test_a_name_is_kept_as_it_was_drawn():
    strokes = read(json.dumps(NAME))

    assert strokes == [[(100, 40), (180, 150), (260, 60)], [(300, 30), (300, 170)]]
    assert json.loads(written(strokes)) == NAME


@pytest.mark.parametrize("text", ["", "[]", "[[]]", "[[[1, 1]]]", "[[[1, 1], [2, 2], [3, 3]]]"])
def test_a_dot_or_nothing_is_no_signature(text):
    assert refusal(text) == "请在框里签上您的名字。"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "7",
        "[7]",
        "[[7]]",
        '[["ab", "cd"]]',
        "[[[1]]]",
        "[[[1, 2, 3]]]",
        "[[[null, 2], [3, 4]]]",
        '[[["<svg", 2], [3, 4]]]',
        "[[[-1, 0], [500, 100]]]",
        f"[[[0, 0], [{WIDTH + 1}, 0]]]",
        "[[[NaN, 0], [500, 100]]]",
    ],
)
def test_what_is_no_drawing_is_asked_for_again(text):
    assert refusal(text) == "签名没有传过来，请再签一次。"


@pytest.mark.parametrize(
    "strokes", [[[[0, 0], [500, 100]]] * (STROKES + 1), [[[0, 0], [500, 100]] * (POINTS // 2 + 1)]]
)
def test_too_much_is_refused(strokes):
    assert refusal(json.dumps(strokes)) == "签名画得太多了，请清空重签。"


@given(st.lists(st.lists(POINT, min_size=2, max_size=20), min_size=1, max_size=8))
def test_every_picture_is_well_formed_and_holds_lines_only(strokes):
    drawn = svg(strokes)

    tree = ElementTree.fromstring(drawn)
    assert [element.tag.partition("}")[2] for element in tree.iter()] == [
        "svg",
        "path",
    ] and "script" not in drawn

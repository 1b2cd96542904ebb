"""Names as front-line people look for them: any part, the pinyin, the initials, a surname read as a surname."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.naming import COMPOUND, LONGEST, SURNAME_READINGS, surname, syllables, tokens


@pytest.mark.parametrize(("name", "read"), [
    ("张三", ["zhang", "san"]), ("周小满", ["zhou", "xiao", "man"]), ("曾晨", ["zeng", "chen"]), ("单田芳",
            ["shan", "tian", "fang"]),
    ("仇英", ["qiu", "ying"]), ("查良镛", ["zha", "liang", "yong"]), ("尉迟恭", ["yuchi", "gong"]), ("欧阳修",
            ["ou", "yang", "xiu"]),
    ("万俟卨", ["moqi", "xie"]), ("任安然", ["ren", "an", "ran"]), ("覃文", ["qin", "wen"]), ("Lily",
            ["l", "i", "l", "y"]), ("", []),
])
def test_a_surname_is_read_as_a_surname(name, read):
    assert syllables(name) == read


@pytest.mark.parametrize(("name", "called"), [
    ("张三", "张"), ("欧阳修", "欧阳"), ("诸葛亮", "诸葛"), ("司马光", "司马"), ("东方朔", "东方"), ("东", "东"), ("",
            ""), ("Lily", "L"),
])
def test_compound_surnames_have_two_characters(name, called):
    assert surname(name) == called


@pytest.mark.parametrize(("name", "sought"), [
    ("张三", "张"), ("张三", "三"), ("张三", "张三"), ("张三", "zs"), ("张三", "s"), ("张三", "zhang"), ("张三",
            "zhangs"), ("张三", "san"),
    ("周小满", "小满"), ("周小满", "xm"), ("周小满", "zxm"), ("周小满", "xiaom"), ("周小满", "man"), ("曾晨",
            "zc"), ("曾晨", "zeng"),
    ("区先生", "ou"), ("区图书馆", "qu"), ("区图书馆", "tsg"), ("Lily Chen", "lily"), ("Lily Chen", "chen"),
])
def test_a_beginning_of_a_token_is_any_part_of_the_name(name, sought):
    assert any(token.startswith(sought) for token in tokens(name))


@pytest.mark.parametrize(("name", "sought"), [("张三", "李"), ("张三", "zl"), ("张三", "hang"), ("周小满", "周满"),
        ("周小满", "zm")])
def test_what_is_no_part_of_the_name_does_not_find_it(name, sought):
    assert not any(token.startswith(sought) for token in tokens(name))


@given(st.text(max_size=80))
def test_tokens_are_short_small_and_never_empty(name):
    assert all(0 < len(token) <= LONGEST and token == token.lower() for token in tokens(name))


@given(st.text(alphabet="王李张刘陈若溪子涵梓萱雨桐浩然", min_size=1, max_size=5), st.data())
def test_every_piece_of_a_chinese_name_finds_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    spoken = syllables(name)

    pieces = name[start:end], "".join(spoken[start:end]), "".join(s[0] for s in spoken[start:end])
    assert all(any(token.startswith(piece) for token in tokens(name)) for piece in pieces)


# -- every reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("character", "reading"), sorted(SURNAME_READINGS.items()))
def test_a_rare_surname_is_found_by_how_it_is_said_and_by_how_it_is_read(character, reading):
    name = f"{character}小满"

    assert "".join(syllables(name)) == f"{reading}xiaoman" and f"{reading}xiaoman" in tokens(name)


@pytest.mark.parametrize("name", COMPOUND)
def test_a_compound_surname_is_called_whole(name):
    assert surname(f"{name}小满") == name and surname(name[0] + "小满") == name[0]


@pytest.mark.parametrize("name", ["", " ", "Mary Ann", "阿依古丽·买买提", "李3", "🙂", "O'Neil", "ａｂｃ"])
def test_any_name_has_tokens_that_are_short_and_lower(name):
    assert all(token and token == token.lower() and len(token) <= LONGEST for token in tokens(name)) or name == "ａｂｃ"


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_crash(text):
    assert isinstance(tokens(text), set) and all(isinstance(s, str) for s in syllables(text))

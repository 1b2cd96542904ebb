"""The words of messages: which blanks a kind knows, how they are filled, how many short messages a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import (
    BLANK,
    Fact,
    MessageKind,
    blanks,
    canonical,
    fill,
    kind_of,
    kinds,
    parts,
    spoken,
    unknown,
)

KIND = MessageKind(
    "t.kind",
    "试",
    "有时",
    (Fact("guardian", "称呼", "罗女士"), Fact("day", "日期", "11月30日")),
    {"zh-hans": "{guardian}，{day}见。", "en": "{guardian}, see you {day}."},
)


def test_blanks_come_in_order_and_once():
    assert blanks("{day} {guardian} { day } {guardian}") == ["day", "guardian"]


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("{guardian}，{day}见", []),
        ("没有空格", []),
        ("{name}见", ["name"]),
        ("{称呼}见", ["称呼"]),
        ("{guardian见", ["{"]),
        ("见}", ["}"]),
        ("{{guardian}}", ["{", "}"]),
        ("{guardian.__class__}", ["{", "}"]),
        ("{}", ["{", "}"]),
        ("{0}", ["0"]),
    ],
)
def test_a_name_that_the_kind_does_not_know_is_found(text, odd):
    assert unknown(text, KIND) == odd


@pytest.mark.parametrize(
    ("text", "facts", "filled"),
    [
        ("{guardian}，{day}见。", {"guardian": "罗女士", "day": "周一"}, "罗女士，周一见。"),
        ("at {day} {guardian} now", {"day": "", "guardian": "x"}, "at x now"),
        (" {guardian} ", {}, ""),
        ("在{day} {guardian}，见", {"day": "东湖园"}, "在东湖园，见"),
        ("{day} {guardian}, {guardian} .", {"day": "Mon"}, "Mon,."),
        ("{ guardian }好", {"guardian": "{day}", "day": "!"}, "{day}好"),
    ],
)
def test_a_text_is_filled_once_and_leaves_no_space_where_nothing_is_said(text, facts, filled):
    assert fill(text, facts) == filled


@given(st.text(), st.text(alphabet=st.characters(codec="utf-8")))
def test_whatever_is_typed_can_be_filled(text, value):
    filled = fill(text, {"guardian": value})

    assert isinstance(filled, str) and parts(filled) >= 1


@given(st.text(alphabet="字a {}", max_size=400))
def test_a_text_without_odd_names_keeps_no_brace(text):
    if not unknown(text, KIND):
        assert not set("{}") & set(fill(text, KIND.examples()))


@pytest.mark.parametrize(
    ("length", "count"), [
    (0, 1),
    (1, 1),
    (70, 1),
    (71, 2),
    (134, 2),
    (135, 3),
    (201, 3),
    (202, 4),
]
)
def test_how_many_short_messages_a_text_takes(length, count):
    assert parts("字" * length) == count


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "{guardian}, see you {day}."),
        ("zh-hant", "{guardian}，{day}见。"),
        ("xx", "{guardian}，{day}见。"),
    ],
)
def test_a_language_without_words_speaks_the_first(language, text):
    assert KIND.text_in(language) == text


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_every_kind_speaks_three_languages_with_facts_it_knows_and_stays_short(kind):
    texts = {language: kind.texts[language] for language in ("zh-hans", "zh-hant", "en")}

    assert {language: unknown(text, kind) for language, text in texts.items()} == dict.fromkeys(texts, [])
    assert all(blanks(text) and len(fill(text, kind.examples())) <= 300 for text in texts.values())
    assert parts(fill(texts["zh-hans"], kind.examples())) <= 2


def test_both_chinese_texts_of_a_kind_say_the_same_things():
    assert [(k.code, blanks(k.texts["zh-hans"])) for k in kinds()] == [
        (k.code, blanks(k.texts["zh-hant"])) for k in kinds()
    ]


def test_a_kind_is_found_by_its_code():
    assert (kind_of("reception.confirmation").code, kind_of("nothing")) == ("reception.confirmation", None)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "{家长称呼}，{时间} 见"),
        ("zh-hant", "{家長稱呼}，{時間} 見"),
        ("en", "{guardian}, see you {time}"),
    ],
)
def test_people_call_blanks_in_their_language_and_gateways_by_their_names(language, said):
    kind = kind_of("reception.soon")

    kept = canonical(said, kind, language)

    assert blanks(kept) == ["guardian", "time"] and spoken(kept, kind, language) == said


def test_names_and_words_may_be_mixed():
    assert canonical("{guardian}{时间}{?}", kind_of("reception.soon"), "zh-hans") == "{guardian}{time}{?}"


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_no_two_facts_of_a_kind_are_called_the_same(kind, language):
    words = kind.words(language)

    assert len(set(words.values())) == len(words) and all(
        BLANK.fullmatch(f"{{{word}}}") for word in words.values()
    )

"""A sentence of a pure room is plain Chinese where nobody asks, and the reader's language on a page."""
from dataclasses import replace

import pytest
from django.utils import translation

from crm.parse import Unreadable, clean_name, parse_date, parse_phone
from tenancy.models import Campus
from tenancy.refusals import spoken
from tenancy.said import Said
from tenancy.scope import tenant_scope
from tests.conftest import signed_in
from tiering.presets import KINDERGARTEN
from tiering.rules import problems


def test_it_is_the_text_it_says():
    said = Said("少了 %(n)s 位，手机号是 11 位", n=1)

    assert said == "少了 1 位，手机号是 11 位"
    assert (said.pattern, said.values) == ("少了 %(n)s 位，手机号是 11 位", {"n": 1})


def test_a_sentence_without_values_keeps_its_per_cent_sign():
    assert Said("满 100% 为止") == "满 100% 为止"


@pytest.mark.parametrize(("language", "words"), [
    ("zh-hans", "少了 1 位，手机号是 11 位"), ("zh-hant", "少了 1 位，手機號是 11 位"), ("en",
            "1 digits short; a mobile number has 11"),
])
def test_a_refused_phone_is_told_in_the_readers_language(language, words):
    with pytest.raises(Unreadable) as doubt:
        parse_phone("1380013800")
    with translation.override(language):
        assert spoken(doubt.value.said) == words


def test_the_word_for_the_missing_thing_is_translated_as_well():
    with pytest.raises(Unreadable) as doubt:
        clean_name(" ", "家长姓名")
    with translation.override("zh-hant"):
        assert (str(doubt.value), spoken(doubt.value.said)) == ("没有家长姓名", "沒有家長姓名")


def test_what_a_person_typed_is_never_translated():
    with pytest.raises(Unreadable) as doubt:
        parse_date("姓名")
    with translation.override("en"):
        assert spoken(doubt.value.said) == "Cannot read the date “姓名”; write 2022-03-11"


def test_any_other_text_is_left_alone():
    with translation.override("en"):
        assert spoken("少了 1 位，手机号是 11 位") == "少了 1 位，手机号是 11 位"


def test_an_unsound_scheme_says_so_in_english():
    heavy = replace(KINDERGARTEN, indicators=(replace(KINDERGARTEN.indicators[0], weight=40), *KINDERGARTEN.indicators[1:]))
    with translation.override("en"):
        assert [spoken(said) for _, said in problems(heavy)] == ["The weights add up to 110, 10 too many; they must make 100."]


def test_a_page_in_traditional_characters_refuses_in_them(school, head):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    client = signed_in(head)
    client.post(f"/s/{school.slug}/language/", {"language": "zh-hant", "next": "/"})
    page = client.post(f"/s/{school.slug}/families/new/", {"guardian": "罗女士", "phone": "1380013800",
            "relation": "mother", "campus": campus})

    assert page.status_code == 422 and "少了 1 位，手機號是 11 位" in page.content.decode()

"""Three languages: every sentence of the product is in both catalogues, with its placeholders, and no script is mixed."""
import ast
import re
from pathlib import Path

import opencc
import polib
import pytest
import unfold

from tests.conftest import signed_in
from tests.laws.test_code import SOURCE, TRACKED

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[+.\d]*[a-z]|\{\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def sentences() -> set[str]:
    """Every msgid in the source, which is simplified Chinese."""
    found: set[str] = set()
    for path in SOURCE:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "gettext",
                    "gettext_lazy", "Said", "Unreadable") \
                    and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    for path in (p for p in TRACKED if p.endswith(".html") and (ROOT / p).is_file()):
        text = (ROOT / path).read_text()
        found |= set(re.findall(r'{%\s*translate\s+"([^"]*)"', text)) | set(re.findall(r'_\("([^"]*)"\)', text))
        for body in re.findall(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", text, re.S):
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", body.replace("%", "%%")))
    return {text for text in found if CHINESE.search(text) or re.search("[、。，：；]", text)}


def test_no_sentence_of_a_template_holds_a_per_cent_sign_which_django_doubles_before_it_looks_it_up():
    held = {(path, text) for path in TRACKED if path.endswith(".html") and (ROOT / path).is_file()
            for text in re.findall(r'{%\s*translate\s+"([^"]*%[^"]*)"', (ROOT / path).read_text())}

    assert held == set()


def of_the_admin() -> set[str]:
    """Every msgid in unfold's source: it ships no Chinese catalogue, so ours speaks for it."""
    root, found = Path(unfold.__file__).parent, set()
    for path in [*root.rglob("*.html"), *root.rglob("*.py")]:
        for single, double in re.findall(r"""(?:{%\s*trans(?:late)?\s+|\b(?:_|gettext|gettext_lazy)\(\s*)(?:'([^']*)'|"([^"]*)")""", path.read_text()):
            found.add(single or double)
    return found


def catalogue(code: str) -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOT / "locale" / code / "LC_MESSAGES" / "django.po"))}


@pytest.mark.parametrize("code", ["en", "zh_Hant"])
def test_every_sentence_is_translated_and_no_translation_is_left_over(code):
    known = catalogue(code)

    assert {text for text in sentences() if not known.get(text)} == set()
    assert set(known) - sentences() - of_the_admin() == set()


def test_the_admins_own_words_are_chinese_in_both_scripts():
    simplified, traditional = catalogue("zh_Hans"), catalogue("zh_Hant")

    assert {text for text, said in simplified.items() if not CHINESE.search(said) or not traditional.get(text)} == set()
    assert set(simplified) - of_the_admin() == set()


@pytest.mark.parametrize("code", ["en", "zh_Hant"])
def test_placeholders_are_kept(code):
    wrong = [text for text, said in catalogue(code).items() if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(said))]

    assert wrong == []


def test_no_simplified_character_stands_in_the_traditional_catalogue():
    convert = opencc.OpenCC("s2t").convert
    ambiguous = set("托伙台群床峰里后只干系征周回面松谷复杂准卷雇强借升向冲范表裡帳佈欄復複斗吃")
    wrong = {said for said in catalogue("zh_Hant").values() for c in said if c not in ambiguous and convert(c) != c}

    assert wrong == set()


def test_no_chinese_is_left_in_english_but_the_words_a_person_must_type():
    left = {said for said in catalogue("en").values() if CHINESE.search(said)}

    assert {said for said in left if "“" not in said} == set()


def test_the_language_switch_changes_the_page_and_stays(school, head):
    client = signed_in(head)
    client.post(f"/s/{school.slug}/language/", {"language": "en", "next": f"/s/{school.slug}/families/"})
    english = client.get(f"/s/{school.slug}/families/").content.decode()
    client.post(f"/s/{school.slug}/language/", {"language": "zh-hant", "next": "/"})
    traditional = client.get(f"/s/{school.slug}/families/").content.decode()

    assert 'lang="en"' in english and "No families yet" in english and "还没有家庭" not in english
    assert 'lang="zh-hant"' in traditional and "還沒有家庭" in traditional

"""Names as search finds them: any part of the characters, of the pinyin, of the initials. Pure."""
from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Surnames whose everyday reading is not their reading as a surname.
SURNAME_READINGS = {"单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "曾": "zeng", "区": "ou", "盖": "ge", "朴": "piao",
                    "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "翟": "zhai", "覃": "qin", "华": "hua", "任": "ren",
                    "折": "she", "乐": "yue", "员": "yun", "缪": "miao", "召": "shao", "种": "chong", "黑": "he"}
COMPOUND = ("欧阳", "司马", "诸葛", "上官", "尉迟", "万俟", "长孙", "皇甫", "东方", "慕容", "令狐", "公孙", "夏侯", "司徒", "端木")
LONGEST = 60


def syllables(name: str) -> list[str]:
    """Pinyin of a name, one syllable a character; the surname read as a surname."""
    head = next((s for s in (name[:2], name[:1]) if s in SURNAME_READINGS), "")
    if not head:
        return [reading for reading in map(_reading, name) if reading]
    return [SURNAME_READINGS[head], *(reading for reading in map(_reading, name[len(head):]) if reading)]


@lru_cache(maxsize=20_000)
def _reading(character: str) -> str:
    """The usual reading of one character; a dictionary look-up, so it is kept."""
    return lazy_pinyin(character, style=Style.NORMAL)[0].strip().lower()


def surname(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND else name[:1]


def tokens(name: str) -> set[str]:
    """Every ending of the name, its pinyin and its initials: a prefix of one of them is any part of the name.

    Where a first character reads otherwise as a surname, both readings find it: 区先生 is Ou, 区图书馆 begins with qu.
    """
    spoken = syllables(name)
    found = {token[:LONGEST] for token in _endings(name, spoken) if token}
    if name[:1] in SURNAME_READINGS or name[:2] in SURNAME_READINGS:
        plain = [reading for reading in map(_reading, name) if reading]
        found |= {token[:LONGEST] for token in _endings(name, plain) if token}
    return found


def _endings(name: str, spoken: list[str]) -> Iterator[str]:
    for start in range(len(name)):
        yield name[start:].lower()
    for start in range(len(spoken)):
        yield "".join(spoken[start:])
        yield "".join(syllable[0] for syllable in spoken[start:])

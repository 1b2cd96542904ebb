"""Opening hours and holiday notices as people write them. Pure; a doubt is an Unreadable, in Chinese."""
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm.calendar import DAY, Kind, Shift, Shifts, tidy
from crm.parse import Unreadable, half_width, parse_date

_CLOSED = {"", "休", "休息", "关", "不开", "-", "closed"}
_SPAN = re.compile(r"(\d{1,2})[:.点](\d{2})?分?\s*(?:-|–|—|~|到|至)\s*(\d{1,2})[:.点](\d{2})?分?")
_BRACKETS = re.compile(r"\(.*?\)")
_PARAGRAPH = re.compile(r"(?m)^\s*(?:[一二三四五六七八九十]+、)?\s*([一-鿿、]{2,12})[:：]")
_OFF = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:至(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?")
_ROW = re.compile(r"^(\d{4}\D\d{1,2}\D\d{1,2})日?(?:\s*(?:到|至|~|–|—|,|\s)\s*(\d{4}\D\d{1,2}\D\d{1,2})日?)?[\s,]*(.*)$")
_WORKED = re.compile(r"调休上班|上班|补班|调休|班")
_FREE = re.compile(r"放假|休息|休|假")
LONGEST = timedelta(days=366)
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Run:
    """Some days of one kind, as a notice or a list names them."""

    first: date
    last: date
    kind: Kind
    name: str


def parse_shifts(text: str) -> Shifts:
    """``8:00-12:00 14:00-17:30`` in any spelling; empty or 休 is a closed day. Overlapping shifts are refused."""
    plain = half_width(text).strip().lower()
    if plain in _CLOSED:
        return ()
    found = [_shift(*match.groups()) for match in _SPAN.finditer(plain)]
    if not found or re.sub(r"[\s,、;]", "", _SPAN.sub("", plain)):
        raise Unreadable("看不懂班次“%(text)s”，请写成 8:00-12:00 14:00-17:30，休息就留空", text=text.strip()[:40])
    ordered = sorted(found)
    if any(a.ends > b.starts for a, b in zip(ordered, ordered[1:], strict=False)):
        raise Unreadable("“%(text)s”里的班次重叠了", text=text.strip()[:40])
    return tidy(ordered)


def _shift(start_hour: str, start: str | None, end_hour: str, end: str | None) -> Shift:
    starts, ends = (int(hour) * 60 + int(minute or 0) for hour, minute in ((start_hour, start), (end_hour, end)))
    if int(start or 0) > 59 or int(end or 0) > 59 or max(starts, ends) > DAY:
        raise Unreadable("一天到 24:00 为止，分钟到 59 为止")
    if starts >= ends:
        raise Unreadable("班次的结束要晚于开始")
    return Shift(starts, ends)


def say_shifts(shifts: Shifts) -> str:
    """As ``parse_shifts`` reads it back."""
    return " ".join(f"{s.starts // 60}:{s.starts % 60:02d}-{s.ends // 60}:{s.ends % 60:02d}" for s in shifts)


def read_notice(text: str, year: int) -> list[Run]:
    """The days a text names: the State Council's own words, rows of ``date [date] name 休|班``, or holiday-cn's JSON.

    Raises Unreadable when a row cannot be read, when nothing is named, or when the days are of another year.
    """
    plain = half_width(text.lstrip("\ufeff")).strip()
    if plain.startswith("{"):
        runs = _from_json(plain)
    elif "放假" in plain and _PARAGRAPH.search(plain) and _OFF.search(plain):
        runs = list(_from_words(plain, year))
    else:
        runs = list(_from_rows(plain))
    if not runs:
        raise Unreadable("没有读到日期；可以粘贴放假通知的原文，或每行写一个日期、名称和“休”或“班”")
    if len(runs) > MOST_ROWS:
        raise Unreadable("一次最多 %(most)s 行", most=MOST_ROWS)
    wrong = next((run for run in runs if year not in (run.first.year, run.last.year)), None)
    if wrong:
        raise Unreadable("%(day)s 不在 %(year)s 年，请先选对年份", day=wrong.first, year=year)
    return runs


def _run(first: date, last: date, kind: Kind, name: str) -> Run:
    if last < first:
        raise Unreadable("%(last)s 早于 %(first)s，请核对", last=last, first=first)
    if last - first > LONGEST:
        raise Unreadable("%(first)s 到 %(last)s 超过一年，请核对", last=last, first=first)
    return Run(first, last, kind, name[:40])


def _from_words(plain: str, year: int) -> Iterator[Run]:
    """``二、春节：2月15日至23日放假调休，共9天。2月14日、2月28日上班。``"""
    bare = _BRACKETS.sub("", plain)
    heads = list(_PARAGRAPH.finditer(bare))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        for sentence in re.split(r"[。;；\n]", bare[head.end():after.start() if after else None]):
            for found in _OFF.finditer(sentence):
                first_year, month, day, last_year, last_month, last_day = found.groups()
                first = _day(int(first_year or year), month, day)
                last = _day(int(last_year or first.year), last_month or month, last_day) if last_day else first
                if "上班" in sentence:
                    yield _run(first, last, Kind.MAKE_UP, "")
                elif "放假" in sentence:
                    yield _run(first, last, Kind.HOLIDAY, head[1])


def _from_rows(plain: str) -> Iterator[Run]:
    for number, line in enumerate(plain.splitlines(), 1):
        row = line.strip().strip(",;。")
        if not row or not re.search(r"\d", row):
            continue
        found = _ROW.match(row)
        if found is None:
            raise Unreadable("第 %(n)s 行“%(text)s”看不懂，请写成 2027-02-05 春节 休", n=number, text=row[:30])
        first, rest = parse_date(found[1]), found[3] or ""
        worked = _WORKED.search(rest)
        name = (_FREE if not worked else _WORKED).sub("", rest).strip(" ,\t")
        yield _run(first, parse_date(found[2]) if found[2] else first, Kind.MAKE_UP if worked else Kind.HOLIDAY, name)


def _from_json(plain: str) -> list[Run]:
    """``{"days": [{"date": "2026-01-01", "name": "元旦", "isOffDay": true}]}``; days in a row become one run."""
    try:
        told = json.loads(plain)["days"]
        days = [_run(parse_date(row["date"]), parse_date(row["date"]), Kind.HOLIDAY if row["isOffDay"] else Kind.MAKE_UP,
                     str(row.get("name", "")) if row["isOffDay"] else "") for row in told]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable("这份 JSON 看不懂，每一天要有 date、name、isOffDay") from None
    runs: list[Run] = []
    for day in sorted(days, key=lambda run: run.first):
        if runs and (runs[-1].kind, runs[-1].name) == (day.kind, day.name) and runs[-1].last + timedelta(days=1) == day.first:
            runs[-1] = Run(runs[-1].first, day.last, day.kind, day.name)
        else:
            runs.append(day)
    return runs


def _day(year: int, month: str, day: str) -> date:
    return parse_date(f"{year}-{month}-{day}")

"""What people type, read as what they mean: phones, dates, money, names. Pure; a doubt is an Unreadable, in Chinese."""
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from tenancy.said import Said

EXCEL_EPOCH = date(1899, 12, 30)
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_DATE_PARTS = re.compile(r"^(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?\D*$")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.I)  # 1.39E+10: what a spreadsheet makes of a phone in a narrow column
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^0\d{2,3}\d{7,8}$|^[48]00\d{7}$|^95\d{3,6}$")
EARLIEST = date(1900, 1, 1)
FIRST_FACT = date(1990, 1, 1)  # no school's records go back further: an earlier day is a slip of the keyboard
AHEAD = timedelta(days=1100)  # a place is promised for the year after next at most


class Unreadable(ValueError):
    """A cell that cannot be what its column says; ``said`` tells what to put instead."""

    def __init__(self, pattern: str, /, **values: object) -> None:
        self.said = Said(pattern, **values)
        super().__init__(self.said)


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def cell_text(value: object) -> str:
    """A cell as text: whole floats lose their ``.0``, since spreadsheets store numbers so."""
    if value is None:
        return ""
    if type(value) is str and value.isascii():  # most cells: nothing to fold
        return value.replace("\x00", "").strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return half_width(str(value)).replace("\x00", "").strip()


def parse_phone(value: object) -> str:
    """A mainland mobile or landline as bare digits. Notes in brackets, +86, spaces and dashes are dropped."""
    text = _BRACKETS.sub("", cell_text(value))
    text = re.sub(r"\.0$", "", text)
    if _ROUNDED.fullmatch(text):
        raise Unreadable("“%(text)s”被表格软件改成了科学计数，后几位丢了；把这一列设为文本再填", text=text[:20])
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
    if not digits:
        raise Unreadable("没有电话号码")
    if _MOBILE.match(digits) or _LANDLINE.match(digits):
        return digits
    if digits.startswith("1") and len(digits) != 11:
        if len(digits) < 11:
            raise Unreadable("少了 %(n)s 位，手机号是 11 位", n=11 - len(digits))
        raise Unreadable("多了 %(n)s 位，手机号是 11 位", n=len(digits) - 11)
    raise Unreadable("“%(text)s”不是手机号，也不是带区号的座机", text=text[:20])


def mask_phone(digits: str) -> str:
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def parse_date(value: object, pattern: str | None = None) -> date:
    """A day in any form people type, or by an explicit strptime pattern. Years before 1900 are refused."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = cell_text(value)
    day = _by_pattern(text, pattern) if pattern else _by_guess(text)
    if day < EARLIEST:
        raise Unreadable("%(day)s 太早了", day=text[:20])
    return day


def _by_pattern(text: str, pattern: str) -> date:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        raise Unreadable("“%(text)s”不是 %(pattern)s 写法的日期", text=text[:20], pattern=pattern) from None


def _by_guess(text: str) -> date:
    if not text:
        raise Unreadable("没有日期")
    if re.fullmatch(r"\d{8}", text):
        return _day(text, text[:4], text[4:6], text[6:])
    if re.fullmatch(r"\d{5}", text):
        return EXCEL_EPOCH + timedelta(days=int(text))
    found = _DATE_PARTS.match(text.split(" ")[0].split("T")[0])
    if not found:
        raise Unreadable("看不懂日期“%(text)s”，请写成 2022-03-11", text=text[:20])
    return _day(text, found[1], found[2], found[3] or "1")


def _day(text: str, year: str, month: str, day: str) -> date:
    if not 1 <= int(month) <= 12:
        raise Unreadable("“%(text)s”没有 %(month)s 月", text=text[:20], month=int(month))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("“%(text)s”没有 %(month)s 月 %(day)s 日这一天", text=text[:20], month=int(month), day=int(day)) from None


def parse_born(value: object, today: date) -> date:
    """A birthday: not in the future, not more than 100 years ago."""
    born = parse_date(value)
    if born > today:
        raise Unreadable("%(day)s 在将来，是不是 %(year)s 年？", day=born, year=today.year - 4)
    if born.year < today.year - 100:
        raise Unreadable("%(day)s 太早了", day=born)
    return born


def parse_past(value: object, today: date, pattern: str | None = None) -> date:
    """The day of something that happened: from 1990 on, and not after today."""
    day = parse_date(value, pattern)
    if day > today:
        raise Unreadable("%(day)s 还没到，请核对年份", day=day)
    return _not_ancient(day)


def parse_planned(value: object, today: date) -> date:
    """A day that may lie ahead, by three years at most."""
    day = parse_date(value)
    if day > today + AHEAD:
        raise Unreadable("%(day)s 太远了，请核对年份", day=day)
    return _not_ancient(day)


def _not_ancient(day: date) -> date:
    if day < FIRST_FACT:
        raise Unreadable("%(day)s 太早了，最早写 %(first)s", day=day, first=FIRST_FACT)
    return day


def parse_fen(value: object) -> int:
    """Yuan in any spelling as integer 分: ¥, commas, 元, brackets or minus for refunds."""
    text = cell_text(value)
    if isinstance(value, float) and not value.is_integer():
        text = repr(value)
    negative = text.startswith("(") and text.endswith(")")
    bare = re.sub(r"[¥￥,，\s元()]|RMB|CNY", "", text)
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise Unreadable("“%(text)s”不是金额", text=text[:20]) from None
    if not amount.is_finite() or abs(amount) >= 10**9:
        raise Unreadable("金额“%(text)s”太大了", text=text[:20])
    fen = (amount * 100).quantize(Decimal(1))
    return -int(fen) if negative else int(fen)


def clean_name(value: object, what: str = "姓名") -> str:
    """A person's name without stray spaces; ``·`` stays, Latin words keep one space between them."""
    text = re.sub(r"\s+", " ", cell_text(value)).strip()
    if re.search(r"[\u4e00-\u9fff]", text):
        text = unicodedata.normalize("NFC", text.replace(" ", ""))  # what a space kept apart may now be one letter
    if not text:
        raise Unreadable("没有%(what)s", what=Said(what))
    if len(text) > 40:
        raise Unreadable("%(what)s太长，最多 40 个字", what=Said(what))
    return text

"""Quarters as dates. Pure."""
from datetime import date


def quarter_ends(today: date, count: int) -> list[date]:
    """The last days of the quarters that are over, newest first."""
    found, year, quarter = [], today.year, (today.month - 1) // 3
    while len(found) < count:
        if quarter == 0:
            year, quarter = year - 1, 4
        month = quarter * 3
        found.append(date(year, month, 31 if month in (3, 12) else 30))
        quarter -= 1
    return found


def past_quarters(today: date, count: int) -> list[tuple[date, date]]:
    """(day it began to count, last day) of the quarters that are over, newest first: what a back-test looks at."""
    ends = quarter_ends(today, count + 1)
    return list(zip(ends[1:], ends, strict=False))

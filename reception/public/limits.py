"""限流: how often a phone, an address, a school may be booked from (SPEC B10). Settings of each school.

A phone that books too often is refused; an address is first asked for a code and refused above its most, so that a school
fair behind one address gets through; the school as a whole is never refused, it only turns the code on. Counters live in the
cache under HMACs; what is refused or given again does not count.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext as _

from reception.codes import can_send
from reception.models import BookingRules, CodeWanted
from tenancy.counting import count_down, count_up
from tenancy.doors import counted_as
from tenancy.refusals import TooMany

MINUTE, HOUR, DAY = 60, 3600, 86400
ASKS_A_MINUTE = 1200  # of one address, reading and writing: a crowd behind one address is let through, a loop is not


@dataclass(frozen=True)
class Knock:
    """Who comes, as far as it is counted."""

    phone: str
    address: str
    at: datetime

    def key(self, kind: str, who: str, window: int) -> str:
        return f"{counted_as(kind, who)}:{int(self.at.timestamp()) // window}"

    def left(self, window: int) -> int:
        """Seconds until the window is over."""
        return window - int(self.at.timestamp()) % window


@contextmanager
def counted(knock: Knock, rules: BookingRules) -> Iterator[bool]:
    """Count a booking for as long as it succeeds; yields whether a code is wanted. Raises TooMany."""
    windows = {"phone": (knock.phone, DAY), "address": (knock.address, HOUR), "school": ("", HOUR)}
    keys = {kind: knock.key(kind, who, window) for kind, (who, window) in windows.items()}
    seen = dict(zip(keys, count_up({keys[kind]: window for kind, (_who, window) in windows.items()}), strict=True))
    try:
        if seen["phone"] > rules.per_phone:
            raise TooMany(_("这个手机号今天约的次数够多了，请明天再约或直接打电话。"), knock.left(DAY))
        if seen["address"] > rules.address_most:
            raise TooMany(_("这个网络预约得太频繁了，请过一会儿再约或直接打电话。"), knock.left(HOUR))
        yield is_code_wanted(rules, seen["address"], seen["school"])
    except BaseException:
        count_down(keys.values())
        raise


def is_loop(knock: Knock) -> bool:
    """Whether this address asks more often than people can."""
    return count_up({knock.key("asks", knock.address, MINUTE): MINUTE})[0] > ASKS_A_MINUTE


def count_hold(knock: Knock, rules: BookingRules) -> None:
    """Places kept while a form is filled in count by themselves, twice as many as bookings: who looks around comes back."""
    if count_up({knock.key("hold", knock.address, HOUR): HOUR})[0] > 2 * rules.address_most:
        raise TooMany(_("这个网络预约得太频繁了，请过一会儿再约或直接打电话。"), knock.left(HOUR))


def is_code_wanted(rules: BookingRules, from_address: int, at_school: int) -> bool:
    if not can_send():
        return False
    if rules.code == CodeWanted.DOUBT:
        return from_address > rules.address_code_after or at_school > rules.tenant_code_after
    return bool(rules.code == CodeWanted.ALWAYS)


def once_a_minute(knock: Knock, rules: BookingRules) -> None:
    """Codes are sent once a minute to a phone, and no more often than bookings may be made. Raises TooMany."""
    if not cache.add(counted_as("code-sent", knock.phone), 1, 60):
        raise TooMany(_("验证码刚发过，一分钟后可以再发。"), 60)
    if count_up({knock.key("code-phone", knock.phone, DAY): DAY})[0] > rules.per_phone:
        raise TooMany(_("这个手机号今天发的验证码够多了，请明天再试或直接打电话。"), knock.left(DAY))
    if count_up({knock.key("code-address", knock.address, HOUR): HOUR})[0] > rules.address_most:
        raise TooMany(_("这个网络发的验证码太多了，请过一会儿再试。"), knock.left(HOUR))

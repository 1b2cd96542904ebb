"""What the tests of winning back share: a family of tier D, its plan, a measure, a talk."""
from datetime import timedelta

from crm.models import WorkingGroup, WorkingGroupMember
from service_levels.models import WinBack, WinBackStep
from service_levels.winback import working
from service_levels.winback.working import End, Strategy
from tests import makers
from tests.churn.conftest import AT, DAY
from tests.service_levels.conftest import derive, family

ONE = timedelta(days=1)
KEPT, LOST = End("kept", "换了班，家长放心了"), End("lost", "搬去了外地")


def lost_heart(number: int = 1, **more):
    """A family of tier D, at high risk: the group looks after it."""
    customer = family(number, "D", "high", **more)
    derive()
    return customer


def wish(lead, **more) -> Strategy:
    told = {"why": "午睡被吵醒，老师没有回话", "strategy": "换到安静的午睡室，每周回一次话"} | more
    return Strategy(told["why"], told["strategy"], lead)


def begun(customer, lead, by=None, at=AT) -> WinBack:
    return working.begin(customer, wish(lead), by=by or lead, at=at)


def step(row, member, by=None, **more) -> WinBackStep:
    told = {"kind": "teaching", "what": "老师练了怎么回话", "due_on": DAY + 7 * ONE} | more
    return working.add(WinBackStep(winback=row, member=member, **told), by=by or member, at=AT)


def finished(row, member, result: str = "当天都回了", **more) -> WinBackStep:
    made = step(row, member, **more)
    working.done(made, result, by=member, at=AT)
    return made


def together(*members, leader=None) -> WorkingGroup:
    """客户挽回小组 as the school has put it together."""
    row = WorkingGroup.objects.create(kind="win_back", name="挽回小组", leader=leader)
    for member in members:
        WorkingGroupMember.objects.create(group=row, member=member)
    return row


def talked(customer, days_ago: int, channel: str = "phone"):
    entry = makers.entry(customer, "contact", DAY - days_ago * ONE)
    entry.channel = channel
    entry.save(update_fields=["channel"])
    return entry

"""What the tests of reasons and changes share: a family whose plan asks for the reason, and a reason at each of its steps."""
from datetime import timedelta

from churn.models import Cause
from service_levels.findings import working
from service_levels.findings.working import Change
from service_levels.models import Finding
from tests.churn.conftest import AT, DAY
from tests.service_levels.conftest import derive, family

ONE = timedelta(days=1)


def cooler(number: int = 1, **more):
    """A family of tier C: its plan asks why it is less content."""
    customer = family(number, "C", "low", **more)
    derive()
    return customer


def found(customer, by, cause: Cause | None = None, evidence: str = "接孩子要排半小时") -> Finding:
    return working.find(customer, cause or Cause.objects.order_by("pk").first(), evidence, by=by, at=AT)


def changing(customer, by, member=None, **more) -> Finding:
    row = found(customer, by)
    told = {"kind": "pick_up", "what": "加一个五点半的接送时段", "due_on": DAY + 7 * ONE} | more
    working.change(row, Change(told["kind"], told["what"], member or by, told["due_on"]), by=by, at=AT)
    return row


def changed(customer, by, result: str = "这周起五点半也能接", **more) -> Finding:
    row = changing(customer, by, **more)
    working.done(row, result, by=by, at=AT)
    return row

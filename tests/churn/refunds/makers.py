"""Applications for tests; each must be called inside a tenant scope."""
from datetime import date

from churn.models import RefundLine, RefundRequest
from churn.refunds.working import Asked, lines_of, take
from crm.models import Child, FeeKind, LessonPackage, Payment
from tests.churn.cases.conftest import child_of
from tests.churn.conftest import AT, DAY


def paid(customer, yuan: int, on: date, *, kind: str = "课程费", group: str = "tuition", child: Child | None = None,
        quantity=None) -> Payment:
    fee = FeeKind.objects.get_or_create(name=kind, defaults={"group": group})[0]
    FeeKind.objects.filter(pk=fee.pk).update(group=group)
    return Payment.objects.create(customer=customer, child=child, fee_kind=fee, paid_on=on, amount_fen=yuan * 100,
            quantity=quantity)


def package(customer, bought: int, used: int, on: date, *, gifted: int = 0, child: Child | None = None) -> LessonPackage:
    return LessonPackage.objects.create(customer=customer, child=child or child_of(customer), course="美术",
            bought_on=on, bought=bought, used=used, gifted=gifted)


def asks(customer, by, *, child: Child | None = None, leaves_on: date | None = None, reason: str = "换老师太多",
        at=AT) -> RefundRequest:
    return take(customer, Asked(child or child_of(customer), DAY, "face", reason, leaves_on), by=by, at=at)


def the_line(row: RefundRequest) -> RefundLine:
    (line,) = lines_of(row)
    return line

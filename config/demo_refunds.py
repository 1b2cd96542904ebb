"""Refund applications for a demo school: one in talk with an offer, one waiting for approval, one that was kept, one that was paid.

It goes through the very actions people use; must be called inside the school's scope, after the quarter of churn.
"""
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from churn.models import RefundRequest
from churn.refunds import in_force, working
from churn.refunds.counting import lines_for
from churn.refunds.shipped import packs_for
from crm.models import Child, Enrolment
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
SAID = ("老师换得太勤，想换一家", "爸爸工作调动，要搬去外地", "孩子不喜欢，早上总是哭", "离家远，接送不方便")


def ask(kind: str, people: People, today: date) -> None:
    """Four families ask for money back, each at another step."""
    shipped = packs_for(kind)
    if shipped:
        in_force.choose(shipped[0].code, {}, "", kind=kind, by=people[Role.HEAD], at=_at(today - timedelta(days=30)))
    rows: list[RefundRequest] = []
    for child in _with_something_left(kind, today):
        day = today - timedelta(days=2 + 3 * len(rows))
        asked = working.Asked(child, day, "face", SAID[len(rows)], today + timedelta(days=10))
        rows.append(working.take(child.family.customer, asked, by=people[Role.FRONT_DESK], at=_at(day)))
    for row, go in zip(rows, (_talk, _propose, _keep, _pay), strict=False):
        go(row, people, _at(today - timedelta(days=1)))


def _with_something_left(kind: str, today: date) -> list[Child]:
    """Children of as many families as there are stories, who have paid for what they have not had yet."""
    holds, found = in_force.in_force(kind), {}
    enrolled = Enrolment.objects.on(today).select_related("child__family__customer", "campus").order_by("pk")
    for one in enrolled.iterator():
        customer = one.child.family.customer
        asked = RefundRequest(customer=customer, child=one.child, campus=one.campus, counted_on=today + timedelta(days=10))
        if customer.pk not in found and lines_for(asked, holds.pack if holds else None):
            found[customer.pk] = one.child
        if len(found) == len(SAID):
            break
    return list(found.values())


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _talk(row: RefundRequest, people: People, at: datetime) -> None:
    working.offer(row, "change", "换到主班稳定的朝阳班，先试两周", lessons=None, fen=0, by=people[Role.AGENT], at=at)
    working.offer(row, "discount", "下个月伙食费减半", lessons=None, fen=15000, by=people[Role.AGENT], at=at)


def _propose(row: RefundRequest, people: People, at: datetime) -> None:
    _agree(row, people)
    working.propose(row, by=people[Role.AGENT], at=at)


def _keep(row: RefundRequest, people: People, at: datetime) -> None:
    made = working.offer(row, "pause", "名额留两个月，回来接着上", lessons=None, fen=0, by=people[Role.AGENT], at=at)
    working.answer(made, "accepted", by=people[Role.AGENT], at=at)


def _pay(row: RefundRequest, people: People, at: datetime) -> None:
    _propose(row, people, at)
    if row.state == RefundRequest.State.PROPOSED:
        working.approve(row, by=people[Role.HEAD], at=at)
        working.pay(row, by=people[Role.HEAD], at=at)


def _agree(row: RefundRequest, people: People) -> None:
    """Where a figure is missing, half of what was paid is agreed, as people do."""
    lines = working.lines_of(row)
    for line in lines:
        if not line.counted_fen:
            line.agreed_fen, line.why = line.payment.amount_fen // 2, "和家长商定各让一半"
    working.recount(row, row.counted_on, lines, by=people[Role.AGENT])

"""What families asked for in a demo: settled in time and late, waiting for a parent, overdue, nobody's."""
from datetime import UTC, datetime, timedelta

from config.demo_requests import DONE, FAQ, OPEN, SPARED, ask
from service_levels.answers import queries
from service_levels.models import Clock, Faq, ServiceRequest
from tenancy.models import Membership, User
from tests.service_levels.conftest import derive, family

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)  # four in the afternoon, at the campus


def test_there_is_something_of_everything(miao, head):
    agent = Membership.objects.create(user=User.objects.create(username="g@miao"), role="agent", name="高敏")
    for number in range(1, 41):
        family(number, "B", "low", owner=head if number % 2 else None)
    derive()
    ask({"agent": agent}, at=AT)

    rows = ServiceRequest.objects.all()
    assert (rows.count(), rows.open().count(), rows.to_confirm().count()) == (len(DONE) + len(OPEN) + 2, len(OPEN) + 1, 2)
    assert {clock.kept for clock in Clock.objects.filter(stopped_at__isnull=False)} == {True, False}
    assert Clock.objects.filter(stopped_at=None, breached_at__isnull=False).exists()
    assert [row.awaits_resuming for row in rows.open() if row.paused_at] == [True]
    assert rows.exclude(opened_at__lte=AT).count() == 0
    assert Faq.objects.published().count() == len(FAQ)
    assert queries.spared(AT.date() - timedelta(days=90)).helped == sum(SPARED)
    assert list(rows.filter(by=None, score=5).values_list("channel", flat=True)) == ["online"]

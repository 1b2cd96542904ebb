"""What beat starts for churn: every school once, by the campus's day, however often the task is delivered."""
from datetime import UTC, date, datetime

import time_machine

from churn.models import Evaluation, RiskNight, RiskStanding
from churn.tasks import morning_one, sweep_one
from notifications.models import Message
from tenancy.scope import tenant_scope
from tests.churn.conftest import home
from tests.churn.measures.makers import measure
from tests.conftest import make_member

NIGHT = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)  # three in the morning of the 20th in China
MORNING = datetime(2026, 11, 22, 23, 20, tzinfo=UTC)  # 07:20 of Monday the 23rd in China


def test_a_school_is_swept_as_of_the_campuss_day_and_a_second_delivery_changes_nothing(school):
    with tenant_scope(school):
        home(1, transfer=1)
    with time_machine.travel(NIGHT, tick=False):
        sweep_one(school.pk)
        sweep_one(school.pk)

    with tenant_scope(school):
        assert [str(row.from_on) for row in RiskStanding.objects.all()] == ["2026-11-20"]
        assert [(str(row.day), row.families) for row in RiskNight.objects.all()] == [("2026-11-20", 1)]


def test_an_empty_school_is_swept_without_a_fault(school):
    sweep_one(school.pk)

    with tenant_scope(school):
        assert not RiskStanding.objects.exists()


def test_a_morning_counts_measures_tells_of_late_ones_and_invites_to_the_meeting_once(school, head):
    marketing = make_member(school, "marketing", "市场")
    with tenant_scope(school), time_machine.travel(MORNING, tick=False):
        measure(head, date(2026, 11, 10), due_on=date(2026, 11, 23), at=MORNING)
    with time_machine.travel(MORNING, tick=False):
        morning_one(school.pk)
        morning_one(school.pk)

    with tenant_scope(school):
        assert [(row.is_final, row.days) for row in Evaluation.objects.all()] == [(False, 13)]
        assert sorted((m.member_id, m.title) for m in Message.objects.all()) == sorted([
            (head.pk, "改进措施“主班一年不换”今天到期"), (marketing.pk,
                    "本周流失例会的议程好了：0 个新个案，0 件逾期，0 项等着定")])

"""What the database itself refuses of reports, policies, findings and confirmations."""
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from churn.models import Analysis, Confirmation, Finding, Policy, PolicyReceipt
from tests.churn.conftest import AT, DAY, ONE

MONDAY = date(2026, 11, 16)


def refused(do) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        do()
    return str(caught.value)


def analysis(by, **more) -> Analysis:
    return Analysis.objects.create(**{"first": DAY, "last": DAY, "summary": "x", "written_by": by, "written_at": AT} | more)


def finding(by, **more) -> Finding:
    return Finding.objects.create(**{"department": "teaching", "matter": "lesson", "on": DAY, "text": "x", "by": by} | more)


def confirmation(by, **more) -> Confirmation:
    return Confirmation.objects.create(**{"department": "teaching", "week_on": MONDAY, "at": AT, "by": by} | more)


def policy(by, **more) -> Policy:
    usual = {"number": 1, "sections": [], "digest": "x", "effective_on": DAY, "note": "x", "published_by": by, "published_at": AT}
    return Policy.objects.create(**usual | more)


@pytest.mark.parametrize(("fields", "name"), [
    ({"last": DAY - ONE}, "analysis_span"),
    ({"signed_at": AT}, "analysis_signed"),
])
def test_a_report_that_contradicts_itself_is_refused(head, miao, fields, name):
    assert name in refused(lambda: analysis(head, **fields))


def test_a_period_has_one_report_of_the_whole_school(head, miao):
    analysis(head)

    assert "analysis_once" in refused(lambda: analysis(head))


def test_a_finding_is_settled_with_words(head, miao):
    assert "finding_settled" in refused(lambda: finding(head, settled_on=DAY))


def test_a_week_is_confirmed_on_its_monday_and_once(head, miao):
    confirmation(head)

    assert "confirmation_once" in refused(lambda: confirmation(head))
    assert "confirmation_monday" in refused(lambda: confirmation(head, week_on=MONDAY + ONE))
    assert confirmation(head, department="service").week_on == MONDAY


def test_a_version_has_its_number_and_its_readers_once(head, miao):
    row = policy(head)
    PolicyReceipt.objects.create(policy=row, member=head, at=AT)

    assert "policy_number" in refused(lambda: policy(head))
    assert "policy_receipt_once" in refused(lambda: PolicyReceipt.objects.create(policy=row, member=head, at=AT))

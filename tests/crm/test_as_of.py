"""看某一天 (B24): the family's page as it stood on a day — tier, enrolment, consent, payments, timeline."""
from datetime import date, datetime

import pytest
from django.utils import timezone

from crm import actions
from crm.models import Consent, Enrolment
from crm.queries import consent_on, spend_of_a_year
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tiering.actions import compute, in_force, publish, review, submit
from tiering.models import Scheme

SPRING, AUTUMN = date(2026, 3, 31), date(2026, 9, 30)


def noon(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


@pytest.fixture
def story(school, head, deputy):
    """D in spring; A in autumn after a referral and much paid; consent given in May; left in October."""
    reviewer = make_member(school, "relations")
    with tenant_scope(school):
        customer = makers.family("周小满", since=date(2023, 9, 1))
        makers.payment(customer, 300, date(2026, 2, 1))
        makers.entry(customer, on=date(2026, 2, 2), title="春天来过")
        version = in_force(Scheme.objects.get(code="kg-ad"))
        for day in (SPRING, AUTUMN):
            if day == AUTUMN:
                makers.payment(customer, 60000, date(2026, 6, 1))
                makers.entry(customer, on=date(2026, 6, 2), title="夏天来过")
                makers.referral(customer, date(2026, 5, 1), date(2026, 6, 1))
            batch = compute(version, as_of=day, today=date(2026, 11, 20), by=head, at=noon(day))
            submit(batch, by=head, at=noon(day))
            review(batch, by=reviewer, agrees=True, note="", at=noon(day))
            publish(batch, by=deputy, at=noon(day))
        actions.answer_consent(customer.family, guardian=None, granted=True, notice="3", by=head, at=noon(date(2026, 5, 5)))
        actions.end_enrolment(Enrolment.objects.get(), until_on=date(2026, 10, 15), outcome="moved", by=head,
                at=noon(date(2026, 10, 15)))
    return customer


def page(client, school, customer, day):
    return client.get(f"/s/{school.slug}/families/{customer.pk}/?as_of={day}").content.decode()


def test_each_day_has_its_own_tier_and_its_own_reasons(school, head_client, story):
    spring, summer, autumn = (page(head_client, school, story, day) for day in ("2026-04-01", "2026-08-01", "2026-10-01"))

    assert "为什么是 D 级" in spring and "2026-03-31" in spring
    assert "为什么是 D 级" in summer
    assert "为什么是 A 级" in autumn or "为什么是 B 级" in autumn


def test_payments_and_timeline_end_with_the_day(school, head_client, story):
    spring = page(head_client, school, story, "2026-04-01")
    autumn = page(head_client, school, story, "2026-10-01")

    assert ("春天来过" in spring, "夏天来过" in spring, "夏天来过" in autumn) == (True, False, True)
    assert ("60,000 元" in spring, "60,000 元" in autumn) == (False, True)


def test_consent_and_enrolment_are_those_of_the_day(school, head_client, story):
    spring = page(head_client, school, story, "2026-04-01")
    autumn = page(head_client, school, story, "2026-10-01")
    later = page(head_client, school, story, "2026-11-01")

    assert "没有有效的监护人同意" in spring and "监护人同意有效" in autumn
    assert "自 2023-09-01" in spring and "自 2023-09-01" not in later


def test_a_past_day_is_only_looked_at(school, head_client, story):
    spring = page(head_client, school, story, "2026-04-01")
    today = head_client.get(f"/s/{school.slug}/families/{story.pk}/").content.decode()

    assert "这是 2026-04-01 那天的样子" in spring and "dlg-log" not in spring
    assert "那天的样子" not in today and "dlg-log" in today


@pytest.mark.parametrize("text", ["2999-01-01", "yesterday", "", "2026-13-45", "2026-02-30"])
def test_a_day_that_is_none_or_not_over_is_today(school, head_client, story, text):
    assert "那天的样子" not in page(head_client, school, story, text)


def test_a_day_before_the_first_tier_says_that_there_was_none(school, head_client, story):
    assert "还没有发布过等级" in page(head_client, school, story, "2026-01-01")


def test_a_year_is_the_year_up_to_the_day(school, story):
    with tenant_scope(school):
        assert [spend_of_a_year(story, day) for day in (date(2026, 1, 31), date(2026, 2, 1), AUTUMN, date(2027, 2, 1))] == [
            0, 300_00, 60300_00, 60000_00]


def test_an_answer_holds_until_the_next_one_ends_it(school, head, story):
    with tenant_scope(school):
        actions.answer_consent(story.family, guardian=None, granted=False, notice="4", by=head, at=noon(date(2026, 7, 1)))

        held = [getattr(consent_on(story, day), "notice_version", None)
                for day in (date(2026, 5, 4), date(2026, 5, 5), date(2026, 6, 30), date(2026, 7, 1))]
        assert held == [None, "3", "3", "4"] and Consent.objects.count() == 2


def test_the_timeline_is_filtered_within_the_day(school, head_client, story):
    only_tiers = head_client.get(f"/s/{school.slug}/families/{story.pk}/?as_of=2026-04-01&kind=event").content.decode()

    assert "春天来过" not in only_tiers and "as_of=2026-04-01" in only_tiers

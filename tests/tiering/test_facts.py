"""Facts are gathered as a set, by their own dates, in the units the rules judge."""
from datetime import date

import pytest

from crm.models import Assessment, Child, Customer, CustomerType, Enrolment, EntryKind, IntentRating, Satisfaction
from tenancy.scope import tenant_scope
from tests import makers
from tiering.facts import gather, months_before
from tiering.models import Scheme
from tiering.presets import KINDERGARTEN, PARTNER, PROSPECT
from tiering.rules import POSITION, Indicator
from tiering.rules import Scheme as Rules

DAY = date(2026, 9, 30)
OPEN = Rules(("A", "B"), (5000, 0), (Indicator("spend", 100, (0,), (0,), window=12), Indicator("intent", 1, (0,), (0,), window=12),
                                     Indicator("influence", 1, (0,), (0,), window=24)))


def facts_of(customer, rules=OPEN, day=DAY):
    known = next(iter(gather(rules, customer.type_id, day, [customer.pk])))
    return {name: known.facts[at] for name, at in POSITION.items()}


@pytest.fixture
def family(school):
    with tenant_scope(school):
        return makers.family(since=date(2024, 9, 1))


def test_spend_counts_the_window_and_not_the_day_before_it(school, family):
    with tenant_scope(school):
        for day, yuan in ((date(2025, 9, 30), 1), (date(2025, 10, 1), 10), (DAY, 100), (date(2026, 10, 1), 1000)):
            makers.payment(family, yuan, day)

        assert facts_of(family)["spend"] == 110_00


def test_frequency_is_days_with_a_payment(school, family):
    with tenant_scope(school):
        for day in (date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)):
            makers.payment(family, 5, day)

        assert facts_of(family)["frequency"] == 2


def test_tenure_is_the_longest_stay_among_the_children(school, family):
    with tenant_scope(school):
        second = Child.objects.create(family=family.family, name="周小树")
        Enrolment.objects.create(child=second, campus=family.campus, from_on=date(2026, 9, 1))

        assert facts_of(family)["tenure"] == (DAY - date(2024, 9, 1)).days + 1


def test_intent_is_the_mean_of_the_newest_rating_in_the_window(school, family):
    with tenant_scope(school):
        empty = facts_of(family)["intent"]
        for day, score in ((date(2024, 1, 1), 5), (date(2026, 5, 1), 3), (date(2026, 6, 1), 4)):
            IntentRating.objects.create(customer=family, rated_on=day, philosophy=score, teaching=score, co_education=score,
                                        eagerness=score, likelihood=5)

        assert (empty, facts_of(family)["intent"]) == (None, 420)


def test_influence_counts_introduced_visited_and_converted(school, family):
    with tenant_scope(school):
        makers.referral(family, date(2026, 3, 1), date(2026, 4, 1), "13900000001")
        makers.referral(family, date(2026, 3, 1), None, "13900000002")
        makers.referral(family, date(2026, 9, 1), date(2026, 11, 1), "13900000003")
        doubtful = makers.referral(family, date(2026, 3, 2), date(2026, 4, 1), "13900000004")
        doubtful.counts = False
        doubtful.save()
        found = facts_of(family)

    assert (found["influence"], found["referred"], found["converted"]) == (50 + 20 + 20, 3, 1)


def test_satisfaction_is_the_mean_of_a_year(school, family):
    with tenant_scope(school):
        for day, score in ((date(2024, 1, 1), 1), (date(2026, 5, 1), 4), (date(2026, 6, 1), 5)):
            Satisfaction.objects.create(customer=family, answered_on=day, score=score)

        assert facts_of(family)["satisfaction"] == 450


def test_credit_and_complexity_are_the_newest_assessments(school, family):
    with tenant_scope(school):
        for about, day, score in (("credit", date(2026, 1, 1), 2), ("credit", date(2026, 2, 1), 4), ("complexity", date(2026, 1, 1), 3)):
            Assessment.objects.create(customer=family, about=about, assessed_on=day, score=score)

        assert (facts_of(family)["credit"], facts_of(family)["complexity"]) == (400, 300)


def test_events_contacts_and_complaints_are_counted_apart(school, family):
    with tenant_scope(school):
        for kind, times in ((EntryKind.EVENT, 3), (EntryKind.CONTACT, 2), (EntryKind.COMPLAINT, 1), (EntryKind.NOTE, 4)):
            for number in range(times):
                makers.entry(family, kind, date(2026, 8, 1 + number))
        found = facts_of(family)

    assert (found["activities"], found["contacts"], found["complaints"], found["transfer"]) == (3, 2, 1, 0)


def test_a_scheme_sees_only_the_stage_it_is_for(school, family):
    with tenant_scope(school):
        prospect = makers.family("潜在客", "13900139009", date(2026, 9, 1), enrolled=False)
        partner = Customer.objects.create(type=CustomerType.objects.get(code="partner"), campus=family.campus, external_ref="P-1",
                                          name="图书馆", since=date(2025, 1, 1))
        seen = [[k.customer for k in gather(rules, kind, DAY)] for rules, kind in
                ((KINDERGARTEN, family.type_id), (PROSPECT, family.type_id), (PARTNER, partner.type_id))]
        schemes = sorted(Scheme.objects.values_list("code", flat=True))

    assert seen == [[family.pk], [prospect.pk], [partner.pk]]
    assert schemes == ["kg-ad", "partner", "prospect"]


def test_months_before_keeps_to_the_calendar():
    assert [months_before(date(2026, 3, 31), n) for n in (1, 12, 13)] == [date(2026, 2, 28), date(2025, 3, 31), date(2025, 2, 28)]

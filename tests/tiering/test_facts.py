"""Facts are gathered as a set, by their own dates, in the units the rules judge."""
from contextlib import nullcontext
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Assessment, Child, Customer, CustomerType, Enrolment, EntryKind, IntentRating, Satisfaction
from tenancy.plans import whole_sets
from tenancy.scope import tenant_scope
from tests import makers
from tiering.facts import SQL, gather, months_before, parameters
from tiering.models import Scheme
from tiering.presets import KINDERGARTEN, PARTNER, PROSPECT
from tiering.rules import POSITION, Indicator
from tiering.rules import Scheme as Rules

DAY = date(2026, 9, 30)
OPEN = Rules(("A", "B"), (5000, 0), (Indicator("spend", 100, (0,), (0,), window=12),
        Indicator("intent", 1, (0,), (0,), window=12),
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
        for about, day, score in (("credit", date(2026, 1, 1), 2), ("credit", date(2026, 2, 1), 4),
                ("complexity", date(2026, 1, 1), 3)):
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
        partner = Customer.objects.create(type=CustomerType.objects.get(code="partner"), campus=family.campus,
                external_ref="P-1",
                                          name="图书馆", since=date(2025, 1, 1))
        seen = [[k.customer for k in gather(rules, kind, DAY)] for rules, kind in
                ((KINDERGARTEN, family.type_id), (PROSPECT, family.type_id), (PARTNER, partner.type_id))]
        schemes = sorted(Scheme.objects.values_list("code", flat=True))

    assert seen == [[family.pk], [prospect.pk], [partner.pk]]
    assert schemes == ["kg-ad", "partner", "prospect"]


def test_months_before_keeps_to_the_calendar():
    assert [months_before(date(2026, 3, 31), n) for n in (1, 12, 13)] == [date(2026, 2, 28), date(2025, 3, 31),
            date(2025, 2, 28)]


# -- the edges of every window, by hand --------------------------------------------------------------------------------------
def with_window(code, months):
    return Rules(("A", "B"), (5000, 0), (Indicator(code, 100, (0,), (0,), window=months),))


@pytest.mark.parametrize("kind", ["contact", "consultation", "visit"])
@pytest.mark.parametrize(("day", "counts"), [(date(2026, 6, 30), 0), (date(2026, 7, 1), 1), (DAY, 1), (date(2026, 10,
        1), 0)])
def test_contacts_of_three_months(school, family, kind, day, counts):
    with tenant_scope(school):
        makers.entry(family, kind, day)

        assert facts_of(family, with_window("contacts", 3))["contacts"] == counts


@pytest.mark.parametrize("kind", ["note", "suggestion", "enrolment", "tier", "promise_broken"])
def test_other_entries_are_no_contacts_and_no_events(school, family, kind):
    with tenant_scope(school):
        makers.entry(family, kind, date(2026, 9, 1))
        found = facts_of(family)

    assert (found["contacts"], found["activities"], found["complaints"], found["transfer"]) == (0, 0, 0, 0)


@pytest.mark.parametrize(("day", "counts"), [(date(2025, 9, 30), 0), (date(2025, 10, 1), 1), (DAY, 1), (date(2026, 10,
        1), 0)])
def test_complaints_of_a_year(school, family, day, counts):
    with tenant_scope(school):
        makers.entry(family, EntryKind.COMPLAINT, day)

        assert facts_of(family)["complaints"] == counts


@pytest.mark.parametrize(("day", "counts"), [(date(2026, 7, 2), 0), (date(2026, 7, 3), 1), (DAY, 1), (date(2026, 10,
        1), 0)])
def test_a_wish_to_transfer_counts_for_as_many_days_as_the_scheme_says(school, family, day, counts):
    with tenant_scope(school):
        makers.entry(family, EntryKind.TRANSFER_SIGNAL, day)

        assert facts_of(family)["transfer"] == counts


@pytest.mark.parametrize(("day", "rating"), [(date(2025, 9, 30), None), (date(2025, 10, 1), 300), (DAY, 300),
        (date(2026, 10, 1), None)])
def test_an_intent_rating_of_a_year(school, family, day, rating):
    with tenant_scope(school):
        IntentRating.objects.create(customer=family, rated_on=day, philosophy=3, teaching=3, co_education=3,
                eagerness=3, likelihood=3)

        assert facts_of(family)["intent"] == rating


@pytest.mark.parametrize(("days", "mean"), [([(date(2026, 9, 1), 5)], 500), ([(date(2026, 9, 1), 5), (date(2026, 8,
        1), 4)], 450), ([(date(2025, 9, 30), 1)], None),
                                            ([(date(2026, 9, 1), 5), (date(2026, 9, 2), 4), (date(2026, 9, 3), 4)],
                                                    433), ([], None)])
def test_satisfaction_is_the_mean_of_the_years_answers(school, family, days, mean):
    with tenant_scope(school):
        for day, score in days:
            Satisfaction.objects.create(customer=family, answered_on=day, score=score)

        assert facts_of(family)["satisfaction"] == mean


@pytest.mark.parametrize(("referred_on", "converted_on", "points"), [
    (date(2026, 9, 1), None, 20), (date(2026, 9, 1), date(2026, 9, 10), 50), (date(2026, 9, 1), date(2026, 10, 10),
            20), (date(2024, 9, 30), None, 0),
    (date(2024, 10, 1), None, 20), (date(2026, 10, 1), None, 0),
])
def test_a_referral_is_worth_what_had_come_of_it_by_the_day(school, family, referred_on, converted_on, points):
    with tenant_scope(school):
        makers.referral(family, referred_on, converted_on)

        assert facts_of(family)["influence"] == points


def test_an_older_referral_is_worth_half_where_the_scheme_says_so(school, family):
    halved = Rules(("A", "B"), (5000, 0), OPEN.indicators, halve_after=183)
    with tenant_scope(school):
        makers.referral(family, date(2026, 1, 1), date(2026, 2, 1))

        assert (facts_of(family)["influence"], facts_of(family, halved)["influence"]) == (50, 25)


def test_a_doubtful_referral_is_worth_nothing_anywhere(school, family):
    with tenant_scope(school):
        referral = makers.referral(family, date(2026, 9, 1), date(2026, 9, 10))
        type(referral).objects.update(counts=False)
        found = facts_of(family)

    assert (found["influence"], found["referred"], found["converted"]) == (0, 0, 0)


@pytest.mark.parametrize(("since", "from_on", "until_on", "days"), [
    (date(2026, 9, 1), date(2026, 9, 1), None, 30), (date(2026, 9, 1), date(2026, 9, 30), None, 1), (date(2026, 1, 1),
            date(2026, 1, 1), date(2026, 1, 31), 31),
    (date(2026, 1, 1), date(2026, 9, 1), date(2026, 12, 31), 30),
])
def test_tenure_is_counted_in_days_both_ends_included(school, since, from_on, until_on, days):
    with tenant_scope(school):
        customer = makers.family("甲", "13900139000", since)
        Enrolment.objects.filter(child__family__customer=customer).update(from_on=from_on, until_on=until_on)

        assert facts_of(customer)["tenure"] == days


def test_two_stays_of_one_child_add_up_and_two_children_do_not(school, family):
    with tenant_scope(school):
        child = family.family.children.get()
        Enrolment.objects.update(from_on=date(2026, 1, 1), until_on=date(2026, 1, 10))
        Enrolment.objects.create(child=child, campus=family.campus, from_on=date(2026, 9, 21))
        other = Child.objects.create(family=family.family, name="弟弟")
        Enrolment.objects.create(child=other, campus=family.campus, from_on=date(2026, 9, 16))

        assert facts_of(family)["tenure"] == 20


def test_known_counts_from_the_first_trace_of_a_customer(school, family):
    with tenant_scope(school):
        before = facts_of(family)["known"]
        makers.payment(family, 1, date(2024, 8, 1))

        assert (before, facts_of(family)["known"]) == (760, 791)


def test_fees_that_do_not_count_are_no_spend_but_a_visit_to_the_desk(school, family):
    with tenant_scope(school):
        makers.payment(family, 500, date(2026, 9, 1), "代收保险")
        type(family.payments.get().fee_kind).objects.filter(name="代收保险").update(counts=False)
        found = facts_of(family)

    assert (found["spend"], found["frequency"]) == (0, 1)


@pytest.mark.parametrize(("list_price", "fen"), [(True, 100_000), (False, 10_000)])
def test_a_waived_fee_counts_at_its_list_price_where_the_scheme_says_so(school, family, list_price, fen):
    rules = Rules(("A", "B"), (5000, 0), OPEN.indicators, list_price=list_price)
    with tenant_scope(school):
        makers.payment(family, 100, date(2026, 9, 1), list_yuan=1000)

        assert facts_of(family, rules)["spend"] == fen


@pytest.mark.parametrize("values", [{"deleted_at": "now"}, {"erased_at": "now"}, {"since": date(2026, 10, 1)}])
def test_who_is_gone_or_not_yet_there_is_not_judged(school, family, now, values):
    with tenant_scope(school):
        Customer.objects.filter(pk=family.pk).update(**{name: now if value == "now" else value for name,
                value in values.items()})

        assert list(gather(OPEN, family.type_id, DAY)) == []


def test_an_empty_history_is_zeroes_and_unknowns_not_an_error(school):
    with tenant_scope(school):
        bare = makers.family("甲", "13900139000", DAY, enrolled=False)
        found = facts_of(bare)

    assert found == {"spend": 0, "intent": None, "influence": 0, "tenure": 1, "frequency": 0, "credit": None,
            "complexity": None, "activities": 0,
                     "contacts": 0, "satisfaction": None, "referred": 0, "converted": 0, "complaints": 0, "transfer": 0, "known": 1}


def plan(planned, only=None):
    """How PostgreSQL would gather, right after an import: nothing is known of the rows yet."""
    scheme = Scheme.objects.get(code="kg-ad")
    with connection.cursor() as cursor, planned():
        cursor.execute("EXPLAIN " + SQL, parameters(KINDERGARTEN, scheme.customer_type_id, DAY, only))
        return "\n".join(line for line, in cursor.fetchall())


@pytest.mark.parametrize(("planned", "loops"), [(whole_sets, False), (nullcontext, True)])
def test_everybodys_facts_are_joined_without_looping_whatever_the_statistics_say(school, family, planned, loops):
    """The second is the control: what PostgreSQL would do by itself here, without statistics."""
    with tenant_scope(school):
        assert ("Nested Loop" in plan(planned)) is loops


@pytest.mark.parametrize(("few", "whole"), [(False, True), (True, False)])
def test_everybody_is_gathered_as_a_whole_set_and_a_few_are_left_to_the_planner(school, family, few, whole):
    with tenant_scope(school), CaptureQueriesContext(connection) as asked:
        list(gather(KINDERGARTEN, family.type_id, DAY, [family.pk] if few else None))

    assert any("enable_nestloop = off" in query["sql"] for query in asked) is whole


def test_what_follows_is_planned_as_ever(school, family):
    with tenant_scope(school), connection.cursor() as cursor:
        list(gather(KINDERGARTEN, family.type_id, DAY))
        cursor.execute("SHOW enable_nestloop")

        assert cursor.fetchone() == ("on",)


def test_customers_come_by_their_number_and_each_once(school, family):
    with tenant_scope(school):
        for n in range(5):
            customer = makers.family(f"孩{n}", f"1390013900{n}")
            makers.payment(customer, 1, date(2026, 9, 1))
            makers.payment(customer, 1, date(2026, 9, 2))
        ids = [known.customer for known in gather(OPEN, family.type_id, DAY)]

    assert ids == sorted(set(ids)) and len(ids) == 6

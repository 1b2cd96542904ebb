"""当前等级: what a published batch and an approved override do to the standings, day by day."""
from datetime import date

import pytest

from crm.models import Customer
from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import JUNE, SEPTEMBER, TODAY, published, scheme
from tiering.actions import approve_override, propose_override
from tiering.models import Batch, Standing
from tiering.queries import labels_now, scheme_of, standing_on
from tiering.standings import take_from
from tiering.sweeps import expire_overrides


def history(customer):
    return [(s.label, s.from_on, s.until_on) for s in Standing.objects.filter(customer=customer).order_by("id")]


def fall(customer):
    """Something that puts the family into D in autumn."""
    makers.entry(customer, "transfer_signal", date(2026, 9, 1))


# -- batches ---------------------------------------------------------------------------------------------------
def test_a_first_batch_opens_a_standing_on_its_day(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)

        assert history(customer) == [("B", JUNE, None)]


def test_who_stays_keeps_the_day_it_began_with_the_newest_score(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.referral(customer, date(2026, 9, 1))
        newer = published(head, deputy, now)
        standing = Standing.objects.get(customer=customer)

        assert (history(customer), standing.batch, standing.score) == ([("B", JUNE, None)], newer,
                newer.results.get().score)


def test_who_moves_is_closed_and_opened_on_one_day(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        fall(customer)
        published(head, deputy, now)

        assert history(customer) == [("B", JUNE, SEPTEMBER), ("D", SEPTEMBER, None)]


def test_who_is_no_longer_judged_has_no_standing_any_more(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        customer.family.children.get().enrolments.update(until_on=date(2026, 7, 15), outcome="moved")
        published(head, deputy, now)

        assert history(customer) == [("B", JUNE, SEPTEMBER)] and labels_now([customer.pk]) == {}


def test_who_comes_back_begins_anew(school, head, deputy, customer, now):
    with tenant_scope(school):
        child = customer.family.children.get()
        published(head, deputy, now, date(2026, 3, 31))
        child.enrolments.update(until_on=date(2026, 5, 15), outcome="moved")
        published(head, deputy, now, JUNE)
        child.enrolments.update(until_on=None, outcome="")
        published(head, deputy, now)

        assert [(label, first) for label, first, _ in history(customer)] == [("B", date(2026, 3, 31)), ("B", SEPTEMBER)]


def test_who_is_too_new_stands_without_a_label(school, head, deputy, now):
    with tenant_scope(school):
        fresh = makers.family("新来的", since=date(2026, 9, 20))
        published(head, deputy, now)

        assert history(fresh) == [("", SEPTEMBER, None)]


def test_taking_a_batch_twice_changes_nothing_more(school, head, deputy, customer, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        before = history(customer)

        assert (take_from(Batch.objects.get(pk=batch.pk)), history(customer)) == (0, before)


def test_it_counts_how_many_moved(school, head, deputy, customer, now):
    with tenant_scope(school):
        others = [makers.family(f"孩{n}", f"1390013900{n}") for n in range(3)]
        published(head, deputy, now, JUNE)
        fall(customer)
        batch = published(head, deputy, now)

        assert Standing.objects.filter(batch=batch, from_on=SEPTEMBER).count() == 1
        assert len(others) == 3


def test_two_schemes_keep_their_standings_apart(school, head, deputy, customer, now):
    with tenant_scope(school):
        prospect = makers.family("潜在孩", "13900139000", since=date(2026, 1, 1), enrolled=False)
        published(head, deputy, now)
        published(head, deputy, now, code="prospect")

        assert {s.scheme.code: s.customer for s in Standing.objects.now()} == {"kg-ad": customer, "prospect": prospect}


@pytest.mark.parametrize(("day", "label"), [
    (date(2026, 6, 29), None), (JUNE, "B"), (date(2026, 9, 29), "B"), (SEPTEMBER, "D"), (TODAY, "D"),
])
def test_the_tier_of_any_day(school, head, deputy, customer, now, day, label):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        fall(customer)
        published(head, deputy, now)
        found = standing_on(customer, day)

    assert (found.label if found else None) == label


def test_of_two_schemes_the_newest_or_the_one_asked_for(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)

        assert standing_on(customer, TODAY, scheme("prospect")) is None
        assert standing_on(customer, TODAY, scheme()).label == "B"


def test_the_scheme_of_a_customer_is_where_it_stands_or_the_first_of_its_type(school, head, deputy, customer, now):
    with tenant_scope(school):
        before = scheme_of(customer)
        published(head, deputy, now)

        assert (before, scheme_of(customer)) == (scheme(), scheme())


# -- overrides --------------------------------------------------------------------------------------------------
def overridden(customer, tier, head, deputy, now, expires_on=date(2027, 6, 1)):
    made = propose_override(customer, scheme(), tier=tier, reason="园长亲自谈过", expires_on=expires_on, by=head, at=now)
    approve_override(made, by=deputy, at=now)
    return made


def test_an_override_holds_from_the_day_of_its_approval(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
        overridden(customer, 0, head, deputy, now)

        assert history(customer) == [("B", SEPTEMBER, TODAY), ("A", TODAY, None)]


def test_an_override_keeps_the_score_of_the_rules(school, head, deputy, customer, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
        made = overridden(customer, 0, head, deputy, now)

        assert Standing.objects.get(override=made).score == batch.results.get().score


def test_an_override_of_who_was_never_rated_has_no_score(school, head, deputy, customer, now):
    with tenant_scope(school):
        made = overridden(customer, 1, head, deputy, now)

        assert (Standing.objects.get(override=made).score, history(customer)) == (0, [("B", TODAY, None)])


def test_an_override_withstands_the_next_batch(school, head, deputy, customer, now):
    with tenant_scope(school):
        made = overridden(customer, 0, head, deputy, now)
        fall(customer)
        published(head, deputy, now)
        standing = Standing.objects.now().get(customer=customer)

    assert (standing.label, standing.override_id) == ("A", made.pk)


def test_what_was_only_proposed_holds_nothing(school, head, deputy, customer, now):
    with tenant_scope(school):
        propose_override(customer, scheme(), tier=0, reason="园长亲自谈过", expires_on=date(2027, 6, 1), by=head, at=now)
        published(head, deputy, now)

        assert labels_now([customer.pk]) == {customer.pk: "B"}


def test_a_second_override_follows_the_first(school, head, deputy, customer, now):
    with tenant_scope(school):
        overridden(customer, 0, head, deputy, now)
        overridden(customer, 2, head, deputy, now)

        assert [label for label, _, until in history(customer) if until is None] == ["C"]


# -- expiry ------------------------------------------------------------------------------------------------------
def test_on_its_last_day_an_override_gives_way_to_the_rules(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
        overridden(customer, 0, head, deputy, now, date(2026, 12, 1))
        early = expire_overrides(date(2026, 11, 30))
        due = expire_overrides(date(2026, 12, 1))

        assert (early, due) == (0, 1)
        assert history(customer)[-2:] == [("A", TODAY, date(2026, 12, 1)), ("B", date(2026, 12, 1), None)]


def test_expiring_twice_does_it_once(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
        overridden(customer, 0, head, deputy, now, date(2026, 12, 1))
        first = expire_overrides(date(2026, 12, 1))

        assert (first, expire_overrides(date(2026, 12, 1)), Standing.objects.now().count()) == (1, 0, 1)


def test_who_was_never_rated_has_nothing_to_fall_back_to(school, head, deputy, customer, now):
    with tenant_scope(school):
        overridden(customer, 0, head, deputy, now, date(2026, 12, 1))
        expire_overrides(date(2026, 12, 1))

        assert labels_now([customer.pk]) == {} and Customer.objects.filter(pk=customer.pk).exists()


def test_who_was_too_new_when_the_rules_last_looked_is_unrated_again(school, head, deputy, now):
    with tenant_scope(school):
        fresh = makers.family("新来的", since=date(2026, 9, 20))
        published(head, deputy, now)
        overridden(fresh, 1, head, deputy, now, date(2026, 12, 1))
        expire_overrides(date(2026, 12, 1))

        assert labels_now([fresh.pk]) == {fresh.pk: ""}

"""Days are the campus's, an older batch never becomes today's, and what another campus does is not named."""
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tiering.actions import (
    approve_override,
    approve_version,
    compute,
    draft_of,
    in_force,
    propose_override,
    publish,
    review,
    save_draft,
    submit,
    submit_version,
)
from tiering.models import Override, Scheme, Standing
from tiering.review import batch_page
from tiering.rules import as_data
from tiering.simulate import simulate

EARLY = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)  # half past two in the morning of the 20th, on the campus
SEPTEMBER, JUNE = date(2026, 9, 30), date(2026, 6, 30)


@pytest.fixture
def relations(school):
    return make_member(school, "relations")


@pytest.fixture
def customer(school):
    with tenant_scope(school):
        return makers.family()


def scheme():
    return Scheme.objects.get(code="kg-ad")


def published(as_of, head, deputy, relations, now):
    batch = compute(in_force(scheme()), as_of=as_of, today=now.date(), by=head, at=now)
    submit(batch, by=head, at=now)
    review(batch, by=relations, agrees=True, note="", at=now)
    publish(batch, by=deputy, at=now)
    return batch


# -- days --------------------------------------------------------------------------------------------------------
def test_an_override_approved_before_eight_begins_on_the_campuss_day(school, head, deputy, customer):
    with tenant_scope(school):
        made = propose_override(customer, scheme(), tier=0, reason="园长亲自谈过", expires_on=date(2027, 1, 1),
                by=head, at=EARLY)
        approve_override(made, by=deputy, at=EARLY)

        assert Standing.objects.get(override=made).from_on == date(2026, 11, 20)


@pytest.mark.parametrize(("expires_on", "taken"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)])
def test_an_override_ends_after_the_campuss_today(school, head, customer, expires_on, taken):
    with tenant_scope(school):
        try:
            propose_override(customer, scheme(), tier=0, reason="园长亲自谈过", expires_on=expires_on, by=head, at=EARLY)
        except Refused as refusal:
            assert refusal.field == "expires_on"

        assert Override.objects.exists() is taken


def test_the_batch_page_says_on_which_campus_day_it_was_computed(school, head, customer):
    with tenant_scope(school):
        batch = compute(in_force(scheme()), as_of=SEPTEMBER, today=date(2026, 11, 20), by=head, at=EARLY)
        steps = batch_page(batch, head, {})["steps"]

    assert ("计算完成", "11-20") in [(name, detail) for name, detail, _state in steps]


# -- older batches ---------------------------------------------------------------------------------------------
def test_a_batch_overtaken_by_a_newer_one_cannot_be_published(school, head, deputy, relations, customer, now):
    with tenant_scope(school):
        older = compute(in_force(scheme()), as_of=JUNE, today=now.date(), by=head, at=now)
        submit(older, by=head, at=now)
        review(older, by=relations, agrees=True, note="", at=now)
        published(SEPTEMBER, head, deputy, relations, now)
        with pytest.raises(Refused, match="截至 2026-09-30 的一批已经发布"):
            publish(older, by=deputy, at=now)

        assert Standing.objects.now().get(customer=customer).from_on == SEPTEMBER


def test_the_same_day_judged_anew_may_be_published(school, head, deputy, relations, customer, now):
    with tenant_scope(school):
        published(SEPTEMBER, head, deputy, relations, now)
        makers.payment(customer, 30_000, date(2026, 9, 1))
        again = published(SEPTEMBER, head, deputy, relations, now)

        assert Standing.objects.now().get(customer=customer).batch == again


def test_another_schemes_newer_batch_stands_in_nobodys_way(school, head, deputy, relations, now):
    with tenant_scope(school):
        makers.family("潜在孩", "13900139000", enrolled=False, since=date(2026, 1, 1))
        prospect = compute(in_force(Scheme.objects.get(code="prospect")), as_of=SEPTEMBER, today=now.date(), by=head,
                at=now)
        submit(prospect, by=head, at=now)
        review(prospect, by=relations, agrees=True, note="", at=now)
        publish(prospect, by=deputy, at=now)

        assert published(JUNE, head, deputy, relations, now).state == "published"


# -- a scheme that lost a tier ------------------------------------------------------------------------------------
def three_tiers(head, deputy, now):
    """Put a version with three labels in force."""
    draft = draft_of(scheme(), by=head, at=now)
    rules = as_data(draft.as_rules()) | {"labels": ["A", "B", "C"], "cuts": [7500, 5500, 0], "caps": []}
    save_draft(draft, rules, by=head, at=now)
    submit_version(draft, by=head)
    approve_version(draft, by=deputy, at=now)


@pytest.fixture
def lost(school, head, deputy, customer, now):
    """An override to D, proposed before D went out of the scheme."""
    with tenant_scope(school):
        made = propose_override(customer, scheme(), tier=3, reason="园长亲自谈过", expires_on=date(2027, 1, 1),
                by=head, at=now)
        three_tiers(head, deputy, now)
        return made


def test_an_override_to_a_tier_that_is_no_more_is_refused(school, deputy, lost, now):
    with tenant_scope(school), pytest.raises(Refused, match="已经没有这一级了"):
        approve_override(lost, by=deputy, at=now)


def test_the_page_of_overrides_still_opens(school, deputy, lost):
    page = signed_in(deputy).get(f"/s/{school.slug}/tiering/overrides/")

    assert page.status_code == 200 and "周小满一家" in page.content.decode()


# -- campuses ----------------------------------------------------------------------------------------------------
@pytest.fixture
def western(school):
    with tenant_scope(school):
        campus = Campus.objects.create(code="west", name="西园")
        makers.family("西园孩", "13900139001", at=campus)
    return make_member(school, "deputy", "西", [campus])


def test_an_override_of_another_campus_is_not_there(school, head, western, customer, now):
    with tenant_scope(school):
        made = propose_override(customer, scheme(), tier=0, reason="园长亲自谈过", expires_on=date(2027, 1, 1),
                by=head, at=now)
    answer = signed_in(western).post(f"/s/{school.slug}/tiering/overrides/", {"id": made.pk})

    with tenant_scope(school):
        assert (answer.status_code, Override.objects.get().approved_at) == (404, None)


def test_the_sandbox_is_run_on_the_readers_campuses(school, head, western, customer, now):
    with tenant_scope(school):
        draft = draft_of(scheme(), by=head, at=now)
        sizes = [simulate(in_force(scheme()), draft, SEPTEMBER, campuses).size for campuses in (None,
                western.campus_ids(), [0])]

    assert sizes == [2, 1, 0]


def test_the_sandbox_page_names_nobody_of_another_campus(school, head, western, customer, now):
    with tenant_scope(school):
        draft = draft_of(scheme(), by=head, at=now)
        save_draft(draft, as_data(draft.as_rules()) | {"cuts": [200, 100, 50, 0], "gates": []}, by=head, at=now)
    place = f"/s/{school.slug}/tiering/schemes/{draft.pk}/sandbox/"
    all_of_them, mine = (signed_in(member).get(place).content.decode() for member in (head, western))

    assert "周小满一家" in all_of_them and "西园孩一家" in all_of_them
    assert "周小满一家" not in mine and "西园孩一家" in mine


# -- the batch's verbs ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["explode", "rerun2", "delete"])
def test_a_verb_that_is_none_is_not_found(school, head, head_client, customer, now, verb):
    with tenant_scope(school):
        batch = compute(in_force(scheme()), as_of=SEPTEMBER, today=now.date(), by=head, at=now)

    assert head_client.post(f"/s/{school.slug}/tiering/batches/{batch.pk}/{verb}/").status_code == 404


def test_rerunning_says_that_the_answer_is_the_same(school, head, head_client, customer, now):
    with tenant_scope(school):
        batch = compute(in_force(scheme()), as_of=SEPTEMBER, today=now.date(), by=head, at=now - timedelta(days=1))
    page = head_client.post(f"/s/{school.slug}/tiering/batches/{batch.pk}/rerun/", follow=True).content.decode()

    assert "重算一致" in page and timezone.localtime(batch.computed_at).strftime("%m-%d") in page

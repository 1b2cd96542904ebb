"""A batch from frozen inputs to standings: two people, one proof, and history for any day."""
from datetime import date, timedelta

import pytest

from audit.models import Entry
from crm.models import Customer, EntryKind
from notifications.actions import consume
from notifications.models import Message, Outbox
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tiering import queries
from tiering.actions import (
    approve_override,
    approve_version,
    compute,
    draft_of,
    in_force,
    propose_override,
    publish,
    reject,
    rerun,
    review,
    save_draft,
    submit,
    submit_version,
)
from tiering.models import Batch, Result, Scheme, Standing
from tiering.movement import NEW, movement
from tiering.sweeps import expire_overrides

DAY = date(2026, 9, 30)


@pytest.fixture
def kindergarten(school, head, deputy):
    school.head, school.deputy = head, deputy
    school.teacher = make_member(school, "relations")
    with tenant_scope(school):
        school.rich = makers.family("周小满", "13800138001", date(2023, 9, 1), owner=school.teacher)
        school.poor = makers.family("李小树", "13800138002", date(2025, 9, 1))
        for month in range(1, 10):
            makers.payment(school.rich, 3000, date(2026, month, 5))
            makers.payment(school.rich, 3000, date(2025, month, 5))
        makers.referral(school.rich, date(2026, 3, 1), date(2026, 4, 1))
        for month in range(1, 9):
            makers.entry(school.rich, on=date(2026, month, 12))
            makers.entry(school.rich, EntryKind.EVENT, on=date(2026, month, 20))
    return school


def computed(school, day=DAY, at=None):
    version = in_force(Scheme.objects.get(code="kg-ad"))
    return compute(version, as_of=day, today=date(2026, 11, 20), by=school.head, at=at)


def published(school, now, day=DAY):
    batch = computed(school, day, now)
    submit(batch, by=school.head, at=now)
    review(batch, by=school.teacher, agrees=True, note="", at=now)
    publish(batch, by=school.deputy, at=now)
    return batch


def test_a_published_batch_gives_each_customer_a_standing(kindergarten, now):
    with tenant_scope(kindergarten):
        published(kindergarten, now)

        labels = queries.labels_now([kindergarten.rich.pk, kindergarten.poor.pk])

    assert labels == {kindergarten.rich.pk: "A", kindergarten.poor.pk: "D"}


def test_the_proposer_cannot_publish_and_nothing_changes(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = computed(kindergarten, at=now)
        submit(batch, by=kindergarten.head, at=now)
        review(batch, by=kindergarten.teacher, agrees=True, note="", at=now)
        with pytest.raises(Refused, match="不能审批自己"):
            publish(batch, by=kindergarten.head, at=now)

        assert Standing.objects.count() == 0


def test_without_a_review_or_without_the_right_it_is_not_published(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = computed(kindergarten, at=now)
        submit(batch, by=kindergarten.head, at=now)
        with pytest.raises(Refused, match="还没有部门复核"):
            publish(batch, by=kindergarten.deputy, at=now)
        with pytest.raises(Forbidden):
            publish(batch, by=kindergarten.teacher, at=now)


def test_a_stale_page_submitted_twice_is_refused(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = published(kindergarten, now)
        for again in (lambda: submit(batch, by=kindergarten.head, at=now),
                lambda: publish(batch, by=kindergarten.deputy, at=now)):
            with pytest.raises(Refused, match="已经不在这个状态"):
                again()

        assert Standing.objects.count() == 2


def test_a_rejected_batch_says_why_and_can_be_submitted_again(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = computed(kindergarten, at=now)
        submit(batch, by=kindergarten.head, at=now)
        with pytest.raises(Refused, match="请写一句原因"):
            reject(batch, by=kindergarten.deputy, remark=" ")
        reject(batch, by=kindergarten.deputy, remark="先补量表")
        submit(batch, by=kindergarten.head, at=now)

        assert Batch.objects.get(pk=batch.pk).state == "in_review"


def test_a_day_in_the_future_is_refused(kindergarten, now):
    with tenant_scope(kindergarten), pytest.raises(Refused, match="还没到"):
        computed(kindergarten, date(2027, 1, 1), now)


def test_rerun_agrees_after_scheme_payments_and_names_were_edited(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = published(kindergarten, now)
        makers.payment(kindergarten.rich, 99999, date(2026, 5, 5))
        Customer.objects.filter(pk=kindergarten.rich.pk).update(name="改名一家")
        draft = draft_of(batch.version.scheme, by=kindergarten.head, at=now)
        rules = draft.rules | {"cuts": [9900, 5000, 3000, 0]}
        save_draft(draft, rules, by=kindergarten.head, at=now)
        submit_version(draft, by=kindergarten.head)
        approve_version(draft, by=kindergarten.deputy, at=now)

        assert rerun(Batch.objects.get(pk=batch.pk)) is True


def test_a_tampered_result_is_noticed(kindergarten, now):
    with tenant_scope(kindergarten):
        batch = published(kindergarten, now)
        result = Result.objects.get(batch=batch, customer=kindergarten.poor)
        facts = list(result.facts)
        facts[0] = 10**8
        Result.objects.filter(pk=result.pk).update(facts=facts)

        assert rerun(batch) is False


def test_facts_count_by_their_own_day(kindergarten, now):
    with tenant_scope(kindergarten):
        makers.payment(kindergarten.poor, 50000, date(2026, 10, 1))
        makers.entry(kindergarten.poor, EntryKind.TRANSFER_SIGNAL, date(2026, 10, 2))
        batch = computed(kindergarten, at=now)

        facts = Result.objects.get(batch=batch, customer=kindergarten.poor).facts

    assert (facts[0], facts[13]) == (0, 0)


def test_standing_as_of_any_day(kindergarten, now):
    with tenant_scope(kindergarten):
        published(kindergarten, now, date(2026, 6, 30))
        makers.entry(kindergarten.rich, EntryKind.TRANSFER_SIGNAL, date(2026, 9, 11))
        published(kindergarten, now, DAY)

        labels = [getattr(queries.standing_on(kindergarten.rich, day), "label", None)
                  for day in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 9, 29), DAY, date(2026, 11, 1))]

    assert labels == [None, "A", "A", "D", "D"]


def test_the_movement_matrix_adds_up(kindergarten, now):
    with tenant_scope(kindergarten):
        published(kindergarten, now, date(2026, 6, 30))
        makers.entry(kindergarten.rich, EntryKind.TRANSFER_SIGNAL, date(2026, 9, 11))
        makers.family("新小苗", "13800138009", date(2026, 7, 1))
        batch = published(kindergarten, now, DAY)

        moved = movement(Batch.objects.get(pk=batch.pk))

    assert dict(moved.counts) == {("A", "D"): 1, ("D", "D"): 1, (NEW, "D"): 1}
    assert (moved.ups, moved.downs, moved.biggest()) == (0, 1, ("A", "D", 1))


def test_owners_of_changed_customers_are_told_once_and_parents_not_at_all(kindergarten, now):
    with tenant_scope(kindergarten):
        published(kindergarten, now, date(2026, 6, 30))
        makers.entry(kindergarten.rich, EntryKind.TRANSFER_SIGNAL, date(2026, 9, 11))
        published(kindergarten, now, DAY)
        for row in Outbox.objects.filter(done_at=None).order_by("id"):
            consume(row.pk)
            assert consume(row.pk) is None

        told = list(Message.objects.filter(member=kindergarten.teacher, key__endswith="published"))

    assert [m.title for m in told] == ["2026 Q3 幼儿园 A–D 定级：您负责的 1 户等级有变"]


def test_an_override_needs_a_reason_a_second_person_and_an_end(kindergarten, now):
    scheme_day = now.date() + timedelta(days=30)
    with tenant_scope(kindergarten):
        published(kindergarten, now)
        scheme = Scheme.objects.get(code="kg-ad")
        with pytest.raises(Refused, match="理由"):
            propose_override(kindergarten.poor, scheme, tier=1, reason="好", expires_on=scheme_day,
                    by=kindergarten.head, at=now)
        with pytest.raises(Refused, match="到期日"):
            propose_override(kindergarten.poor, scheme, tier=1, reason="住院缺席两个月", expires_on=now.date(),
                    by=kindergarten.head, at=now)
        override = propose_override(kindergarten.poor, scheme, tier=1, reason="住院缺席两个月", expires_on=scheme_day,
                                    by=kindergarten.head, at=now)
        with pytest.raises(Refused, match="不能审批自己"):
            approve_override(override, by=kindergarten.head, at=now)
        approve_override(override, by=kindergarten.deputy, at=now)
        held = queries.labels_now([kindergarten.poor.pk])
        ended = expire_overrides(scheme_day), expire_overrides(scheme_day)
        after = queries.labels_now([kindergarten.poor.pk])

    assert (held, ended, after) == ({kindergarten.poor.pk: "B"}, (1, 0), {kindergarten.poor.pk: "D"})


def test_every_step_leaves_an_audit_row(kindergarten, now):
    with tenant_scope(kindergarten):
        published(kindergarten, now)

        verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))

    assert verbs == ["tiering.batch_computed", "tiering.batch_submitted", "tiering.batch_reviewed",
            "tiering.batch_published"]


def test_waived_fees_count_at_list_price_so_a_free_year_demotes_nobody(kindergarten, now):
    with tenant_scope(kindergarten):
        free = makers.family("免小费", "13800138010", date(2023, 9, 1))
        for month in range(1, 10):
            makers.payment(free, 0, date(2026, month, 6), list_yuan=3000)
        batch = computed(kindergarten, at=now)

        spend = dict(Result.objects.filter(batch=batch).values_list("customer", "facts__0"))

    assert spend[free.pk] == spend[kindergarten.rich.pk] == 27000_00

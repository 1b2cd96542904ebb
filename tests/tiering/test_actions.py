"""Schemes and batches by their verbs: who may, from which state, what is written, and what stays when it is refused."""
from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.models import Entry
from notifications.models import Outbox
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.tiering.steps import JUNE, SEPTEMBER, TODAY, computed, current, in_review, published, scheme
from tiering.actions import (
    approve_override,
    approve_version,
    compute,
    discard_version,
    draft_of,
    furnish,
    in_force,
    last_published,
    propose_override,
    publish,
    reject,
    rerun,
    review,
    save_draft,
    submit,
    submit_version,
)
from tiering.models import Batch, Override, Result, Review, Scheme, SchemeVersion, Standing
from tiering.rules import as_data


@pytest.fixture
def miao(school, head, deputy):
    school.head, school.deputy = head, deputy
    school.teacher = make_member(school, "teacher")
    with tenant_scope(school):
        school.customer = makers.family("周小满", "13800138001", date(2023, 9, 1))
        makers.payment(school.customer, 30_000, date(2026, 3, 1))
        yield school


# -- furniture -----------------------------------------------------------------------------------------------------------
def test_a_school_is_furnished_once(miao):
    before = list(SchemeVersion.objects.values_list("id", "state"))
    furnish(miao)

    assert list(SchemeVersion.objects.values_list("id", "state")) == before
    assert {state for _pk, state in before} == {"in_force"}


def test_the_first_version_is_in_force_since_the_school_began(miao):
    assert current().in_force_since == miao.created_at and current().proposed_by is None


# -- versions ------------------------------------------------------------------------------------------------------------
def test_a_draft_is_a_copy_of_what_is_in_force_and_there_is_one(miao, now):
    first, second = (draft_of(scheme(), by=who, at=now) for who in (miao.head, miao.deputy))

    assert (first.pk, first.number, first.state, first.rules) == (second.pk, 2, "draft", current().rules)


def test_without_a_version_in_force_there_is_nothing_to_copy(miao, now):
    SchemeVersion.objects.update(state="retired")
    for act in (lambda: in_force(scheme()), lambda: draft_of(scheme(), by=miao.head, at=now)):
        with pytest.raises(Refused, match="还没有现行版本"):
            act()


def test_a_draft_keeps_who_edited_it_last(miao, now):
    draft = draft_of(scheme(), by=miao.head, at=now)
    save_draft(draft, draft.rules | {"min_days": 30}, by=miao.deputy, at=now + timedelta(hours=1))

    assert (draft.rules["min_days"], draft.proposed_by_id, draft.edited_at) == (30, miao.deputy.pk,
            now + timedelta(hours=1))


@pytest.mark.parametrize("state", ["submitted", "in_force", "retired"])
def test_only_a_draft_is_edited(miao, now, state):
    draft = draft_of(scheme(), by=miao.head, at=now)
    if state == "in_force":
        SchemeVersion.objects.filter(pk=current().pk).update(state="retired")
    SchemeVersion.objects.filter(pk=draft.pk).update(state=state)
    with pytest.raises(Refused, match="已提交或已生效"):
        save_draft(draft, draft.rules, by=miao.head, at=now)


def test_an_unsound_draft_is_kept_and_not_submitted(miao, now):
    draft = draft_of(scheme(), by=miao.head, at=now)
    save_draft(draft, draft.rules | {"cuts": [1, 2, 3]}, by=miao.head, at=now)
    with pytest.raises(Refused) as refusal:
        submit_version(draft, by=miao.head)

    assert (refusal.value.field, SchemeVersion.objects.get(pk=draft.pk).state,
            Outbox.objects.filter(topic="tiering.version_submitted").count()) == (
        "cuts", "draft", 0)


def submitted(miao, now):
    draft = draft_of(scheme(), by=miao.head, at=now)
    submit_version(draft, by=miao.head)
    return draft


def test_a_submitted_version_asks_and_is_on_record(miao, now):
    draft = submitted(miao, now)

    assert Outbox.objects.get(topic="tiering.version_submitted").payload == {"version": draft.pk}
    assert Entry.objects.get(verb="tiering.version_submitted").object_id == draft.pk


def test_approved_it_replaces_the_one_before(miao, now):
    draft = submitted(miao, now)
    approve_version(SchemeVersion.objects.get(pk=draft.pk), by=miao.deputy, at=now)

    assert [(v.number, v.state) for v in scheme().versions.order_by("number")] == [(1, "retired"), (2, "in_force")]
    assert (current().approved_by_id, current().in_force_since) == (miao.deputy.pk, now)


def test_a_version_that_was_not_submitted_is_not_approved_and_the_old_one_stays(miao, now):
    draft = draft_of(scheme(), by=miao.head, at=now)
    with pytest.raises(Refused, match="不在待审批状态"):
        approve_version(draft, by=miao.deputy, at=now)

    assert current().number == 1


def test_a_used_version_is_not_discarded(miao, now):
    draft = draft_of(scheme(), by=miao.head, at=now)
    compute(draft, as_of=SEPTEMBER, today=TODAY, by=miao.head, at=now)
    with pytest.raises(Refused, match="没用过的草案"):
        discard_version(draft, by=miao.head)


@pytest.mark.parametrize("act", [
    lambda m, now: draft_of(scheme(), by=m.teacher, at=now), lambda m, now: save_draft(current(), {}, by=m.teacher, at=now),
    lambda m, now: submit_version(current(), by=m.teacher), lambda m, now: approve_version(current(), by=m.teacher, at=now),
    lambda m, now: discard_version(current(), by=m.teacher), lambda m, now: computed(m.teacher, now),
    lambda m, now: submit(Batch(tenant_id=1), by=m.teacher, at=now), lambda m, now: publish(Batch(tenant_id=1),
            by=m.teacher, at=now),
    lambda m, now: review(Batch(tenant_id=1), by=m.teacher, agrees=True, note="",
            at=now), lambda m, now: reject(Batch(tenant_id=1), by=m.teacher, remark="x"),
    lambda m, now: propose_override(m.customer, scheme(), tier=0, reason="x" * 9, expires_on=date(2030, 1, 1),
            by=m.teacher, at=now),
    lambda m, now: approve_override(Override(tenant_id=1), by=m.teacher, at=now),
])
def test_who_may_not_does_nothing(miao, now, act):
    with pytest.raises(Forbidden):
        act(miao, now)


# -- computing -----------------------------------------------------------------------------------------------------------
def test_a_batch_freezes_facts_and_what_they_came_to(miao, now):
    batch = computed(miao.head, now)
    result = Result.objects.get()

    assert (batch.state, batch.size, len(batch.digest), batch.previous_id, batch.computed_by_id) == ("computed", 1,
            64, None, miao.head.pk)
    assert (result.customer_id, result.campus_id_then, result.tier, sum(result.parts), len(result.facts)) == (
        miao.customer.pk, miao.customer.campus_id, 1, result.score, 15)


@pytest.mark.parametrize(("as_of", "why"), [(TODAY + timedelta(days=1), "还没到"), (date(1989, 12, 31), "太早了")])
def test_a_day_that_cannot_be_is_refused(miao, now, as_of, why):
    with pytest.raises(Refused, match=why) as refusal:
        computed(miao.head, now, as_of)

    assert (refusal.value.field, Batch.objects.count()) == ("as_of", 0)


def test_today_can_be_computed(miao, now):
    assert computed(miao.head, now, TODAY).as_of == TODAY


def test_an_unsound_scheme_computes_nothing(miao, now):
    version = current()
    version.rules = as_data(replace(version.as_rules(), indicators=()))
    with pytest.raises(Refused, match="至少要有一个指标"):
        compute(version, as_of=SEPTEMBER, today=TODAY, by=miao.head, at=now)


def test_a_batch_of_nobody_is_a_batch(miao, now):
    batch = computed(miao.head, now, code="prospect")

    assert (batch.size, Result.objects.count(), rerun(batch)) == (0, 0, True)


def test_the_one_before_is_the_newest_published_of_an_earlier_day(miao, now):
    computed(miao.head, now, date(2026, 3, 31))
    june = published(miao.head, miao.deputy, now, JUNE)

    assert computed(miao.head, now).previous_id == june.pk
    assert computed(miao.head, now, JUNE).previous_id is None
    assert (last_published(scheme()), last_published(scheme(), before=JUNE),
            last_published(scheme("partner"))) == (june, None, None)


# -- the way of a batch --------------------------------------------------------------------------------------------------
WAYS = {"submit": lambda m, b, now: submit(b, by=m.head, at=now), "publish": lambda m, b,
        now: publish(b, by=m.deputy, at=now),
        "reject": lambda m, b, now: reject(b, by=m.deputy, remark="先补资料")}
OPEN = {"submit": {"computed", "rejected"}, "publish": {"in_review"}, "reject": {"in_review"}}


@pytest.mark.parametrize("state", Batch.State.values)
@pytest.mark.parametrize("verb", sorted(WAYS))
def test_each_verb_is_open_from_its_states_only(miao, now, verb, state):
    batch = in_review(miao.head, now)
    review(batch, by=miao.deputy, agrees=True, note="", at=now)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    try:
        WAYS[verb](miao, batch, now)
        done = True
    except Refused as refusal:
        done = False
        assert refusal.code == "stale"

    assert done is (state in OPEN[verb])


@pytest.mark.parametrize("state", sorted(set(Batch.State.values) - {"in_review"}))
def test_only_a_batch_in_review_is_reviewed(miao, now, state):
    batch = in_review(miao.head, now)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    with pytest.raises(Refused, match="不在复核中"):
        review(batch, by=miao.deputy, agrees=True, note="", at=now)

    assert not Review.objects.exists()


@pytest.mark.parametrize("remark", ["", "   "])
def test_sending_back_needs_a_reason(miao, now, remark):
    batch = in_review(miao.head, now)
    with pytest.raises(Refused, match="写一句原因"):
        reject(batch, by=miao.deputy, remark=remark)

    assert Batch.objects.get(pk=batch.pk).state == "in_review"


def test_nothing_is_published_that_nobody_looked_at(miao, now):
    batch = in_review(miao.head, now)
    with pytest.raises(Refused, match="还没有部门复核过"):
        publish(batch, by=miao.deputy, at=now)

    assert not Standing.objects.exists()


def test_publication_counts_whom_it_moved(miao, now):
    published(miao.head, miao.deputy, now)

    assert Entry.objects.get(verb="tiering.batch_published").data == {"customers": 1, "changed": 1}


def test_each_step_leaves_work_for_later(miao, now):
    published(miao.head, miao.deputy, now)

    assert list(Outbox.objects.order_by("id").values_list("topic", flat=True)) == ["tiering.batch_submitted",
            "tiering.batch_published"]


# -- proof -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [{"score": 1}, {"tier": 0}, {"parts": [1, 2, 3, 4, 5, 6, 7]},
        {"facts": [None] * 15}, {"missing": ["spend"]}, {"held": [0]}])
def test_a_changed_result_is_noticed_or_proved_again(miao, now, values):
    batch = computed(miao.head, now)
    before = rerun(batch)
    Result.objects.filter(batch=batch).update(**values)
    only_facts_are_read = set(values) != {"facts"}

    assert (before, rerun(batch)) == (True, only_facts_are_read)


def test_a_result_that_is_gone_is_noticed(miao, now):
    batch = computed(miao.head, now)
    Result.objects.filter(batch=batch).delete()

    assert rerun(batch) is False


# -- overrides -------------------------------------------------------------------------------------------------------------
def proposed(miao, now, **values):
    known = dict(tier=0, reason="园长亲自谈过", expires_on=date(2027, 6, 1), by=miao.head, at=now)
    return propose_override(miao.customer, scheme(), **(known | values))


@pytest.mark.parametrize(("values", "field"), [({"tier": -1}, "tier"), ({"tier": 4}, "tier"), ({"reason": "短"},
        "reason"), ({"reason": " " * 9}, "reason"),
                                               ({"expires_on": TODAY},
                                                       "expires_on"), ({"expires_on": date(2026, 1, 1)}, "expires_on")])
def test_an_override_that_cannot_be_says_which_field(miao, now, values, field):
    with pytest.raises(Refused) as refusal:
        proposed(miao, now, **values)

    assert (refusal.value.field, Override.objects.count()) == (field, 0)


def test_an_override_waits_for_a_second_person(miao, now):
    made = proposed(miao, now)
    with pytest.raises(Refused, match="提交人不能审批自己"):
        approve_override(made, by=miao.head, at=now)

    assert not Standing.objects.exists() and Override.objects.get().approved_at is None


def test_an_override_is_approved_once(miao, now):
    made = proposed(miao, now)
    stale = Override.objects.get()
    approve_override(made, by=miao.deputy, at=now)
    with pytest.raises(Refused, match="已经批过了"):
        approve_override(stale, by=miao.deputy, at=now)

    assert (Override.objects.get().approved_by_id, Standing.objects.count()) == (miao.deputy.pk, 1)


def test_every_shipped_scheme_has_its_customers(miao):
    assert {s.code: s.customer_type.code for s in Scheme.objects.select_related("customer_type")} == {
        "kg-ad": "family", "prospect": "family", "partner": "partner"}

"""A dispute raised, decided, told to both sides, and taken back."""
from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Entry
from crm.actions import log_contact
from crm.duplicates import merge
from crm.models import Customer, Dispute, Merge, OwnershipRules
from crm.ownership.deciding import decide, drop, files_of, keep_rules, proposal_for, raise_it, rules, undo
from crm.ownership.evidence import facts, looks_disputed
from crm.ownership.views import dispute_for
from notifications.models import Message
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tests import makers
from tests.conftest import make_member

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
ONE = timedelta(days=1)


@pytest.fixture
def first(school):
    return make_member(school, "relations", "陆")


@pytest.fixture
def second(school):
    return make_member(school, "agent", "谷")


@pytest.fixture
def supervisor(school):
    return make_member(school, "supervisor", "主管")


@pytest.fixture
def customer(first, second, supervisor, head, miao, on_the_day):
    """Reached by the first ten days ago, by the second two days ago; the first is written down as who looks after it."""
    row = makers.family(enrolled=False, owner=first)
    log_contact(row, kind="consultation", channel="phone", text="问学费", by=first, at=AT - 10 * ONE)
    log_contact(row, kind="visit", channel="face", text="来看过", by=second, at=AT - 2 * ONE)
    return row


@pytest.fixture
def row(customer, second):
    return raise_it(customer, None, "我带来看园的", by=second, at=AT)


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


# -- evidence ------------------------------------------------------------------------------------------------------------------------
def test_everything_on_record_stands_in_order(customer, first, second):
    assert [(fact.who, fact.what, fact.is_visit) for fact in facts([customer])] == [(first, "咨询", False),
            (second, "到访", True)]


def test_what_nobody_is_named_for_is_no_evidence(customer):
    makers.entry(customer, "contact", DAY)

    assert len(facts([customer])) == 2


def test_families_that_two_colleagues_reached_are_shown_until_somebody_has_decided(customer, head, second):
    assert list(looks_disputed(head, DAY)) == [customer]
    assert list(looks_disputed(head, DAY + 90 * ONE)) == []
    raise_it(customer, None, "x", by=second, at=AT)
    assert list(looks_disputed(head, DAY)) == []


def test_a_family_that_is_enrolled_is_nobody_s_dispute(first, second, head, miao, on_the_day):
    row = makers.family()
    for member in (first, second):
        log_contact(row, kind="contact", channel="phone", text="x", by=member, at=AT)

    assert list(looks_disputed(head, DAY)) == []


# -- raising -------------------------------------------------------------------------------------------------------------------------
def test_whoever_may_decide_is_told(row, first, second, supervisor, head):
    assert (row.state, row.proposed, row.by) == ("open", first, second)
    assert {message.member for message in Message.objects.filter(key=f"dispute-{row.pk}-raised")} == {supervisor, head}


def test_one_at_a_time(row, customer, first):
    assert refused(raise_it, customer, None, "x", by=first, at=AT).code == "open_already"


def test_it_needs_a_reason_and_another_file(customer, first):
    assert refused(raise_it, customer, None, " ", by=first, at=AT).field == "reason"
    assert refused(raise_it, customer, customer, "x", by=first, at=AT).field == "other"


# -- deciding ------------------------------------------------------------------------------------------------------------------------
def test_the_family_is_given_to_one_and_both_sides_are_told(row, customer, first, second, supervisor):
    decide(row, second, None, "看园是她安排的", by=supervisor, at=AT)
    customer.refresh_from_db()

    assert (row.state, row.owner, customer.owner, row.before["owner"]) == ("decided", second, second, first.pk)
    told = Message.objects.filter(key__startswith=f"dispute-{row.pk}-decided")
    assert {message.member for message in told} == {first, second}
    assert {message.title for message in told} == {"撞单裁决了：这一家归谷"}
    assert not Message.objects.filter(key=f"dispute-{row.pk}-raised", read_at=None).exists()


def test_who_was_in_touch_does_not_decide(row, customer, second, supervisor):
    log_contact(customer, kind="contact", channel="phone", text="x", by=supervisor, at=AT)

    assert refused(decide, row, second, None, "x", by=supervisor, at=AT).code == "party"


def test_nobody_gives_it_to_themselves(row, supervisor):
    assert refused(decide, row, supervisor, None, "x", by=supervisor, at=AT).code == "party"


def test_a_decision_needs_a_ground_and_a_colleague_who_is_here(row, second, supervisor):
    assert refused(decide, row, second, None, " ", by=supervisor, at=AT).field == "words"
    second.is_active = False
    assert refused(decide, row, second, None, "x", by=supervisor, at=AT).field == "owner"


def test_who_may_not_decide_is_refused(row, second, first):
    with pytest.raises(Forbidden):
        decide(row, first, None, "x", by=second, at=AT)


def test_it_is_decided_once(row, first, second, supervisor, head):
    seen = Dispute.objects.get()
    decide(row, first, None, "x", by=supervisor, at=AT)

    assert refused(decide, seen, second, None, "x", by=head, at=AT).code == "changed"


def test_it_may_go_to_another_campus(row, customer, second, head):
    west = Campus.objects.create(code="west", name="西园")
    decide(row, second, west, "孩子住西边", by=head, at=AT)
    customer.refresh_from_db()

    assert customer.campus == west


def test_not_a_dispute_after_all(row, supervisor):
    assert refused(drop, row, "", by=supervisor, at=AT).field == "words"
    drop(row, "代班时打的电话", by=supervisor, at=AT)

    assert (row.state, row.words) == ("dropped", "代班时打的电话")


# -- two files -----------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def twin(customer, second):
    other = makers.family("周小满", "13800138000", enrolled=False, owner=second)
    log_contact(other, kind="contact", channel="phone", text="另一份里的", by=second, at=AT - ONE)
    return other


def test_two_files_become_one_and_come_apart_again(customer, twin, first, second, head):
    row = raise_it(customer, twin, "建了两份", by=second, at=AT)
    assert len(facts([customer, twin])) == 3

    decide(row, second, None, "x", by=head, at=AT)
    twin.refresh_from_db()
    assert twin.deleted_at is not None and Merge.objects.get() == row.merge

    undo(row, by=head, at=AT)
    twin.refresh_from_db()
    customer.refresh_from_db()
    assert (row.state, row.merge, twin.deleted_at, customer.owner) == ("open", None, None, first)
    assert Customer.objects.present().count() == 2


def test_a_second_file_that_was_merged_meanwhile_is_nothing_to_bring_together(customer, twin, second, supervisor, head):
    row = raise_it(customer, twin, "建了两份", by=second, at=AT)
    merge(customer, twin, take=[], by=head, at=AT)
    seen = dispute_for(supervisor, row.pk)

    assert len(facts(files_of(seen))) == 3
    decide(seen, second, None, "x", by=supervisor, at=AT)
    assert (seen.state, seen.merge) == ("decided", None)


def test_merging_needs_the_right_to_merge(customer, twin, second, supervisor):
    row = raise_it(customer, twin, "建了两份", by=second, at=AT)

    with pytest.raises(Forbidden):
        decide(row, second, None, "x", by=supervisor, at=AT)


# -- taking it back ------------------------------------------------------------------------------------------------------------------
def test_a_decision_is_taken_back(row, customer, first, second, supervisor):
    decide(row, second, None, "x", by=supervisor, at=AT)
    undo(row, by=supervisor, at=AT)
    customer.refresh_from_db()

    assert (row.state, row.owner, row.words, customer.owner) == ("open", None, "", first)
    assert Entry.objects.filter(verb="crm.dispute_undone").count() == 1
    assert refused(undo, row, by=supervisor, at=AT).code == "changed"


def test_what_somebody_has_changed_since_is_not_overwritten(row, customer, first, second, supervisor, head):
    decide(row, second, None, "x", by=supervisor, at=AT)
    Customer.objects.filter(pk=customer.pk).update(owner=head)
    seen = Dispute.objects.get()

    assert refused(undo, seen, by=supervisor, at=AT).code == "changed"
    assert Dispute.objects.get().state == "decided"


def test_while_another_is_open_the_old_one_stays(row, customer, second, first, supervisor):
    drop(row, "x", by=supervisor, at=AT)
    raise_it(customer, None, "又来了", by=first, at=AT)

    assert refused(undo, row, by=supervisor, at=AT).code == "open_already"


# -- the rule ------------------------------------------------------------------------------------------------------------------------
def test_the_school_s_rule_changes_what_is_proposed(row, first, second, supervisor):
    assert proposal_for(row).who == first.pk and rules().silent_days == 14
    keep_rules(3, by=supervisor)

    assert (proposal_for(row).who, proposal_for(row).before) == (second.pk, first.pk)
    assert Entry.objects.get(verb="crm.ownership_rules_kept").data == {"was": 14, "now": 3}


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_rule_that_cannot_be_is_refused(supervisor, miao, days):
    assert refused(keep_rules, days, by=supervisor).field == "silent_days"
    assert not OwnershipRules.objects.exists()

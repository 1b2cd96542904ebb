"""Two at one moment, over real connections: two signatures, two numbers, two seals, two who decide, two who write and keep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.consulting import Told, rewrite
from crm.filing import file_lead
from crm.models import Consultation, Enrolment, Promise, TimelineEntry
from crm.promises import keep, promise, tell_missed
from reception import consulting
from reception.booking import book
from reception.contracts.actions import explain, file_of, seal_contract, sign, void
from reception.contracts.seal import is_whole
from reception.contracts.templates import approve, retire, send_back, submit, write
from reception.following import Contact, note, plan
from reception.models import Booking, Contract, ContractTemplate, FollowUp, SchoolSeal
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.contracts.makers import TEXTS, contract, explained, prospect, signing, template
from tests.reception.makers import NOW, slot, wish
from tests.reception.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(school):
    return [make_member(school, "supervisor", "一"), make_member(school, "deputy", "二")]


@pytest.fixture
def row(school, two) -> Contract:
    with tenant_scope(school):
        return explained(contract(template(*two), two[0]), two[0])


@pytest.fixture
def visit(school, two) -> Booking:
    with tenant_scope(school):
        made = book(slot(2), wish(child_name="小满", child_data=True), cutoff=NOW, channel="online", at=NOW).booking
        file_lead(made.lead, title="预约 参观", at=NOW)
        rows = Booking.objects.select_related("slot__campus", "slot__type", "lead__customer", "lead__child", "host")
        return rows.get(pk=made.pk)


# -- contracts ----------------------------------------------------------------------------------------------------------
def test_two_who_sign_at_one_moment_sign_once(school, two, row):
    told = at_once(
        school,
        lambda: sign(row, signing(signer="罗女士"), by=two[0], at=NOW),
        lambda: sign(row, signing(signer="罗先生", where="phone"), by=None, at=NOW),
    )

    with tenant_scope(school):
        assert told == ["changed", "done"] and Enrolment.objects.count() == 1
        assert TimelineEntry.objects.filter(title__startswith="签了合同").count() == 1


def test_signing_and_making_void_at_one_moment_leave_one_of_the_two(school, two, row):
    told = at_once(
        school,
        lambda: sign(row, signing(), by=two[0], at=NOW),
        lambda: void(row, "写错了", by=two[1], at=NOW),
    )

    with tenant_scope(school):
        made = Contract.objects.get()
        assert "done" in told and made.state == "void" and not Enrolment.objects.exists()


def test_clauses_ticked_at_one_moment_are_all_kept(school, two):
    with tenant_scope(school):
        row = contract(template(*two), two[0])

    told = at_once(school, *(lambda n=n: explain(row, n, done=True, by=two[0], at=NOW) for n in (1, 2, 3)))

    with tenant_scope(school):
        assert told == ["done"] * 3 and Contract.objects.get().left_to_explain == []


def test_numbers_drawn_at_one_moment_differ(school, two):
    with tenant_scope(school):
        text, family = template(*two), prospect()

    told = at_once(school, *(lambda: contract(text, two[0], family) for _ in range(4)))

    with tenant_scope(school):
        numbers = sorted(Contract.objects.values_list("number", flat=True))
        assert told == ["done"] * 4 and numbers == [f"HT-2026-000{n}" for n in (1, 2, 3, 4)]


def test_a_file_sealed_by_two_workers_is_one_file(school, two, row):
    with tenant_scope(school):
        sign(row, signing(), by=two[0], at=NOW)

    told = at_once(school, *(lambda: seal_contract(row.pk, at=NOW) for _ in range(2)))

    with tenant_scope(school):
        assert told == ["done", "done"] and len(Contract.objects.get(pk=row.pk).digest) == 64


def test_two_contracts_sealed_at_one_moment_share_the_school_s_first_seal(school, two, row):
    with tenant_scope(school):
        other = explained(contract(row.template, two[0], row.customer), two[0])
        both = [sign(one, signing(), by=two[0], at=NOW).pk for one in (row, other)]

    told = at_once(school, *(lambda pk=pk: seal_contract(pk, at=NOW) for pk in both))

    with tenant_scope(school):
        certificate = SchoolSeal.objects.get().certificate
        assert told == ["done", "done"]
        assert [is_whole(file_of(one), certificate) for one in Contract.objects.all()] == [True, True]


def test_two_who_decide_on_a_template_decide_once(school, two, head):
    with tenant_scope(school):
        text = write("入园合同", TEXTS, by=two[0])
        submit(text, by=two[0])

    told = at_once(school, lambda: approve(text, by=two[1], at=NOW), lambda: send_back(text, "退费写清楚", by=head))

    with tenant_scope(school):
        assert told == ["changed", "done"]
        assert ContractTemplate.objects.get().state in ("approved", "draft")


def test_two_who_retire_a_template_retire_it_once(school, two):
    with tenant_scope(school):
        text = template(*two)

    assert at_once(school, *(lambda by=by: retire(text, by=by) for by in two)) == ["changed", "done"]


# -- promises, consultations, follow-ups ------------------------------------------------------------------------------------
@pytest.fixture
def owed(school, two) -> Promise:
    with tenant_scope(school):
        now = timezone.now()
        day = timezone.localdate(now)
        return promise(makers.family(), text="发食谱", owner=two[0], due_on=day, made_in="other", by=two[1], at=now)


def test_a_promise_is_kept_once_by_whoever_is_faster(school, two, owed):
    told = at_once(school, *(lambda by=by: keep(owed, outcome="", by=by, at=timezone.now()) for by in two))

    with tenant_scope(school):
        assert told == ["done", "stale"]
        assert TimelineEntry.objects.filter(title__startswith="已兑现").count() == 1


def test_a_missed_promise_is_told_once_by_two_sweeps(school, owed):
    later = timezone.now() + timedelta(days=2)

    told = at_once(school, *(lambda: tell_missed(at=later) for _ in range(3)))

    with tenant_scope(school):
        assert told == ["done"] * 3
        assert TimelineEntry.objects.filter(kind="promise_broken").count() == 1


def test_two_who_begin_one_consultation_write_one(school, two, visit):
    told = at_once(
        school,
        *(lambda by=by: consulting.note(visit, Told(needs=f"{by.name}写的"), version=0, by=by, at=NOW) for by in two),
    )

    with tenant_scope(school):
        assert told == ["done", "stale"] and Consultation.objects.count() == 1
        assert TimelineEntry.objects.filter(title__startswith="到访咨询").count() == 1


def test_two_who_write_on_in_it_do_not_overwrite_each_other(school, two, visit):
    with tenant_scope(school):
        made = consulting.note(visit, Told(needs="先写的"), version=0, by=two[0], at=NOW)

    told = at_once(
        school,
        *(lambda by=by: rewrite(made, Told(needs=f"{by.name}改的"), version=1, by=by, at=NOW) for by in two),
    )

    with tenant_scope(school):
        assert told == ["done", "stale"] and Consultation.objects.get().version == 2


def test_a_family_is_spoken_to_once(school, two, visit):
    with tenant_scope(school):
        plan(visit, "unsigned", by=two[0], at=NOW)
        first = FollowUp.objects.select_related("booking__lead__customer", "booking__lead__child", "owner").first()

    told = at_once(
        school, *(lambda by=by: note(first, Contact("phone", "", "warm"), by=by, at=NOW) for by in two)
    )

    with tenant_scope(school):
        assert told == ["changed", "done"]
        assert TimelineEntry.objects.filter(kind="contact").count() == 1


def test_a_plan_laid_out_twice_at_one_moment_owes_each_contact_once(school, two, visit):
    told = at_once(school, *(lambda by=by: plan(visit, "unsigned", by=by, at=NOW) for by in two))

    with tenant_scope(school):
        assert FollowUp.objects.count() == 4 and told == ["done", "done"]

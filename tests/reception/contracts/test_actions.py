"""合同: drawn up from the archive, explained clause by clause, signed once, sealed, made void, renewed; nothing is half done."""

import json
import re
import subprocess
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.duplicates import merge
from crm.filing import file_lead
from crm.models import Attendance, Child, ClassGroup, Customer, Enrolment, TimelineEntry
from reception.booking import book
from reception.contracts.actions import (
    draw_up,
    explain,
    file_of,
    note_questions,
    open_link,
    seal_contract,
    sign,
    token_hash,
    void,
)
from reception.contracts.seal import is_whole
from reception.following import Contact, note
from reception.forgetting import forget_unconverted
from reception.models import Booking, Contract, FollowUp, SchoolSeal
from reception.stages import Step
from reception.visiting import Tap, take_step
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.contracts.makers import (
    BEGINS,
    ENDS,
    contract,
    explained,
    prospect,
    signing,
    template,
    terms,
)
from tests.reception.makers import MONDAY, NOW, slot, wish
from tests.reception.test_consumers import work


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def text(tang, miao):
    """An approved template."""
    return template(tang, miao.head)


@pytest.fixture
def row(text, tang) -> Contract:
    return contract(text, tang)


def words_of(pdf: bytes, folder) -> str:
    (folder / "x.pdf").write_bytes(pdf)
    found = subprocess.run(
        ["pdftotext", "-layout", str(folder / "x.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"\s+", "", found)


# -- drawing up --------------------------------------------------------------------------------------------------------
def test_the_archive_fills_the_blanks(row):
    papers = row.papers()

    assert [clause.text for clause in row.clauses()] == [
        "miao机构为周小满提供保育教育。",
        "每月 3,200.00 元，2026-12-01起。",
        "按天退。",
    ]
    assert papers["fees"] == "保教费按月收，3,200.00 元。"
    assert papers["commitments"] == "每周发一次照片。"
    assert ["电话", "13800138000"] in papers["parties"] and row.number == "HT-2026-0001"


def test_the_text_is_sealed_in_the_table(row):
    assert "周小满".encode() not in bytes(Contract.objects.values_list("text_sealed", flat=True).get())


def test_numbers_go_on_and_are_never_drawn_twice(text, tang):
    family = prospect()

    numbers = [contract(text, tang, family).number for _ in range(3)]

    assert numbers == ["HT-2026-0001", "HT-2026-0002", "HT-2026-0003"]


def test_a_new_version_changes_no_contract_that_was_drawn_up(row, tang, miao):
    template(tang, miao.head, body="## 只有一条\n全改了")

    assert len(Contract.objects.get().clauses()) == 3


@pytest.mark.parametrize(
    "changed,field", [({"ends_on": BEGINS}, "ends_on"), ({"ends_on": BEGINS - timedelta(days=1)}, "ends_on")]
)
def test_a_term_ends_after_it_begins(text, tang, changed, field):
    with pytest.raises(Refused) as refusal:
        contract(text, tang, **changed)

    assert refusal.value.field == field and not Contract.objects.exists()


def test_only_an_approved_text_and_a_child_of_the_family_will_do(text, tang, miao):
    one, other = prospect(), prospect("李小树", "13800138001")

    with pytest.raises(Refused, match="不在这一家"):
        draw_up(one, text, terms(other), by=tang, at=NOW)
    type(text).objects.filter(pk=text.pk).update(state="retired")
    text.refresh_from_db()
    with pytest.raises(Refused, match="已批准的模板"):
        draw_up(one, text, terms(one), by=tang, at=NOW)


# -- going through it ----------------------------------------------------------------------------------------------------
def test_each_clause_is_ticked_with_who_and_when(row, tang):
    after = explain(row, 2, done=True, by=tang, at=NOW)

    assert after.explained == {"2": [tang.pk, NOW.isoformat()]} and after.left_to_explain == [1, 3]


def test_a_tick_is_taken_back_and_ticking_twice_is_ticking_once(row, tang):
    explain(row, 1, done=True, by=tang, at=NOW)
    explain(row, 1, done=True, by=tang, at=NOW + timedelta(minutes=5))
    kept = Contract.objects.get().explained["1"][1]

    after = explain(row, 1, done=False, by=tang, at=NOW)

    assert kept == NOW.isoformat() and after.explained == {}


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_clause_that_is_not_there_is_not_ticked(row, tang, number):
    with pytest.raises(Refused, match="没有这一条"):
        explain(row, number, done=True, by=tang, at=NOW)


def test_what_the_family_asked_is_written_down(row, tang):
    note_questions(row, " 生病请假退不退餐费 ", by=tang)

    assert Contract.objects.get().questions == "生病请假退不退餐费"


# -- signing -----------------------------------------------------------------------------------------------------------------
def test_nothing_is_signed_before_every_clause_was_explained(row, tang):
    explain(row, 1, done=True, by=tang, at=NOW)

    with pytest.raises(Refused, match="还有 2 条没有讲：第二条 费用、第三条 退费"):
        sign(row, signing(), by=tang, at=NOW)

    assert Contract.objects.get().state == "draft" and not Enrolment.objects.exists()


def test_signing_enrols_the_child_and_is_told_on_the_timeline(row, tang):
    signed = sign(explained(row, tang), signing(), by=tang, at=NOW)

    enrolment = Enrolment.objects.get()
    assert (enrolment.from_on, enrolment.campus, signed.enrolment) == (BEGINS, row.campus, enrolment)
    assert (signed.state, signed.signer, signed.relation, signed.signed_at, signed.signed_where) == (
        "signed",
        "罗女士",
        "mother",
        NOW,
        "tablet",
    )
    assert TimelineEntry.objects.get(kind="enrolment").title == "签了合同 HT-2026-0001"


def test_the_class_gives_the_campus(text, tang):
    west = makers.campus().__class__.objects.create(code="w", name="西园")
    group = ClassGroup.objects.create(campus=west, name="小一班", grade="小班")

    signed = sign(explained(contract(text, tang, class_group=group), tang), signing(), by=tang, at=NOW)

    assert (signed.campus, Enrolment.objects.get().class_group) == (west, group)


@pytest.mark.parametrize(
    "changed,field",
    [({"signer": " "}, "signer"), ({"strokes": "[]"}, "strokes"), ({"strokes": "x"}, "strokes")],
)
def test_a_signature_has_a_name_and_a_drawing(row, tang, changed, field):
    with pytest.raises(Refused) as refusal:
        sign(explained(row, tang), signing(**changed), by=tang, at=NOW)

    assert (
        refusal.value.field == field
        and Contract.objects.get().state == "draft"
        and not Enrolment.objects.exists()
    )


def test_a_contract_is_signed_once(row, tang):
    ready = explained(row, tang)
    sign(ready, signing(), by=tang, at=NOW)

    with pytest.raises(Refused, match="“已签”，不能再改"):
        sign(ready, signing(signer="别人"), by=None, at=NOW)

    assert Contract.objects.get().signer == "罗女士" and Enrolment.objects.count() == 1


def test_what_is_signed_is_explained_no_more(row, tang):
    sign(explained(row, tang), signing(), by=tang, at=NOW)

    with pytest.raises(Refused):
        explain(row, 1, done=False, by=tang, at=NOW)


def test_the_signature_is_sealed_in_the_table(row, tang):
    sign(explained(row, tang), signing(), by=tang, at=NOW)

    stored = Contract.objects.get()
    assert b"180" not in bytes(stored.signature_sealed) and json.loads(stored.signature)[1] == [
        [300, 30],
        [300, 170],
    ]


# -- the sealed original ---------------------------------------------------------------------------------------------------
def test_the_worker_seals_it_once_and_it_is_whole(row, tang, tmp_path):
    sign(explained(row, tang), signing(), by=tang, at=NOW)
    assert work("reception.contract_signed") == 1
    first = Contract.objects.get()

    seal_contract(row.pk, at=NOW)

    again, pdf = Contract.objects.get(), file_of(first)
    assert (
        again.digest == first.digest
        and len(first.digest) == 64
        and is_whole(pdf, SchoolSeal.objects.get().certificate)
    )
    words = words_of(pdf, tmp_path)
    assert (
        "HT-2026-0001" in words
        and "miao机构为周小满提供保育教育" in words
        and "罗女士妈妈" in words
        and "每周发一次照片" in words
    )


def test_a_draft_says_on_its_page_that_it_is_not_signed(row, tmp_path):
    words = words_of(file_of(row), tmp_path)

    assert "第三条退费" in words and "收费标准说明" in words
    seal_contract(row.pk, at=NOW)
    assert Contract.objects.get().digest == ""


def test_one_seal_serves_every_contract_of_a_school(text, tang):
    family = prospect()
    rows = [sign(explained(contract(text, tang, family), tang), signing(), by=tang, at=NOW) for _ in range(2)]

    for one in rows:
        seal_contract(one.pk, at=NOW)

    assert SchoolSeal.objects.count() == 1 and "PRIVATE" not in SchoolSeal.objects.get().certificate


# -- the parent's link --------------------------------------------------------------------------------------------------------
def test_a_link_is_opened_once_all_is_explained_and_the_one_before_stops(row, tang):
    with pytest.raises(Refused, match="没有讲"):
        open_link(row, by=tang, at=NOW)
    ready = explained(row, tang)

    first = open_link(ready, by=tang, at=NOW)
    second = open_link(ready, by=tang, at=NOW)

    kept = Contract.objects.get()
    assert (
        first != second
        and kept.token_hash == token_hash(second)
        and kept.link_until == NOW + timedelta(days=7)
    )


def test_a_void_contract_opens_no_link(row, tang):
    void(row, "写错了", by=tang, at=NOW)

    with pytest.raises(Refused, match="作废"):
        open_link(row, by=tang, at=NOW)


# -- void and renewed --------------------------------------------------------------------------------------------------------
def test_a_contract_is_made_void_with_its_reason_and_the_place_is_free_again(row, tang):
    sign(explained(row, tang), signing(), by=tang, at=NOW)

    void(row, "家长改了主意", by=tang, at=NOW + timedelta(days=1))

    kept = Contract.objects.get()
    assert (kept.state, kept.void_reason, kept.voided_by, kept.token_hash) == (
        "void",
        "家长改了主意",
        tang,
        None,
    )
    assert (
        not Enrolment.objects.exists()
        and TimelineEntry.objects.filter(title="合同 HT-2026-0001 作废").count() == 1
    )


def test_a_child_that_has_been_here_stays_enrolled(row, tang):
    sign(explained(row, tang), signing(), by=tang, at=NOW)
    Attendance.objects.create(child=Child.objects.get(), day=BEGINS, status="present")

    void(row, "换一份合同", by=tang, at=NOW)

    assert Enrolment.objects.get().from_on == BEGINS


def test_void_needs_a_reason_and_happens_once(row, tang):
    with pytest.raises(Refused) as refusal:
        void(row, " ", by=tang, at=NOW)
    void(row, "写错了", by=tang, at=NOW)

    with pytest.raises(Refused, match="已经作废"):
        void(row, "再来", by=tang, at=NOW)
    assert (
        refusal.value.field == "reason" and not TimelineEntry.objects.exists()
    )  # a draft was never on the timeline


def test_a_renewal_follows_a_signed_one_and_enrols_nobody_twice(row, text, tang):
    with pytest.raises(Refused, match="已签的合同"):
        draw_up(row.customer, text, terms(row.customer), by=tang, at=NOW, renews=row)
    signed = sign(explained(row, tang), signing(), by=tang, at=NOW)
    later = terms(row.customer, starts_on=ENDS + timedelta(days=1), ends_on=date(2028, 7, 31))

    second = sign(
        explained(draw_up(row.customer, text, later, by=tang, at=NOW, renews=signed), tang),
        signing(),
        by=tang,
        at=NOW,
    )

    assert second.renews == signed and second.enrolment is None and Enrolment.objects.count() == 1


# -- with the visit and the archive --------------------------------------------------------------------------------------------
def visited(fang) -> Booking:
    made = book(
        slot(), wish(child_name="小满", child_data=True), cutoff=NOW, channel="online", at=NOW
    ).booking
    file_lead(made.lead, title="预约 参观", at=NOW)
    full = Booking.objects.select_related("slot__type", "slot__campus", "lead__customer", "host").get(
        pk=made.pk
    )
    take_step(full, Tap(Step.ARRIVED, Step.BOOKED, MONDAY, "in"), by=fang, now=MONDAY)
    return Booking.objects.select_related("slot__type", "slot__campus", "lead__customer", "host").get(
        pk=made.pk
    )


def test_who_signs_in_a_visit_gets_the_plan_of_those_who_signed(text, tang):
    here = visited(tang)
    row = contract(text, tang, here.lead.customer, here)

    sign(explained(row, tang), signing(), by=tang, at=MONDAY)
    at = MONDAY + timedelta(hours=1)
    take_step(here, Tap(Step.LEFT, Step.ARRIVED, at, "out"), by=tang, now=at)

    assert (
        set(FollowUp.objects.open().values_list("after", flat=True)) == {"signed"}
        and FollowUp.objects.count() == 4
    )


def test_a_void_contract_takes_the_plan_along_and_signing_anew_lays_it_out_again(text, tang):
    here = visited(tang)
    first = contract(text, tang, here.lead.customer, here)
    sign(explained(first, tang), signing(), by=tang, at=MONDAY)

    void(first, "金额写错了", by=tang, at=MONDAY)
    gone = FollowUp.objects.open().count()
    sign(explained(contract(text, tang, here.lead.customer, here), tang), signing(), by=tang, at=MONDAY)

    assert (gone, FollowUp.objects.open().filter(after="signed").count()) == (0, 4)


def test_what_was_done_after_signing_stays_when_the_contract_is_void(text, tang):
    here = visited(tang)
    row = contract(text, tang, here.lead.customer, here)
    sign(explained(row, tang), signing(), by=tang, at=MONDAY)
    note(FollowUp.objects.order_by("due_on")[0], Contact("phone", "很好", "settled"), by=tang,
            at=MONDAY + timedelta(days=1))

    void(row, "家长改了主意", by=tang, at=MONDAY + timedelta(days=2))

    assert list(FollowUp.objects.values_list("state", flat=True)) == ["done"]


def test_a_merged_family_keeps_its_contracts(row, miao):
    twin = prospect("周小满", "13800138001")

    merge(twin, row.customer, take=[], by=miao.head, at=NOW)

    assert Contract.objects.get().customer == twin


def test_a_contract_that_nobody_signed_is_forgotten_with_the_child(text, tang):
    here = visited(tang)
    contract(text, tang, here.lead.customer, here)

    assert forget_unconverted(at=MONDAY + timedelta(days=90, seconds=1)) == 1
    assert not Contract.objects.exists() and not Child.objects.exists()


def test_a_signed_contract_keeps_the_child(text, tang):
    here = visited(tang)
    sign(explained(contract(text, tang, here.lead.customer, here), tang), signing(), by=tang, at=MONDAY)

    assert forget_unconverted(at=MONDAY + timedelta(days=400)) == 0
    assert Contract.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"state": "signed"}, {"state": "void"}, {"ends_on": BEGINS}, {"number": None}]
)
def test_the_database_keeps_what_a_contract_must_have(row, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=row.pk).update(**wrong)


def test_every_act_is_in_the_audit_and_tells_nothing_of_people(row, tang):
    open_link(explained(row, tang), by=tang, at=NOW)
    sign(row, signing(), by=None, at=NOW)
    work("reception.contract_signed")
    void(row, "家长罗女士改了主意", by=tang, at=NOW)

    entries = list(Entry.objects.filter(object_type="reception.contract").order_by("id"))
    assert [entry.verb.removeprefix("reception.contract_") for entry in entries] == [
        "drawn_up",
        "link",
        "signed",
        "sealed",
        "voided",
    ]
    assert (
        "罗女士" not in json.dumps([entry.data for entry in entries], ensure_ascii=False)
        and Customer.objects.count() == 1
    )

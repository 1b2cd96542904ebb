"""合同 on the screen: written, approved, drawn up from a visit, explained, signed on the tablet or on the parent's phone, renewed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import Child, Enrolment
from reception.booking import book
from reception.contracts.actions import open_link, seal_contract, sign, void
from reception.contracts.forms import school_year_end
from reception.models import Booking, Contract, ContractTemplate
from reception.stages import Step
from reception.visiting import Tap, take_step
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.reception.contracts.makers import NAME, TEXTS, contract, explained, prospect, signing, template
from tests.reception.makers import slot, wish
from tests.reception.test_consumers import work

S = "/s/miao"


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def desk(tang):
    return signed_in(tang)


@pytest.fixture
def text(school, tang, head) -> ContractTemplate:
    with tenant_scope(school):
        return template(tang, head)


@pytest.fixture
def row(school, text, tang) -> Contract:
    with tenant_scope(school):
        return contract(text, tang)


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def kept(school) -> Contract:
    with tenant_scope(school):
        return Contract.objects.select_related("enrolment").get()


def ready(school, row: Contract, by) -> Contract:
    with tenant_scope(school):
        return explained(row, by)


# -- templates --------------------------------------------------------------------------------------------------------
def test_a_template_is_written_submitted_and_approved_on_the_screen(school, desk, head_client):
    page = desk.post(f"{S}/contract-templates/write/", {"name": "入园合同"} | TEXTS, follow=True)
    at = page.redirect_chain[-1][0]
    desk.post(f"{at}submit/")
    own, others = read(desk.get(at)), read(head_client.get(at))

    head_client.post(f"{at}approve/")

    assert (
        "等另一位有权限的同事批准" in own and "批准，以后用这一版" in others and "第一条 服务内容" in others
    )
    with tenant_scope(school):
        assert ContractTemplate.objects.get().state == "approved"
    assert "已批准" in read(desk.get(f"{S}/contract-templates/"))


def test_a_new_template_begins_with_an_example(desk):
    page = read(desk.get(f"{S}/contract-templates/write/"))

    assert "## 第一条 服务内容" in page and "{孩子姓名}" in page and "可以用的空格" in page
    assert "还没有合同模板" in read(desk.get(f"{S}/contract-templates/"))


def test_the_next_version_begins_with_the_last(desk, text):
    page = read(desk.get(f"{S}/contract-templates/write/?name=入园合同"))

    assert "按天退。" in page and 'value="入园合同"' in page


def test_what_is_missing_is_told_and_stays_a_draft(school, desk):
    at = desk.post(
        f"{S}/contract-templates/write/", {"name": "x", "body": "没有标题"}, follow=True
    ).redirect_chain[-1][0]

    said = read(desk.post(f"{at}submit/", follow=True))

    assert "没有条款" in said and "草稿" in said


def test_sent_back_the_reason_is_read_where_it_is_written_on(school, desk, head_client):
    at = desk.post(
        f"{S}/contract-templates/write/", {"name": "入园合同"} | TEXTS, follow=True
    ).redirect_chain[-1][0]
    desk.post(f"{at}submit/")

    nothing = read(head_client.post(f"{at}back/", {"remark": ""}, follow=True))
    head_client.post(f"{at}back/", {"remark": "退费写清楚"})

    assert "请写退回的原因" in nothing and "退回：退费写清楚" in read(
        desk.get(f"{S}/contract-templates/write/?name=入园合同")
    )


@pytest.mark.parametrize("verb", ["approve", "back", "retire"])
def test_who_may_not_approve_does_not(school, desk, text, verb):
    assert desk.post(f"{S}/contract-templates/{text.pk}/{verb}/").status_code == 403


# -- drawing up --------------------------------------------------------------------------------------------------------
def here(school, filed: bool = True) -> Booking:
    now = timezone.now()
    with tenant_scope(school):
        told = wish(child_name="小满", child_data=True)
        made = book(
            slot(starts_at=now),
            told,
            cutoff=now - timedelta(days=1),
            channel="online",
            at=now - timedelta(days=1),
        ).booking
        if filed:
            file_lead(made.lead, title="预约 参观", at=now)
        full = Booking.objects.select_related("slot__type", "slot__campus", "lead", "host").get(pk=made.pk)
        take_step(full, Tap(Step.SIGNING, Step.BOOKED, now, "s"), by=None, now=now)
        return full


def test_a_contract_is_drawn_up_from_the_board(school, desk, text):
    visit = here(school)
    board = read(desk.get(f"{S}/board/?v={visit.pk}"))
    form = read(desk.get(f"{S}/contracts/new/?visit={visit.pk}"))
    with tenant_scope(school):
        child = Child.objects.get()

    answer = desk.post(
        f"{S}/contracts/new/?visit={visit.pk}",
        {
            "template": text.pk,
            "child": child.pk,
            "starts_on": "2026-12-01",
            "ends_on": "2027-07-31",
            "fee_fen": "3,200",
        },
        follow=True,
    )

    made = kept(school)
    assert (
        f"contracts/new/?visit={visit.pk}" in board
        and 'value="2027-07-31"' in form
        and form.count("selected") >= 2
    )
    assert (made.booking_id, made.fee_fen, made.child_id) == (
        visit.pk,
        320_000,
        child.pk,
    ) and "逐条讲，还有 3 条" in read(answer)


def test_a_family_that_is_not_registered_is_registered_first(school, desk, text):
    visit = here(school, filed=False)

    answer = desk.get(f"{S}/contracts/new/?visit={visit.pk}")

    assert answer.status_code == 409 and "先做信息登记" in read(answer)


@pytest.mark.parametrize(
    "slip,said",
    [
        ({"ends_on": "2026-11-01"}, "结束日期要晚于开始日期"),
        ({"fee_fen": "很贵"}, "金额"),
        ({"starts_on": ""}, "必填"),
        ({"child": ""}, "必填"),
    ],
)
def test_what_is_wrong_stands_at_its_field(school, desk, text, slip, said):
    with tenant_scope(school):
        family = prospect()
        child = Child.objects.get()
    typed = {
        "template": text.pk,
        "child": child.pk,
        "starts_on": "2026-12-01",
        "ends_on": "2027-07-31",
        "fee_fen": "3200",
    }

    answer = desk.post(f"{S}/contracts/new/?family={family.pk}", typed | slip)

    assert answer.status_code == 422 and said in read(answer)
    with tenant_scope(school):
        assert not Contract.objects.exists()


def test_without_an_approved_template_the_way_leads_there(school, desk):
    with tenant_scope(school):
        family = prospect()

    answer = desk.get(f"{S}/contracts/new/?family={family.pk}", follow=True)

    assert answer.redirect_chain[-1][0] == f"{S}/contract-templates/" and "还没有批准的合同模板" in read(
        answer
    )


def test_nobody_named_leads_to_the_families(desk):
    assert desk.get(f"{S}/contracts/new/").url == f"{S}/families/"


@pytest.mark.parametrize(
    "day,end",
    [
        ("2026-11-20", "2027-07-31"),
        ("2026-09-01", "2027-07-31"),
        ("2027-03-01", "2027-07-31"),
        ("2027-05-01", "2028-07-31"),
        ("2027-04-30", "2027-07-31"),
    ],
)
def test_a_contract_usually_runs_to_the_end_of_the_school_year(day, end):
    assert f"{school_year_end(timezone.datetime.fromisoformat(day).date())}" == end


# -- the contract's page ----------------------------------------------------------------------------------------------
def test_each_clause_is_ticked_and_then_it_can_be_signed(school, desk, row):
    at = f"{S}/contracts/{row.pk}/"
    before = read(desk.get(at))
    for number in (1, 2, 3):
        desk.post(f"{at}do/explain/", {"number": number, "done": "1"})

    after = read(desk.get(at))

    assert "逐条讲，还有 3 条" in before and "在平板上签" not in before
    assert (
        "每一条都讲过了，可以签" in after
        and "在平板上签" in after
        and after.count('aria-pressed="true"') == 3
    )


def test_what_the_family_asked_stays_on_the_page(desk, row):
    desk.post(f"{S}/contracts/{row.pk}/do/questions/", {"questions": "生病退不退餐费"})

    assert "生病退不退餐费</textarea>" in read(desk.get(f"{S}/contracts/{row.pk}/"))


def test_it_is_signed_on_the_tablet(school, desk, row, tang):
    ready(school, row, tang)
    at = f"{S}/contracts/{row.pk}/"
    paper = read(desk.get(f"{at}sign/"))

    said = desk.post(
        f"{at}sign/", {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"}, follow=True
    )

    made = kept(school)
    assert "每周发一次照片" in paper and "data-pad" in paper
    assert (
        "签好了，正在盖章" in read(said)
        and (made.state, made.signed_where) == ("signed", "tablet")
        and made.enrolment.from_on == made.starts_on
    )


@pytest.mark.parametrize(
    "slip,said",
    [
        ({"agreed": ""}, "看过并同意，请打勾"),
        ({"strokes": "[]"}, "请在框里签上您的名字"),
        ({"signer": ""}, "必填"),
        ({"relation": "neighbour"}, "neighbour"),
    ],
)
def test_an_incomplete_signature_is_asked_for_again(school, desk, row, tang, slip, said):
    ready(school, row, tang)
    typed = {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"}

    answer = desk.post(f"{S}/contracts/{row.pk}/sign/", typed | slip)

    assert answer.status_code == 422 and said in read(answer) and kept(school).state == "draft"


def test_nobody_signs_before_every_clause_was_explained(school, desk, row):
    answer = desk.post(
        f"{S}/contracts/{row.pk}/sign/",
        {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"},
    )

    assert answer.status_code == 422 and "还有 3 条没有讲" in read(answer)


def test_the_file_is_a_pdf_and_the_look_is_kept(school, desk, row, tang):
    draft = desk.get(f"{S}/contracts/{row.pk}/file/")
    with tenant_scope(school):
        sign(explained(row, tang), signing(), by=tang, at=timezone.now())
        work("reception.contract_signed")

    sealed = desk.get(f"{S}/contracts/{row.pk}/file/")

    assert (
        b"".join(draft).startswith(b"%PDF")
        and b"/ByteRange" in b"".join(sealed)
        and draft["Cache-Control"] == "private, no-store"
    )
    assert "下载盖章原件" in read(desk.get(f"{S}/contracts/{row.pk}/"))
    with tenant_scope(school):
        assert Entry.objects.filter(verb="reception.contract_downloaded", actor=tang).count() == 2


def test_only_who_approves_makes_void(school, desk, head_client, row):
    at = f"{S}/contracts/{row.pk}/"

    refused, nothing = (
        desk.post(f"{at}do/void/", {"reason": "写错了"}),
        head_client.post(f"{at}do/void/", {"reason": ""}),
    )
    done = read(head_client.post(f"{at}do/void/", {"reason": "写错了"}, follow=True))

    assert refused.status_code == 403
    assert nothing.status_code == 409
    assert "请写作废的原因" in read(nothing)
    assert "作废：写错了" in done and kept(school).state == "void"


def test_a_word_that_is_no_act_is_refused(desk, row):
    assert desk.post(f"{S}/contracts/{row.pk}/do/burn/").status_code == 409


def test_another_campus_sees_no_contract(school, row):
    other = make_member(school, "frontdesk", "西园前台")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=other, campus=Campus.objects.create(code="w", name="西园"))
    client = signed_in(other)

    assert client.get(f"{S}/contracts/{row.pk}/").status_code == 404 and row.number not in read(
        client.get(f"{S}/contracts/?show=all")
    )


# -- the list and the family's page ---------------------------------------------------------------------------------------
def test_the_list_shows_what_waits_what_is_signed_and_what_ends_soon(school, desk, text, tang):
    with tenant_scope(school):
        now, family = timezone.now(), prospect()
        contract(text, tang, family)
        soon = sign(
            explained(
                contract(
                    text,
                    tang,
                    prospect("李小树", "13800138001"),
                    starts_on=now.date() - timedelta(days=300),
                    ends_on=now.date() + timedelta(days=30),
                ),
                tang,
            ),
            signing(),
            by=tang,
            at=now,
        )
        void(contract(text, tang, family), "写错了", by=tang, at=now)

    pages = {
        show: read(desk.get(f"{S}/contracts/?show={show}"))
        for show in ("draft", "signed", "ending", "void", "all")
    }

    found = {show: re.findall(r"HT-2026-000(\d)</a>", page) for show, page in pages.items()}
    assert found == {"draft": ["1"], "signed": ["2"], "ending": ["2"], "void": ["3"], "all": ["3", "2", "1"]}
    assert (
        "1 份合同待签" in pages["draft"]
        and "60 天内到期、还没续签的 1 份" in pages["draft"]
        and f"renews={soon.pk}" in pages["ending"]
    )


def test_a_contract_is_found_by_the_family_s_name(school, desk, row):
    assert row.number in read(desk.get(f"{S}/contracts/?q=zxm")) and row.number not in read(
        desk.get(f"{S}/contracts/?q=李")
    )


def test_an_unknown_filter_shows_an_empty_list(desk, row):
    assert "这里没有合同" in read(desk.get(f"{S}/contracts/?show=lost"))


def test_a_renewal_starts_from_the_one_before(school, desk, row, tang):
    with tenant_scope(school):
        sign(explained(row, tang), signing(), by=tang, at=timezone.now())

    form = read(desk.get(f"{S}/contracts/new/?renews={row.pk}"))

    assert 'value="2027-08-01"' in form and 'value="2028-07-31"' in form and 'value="3200"' in form


def test_the_family_s_page_lists_its_contracts(school, desk, row):
    page = read(desk.get(f"{S}/families/{row.customer_id}/"))
    teacher = read(
        signed_in(make_member(school, "teacher", "梁老师")).get(f"{S}/families/{row.customer_id}/")
    )

    assert (
        row.number in page
        and f"contracts/new/?family={row.customer_id}" in page
        and row.number not in teacher
    )


def test_twenty_contracts_cost_as_many_statements_as_two(school, desk, text, tang):
    def more(n: int) -> None:
        with tenant_scope(school):
            for number in range(n):
                contract(text, tang, prospect(f"孩子{n}{number}", f"1390013{n:02d}{number:02d}"))

    more(2)
    desk.get(f"{S}/contracts/")
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{S}/contracts/")
    more(18)

    with CaptureQueriesContext(connection) as many:
        desk.get(f"{S}/contracts/")

    assert len(few) == len(many)


# -- the parent's phone --------------------------------------------------------------------------------------------------
def link_of(school, desk, row, tang) -> str:
    ready(school, row, tang)
    page = read(desk.post(f"{S}/contracts/{row.pk}/do/link/", follow=True))
    return re.search(r"http://testserver(/c/[^<]+)<", page)[1]


def test_a_link_is_shown_once_with_its_code(school, desk, row, tang):
    ready(school, row, tang)
    page = read(desk.post(f"{S}/contracts/{row.pk}/do/link/", follow=True))

    again = read(desk.get(f"{S}/contracts/{row.pk}/"))

    assert "让家长扫码，在自己手机上看和签" in page and "<svg" in page and "/c/" not in again


def test_a_parent_reads_and_signs_on_their_own_phone(school, desk, row, tang):
    at, phone = link_of(school, desk, row, tang), Client()
    paper = read(phone.get(at))

    done = read(
        phone.post(
            at, {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"}, follow=True
        )
    )

    assert "请从头看到尾" in paper and "每周发一次照片" in paper and "周小满" in paper
    made = kept(school)
    assert (
        (made.state, made.signed_where) == ("signed", "phone")
        and "签好了，谢谢您" in done
        and "正在盖章" in done
    )


def test_the_copy_is_the_sealed_original(school, desk, row, tang):
    at, phone = link_of(school, desk, row, tang), Client()
    phone.post(at, {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"})
    too_early = phone.get(f"{at}copy/")
    with tenant_scope(school):
        seal_contract(row.pk, at=timezone.now())

    copy = b"".join(phone.get(f"{at}copy/"))

    assert too_early.status_code == 409
    assert copy == b"".join(desk.get(f"{S}/contracts/{row.pk}/file/"))
    assert "保存盖章的合同" in read(phone.get(at))


def test_a_parent_s_incomplete_signature_loses_nothing(school, desk, row, tang):
    at, phone = link_of(school, desk, row, tang), Client()

    answer = phone.post(at, {"signer": "罗妈妈", "relation": "mother", "strokes": "[]", "agreed": "on"})

    assert (
        answer.status_code == 422
        and "请在框里签上您的名字" in read(answer)
        and 'value="罗妈妈"' in read(answer)
    )


def test_a_link_runs_out_and_an_older_one_stops(school, desk, row, tang):
    first = link_of(school, desk, row, tang)
    with tenant_scope(school):
        second = f"/c/{open_link(row, by=tang, at=timezone.now())}/"
    answers = [Client().get(first).status_code, Client().get(second).status_code]
    with tenant_scope(school):
        Contract.objects.update(link_until=timezone.now() - timedelta(seconds=1))

    assert answers == [404, 200] and Client().get(second).status_code == 404


def test_a_void_contract_opens_for_nobody(school, desk, row, tang):
    at = link_of(school, desk, row, tang)
    with tenant_scope(school):
        void(row, "写错了", by=tang, at=timezone.now())

    assert Client().get(at).status_code == 404


def test_the_parents_page_is_strict_and_never_stored(school, desk, row, tang):
    answer = Client().get(link_of(school, desk, row, tang))

    assert (
        "script-src 'self'" in answer["Content-Security-Policy"]
        and answer["Cache-Control"] == "private, no-store"
    )
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_signing_twice_on_two_phones_enrols_once(school, desk, row, tang):
    at = link_of(school, desk, row, tang)
    typed = {"signer": "罗女士", "relation": "mother", "strokes": NAME, "agreed": "on"}

    first, second = Client().post(at, typed), Client().post(at, typed | {"signer": "罗爸爸"})

    with tenant_scope(school):
        assert Enrolment.objects.count() == 1
    assert first.status_code == 302
    assert second.status_code == 422
    assert kept(school).signer == "罗女士"


def test_who_cannot_write_templates_is_told_and_stays_with_the_family(school):
    with tenant_scope(school):
        family = prospect()
    desk = signed_in(make_member(school, "frontdesk", "方老师"))

    answer = desk.get(f"{S}/contracts/new/?family={family.pk}", follow=True)

    assert answer.redirect_chain[-1][0] == f"{S}/families/{family.pk}/"
    assert "还没有批准的合同模板" in read(answer)

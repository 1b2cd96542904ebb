"""合同模板: written by one, approved by another; what is approved never changes, a change is a new version."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from reception.contracts.templates import approve, retire, send_back, submit, write
from reception.models import ContractTemplate
from tenancy.refusals import Refused
from tests.conftest import make_member
from tests.reception.contracts.makers import TEXTS, template
from tests.reception.makers import NOW


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def deputy(school):
    return make_member(school, "deputy", "章园长")


def states() -> list[tuple[int, str]]:
    return list(ContractTemplate.objects.order_by("number").values_list("number", "state"))


def test_a_template_is_written_submitted_and_approved_by_another(tang, deputy, miao):
    row = template(tang, deputy)

    assert (row.state, row.number, row.proposed_by, row.approved_by, row.approved_at) == (
        "approved",
        1,
        tang,
        deputy,
        NOW,
    )
    assert [clause.title for clause in row.clauses()] == ["第一条 服务内容", "第二条 费用", "第三条 退费"]


def test_nobody_approves_their_own(deputy, miao):
    row = write("入园合同", TEXTS, by=deputy)
    submit(row, by=deputy)

    with pytest.raises(Refused, match="提交人不能审批"):
        approve(row, by=deputy, at=NOW)

    assert states() == [(1, "pending")]


def test_writing_on_a_draft_makes_no_new_version(tang, miao):
    write("入园合同", TEXTS, by=tang)
    row = write("入园合同", TEXTS | {"fees": "按月收。"}, by=tang)

    assert states() == [(1, "draft")] and row.fees == "按月收。"


def test_a_change_of_what_is_approved_is_the_next_version(tang, deputy, miao):
    first = template(tang, deputy)

    second = template(tang, deputy, fees="按学期收。")

    first.refresh_from_db()
    assert (
        states() == [(1, "retired"), (2, "approved")]
        and first.fees == TEXTS["fees"]
        and second.fees == "按学期收。"
    )


def test_the_version_before_stays_in_force_until_the_next_is_approved(tang, deputy, miao):
    template(tang, deputy)

    submit(write("入园合同", TEXTS, by=tang), by=tang)

    assert states() == [(1, "approved"), (2, "pending")]


def test_what_waits_for_approval_is_not_written_on(tang, miao):
    row = write("入园合同", TEXTS, by=tang)
    submit(row, by=tang)

    with pytest.raises(Refused, match="等批准"):
        write("入园合同", TEXTS, by=tang)


def test_sent_back_with_a_reason_it_is_written_on(tang, deputy, miao):
    row = write("入园合同", TEXTS, by=tang)
    submit(row, by=tang)
    with pytest.raises(Refused, match="退回的原因"):
        send_back(row, " ", by=deputy)
    send_back(row, "退费写清楚", by=deputy)
    told = row.remark

    write("入园合同", TEXTS, by=tang)

    assert told == "退费写清楚"
    assert states() == [(1, "draft")]
    assert ContractTemplate.objects.get().remark == ""


@pytest.mark.parametrize(
    "texts,said",
    [({"body": "没有标题"}, "没有条款"), ({"body": "## 一\n{家长}"}, "家长"), ({"fees": "{天数}"}, "天数")],
)
def test_what_cannot_be_used_is_not_submitted(tang, miao, texts, said):
    row = write("入园合同", TEXTS | texts, by=tang)

    with pytest.raises(Refused, match=said) as refusal:
        submit(row, by=tang)

    assert refusal.value.field == "body" and states() == [(1, "draft")]


def test_a_retired_template_is_used_no_more(tang, deputy, miao):
    row = template(tang, deputy)

    retire(row, by=deputy)

    assert states() == [(1, "retired")]
    with pytest.raises(Refused, match="同事刚处理过"):
        retire(row, by=deputy)


def test_two_who_decide_at_once_decide_once(tang, deputy, miao):
    row = write("入园合同", TEXTS, by=tang)
    submit(row, by=tang)
    approve(ContractTemplate.objects.get(), by=deputy, at=NOW)

    with pytest.raises(Refused, match="同事刚处理过"):
        send_back(row, "晚了", by=miao.head)


def test_the_database_keeps_one_draft_and_who_approved(tang, deputy, miao):
    row = template(tang, deputy)
    ContractTemplate.objects.create(name="入园合同", number=2, body="x")

    for wrong in (
        lambda: ContractTemplate.objects.create(name="入园合同", number=3, body="x"),
        lambda: ContractTemplate.objects.filter(pk=row.pk).update(approved_by=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_every_act_is_in_the_audit(tang, deputy, miao):
    retire(template(tang, deputy), by=deputy)

    verbs = (
        Entry.objects.filter(object_type="reception.contracttemplate")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == [
        f"reception.template_{verb}" for verb in ("written", "submitted", "approved", "retired")
    ]

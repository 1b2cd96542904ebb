"""Templates and contracts for tests; each must be called inside a tenant scope."""

import json
from datetime import date

from crm.models import Child, Customer
from reception.contracts import templates
from reception.contracts.actions import Signing, Terms, draw_up, explain
from reception.models import Booking, Contract, ContractTemplate
from tenancy.models import Membership
from tests import makers
from tests.reception.makers import NOW

BODY = "## 第一条 服务内容\n{机构}为{孩子姓名}提供保育教育。\n## 第二条 费用\n每月 {每月费用}，{开始日期}起。\n## 第三条 退费\n按天退。"
TEXTS = {"body": BODY, "fees": "保教费按月收，{每月费用}。", "commitments": "每周发一次照片。"}
NAME = json.dumps([[[100, 40], [180, 150], [260, 60]], [[300, 30], [300, 170]]])
BEGINS, ENDS = date(2026, 12, 1), date(2027, 7, 31)


def template(by: Membership, other: Membership, name: str = "入园合同", **texts: str) -> ContractTemplate:
    """Written and submitted by one, approved by the other."""
    row = templates.write(name, TEXTS | texts, by=by)
    templates.submit(row, by=by)
    templates.approve(row, by=other, at=NOW)
    return row


def prospect(name: str = "周小满", phone: str = "13800138000") -> Customer:
    return makers.family(name, phone, enrolled=False)


def terms(customer: Customer, **changed) -> Terms:
    child = Child.objects.filter(family__customer=customer).first()
    return Terms(**({"child": child, "starts_on": BEGINS, "ends_on": ENDS, "fee_fen": 320_000} | changed))


def contract(
    of: ContractTemplate,
    by: Membership,
    customer: Customer | None = None,
    booking: Booking | None = None,
    **changed,
) -> Contract:
    family = customer or prospect()
    return draw_up(family, of, terms(family, **changed), by=by, at=NOW, booking=booking)


def explained(row: Contract, by: Membership) -> Contract:
    for number in row.left_to_explain:
        row = explain(row, number, done=True, by=by, at=NOW)
    return row


def signing(**changed) -> Signing:
    return Signing(
        **({"signer": "罗女士", "relation": "mother", "strokes": NAME, "where": "tablet"} | changed)
    )

"""合同成文: the contract as a PDF."""
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from reception.contracts import drawing
from reception.models import Contract
from tenancy import papers

TEMPLATE = Path(__file__).parent / "contract.typ"
WATERMARKS = {"draft": "未签", "void": "已作废"}
LABELS = {"number": "合同编号", "fees": "收费标准说明", "commitments": "后续服务承诺", "school": "甲方（机构）",
          "guardian": "乙方（监护人）", "sealed": "电子签章，文件改动后签章失效"}


def pdf(contract: Contract) -> bytes:
    """The contract as it stands: with the signature once it is signed, across every page what it is not any more."""
    beside = {"signature.svg": drawing.svg(json.loads(contract.signature))} if contract.signature else {}
    return papers.pdf(TEMPLATE, _data(contract), beside)


def _data(contract: Contract) -> dict[str, Any]:
    signed = contract.signed_at
    who = f"{contract.signer} {contract.get_relation_display() if contract.relation else ''}".strip()
    return {**contract.papers(), "number": contract.number, "title": contract.template.name, "signer": who,
            "signed": bool(contract.signature),
            "signed_at": f"{timezone.localtime(signed):%Y-%m-%d %H:%M}" if signed else "",
            "watermark": WATERMARKS.get(contract.state, ""), "labels": LABELS}

"""合同成文: the contract as a PDF (typst). Its data travels as JSON beside the template, never inside its source."""
import json
import tempfile
from pathlib import Path
from typing import Any

import noto_cjk
import typst
from django.utils import timezone

from reception.contracts import drawing
from reception.models import Contract

TEMPLATE = Path(__file__).parent / "contract.typ"
WATERMARKS = {"draft": "未签", "void": "已作废"}
LABELS = {"number": "合同编号", "fees": "收费标准说明", "commitments": "后续服务承诺", "school": "甲方（机构）",
          "guardian": "乙方（监护人）", "sealed": "电子签章，文件改动后签章失效"}


def pdf(contract: Contract) -> bytes:
    """The contract as it stands: with the signature once it is signed, across every page what it is not any more."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data.json").write_text(json.dumps(_data(contract), ensure_ascii=False))
        if contract.signature:
            (place / "signature.svg").write_text(drawing.svg(json.loads(contract.signature)))
        (place / "contract.typ").write_text(TEMPLATE.read_text())
        return bytes(typst.compile(str(place / "contract.typ"), font_paths=[str(noto_cjk.otc_path("sans").parent)]))


def _data(contract: Contract) -> dict[str, Any]:
    papers = contract.papers()
    signed = contract.signed_at
    who = f"{contract.signer} {contract.get_relation_display() if contract.relation else ''}".strip()
    return {**papers, "number": contract.number, "title": contract.template.name, "signed": bool(contract.signature), "signer": who,
            "signed_at": f"{timezone.localtime(signed):%Y-%m-%d %H:%M}" if signed else "",
            "watermark": WATERMARKS.get(contract.state, ""), "labels": LABELS}

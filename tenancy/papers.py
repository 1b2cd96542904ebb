"""成文: documents as PDF (typst). Data travels as JSON beside the template, never inside it, so no text of a person is ever code."""
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import noto_cjk
import typst


def pdf(template: Path, data: Mapping[str, Any], beside: Mapping[str, str] | None = None) -> bytes:
    """The template with ``data.json`` beside it, and whatever else is named: text of a file by its name."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data.json").write_text(json.dumps(data, ensure_ascii=False))
        for name, text in (beside or {}).items():
            (place / name).write_text(text)
        (place / template.name).write_text(template.read_text())
        return bytes(typst.compile(str(place / template.name), font_paths=[str(noto_cjk.otc_path("sans").parent)]))

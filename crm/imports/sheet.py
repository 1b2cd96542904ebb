"""A file as rows of cells: XLSX, XLS, CSV in UTF-8 or GBK, blank-separated text.

Declared sizes are looked at first (zip bombs); the reading itself runs in a child process with a memory
and a time limit, so a hostile file can cost an error, never the worker. The rows come back through a
temporary file, one JSON line each, so that a large sheet is never in memory as a whole.
"""
import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from tenancy.refusals import Refused

MAX_ROWS, MAX_COLUMNS = 200_000, 200
MAX_UNPACKED = 300 * 1024 * 1024
MEMORY, SECONDS = 512 * 1024**2, 60
HEAD = 15  # rows in which a header is looked for


@dataclass
class Rows:
    """The rows of a sheet, read anew from the temporary file each time they are gone through."""

    file: IO[bytes]
    head: list[list[Any]]

    def __iter__(self) -> Iterator[list[Any]]:
        self.file.seek(0)
        return (json.loads(line) for line in self.file)

    def at(self, index: int) -> list[Any]:
        """One row, empty past the end."""
        return self.head[index] if index < len(self.head) else next(islice(self, index, None), [])


def read_rows(path: Path, layout: str | None = None) -> Rows:
    """All rows of the first sheet; raises Refused with what to do when the file cannot be one."""
    _look_at_declared_sizes(path)
    command = [sys.executable, "-m", "crm.imports.sheet", str(path), layout or ""]
    out = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the rows do)
    try:
        done = subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
                              preexec_fn=_limit, cwd=Path(__file__).parents[2])
    except subprocess.TimeoutExpired:
        raise Refused(_("这个文件读了一分钟还没读完。请另存为新的表格，或拆成几份。"), "file") from None
    if done.returncode:
        raise _unreadable()
    rows = Rows(out, [])
    rows.head = list(islice(rows, HEAD))
    out.seek(0)
    if sum(1 for _line in out) > MAX_ROWS:
        raise Refused(_("一次最多 %(n)s 行，请拆成几份。") % {"n": f"{MAX_ROWS:,}"}, "file")
    return rows


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _look_at_declared_sizes(path: Path) -> None:
    if path.stat().st_size == 0:
        raise Refused(_("文件是空的。"), "file")
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as bundle:
            unpacked = sum(part.file_size for part in bundle.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # the directory of a damaged file
        raise _unreadable() from None
    if unpacked > MAX_UNPACKED:
        raise Refused(_("这个文件解压后太大，不像一份名单。请只留要导入的工作表再上传。"), "file")


def _unreadable() -> Refused:
    return Refused(_("读不了这个文件。请用 Excel 打开后另存为 .xlsx，或另存为 CSV，再上传。"), "file")


def parse(path: Path, layout: str) -> list[list[Any]]:
    """Runs in the child: choose a reader by content, not by the file's name."""
    head = path.open("rb").read(8)
    if layout == "blank-separated":
        return [line.split() for line in _decode(path.read_bytes()).splitlines()][:MAX_ROWS + 1]
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and layout != "csv":
        return _workbook(path)
    return _csv(_decode(path.read_bytes()))


def _workbook(path: Path) -> list[list[Any]]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    return [[_plain(cell) for cell in row[:MAX_COLUMNS]] for row in rows]


def _csv(text: str) -> list[list[Any]]:
    sample = text[:4000]
    delimiter = max(",\t;", key=sample.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter)
    rows = []
    for row in reader:
        rows.append(row[:MAX_COLUMNS])
        if len(rows) > MAX_ROWS:
            break
    return rows


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", errors="replace")


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    return cell.isoformat()[:10] if hasattr(cell, "isoformat") else str(cell)


if __name__ == "__main__":
    for cells in parse(Path(sys.argv[1]), sys.argv[2]):
        sys.stdout.write(json.dumps(cells) + "\n")

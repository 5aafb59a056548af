"""Reads one workbook in a process of its own: `python -m server.imports.reading FILE`, the sheets as JSON on standard output.

Workbooks come from strangers, so this process limits itself before it looks at the file (decision 21 of
docs/reliability.md) and may die of it; who called it says so (server/imports/parsing.py). It imports nothing of the server.
What is refused is one word: {"refused": "macros"}.
"""

import csv
import datetime
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import python_calamine

CPU_SECONDS = 20
MEMORY = 512 * 1024 * 1024
MOST_INFLATED = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_TEXT = 30_000_000
"""Characters of all cells together."""

MOST_PARTS = 2_000
BLOCK = 1 << 16
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
DELIMITERS = ("\t", ",", ";", "\uff0c")

Rows = list[list[str]]


class Refused(Exception):
    """The file is none that is read; its argument is the reason's word."""


def limit(cpu: int = CPU_SECONDS, memory: int = MEMORY) -> None:
    """Let this process take so many seconds of CPU and bytes of memory and no more."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes) -> dict[str, Any]:
    """The visible sheets of a workbook or a text table. Raises Refused."""
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content)
    if content.startswith(OLD_EXCEL):
        raise Refused("old_excel")
    return {"sheets": [{"name": "", "rows": table(_decoded(content)), "merged": []}], "hidden": []}


def _workbook(content: bytes) -> dict[str, Any]:
    _inspect(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        listed = [each for each in book.sheets_metadata if each.typ == python_calamine.SheetTypeEnum.WorkSheet]
        shown = [each.name for each in listed if each.visible == python_calamine.SheetVisibleEnum.Visible]
        room = _Room()
        sheets = [_sheet(book.get_sheet_by_name(name), room) for name in shown]
    except python_calamine.CalamineError:
        raise Refused("broken") from None
    return {"sheets": sheets, "hidden": [each.name for each in listed if each.name not in shown]}


def _inspect(content: bytes) -> None:
    """Look at the archive before anything interprets it: how much it holds, and nothing that acts or points elsewhere."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
        names = [part.filename.lower() for part in parts]
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
            raise Refused("too_large")
        if len(set(names)) < len(names):
            raise Refused("broken")
        if any(name.endswith(("vbaproject.bin", ".vbs", ".exe", ".dll")) or "/macrosheets/" in name for name in names):
            raise Refused("macros")
        if "xl/workbook.xml" not in names:
            raise Refused("not_a_workbook")
        left = MOST_INFLATED
        for part in parts:
            left -= _inspect_part(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Refused("broken") from None
    except zipfile.zlib.error:  # pyright: ignore[reportAttributeAccessIssue]  # zipfile lets it through
        raise Refused("broken") from None


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """The bytes that a part really has: what the archive says of itself may be untrue."""
    size, tail = 0, b""
    with archive.open(part) as opened:
        while block := opened.read(BLOCK):
            size += len(block)
            if size > left:
                raise Refused("too_large")
            # UTF-16 has a NUL beside every letter.
            seen = (tail + block).replace(b"\x00", b"")
            if ENTITIES.search(seen):
                raise Refused("entities")
            tail = seen[-16:]
    return size


class _Room:
    """What may still be read of the workbook."""

    def __init__(self) -> None:
        self.rows, self.text = MOST_ROWS, MOST_TEXT

    def take(self, row: list[str]) -> None:
        self.rows -= 1
        self.text -= sum(map(len, row))
        if self.rows < 0:
            raise Refused("too_many_rows")
        if self.text < 0:
            raise Refused("too_large")
        if len(row) > MOST_COLUMNS:
            raise Refused("too_wide")


def _sheet(sheet: python_calamine.CalamineSheet, room: _Room) -> dict[str, Any]:
    first = sheet.start or (0, 0)
    if first[0] > MOST_ROWS:
        raise Refused("too_many_rows")
    # Rows come from the very first on, columns from the first that is used.
    rows = _filled(([""] * first[1] + [_text(cell) for cell in row] for row in sheet.iter_rows()), room)
    return {"name": sheet.name, "rows": rows, "merged": _merged(sheet, rows)}


def _merged(sheet: python_calamine.CalamineSheet, rows: Rows) -> list[list[int]]:
    """The merged ranges as far as the rows go. Raises Refused where they lie over each other, which no program writes."""
    height, width = len(rows), max(map(len, rows), default=0)
    clipped = [
        [top, left, min(bottom, height - 1), min(right, MOST_COLUMNS - 1)]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < height and left < width
    ]
    covered = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in clipped)
    if covered > height * MOST_COLUMNS:
        raise Refused("broken")
    return clipped


def _filled(rows: Iterable[list[str]], room: _Room) -> Rows:
    """Rows without the blank cells at their ends, up to the last that has any."""
    found: Rows = []
    last = 0
    for number, row in enumerate(rows, 1):
        while row and not row[-1].strip():
            row.pop()
        if row:
            room.take(row)
            found += [[] for _ in range(number - 1 - len(found))]
            found.append(row)
            last = number
        if number - last > MOST_ROWS:
            break
    return found


def _text(cell: Any) -> str:
    """A cell as Excel shows it: 15 digits of a number, no `.0`, dates as 2019-06-03."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)


def _decoded(content: bytes) -> str:
    """Text in the encodings that spreadsheets write: UTF-8 with or without mark, UTF-16 with it, GB 18030 (GBK)."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROLS.search(text):
            break
        return text
    raise Refused("not_a_table")


def table(text: str) -> Rows:
    """The rows of a text table, as copied from a sheet or saved as CSV. Raises Refused."""
    head = text[:20_000]
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(100_000)
    try:
        return _filled(_records(text, delimiter), _Room())
    except csv.Error:
        raise Refused("broken") from None


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    # Rows are counted as the reader finds them: a line break inside quotes starts no new row.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def main() -> None:
    """Read the file that the command line names."""
    limit()
    try:
        found = read(Path(sys.argv[1]).read_bytes())
    except Refused as refused:
        found = {"refused": refused.args[0]}
    except MemoryError:
        found = {"refused": "too_large"}
    sys.stdout.write(json.dumps(found, ensure_ascii=True))


if __name__ == "__main__":
    main()

"""Workbooks that nobody should send, made from a seed (T10 of docs/reliability.md)."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.imports.sheets import HEADER, road, xlsx

ROWS = [HEADER, *(road(number) for number in range(1, 30))]
SHEET = "xl/worksheets/sheet1.xml"


class Mangled(NamedTuple):
    """One file, and by what it was spoilt."""

    name: str
    content: bytes


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A workbook of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def far_cell(column: str, row: int) -> bytes:
    """Two cells with everything between them: small as a file, a gigabyte once somebody lays it out."""
    parts = parts_of(xlsx([["a"]]))
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
    parts[SHEET] = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()
    return packed(parts)


def _csv(chance: random.Random) -> str:
    return "\n".join(chance.choice(",\t;").join(row) for row in ROWS)


def _truncated(chance: random.Random, whole: bytes) -> bytes:
    return whole[: chance.randrange(1, len(whole))]


def _flipped(chance: random.Random, whole: bytes) -> bytes:
    spoilt = bytearray(whole)
    for _ in range(chance.randrange(1, 40)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _bomb(chance: random.Random, whole: bytes) -> bytes:
    return packed({**parts_of(whole), "xl/media/x.bin": bytes(chance.randrange(30, 200) * 1024 * 1024)})


def _lying(chance: random.Random, whole: bytes) -> bytes:
    """The archive says that the part is small."""
    bomb = packed({**parts_of(whole), "xl/media/x.bin": bytes(64 * 1024 * 1024)})
    return bomb.replace((64 * 1024 * 1024).to_bytes(4, "little"), (1024).to_bytes(4, "little"))


def _entities(chance: random.Random, whole: bytes) -> bytes:
    parts = parts_of(whole)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    declared = f'<!DOCTYPE x [{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    name = chance.choice([SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
    text = parts[name].decode().replace("?>", f"?>{declared}", 1)
    parts[name] = text.encode(chance.choice(["utf-8", "utf-16"]))
    return packed(parts)


def _macros(chance: random.Random, whole: bytes) -> bytes:
    return packed({**parts_of(whole), "xl/vbaProject.bin": chance.randbytes(200)})


def _spoilt_part(chance: random.Random, whole: bytes) -> bytes:
    parts = parts_of(whole)
    name = chance.choice(list(parts))
    parts[name] = _flipped(chance, parts[name] or b"x")
    return packed(parts)


def _without_part(chance: random.Random, whole: bytes) -> bytes:
    parts = parts_of(whole)
    del parts[chance.choice(list(parts))]
    return packed(parts)


def _far(chance: random.Random, whole: bytes) -> bytes:
    return far_cell(chance.choice(["A", "AN", "XFD"]), chance.choice([60_000, 1_000_000, 1_048_576]))


def _formulas(chance: random.Random, whole: bytes) -> bytes:
    said = chance.choice(["=1+1", '=HYPERLINK("http://x","y")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
    return xlsx([HEADER, [said] * len(HEADER), road(1, 需求名称=said)])


def _merged(chance: random.Random, whole: bytes) -> bytes:
    parts = parts_of(whole)
    ranges = "".join(f'<mergeCell ref="A{n}:XFD{n + 1000}"/>' for n in range(1, 40))
    said = f"<mergeCells>{ranges}</mergeCells></worksheet>".encode()
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", said)
    return packed(parts)


def _encoded(chance: random.Random, whole: bytes) -> bytes:
    encoding = chance.choice(["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "big5hkscs", "shift_jis"])
    return _csv(chance).encode(encoding, errors="ignore")


def _mixed(chance: random.Random, whole: bytes) -> bytes:
    return _csv(chance).encode("gbk") + "结对".encode() + chance.randbytes(chance.randrange(60))


def _quotes(chance: random.Random, whole: bytes) -> bytes:
    return _csv(chance).replace("公里", '"' * chance.randrange(1, 5), chance.randrange(1, 9)).encode("gbk")


def _noise(chance: random.Random, whole: bytes) -> bytes:
    return chance.choice([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]) + chance.randbytes(
        chance.randrange(1, 9000)
    )


def _long(chance: random.Random, whole: bytes) -> bytes:
    cell = chance.choice(["村", "9", "\u202e", "\u0000", "=", "'"]) * chance.randrange(10_000, 150_000)
    return "\n".join([",".join(HEADER), ",".join(road(1, 需求名称=cell))]).encode("gb18030")


def _wide(chance: random.Random, whole: bytes) -> bytes:
    return "\n".join([",".join(HEADER * 60), ",".join(road(1) * 60)]).encode("gbk")


SPOILING: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_truncated, _flipped, _bomb, _lying, _entities, _macros, _spoilt_part, _without_part, _far, _formulas),
    *(_merged, _encoded, _mixed, _quotes, _noise, _long, _wide),
)


def mangled(seed: int, count: int) -> Iterator[Mangled]:
    """So many files; every way of spoiling comes in turn."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    whole = xlsx(ROWS)
    for number in range(count):
        spoil = SPOILING[number % len(SPOILING)]
        yield Mangled(f"{number} {spoil.__name__.strip('_')}", spoil(chance, whole))

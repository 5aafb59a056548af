"""Rows -> a workbook, or a page to print: with the list's name, filters, day, person and link above. Slow: for a thread."""

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from server.exports.columns import Cell, Column, ExportList
from server.kit.errors import Text
from server.kit.quantity import plain
from server.kit.sheets import as_typed, header, safe

HEADING_ROWS = 5
"""Rows above the header: name, filters, as of, by whom, where."""

PREPARED = Text(
    "制表人：____________　审核人：____________　日期：____________",
    "Prepared by: ____________  Reviewed by: ____________  Date: ____________",
)


@dataclass(frozen=True)
class Heading:
    """What stands above the rows of an export."""

    title: str
    lines: tuple[tuple[str, str], ...]
    """What each line is, and what it says: filters, as of, by whom, link."""


def workbook(shown: ExportList, heading: Heading, rows: Sequence[tuple[Cell, ...]], language: str) -> bytes:
    """The list as xlsx: numbers are numbers, texts are never formulas, the header repeats on every printed page."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet(heading.title[:31])
    formats = _formats(book)
    sheet.write_string(0, 0, heading.title, formats["title"])
    for line, (label, said) in enumerate(heading.lines, 1):
        sheet.write_string(line, 0, safe(f"{label}{said}"), formats["muted"])
    for position, column in enumerate(shown.columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(HEADING_ROWS, position, column.label.say(language), formats["head"])
    for line, row in enumerate(rows, HEADING_ROWS + 1):
        for position, cell in enumerate(row):
            _write(sheet, line, position, cell, formats, language)
    sheet.freeze_panes(HEADING_ROWS + 1, 0)
    sheet.autofilter(HEADING_ROWS, 0, HEADING_ROWS + max(1, len(rows)), len(shown.columns) - 1)
    sheet.repeat_rows(HEADING_ROWS)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{PREPARED.say(language)}&R&P / &N")
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "muted": book.add_format({"font_color": "#55625D"}),
        "head": header(book),
        "text": as_typed(book),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "part": book.add_format({"num_format": "#,##0.00#"}),
    }


def _write(sheet: Any, line: int, position: int, cell: Cell, formats: dict[str, Any], language: str) -> None:
    if cell is None:
        return
    if isinstance(cell, Decimal | int):
        whole = cell == int(cell)
        sheet.write_number(line, position, cell, formats["whole" if whole else "part"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, position, cell, formats["day"])
    else:
        sheet.write_string(line, position, safe(text_of(cell, language)), formats["text"])


def text_of(cell: Cell, language: str) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, Text):
        return cell.say(language)
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}" if cell != int(cell) and -cell.as_tuple().exponent <= 2 else plain(cell)  # type: ignore[operator]
    return str(cell)


STYLE = """
body { font: 10pt/1.5 system-ui, "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 12mm; color: #1b2421 }
h1 { font-size: 15pt; margin: 0 0 4px } p { margin: 0; color: #55625d; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 10px 0; font-variant-numeric: tabular-nums }
th, td { border: 1px solid #999; padding: 2px 5px; text-align: left; vertical-align: top } .n { text-align: right; white-space: nowrap }
thead { display: table-header-group } tr { break-inside: avoid }
@page { size: A4 landscape; margin: 12mm; @bottom-right { content: counter(page) " / " counter(pages) } }
@media print { body { margin: 0 } }
"""


def page(shown: ExportList, heading: Heading, rows: Sequence[tuple[Cell, ...]], language: str) -> bytes:
    """The list as one page of HTML to be printed: the header repeats, pages are numbered, two lines for names below."""
    head = "".join(f'<th scope="col">{html.escape(column.label.say(language))}</th>' for column in shown.columns)
    body = "".join(f"<tr>{''.join(_td(cell, language) for cell in row)}</tr>" for row in rows)
    lines = "".join(f"<p>{html.escape(label + said)}</p>" for label, said in heading.lines)
    title = html.escape(heading.title)
    written = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>{lines}'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{html.escape(PREPARED.say(language))}</p></body></html>"
    )
    return written.encode()


def _td(cell: Cell, language: str) -> str:
    mark = ' class="n"' if isinstance(cell, Decimal | int) else ""
    return f"<td{mark}>{html.escape(text_of(cell, language))}</td>"


def cells(columns: Sequence[Column], row: Any) -> tuple[Cell, ...]:
    """One row's cells."""
    return tuple(column.value(row) for column in columns)

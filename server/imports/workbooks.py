"""Workbooks that go back to the office: the template, and rows with their reasons. Written as xlsx, in a thread."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from server.deliveries.rules import SHORTFALLS
from server.imports.columns import FIELDS
from server.imports.drafting import RESTRICTION_WORDS
from server.imports.fields import Field
from server.imports.project_rows import HEAD_NAMES, NATURE_NAMES
from server.imports.rules import Kind
from server.kit.errors import Text
from server.kit.quantity import UNIT_WORDS
from server.kit.sheets import as_typed, header, safe

WIDE, USUAL = 36, 14
WIDE_FIELDS = ("title", "description", "necessity", "sources", "performance_target", "participation")
ROOM = 2000
"""Rows of the template for which the drop-downs hold."""

HINT = Text(
    "示例行（第 2 行）会被导入，请改写或删除。带 * 的列必填。",
    "The example in row 2 would be taken in: write over it. Columns with * are needed.",
)
SHEETS: dict[Kind, Text] = {
    "needs": Text("需求", "needs"),
    "offers": Text("帮扶资源", "offers"),
    "projects": Text("项目", "projects"),
    "pledges": Text("认捐", "pledges"),
    "deliveries": Text("落实", "deliveries"),
}
REASON = Text("问题（请改正后整表重新导入）", "What is wrong (mend it and import the sheet again)")


def said(text: Text, language: str) -> str:
    """A text in the caller's language."""
    return text.say(language)


def template(kind: Kind, language: str, types: Sequence[Any], counties: Sequence[str]) -> bytes:
    """A blank sheet with the right headers, drop-downs for types, units and counties, and an example."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(said(SHEETS[kind], language))
    lists = book.add_worksheet(said(Text("选项", "choices"), language))
    lists.hide()
    head, grey, text = header(book), as_typed(book, font_color="#55625D"), as_typed(book)
    fields = [field for field in FIELDS[kind] if field.code not in ("record", "period")]
    choices = _choices(kind, language, types, counties)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, WIDE if field.code in WIDE_FIELDS else USUAL, text)
        sheet.write_string(0, column, said(field.name, language) + ("*" if field.needed else ""), head)
        if note := said(field.note, language):
            sheet.write_comment(0, column, note)
        example = _example(field, language, counties)
        sheet.write_string(1, column, example, grey)
        if listed := choices.get(field.code):
            _offer(book, sheet, lists, column, listed)
    sheet.freeze_panes(1, 0)
    sheet.write_comment(1, 0, said(HINT, language))
    book.close()
    return buffer.getvalue()


def _example(field: Field, language: str, counties: Sequence[str]) -> str:
    if field.code == "place":
        return counties[0] if counties else ""
    return said(field.example, language)


def _choices(kind: Kind, language: str, types: Sequence[Any], counties: Sequence[str]) -> dict[str, list[str]]:
    if kind == "projects":
        heads, natures = (each.values() for each in (HEAD_NAMES, NATURE_NAMES))
        return {
            "place": list(counties),
            "head": [each.say(language) for each in heads],
            "nature": [each.say(language) for each in natures],
        }
    units = {
        UNIT_WORDS[code].say(language)
        for each in types
        for code in (each.unit, *each.accepted_units)
        if code in UNIT_WORDS
    }
    found = {
        "resource_type": [each.name_en if language == "en" else each.name_zh for each in types],
        "unit": ["元", "万元", *sorted(units)],
    }
    if kind == "needs":
        return found | {"place": list(counties), "priority": ["1", "2", "3", "4", "5"]}
    if kind == "deliveries":
        return found | {"reason": [each.say(language) for each in SHORTFALLS.values()]}
    return found | {"restriction": [each.say(language) for each in RESTRICTION_WORDS]}


def _offer(book: Any, sheet: Any, lists: Any, column: int, listed: Sequence[str]) -> None:
    """A drop-down: its choices stand in the hidden sheet, because a formula takes 255 characters only."""
    lists.write_column(0, column, listed)
    letter = xl_col_to_name(column)
    source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(listed)}"
    sheet.data_validation(1, column, ROOM, column, {"validate": "list", "source": source, "error_type": "warning"})


def with_reasons(
    kind: Kind,
    language: str,
    columns: Sequence[dict[str, Any]],
    mapping: dict[str, int],
    rows: Iterable[dict[str, Any]],
) -> bytes:
    """Rows under the sheet's own header, each with what is wrong with it; cells that are wrong are marked.

    What was mended stands in its cell, and in a column of its own where the sheet had none for it.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    head, wrong, plain = header(book), as_typed(book, bg_color="#FBE3E1"), as_typed(book)
    rows = list(rows)
    names = {field.code: field.name for field in FIELDS[kind]}
    order = [column["index"] for column in columns]
    added = sorted({name for row in rows for name in row["edits"] if name not in mapping})
    labels = [column["label"] for column in columns] + [said(names[name], language) for name in added]
    labels += [said(REASON, language)]
    for position, label in enumerate(labels):
        sheet.write_string(0, position, safe(label), head)
    sheet.set_column(len(labels) - 1, len(labels) - 1, 60)
    places = {name: order.index(index) for name, index in mapping.items()}
    places |= {name: len(order) + position for position, name in enumerate(added)}
    for line, row in enumerate(rows, 1):
        cells = [row["cells"][index] if index < len(row["cells"]) else "" for index in order] + [""] * len(added)
        for name, edited in row["edits"].items():
            cells[places[name]] = edited
        marked = {places.get(fault["field"]) for fault in row["faults"]}
        for position, cell in enumerate(cells):
            sheet.write_string(line, position, safe(cell), wrong if position in marked else plain)
        reasons = [reason(row["number"], fault, names, language) for fault in row["faults"]]
        sheet.write_string(line, len(labels) - 1, "\n".join(reasons))
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def reason(number: int, fault: dict[str, Any], names: dict[str, Text], language: str) -> str:
    """What is wrong, where, and how to mend it: 第 14 行“金额”：填的是“五十万”，请改为数字 500000。"""
    text, name = Text(fault["zh"], fault["en"]), names.get(fault["field"])
    where = Text(f"第 {number} 行", f"Row {number}")
    if name:
        where = Text(f"{where.zh}“{name.zh}”", f"{where.en}, {name.en}")
    return Text(f"{where.zh}：{text.zh}", f"{where.en}: {text.en}").say(language)

"""What an import goes through, and which workbooks are refused. Pure."""

from typing import Literal

from server.kit.errors import Conflict, Invalid, Text
from server.kit.lifecycle import lifecycle

MOST_BYTES = 10 * 1024 * 1024

Kind = Literal["needs", "offers", "projects", "pledges", "deliveries"]
Status = Literal["uploaded", "checking", "checked", "writing", "written"]
RowStatus = Literal["waiting", "bad", "new", "changed", "same", "written"]
Side = Literal["sheet", "books"]

LIFECYCLE = lifecycle(
    "sheet_import",
    "uploaded",
    (
        ("uploaded", "check", "checking"),
        ("checked", "check", "checking"),
        ("written", "check", "checking"),
        ("checking", "check", "checking"),  # its job was cancelled or broke off
        ("checking", "finish_check", "checked"),
        ("checked", "write", "writing"),
        ("written", "write", "writing"),
        ("writing", "write", "writing"),  # its job was cancelled or broke off
        ("writing", "finish_write", "written"),
    ),
)


class Refusal(Invalid):
    """The workbook is not read."""

    slug = "workbook-broken"
    title = Text("表格无法读取", "The workbook cannot be read")
    detail = Text(
        "文件已损坏或不完整。请用 Excel 或 WPS 打开并另存为 .xlsx 后重新上传。",
        "It is damaged or not complete: open it in Excel or WPS, save it as .xlsx and upload it again.",
    )


class TooMuch(Refusal):
    slug = "workbook-too-large"
    title = Text("表格过大", "The workbook is too large")
    detail = Text(
        "展开后超过 20 MB 或读取超时。请删除图片和多余的工作表，或分成几个文件上传。",
        "Unpacked it is more than 20 MB, or takes too long: remove pictures and other sheets, or split it.",
    )


class TooManyRows(Refusal):
    slug = "workbook-too-many-rows"
    title = Text("行数过多", "Too many rows")
    detail = Text("一次最多 50,000 行，请分成几个文件上传。", "At most 50,000 rows at once: split the file.")


class TooWide(Refusal):
    slug = "workbook-too-wide"
    title = Text("列数过多", "Too many columns")
    detail = Text("最多 200 列，请删除多余的列。", "At most 200 columns: remove those that are not needed.")


class Macros(Refusal):
    slug = "workbook-macros"
    title = Text("含有宏", "The workbook has macros")
    detail = Text("不接收含宏的文件，请另存为不含宏的 .xlsx。", "Files with macros are not taken: save it as .xlsx.")


class Entities(Refusal):
    slug = "workbook-entities"
    title = Text("文件不安全", "The workbook is not safe")
    detail = Text(
        "文件中含有外部实体声明，不予读取。请用 Excel 或 WPS 另存为 .xlsx。",
        "It declares external entities and is not read: save it as .xlsx in Excel or WPS.",
    )


class OldExcel(Refusal):
    slug = "workbook-old-excel"
    title = Text("旧版或加密的表格", "An old or encrypted workbook")
    detail = Text(
        "这是旧版 .xls 或带密码的文件。请去掉密码，另存为 .xlsx 后重新上传。",
        "It is an old .xls or has a password: remove the password, save it as .xlsx and upload it again.",
    )


class NotATable(Refusal):
    slug = "workbook-not-a-table"
    title = Text("不是表格", "Not a table")
    detail = Text("只接收 .xlsx 和 .csv（UTF-8 或 GBK）。", "Only .xlsx and .csv (UTF-8 or GBK) are taken.")


class NoHeader(Refusal):
    slug = "workbook-no-header"
    title = Text("没有找到表头", "No header found")
    detail = Text(
        "没有找到带表头的数据。请确认第一行（或标题下一行）是列名，例如“名称、数量、开始日期”。",
        "There is no row of column names with rows below it, such as “title, quantity, from”.",
    )


class BusyImport(Conflict):
    """A worker is at it."""

    slug = "import-busy"
    title = Text("正在处理", "It is being worked on")
    detail = Text("正在检查或导入，请等它完成或先取消。", "It is being checked or taken in: wait, or cancel it first.")


REFUSALS: dict[str, type[Refusal]] = {
    "broken": Refusal,
    "too_large": TooMuch,
    "too_many_rows": TooManyRows,
    "too_wide": TooWide,
    "macros": Macros,
    "entities": Entities,
    "old_excel": OldExcel,
    "not_a_workbook": NotATable,
    "not_a_table": NotATable,
}
"""By the word of the reading process (server/imports/reading.py)."""


def changeable(status: str, differ: frozenset[str]) -> Side | None:
    """Which side of these differences of a need or an offer is taken: the sheet's of a draft, nobody's yet (None) where
    only an amendment of the quantity is possible, else the books'."""
    if status in ("draft", "returned"):
        return "sheet"
    return None if status == "published" and differ == {"quantity"} else "books"

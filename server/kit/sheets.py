"""What every workbook that leaves the platform keeps to."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also after it was saved as CSV (decision 21 of docs/reliability.md)."""
    return f"'{text}" if text[:1] in DANGEROUS else text


def unguarded(text: str) -> str:
    """The text that `safe` made safe: what went out comes back as it was."""
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text


def header(book: Any) -> Any:
    """The look of a row of headings."""
    return book.add_format({"bold": True, "border": 1, "bg_color": "#E8F1EE", "text_wrap": True, "valign": "vcenter"})


def as_typed(book: Any, **look: Any) -> Any:
    """Cells that stay as they were typed: no date or number is made of them."""
    return book.add_format({"num_format": "@", **look})


def download(content: bytes | str, name: str, media_type: str, *, shown: bool = False) -> Response:
    """A file under its own name, to keep or to be shown."""
    kind = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f"{kind}; filename*=UTF-8''{quote(name)}"}
    return Response(content, headers=headers, media_type=media_type)

"""A row of a list of pledges or of deliveries -> what it says of the books. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.deliveries.rules import SHORTFALLS
from server.imports import cells
from server.imports.cells import Unread, shorten
from server.imports.drafting import Around, Fault, Row, amount_of
from server.kit.errors import Invalid, Text
from server.kit.quantity import FEN, Quantity, canonical, plain

SHORTFALL_WORDS = {word: code for code, text in SHORTFALLS.items() for word in (code, text.zh, text.en.lower())}


def read_pledge(given: Mapping[str, str], around: Around) -> Row:
    """A pledge's row: which it is, and what the sheet says of it."""
    row = Row(given, around)
    pledge = _pledge(row, "record")
    for name in ("quantity", "accepted"):
        row.put(name, _amount(row, name, pledge))
    _days(row)
    if pledge:
        row.put("instalments", row.read("instalments", lambda said: _parts(said, row, pledge)))
    return row


def read_delivery(given: Mapping[str, str], around: Around) -> Row:
    """A delivery's row: on which pledge, how much, when, by which voucher, and what was accepted of it."""
    row = Row(given, around)
    pledge = _pledge(row, "pledge")
    for name in ("quantity", "accepted"):
        row.put(name, _amount(row, name, pledge))
    day = row.read("day", cells.day)
    row.put("day", day.isoformat() if day else None)
    for name, most in (("voucher", 100), ("note", 2000)):
        row.put(name, row.cell(name)[:most] or None)
    row.put("reason", row.read("reason", _reason))
    return row


def _pledge(row: Row, code: str) -> Any:
    """The pledge that a row is about: by its id in the column `code`, else by title, sides and type."""
    names = row.around.pledges
    kind = row.read("resource_type", row.around.types.find)
    if row.cell(code):
        found = [row.read(code, names.by_code)]
    else:
        if not row.cell("record"):
            row.ask_for("title")
        sides = {side: row.cell(side) for side in ("county", "giver") if row.cell(side)}
        found = row.read("title", lambda said: names.named(said, sides, kind)) or [None]
    if len(found) > 1 and not row.cell("record"):
        zh = f"有 {len(found)} 项认捐都叫这个名称，请填写认捐的系统编号（认捐清单导出时自带）"
        en = f"{len(found)} pledges have this name: give the Jiedui id of the pledge, which an export has"
        row.faults.append(Fault(code, "several", Text(zh, en)))
        return None
    if len(found) == 1 and found[0]:
        row.put("pledge_id", str(found[0].id))
    return found[0]


def _amount(row: Row, name: str, pledge: Any) -> dict[str, Any] | None:
    """An amount in the unit of the pledge's type, so that the same amount is written the same."""
    if pledge is None:
        return None
    kind = row.around.types.types[pledge.resource_type.code]
    found = amount_of(row, name, kind)
    if found is None or kind.unit == FEN:
        return found
    try:
        given = Quantity.model_validate(found)
        value = canonical(given, kind.unit, kind.decimals, kind.accepted_units, field=name).value
    except Invalid as problem:
        row.faults += [Fault(name, each.code, each.text) for each in problem.errors]
        return None
    return {"value": plain(value), "unit": kind.unit}


def _days(row: Row) -> None:
    """The first and the last day, each where the sheet says it."""
    given = dict(row.cells)
    if row.cell("period") and (halves := row.read("period", cells.period)):
        given = {"window_from": halves[0], "window_to": halves[1]} | {
            name: given[name] for name in given if row.cell(name)
        }
    said = Row(given, row.around)
    for name, last in (("window_from", False), ("window_to", True)):
        day = said.read(name, lambda cell, last=last: cells.day(cell, last=last))
        row.put(name, day.isoformat() if day else None)
    row.faults += said.faults
    first, last_day = row.body.get("window_from"), row.body.get("window_to")
    if first and last_day and date.fromisoformat(last_day) < date.fromisoformat(first):
        zh, en = f"结束日期 {last_day} 早于开始日期 {first}", f"the last day, {last_day}, is before the first, {first}"
        row.faults.append(Fault("window_to", "order", Text(zh, en)))


def _parts(said: str, row: Row, pledge: Any) -> list[dict[str, Any]]:
    """Parts in one cell: a day and an amount each. Raises Unread."""
    found = []
    for part in (each.strip() for each in cells.normal(said).replace("；", ";").replace("\n", ";").split(";")):
        if not part:
            continue
        due, _, amount = part.partition(" ")
        inner = Row({"instalments": amount.strip(), "unit": row.cell("unit")}, row.around)
        quantity = _amount(inner, "instalments", pledge)
        if quantity is None:
            zh = f"“{shorten(part)}”请写成日期、空格、数量，例如 2026-06-30 50万元"
            raise Unread("instalments", Text(zh, f"“{shorten(part)}” is no day and amount, such as 2026-06-30 50万元"))
        found.append({"due": cells.day(due, last=True).isoformat(), "quantity": quantity})
    return found


def _reason(said: str) -> str:
    word = cells.normal(said).lower()
    if word in SHORTFALL_WORDS:
        return SHORTFALL_WORDS[word]
    listed = "、".join(text.zh for text in SHORTFALLS.values())
    zh = f"填的是“{shorten(said)}”，请填：{listed}"
    raise Unread("reason", Text(zh, f"“{shorten(said)}” is none of: {listed}"), SHORTFALLS["other"].zh)

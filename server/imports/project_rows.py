"""A row of a table of projects -> the input of the interface, and what is wrong with each cell. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from server.imports import cells
from server.imports.cells import Unread, shorten
from server.imports.drafting import Around, Row, read_place, read_title, read_window
from server.imports.project_fields import SOURCE_NAMES, SOURCE_WORDS
from server.kit.errors import Text

HEAD_NAMES: dict[str, Text] = {
    "funds": Text("资金", "funds"),
    "industry": Text("产业", "industry"),
    "labour": Text("劳务", "labour"),
    "talent": Text("人才", "talent"),
    "training": Text("培训", "training"),
    "goods": Text("物资", "goods"),
    "works": Text("工程", "works"),
    "consumption": Text("消费帮扶", "consumption"),
    "education": Text("教育", "education"),
    "health": Text("医疗", "health"),
}
HEAD_WORDS = {word: code for code, name in HEAD_NAMES.items() for word in (code, *name)} | {
    **dict.fromkeys(("产业发展", "产业项目", "产业扶贫", "产业帮扶"), "industry"),
    **dict.fromkeys(("基础设施", "基础设施建设", "乡村建设行动", "工程建设", "生活条件改善", "易地扶贫搬迁"), "works"),
    **dict.fromkeys(("就业", "就业项目", "就业扶贫", "就业帮扶", "劳务协作"), "labour"),
    **dict.fromkeys(("教育扶贫", "教育帮扶"), "education"),
    **dict.fromkeys(("健康", "健康扶贫", "医疗卫生"), "health"),
    **dict.fromkeys(("消费扶贫",), "consumption"),
    **dict.fromkeys(("技能培训", "能力培训"), "training"),
}
"""The words for the categories; what has no single meaning among them (公共服务, 其他) is asked for."""

NATURE_NAMES = {
    "new": Text("新建", "new"),
    "continued": Text("续建", "continued"),
    "rebuilt": Text("改扩建", "rebuilt"),
}
NATURE_WORDS = {word: code for code, name in NATURE_NAMES.items() for word in (code, *name)}
NATURE_WORDS |= {"改建": "rebuilt", "扩建": "rebuilt", "改造": "rebuilt", "新增": "new", "延续": "continued"}

KINDS_OF_SOURCE = {
    word: code for code, name in SOURCE_NAMES.items() for word in (code, name.zh, name.en.lower(), *SOURCE_WORDS[code])
}
PARTS = re.compile(r"[、；;\n]+|[，,](?!\d{3})|(?<=[元万亿])(?=[^\s元万亿])")
PART = re.compile(r"^(.*?)[:：(（\s]*((?:[¥￥]\s*)?[\d.,]+\s*(?:元|万元|千元|亿元|百万元|万|亿)?)?[)）\s]*$")
TASK = re.compile(r"^(.+?)\s*[(（]([^()（）]+)[)）]$")
PRICE = re.compile(r"[\d.,]+\s*[万千亿百]*元|[一二三四五六七八九十百千]+[万亿]元")
WRITTEN = (
    *("responsible_unit", "responsible_post", "description", "subsidy_standard"),
    *("performance_target", "participation"),
)
"""Fields that are taken as they are written."""


def read_project(given: Mapping[str, str], around: Around) -> Row:
    """A project's row."""
    row = Row(given, around)
    read_place(row)
    row.put("head", row.read("head", lambda said: _chosen(said, HEAD_WORDS, HEAD_NAMES, "head")))
    row.ask_for("head")
    read_title(row)
    row.put("nature", row.read("nature", lambda said: _chosen(said, NATURE_WORDS, NATURE_NAMES, "nature")))
    for name in WRITTEN:
        row.put(name, row.cell(name) or None)
    row.put("villages", row.read("villages", cells.words))
    row.put("tasks", row.read("tasks", _tasks))
    read_window(row)
    cost = row.read("cost", lambda said: cells.money(said, around.units.get("cost", "")))
    row.put("cost", None if cost is None else {"amount_fen": cost})
    row.ask_for("cost")
    row.put("sources", _columns(row) or row.read("sources", lambda said: _sources(said, around, cost)))
    people = {name: row.read(name, cells.whole) for name in ("households", "persons")}
    row.put("beneficiaries", {name: value for name, value in people.items() if value is not None} or None)
    return row


def _chosen(said: str, words: Mapping[str, str], names: Mapping[str, Text], code: str) -> str:
    word = cells.normal(said).lower().removesuffix("类").replace(" ", "")
    if word in words:
        return words[word]
    near = [each for each in names.values() if each.zh in word or word in each.zh]
    listed = Text("、".join(each.zh for each in names.values()), ", ".join(each.en for each in names.values()))
    zh = f"填的是“{shorten(said)}”，请填：{listed.zh}"
    raise Unread(code, Text(zh, f"“{shorten(said)}” is none of: {listed.en}"), near[0].zh if len(near) == 1 else None)


def _tasks(said: str) -> list[dict[str, Any]]:
    """Child tasks in one cell, each with its villages in brackets. Raises Unread for a price: only the project has one."""
    found = []
    for part in (each.strip() for each in re.split(r"[;\n]+", cells.normal(said)) if each.strip()):
        matched = TASK.match(part)
        title, villages = (matched[1].strip(), cells.words(matched[2])) if matched else (part, [])
        if PRICE.search(part):
            zh, en = (
                f"“{shorten(part)}”写有金额，子任务不单列金额",
                f"“{shorten(part)}” has a price, which only the project has",
            )
            raise Unread(
                "priced", Text(zh + "；请删去金额，计入总投资", en + ": take it out, it is part of the whole cost")
            )
        found.append({"title": title, "villages": villages})
    return found


def _columns(row: Row) -> list[dict[str, Any]]:
    """The sources that have a column of their own; what says 0 gives nothing."""
    found = []
    for code in SOURCE_NAMES:
        name = f"source_{code}"
        unit = row.around.units.get(name) or row.around.units.get("cost", "")
        fen = row.read(name, lambda said, unit=unit: cells.money(said, unit))
        if fen:
            found.append({"kind": code, "amount": {"amount_fen": fen}})
    return found


def _sources(said: str, around: Around, cost: int | None) -> list[dict[str, Any]]:
    """Sources in one cell (东西部协作资金30万元、县级20万元); a single one without an amount bears the whole cost."""
    unit = around.units.get("sources") or around.units.get("cost", "")
    parts = [part.strip() for part in PARTS.split(cells.normal(said)) if part.strip()]
    found = []
    for part in parts:
        matched = PART.match(part)
        name, amount = (matched.group(1).strip(), matched.group(2)) if matched else (part, None)
        if amount is None and len(parts) > 1:
            zh = f"“{shorten(part)}”没有写明金额，请写成“东西部协作资金30万元、县级资金20万元”"
            raise Unread("amount", Text(zh, f"“{shorten(part)}” has no amount: give each source its own"))
        fen = cost if amount is None else cells.money(amount, unit)
        if fen:
            found.append({"kind": _kind_of(name), "amount": {"amount_fen": fen}} | _named(name))
    return found


def _kind_of(name: str) -> str:
    """The kind of a source by its name: the longest known word in it. Raises Unread where there is none."""
    word = name.lower().replace(" ", "")
    known = [each for each in KINDS_OF_SOURCE if each == word or (each in word and not each.isascii())]
    if known:
        return KINDS_OF_SOURCE[max(known, key=len)]
    listed = "、".join(each.zh for each in SOURCE_NAMES.values())
    zh = f"“{shorten(name) or '资金来源'}”不知属于哪类来源，请写明：{listed}"
    raise Unread("source", Text(zh, f"“{shorten(name)}” is no known source of funds: {listed}"))


def _named(name: str) -> dict[str, str]:
    """The fund's own name, where it says more than its kind."""
    return {} if name.lower().replace(" ", "") in KINDS_OF_SOURCE else {"name": name[:200]}

"""The trail: who did what to which record, before and after, as far as the reader may know it; as pages and as a sheet."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from typing import Any

import orjson

from server.accounts.actor import code_pattern
from server.accounts.schemas import PersonRef
from server.kit import clock
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.shapes import Name
from server.kit.sheets import safe
from server.kit.uow import UnitOfWork
from server.reports.trail_schemas import Change, TrailEntry, TrailQuery, TrailRecord

MOST_EXPORTED = 10_000
"""Rows of one sheet; who needs more narrows the time."""
CSV_PAGE = 200
SYSTEM = "system"

# Scalars, so that names and titles are looked up for the page alone, under the reader's own rights.
PERSON = """
    (SELECT json_build_array(u.id, u.name, u.name_en)::text FROM jiedui_user_names(
        CASE WHEN e.actor ~ '^[0-9a-f-]{36}$' THEN ARRAY[e.actor::uuid] END) AS u)"""
FOR = """
    (SELECT json_build_array(u.id, u.name, u.name_en)::text FROM jiedui_user_names(ARRAY[e.acting_for]) AS u)"""
TITLE = """
    CASE e.subject_kind
        WHEN 'need' THEN (SELECT n.title FROM need n WHERE n.id = e.subject_id)
        WHEN 'offer' THEN (SELECT o.title FROM offer o WHERE o.id = e.subject_id)
        WHEN 'project' THEN (SELECT j.title FROM project j WHERE j.id = e.subject_id)
        WHEN 'agreement' THEN (SELECT a.year || ' 年度协作协议' FROM agreement a WHERE a.id = e.subject_id)
        WHEN 'task' THEN (SELECT k.title FROM task k WHERE k.id = e.subject_id)
        WHEN 'condition' THEN (SELECT c.words FROM unit_condition c WHERE c.id = e.subject_id)
        WHEN 'participant' THEN (SELECT p.name_zh FROM jiedui_participant_names(ARRAY[e.subject_id]) AS p)
        WHEN 'user' THEN (SELECT u.name FROM jiedui_user_names(ARRAY[e.subject_id]) AS u)
        WHEN 'proposal' THEN (SELECT n.title FROM proposal p JOIN need n ON n.id = p.need_id WHERE p.id = e.subject_id)
        WHEN 'pledge' THEN (SELECT n.title FROM pledge p JOIN need n ON n.id = p.need_id WHERE p.id = e.subject_id)
        WHEN 'delivery' THEN (SELECT n.title FROM delivery d JOIN pledge p ON p.id = d.pledge_id
            JOIN need n ON n.id = p.need_id WHERE d.id = e.subject_id)
    END"""
PEOPLE = ("handled_by", "written_by", "stood_in_for", "substitute")
"""Fields of an event that name a person by id."""
NAMED = f"""
    (SELECT json_object_agg(u.id, json_build_array(u.name, u.name_en))::text FROM jiedui_user_names(ARRAY(
        SELECT said.value::uuid FROM unnest(ARRAY[e.before, e.after]) AS side, jsonb_each_text(side) AS said
        WHERE said.key IN ({", ".join(f"'{name}'" for name in PEOPLE)}) AND said.value ~ '^[0-9a-f-]{{36}}$')) AS u)"""

LISTING = Listing(
    columns=f"""
    e.id, e.recorded_at, e.business_at, e.kind, e.subject_kind, e.subject_id, e.actor, e.before::text AS before,
    e.after::text AS after, {TITLE} AS title, {PERSON} AS person, {NAMED} AS named, {FOR} AS in_place_of""",
    source="event e",
    picked_from="event e",
    identity="e.id",
    sorts={"at": SortKey("e.recorded_at", "timestamptz")},
    default="-at",
)


def matching(query: TrailQuery) -> Where:
    """The conditions of the trail; who may know what is row-level security's business."""
    where = Where()
    if query.record_id:
        where.add("e.subject_id = {}", query.record_id)
    if query.person:
        where.add("e.actor = {}", str(query.person))
    if query.verb:
        where.add("e.kind = {}", query.verb)
    if query.place:
        where.add("EXISTS (SELECT FROM unnest(e.audience_codes) AS code WHERE code LIKE {})", code_pattern(query.place))
    if query.since:
        where.add("e.recorded_at >= {}", datetime.combine(query.since, time(), clock.BEIJING))
    if query.until:
        where.add("e.recorded_at < {}", datetime.combine(query.until + timedelta(days=1), time(), clock.BEIJING))
    return where.among("e.subject_kind", query.record)


async def page(uow: UnitOfWork, query: TrailQuery, language: str) -> Page[TrailEntry]:
    """One page, newest first; people in it by their names in a language."""
    found = await LISTING.page(uow, query, matching(query))
    return Page(items=[_entry(row, language) for row in found.items], next=found.next, total=found.total)


async def sheet(uow: UnitOfWork, query: TrailQuery, language: str) -> bytes:
    """The rows that match as CSV with a BOM, newest first, at most MOST_EXPORTED; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS[language])
    async for entry in _all(uow, query, language):
        writer.writerow([safe(cell) for cell in _cells(entry, language)])
    return ("\ufeff" + out.getvalue()).encode()


HEADINGS = {
    "zh-CN": ("时间", "业务日期", "人员", "事项", "记录种类", "记录", "编号", "变化前", "变化后"),
    "en": ("time", "business day", "person", "what", "kind of record", "record", "id", "before", "after"),
}


async def _all(uow: UnitOfWork, query: TrailQuery, language: str) -> AsyncIterator[TrailEntry]:
    given, left = query.model_copy(update={"limit": CSV_PAGE, "with_total": False}), MOST_EXPORTED
    while left > 0:
        found = await page(uow, given, language)
        for entry in found.items[:left]:
            yield entry
        left -= len(found.items)
        if found.next is None:
            return
        given = given.model_copy(update={"cursor": found.next})


def _cells(entry: TrailEntry, language: str) -> list[str]:
    names = [_name(one, language) for one in (entry.person, entry.for_person) if one]
    person = (" for " if language == "en" else " 代 ").join(names)
    before, after = ("; ".join(f"{each.field}: {value}" for each, value in side) for side in _sides(entry))
    at = entry.at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    day = entry.business_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d")
    return [
        at,
        day,
        person,
        entry.kind,
        entry.record.kind,
        entry.record.title or "",
        str(entry.record.id),
        before,
        after,
    ]


def _name(person: PersonRef, language: str) -> str:
    return person.name.en if language == "en" else person.name.zh


def _sides(entry: TrailEntry) -> tuple[list[tuple[Change, str]], list[tuple[Change, str]]]:
    return (
        [(each, each.before) for each in entry.changes if each.before is not None],
        [(each, each.after) for each in entry.changes if each.after is not None],
    )


def _entry(row: dict[str, Any], language: str) -> TrailEntry:
    names = orjson.loads(row["named"]) if row["named"] else {}
    before, after = (_with_names(orjson.loads(row[side]), names, language) if row[side] else None for side in SIDES)
    return TrailEntry(
        id=row["id"],
        at=row["recorded_at"],
        business_at=row["business_at"],
        kind=row["kind"],
        person=_person(row["person"]),
        for_person=_person(row["in_place_of"]),
        by_system=row["actor"] == SYSTEM,
        record=TrailRecord(kind=row["subject_kind"], id=row["subject_id"], title=row["title"]),
        changes=changes(before, after),
    )


def _person(found: str | None) -> PersonRef | None:
    if found is None:
        return None
    user_id, zh, en = orjson.loads(found)
    return PersonRef(id=user_id, name=Name(zh=zh, en=en))


SIDES = ("before", "after")


def _with_names(state: dict[str, Any], names: dict[str, list[str]], language: str) -> dict[str, Any]:
    found = {name: names[state[name]] for name in PEOPLE if state.get(name) in names}
    return state | {name: en if language == "en" and en else zh for name, (zh, en) in found.items()}


def changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Change]:
    """What differs between two states, by field; what one of them leaves out, or leaves empty, is nothing there."""
    old, new = ({name: value for name, value in (state or {}).items() if value != ""} for state in (before, after))
    return [
        Change(field=name, before=_say(old.get(name)), after=_say(new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _say(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()

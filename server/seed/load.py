"""Load reference tables into the database: all of them or nothing, and loading again changes nothing."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Connection

from server.catalogue.rules import evidence_code
from server.kit.schema import new_id
from server.seed.database import Upsert, connected, upsert
from server.seed.reference import CARRIED, Reference, read_folder
from server.seed.tables import BadTables, Row

LOCK = 727_004
"""Key of the advisory lock that one loading process holds at a time."""

FEN_IN_10K_CNY = 1_000_000
FEN_IN_100M_CNY = 10_000_000_000

Progress = Callable[[str], None]
PlaceIds = dict[str, UUID]


class Count(NamedTuple):
    """What became of the rows of one table."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Report:
    """What became of the rows of every table, by file."""

    tables: dict[str, Count] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        """All tables together."""
        return Count(*(sum(numbers) for numbers in zip(*self.tables.values(), strict=True)))


async def run(owner_url: str, tables: Path = CARRIED, progress: Progress | None = None) -> Report:
    """Read the tables of a folder and bring the database to them, in one transaction, as the owner role.

    Rows that are not in the tables any more stay. Raises BadTables where a row is wrong; nothing is loaded then.
    """
    report = Report()
    async with connected(owner_url, "jiedui load") as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        places: PlaceIds = {row["code"]: row["id"] for row in await connection.fetch("SELECT code, id FROM place")}
        reference = read_folder(tables, places)
        for load in LOADERS:
            if load.file in reference.tables:
                report.tables[load.file] = await _load(connection, load, reference, places)
                if progress:
                    progress(_told(load.file, report.tables[load.file]))
    return report


@dataclass(frozen=True)
class Loader:
    """How the rows of a file become rows of a table."""

    file: str
    into: Upsert
    record: Callable[[Row, PlaceIds], tuple[Any, ...]]


async def _load(connection: Connection, load: Loader, reference: Reference, places: PlaceIds) -> Count:
    rows = reference.rows(load.file)
    if load.file == "places.csv":
        for row in rows:
            places.setdefault(row["code"], new_id())
    records = [load.record(row, places) for row in rows]
    inserted, changed = await upsert(connection, load.into, records)
    if inserted or changed:
        # Queries are planned from statistics, and autovacuum comes a minute too late for the first of them.
        await connection.execute(f"ANALYZE {load.into.table}")
    return Count(inserted, changed, len(records) - inserted - changed)


def _told(file: str, count: Count) -> str:
    return f"{file}: {count.inserted} new, {count.changed} changed, {count.unchanged} unchanged"


def _place(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (
        places[row["code"]],
        row["code"],
        row["level"],
        places[row["parent"]] if row["parent"] else None,
        row["name_zh"],
        row["name_en"],
        row["initials"],
        _degrees(row["longitude"]),
        _degrees(row["latitude"]),
    )


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)


def _place_code(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (places[row["place"]], row["code"], row["valid_from"], row["valid_to"])


def _poverty_status(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (places[row["place"]], row["listed_from"], row["exit_year"])


def _fiscal_revenue(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (places[row["place"]], row["year"], row["revenue_100m_cny"] * FEN_IN_100M_CNY, row["preliminary"])


def _both_languages(zh: list[str], en: list[str]) -> str:
    names = [{"zh": one, "en": other} for one, other in zip(zh, en, strict=True)]
    return json.dumps(names, ensure_ascii=False)


def _evidence(row: Row) -> str:
    needed = row["evidence_needed"] or ()
    names = zip(row["evidence_zh"], row["evidence_en"], strict=True)
    kinds = [{"zh": zh, "en": en, "code": evidence_code(en), "needed": en in needed} for zh, en in names]
    return json.dumps(kinds, ensure_ascii=False)


def _resource_type(row: Row, _places: PlaceIds) -> tuple[Any, ...]:
    return (
        row["code"],
        row["head"],
        row["name_zh"],
        row["name_en"],
        row["unit"],
        row["decimals"],
        row["bound"],
        row["reach"],
        row["is_money"],
        _both_languages(row["checklist_zh"], row["checklist_en"]),
        _evidence(row),
        json.dumps(row["accepted_units"] or {}),
        row.line - 1,
    )


def _pairing(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (
        f"{row['policy']}/{row['giver']}/{row['place']}",
        "east_west",
        places[row["giver"]],
        None,
        places[row["place"]],
        row["policy"],
        row["valid_from"],
        row["valid_to"],
        "active",
        row["verified"],
    )


def _party_supervision(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    return (
        f"party/{row['place']}",
        "party_supervision",
        None,
        row["party_zh"],
        places[row["place"]],
        row["policy"],
        row["valid_from"],
        None,
        "active",
        row["verified"],
    )


def _published_record(row: Row, places: PlaceIds) -> tuple[Any, ...]:
    funds = row["funds_10k_cny"]
    return (
        row["id"],
        row["kind"],
        places[row["place"]] if row["place"] else None,
        row["area_level"],
        row["place"],
        " ".join(filter(None, (row["area_zh"], row["place_detail"]))),
        row["giver_kind"],
        row["giver_zh"],
        row["year"],
        row["period"],
        row["head"],
        row["title_zh"],
        row["title_en"],
        row["quantity"],
        row["unit"] or "",
        None if funds is None else funds * FEN_IN_10K_CNY,
        row["households"],
        row["persons"],
        row["status"],
        row["fund_source"] or "",
        row["record_level"] or "",
        row["grade"],
        row["source_url"],
        row["show_link"],
        row["note"] or "",
    )


_PAIRING_COLUMNS = (
    "reference, kind, giver_place_id, giver_name, place_id, policy, valid_from, valid_to, status, verified"
)
_PAIRINGS = Upsert("pairing", _PAIRING_COLUMNS, key="reference", versioned=True)

LOADERS = (
    Loader(
        "places.csv",
        Upsert("place", "id, code, level, parent_id, name_zh, name_en, initials, longitude, latitude", key="code"),
        _place,
    ),
    Loader(
        "place_codes.csv", Upsert("place_code", "place_id, code, valid_from, valid_to", "code, valid_from"), _place_code
    ),
    Loader(
        "poverty_status.csv", Upsert("poverty_status", "place_id, listed_from, exit_year", "place_id"), _poverty_status
    ),
    Loader(
        "fiscal_revenue.csv",
        Upsert("fiscal_revenue", "place_id, year, amount_fen, preliminary", "place_id, year"),
        _fiscal_revenue,
    ),
    Loader(
        "resource_types.csv",
        Upsert(
            "resource_type",
            "code, head, name_zh, name_en, unit, decimals, bound, reach, is_money, checklist, evidence,"
            " accepted_units, position",
            key="code",
        ),
        _resource_type,
    ),
    Loader("pairings.csv", _PAIRINGS, _pairing),
    Loader("party_supervision.csv", _PAIRINGS, _party_supervision),
    Loader(
        "published_records.csv",
        Upsert(
            "published_record",
            "reference, kind, place_id, area_level, area_code, county_name, giver_kind, giver_name, year, period, head,"
            " title_zh, title_en, quantity, unit, funds_fen, households, persons, status, fund_source, record_level,"
            " grade, source_url, linkable, note",
            key="reference",
        ),
        _published_record,
    ),
)
"""In the order in which rows may point to each other."""


async def command(owner_url: str, tables: Path | None = None) -> int:
    """`jiedui load`: load, say what was loaded or what is wrong; gives the exit code."""
    try:
        report = await run(owner_url, tables or CARRIED, progress=print)
    except BadTables as bad:
        print(*bad.problems, sep="\n", file=sys.stderr)
        number = "1 problem" if len(bad.problems) == 1 else f"{len(bad.problems)} problems"
        print(f"Nothing was loaded: {number}.", file=sys.stderr)
        return 1
    print(_told("all tables", report.total))
    return 0

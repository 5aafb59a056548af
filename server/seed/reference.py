"""The reference tables: their columns, and how their rows must fit together. Pure but for reading the files."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from server.seed.tables import (
    BadTables,
    Column,
    Problem,
    Row,
    Table,
    day,
    decimal,
    factors,
    listed,
    matching,
    one_of,
    read_table,
    whole,
    words,
    yes_no,
)

CARRIED = Path(__file__).parent / "tables"
"""The tables that the project carries; tables/README.md says where each comes from."""

HEADS = (
    "funds",
    "industry",
    "labour",
    "talent",
    "training",
    "goods",
    "works",
    "consumption",
    "education",
    "health",
)
PARENT_LEVEL = {"prefecture": "province", "county": "prefecture", "township": "county", "village": "township"}
POLICIES = ("2016", "2021", "2022", "2026")

_code = matching(r"[0-9]{6}([0-9]{3}|[0-9]{6})?", "a division code of 6, 9 or 12 digits")
_slug = matching(r"[a-z][a-z0-9_]{0,39}", "a code in small letters, digits and _, at most 40")
_unit = matching(r"[a-z][a-z0-9_]{0,19}", "a unit in small letters, digits and _, at most 20")
_address = matching(r"https?://[^\s]{3,1000}", "an address that starts with http:// or https://")

COLUMNS: dict[str, list[Column]] = {
    "places.csv": [
        Column("code", _code),
        Column("level", one_of("province", *PARENT_LEVEL)),
        Column("name_zh", words(60)),
        Column("name_en", words(120)),
        Column("initials", matching(r"[a-z]{1,40}", "small letters, at most 40")),
        Column("parent", _code, required=False),
        Column("longitude", decimal(-180, 180, 6), required=False),
        Column("latitude", decimal(-90, 90, 6), required=False),
    ],
    "place_codes.csv": [
        Column("place", _code),
        Column("code", _code),
        Column("name_zh", words(60)),
        Column("valid_from", day),
        Column("valid_to", day, required=False),
    ],
    "poverty_status.csv": [
        Column("place", _code),
        Column("name_zh", words(60)),
        Column("listed_from", day),
        Column("exit_year", whole(2016, 2020)),
    ],
    "fiscal_revenue.csv": [
        Column("place", _code),
        Column("year", whole(1950, 2100)),
        Column("revenue_100m_cny", decimal(0, 10_000_000, 10)),
        Column("preliminary", yes_no),
    ],
    "resource_types.csv": [
        Column("code", _slug),
        Column("head", one_of(*HEADS)),
        Column("name_zh", words(60)),
        Column("name_en", words(120)),
        Column("unit", _unit),
        Column("decimals", whole(0, 3)),
        Column("bound", one_of("cap", "floor")),
        Column("reach", one_of("pairing", "open")),
        Column("is_money", yes_no),
        Column("accepted_units", factors, required=False),
        Column("checklist_zh", listed),
        Column("checklist_en", listed),
        Column("evidence_zh", listed),
        Column("evidence_en", listed),
        Column("evidence_needed", listed, required=False),
    ],
    "pairings.csv": [
        Column("policy", one_of(*POLICIES)),
        Column("giver", _code),
        Column("giver_zh", words(60)),
        Column("place", _code),
        Column("place_zh", words(60)),
        Column("valid_from", day),
        Column("valid_to", day, required=False),
        Column("verified", yes_no),
    ],
    "party_supervision.csv": [
        Column("policy", one_of(*POLICIES)),
        Column("party_zh", words(200)),
        Column("party_en", words(200)),
        Column("place", _code),
        Column("place_zh", words(60)),
        Column("valid_from", day),
        Column("verified", yes_no),
    ],
    "published_records.csv": [
        Column("id", matching(r"[A-Za-z0-9-]{1,20}", "letters, digits and hyphens, at most 20")),
        Column("kind", one_of("need", "assistance")),
        Column("head", one_of(*HEADS)),
        Column("place", _code, required=False),
        Column("area_level", one_of("county", "multi-county", "prefecture", "province", "national")),
        Column("area_zh", words(120)),
        Column("place_detail", words(80), required=False),
        Column("giver_kind", _slug, required=False),
        Column("giver_zh", words(200), required=False),
        Column("status", one_of("planned", "pledged", "delivered"), required=False),
        Column("record_level", words(40), required=False),
        Column("year", whole(1949, 2100)),
        Column("period", words(60)),
        Column("title_zh", words(200)),
        Column("title_en", words(300)),
        Column("quantity", decimal(0, 10**15, 3), required=False),
        Column("unit", words(40), required=False),
        Column("funds_10k_cny", decimal(0, 10**12, 6), required=False),
        Column("households", whole(0, 10**8), required=False),
        Column("persons", whole(0, 10**9), required=False),
        Column("fund_source", words(400), required=False),
        Column("note", words(1000), required=False),
        Column("source_url", _address),
        Column("grade", one_of("A", "A-m", "B")),
        Column("show_link", yes_no),
    ],
}
"""Every table by its file, in the order of loading."""


@dataclass(frozen=True)
class Reference:
    """Tables that were read and fit together: rows by file; a file that is not in the folder is not in here."""

    tables: dict[str, list[Row]]

    def rows(self, file: str) -> list[Row]:
        """The rows of a file, none where the folder lacks it."""
        return self.tables.get(file, [])


def read_folder(folder: Path, known_places: Collection[str] = ()) -> Reference:
    """Read every table in `folder` and check all of them.

    A folder may hold some of the tables only; places named there may then be among `known_places`, those that the
    platform has already. Raises BadTables with every problem found; a folder without any table is one as well.
    """
    read = {file: read_table(folder / file, columns) for file, columns in COLUMNS.items() if (folder / file).is_file()}
    if not read:
        raise BadTables([Problem(str(folder), 0, "", "", "a folder with at least one of " + ", ".join(COLUMNS))])
    levels = _levels(read["places.csv"]) if "places.csv" in read else {}
    for file, table in read.items():
        CHECKS[file](table)
        if file != "places.csv":
            _check_places(table, {*levels, *known_places})
    if "places.csv" in read:
        _check_parents(read["places.csv"], levels, known_places)
    if problems := [problem for table in read.values() for problem in table.problems]:
        raise BadTables(problems)
    return Reference({file: table.rows for file, table in read.items()})


def _levels(places: Table) -> dict[str, str | None]:
    """The level of each place by its code; none where a wrong row hides it."""
    rows = [row.values for row in (*places.rows, *places.incomplete)]
    return {row["code"]: row.get("level") for row in rows if "code" in row}


def _check_places(table: Table, known: set[str]) -> None:
    for row in table.rows:
        for column in ("place", "giver"):
            if (code := row.values.get(column)) is not None and code not in known:
                table.blame(row, column, code, "the code of a place in places.csv")


def _check_parents(table: Table, levels: dict[str, str | None], known: Collection[str]) -> None:
    for row in table.rows:
        above, parent = PARENT_LEVEL.get(row["level"]), row["parent"]
        if above is None and parent is not None:
            table.blame(row, "parent", parent, "nothing: a province has no parent")
        elif above is not None and not _is_a(above, parent, levels, known):
            table.blame(row, "parent", parent or "", f"the code of a {above} in places.csv")


def _is_a(level: str, code: str | None, levels: dict[str, str | None], known: Collection[str]) -> bool:
    """Whether a code is that of a place of this level, as far as the table says."""
    return levels[code] in (level, None) if code in levels else code in known


def _places(table: Table) -> None:
    table.refuse_repeats("code")
    for row in table.rows:
        if (row["longitude"] is None) != (row["latitude"] is None):
            table.blame(row, "latitude", row["latitude"] or "", "both longitude and latitude, or neither")


def _place_codes(table: Table) -> None:
    by_code: dict[str, list[Row]] = {}
    for row in table.rows:
        _in_order(table, row)
        by_code.setdefault(row["code"], []).append(row)
    for rows in by_code.values():
        rows.sort(key=lambda row: row["valid_from"])
        for earlier, later in itertools.pairwise(rows):
            if later["valid_from"] < (earlier["valid_to"] or date.max):
                expected = f"a code that no other place has at that time (line {earlier.line})"
                table.blame(later, "code", later["code"], expected)


def _in_order(table: Table, row: Row) -> None:
    if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
        table.blame(row, "valid_to", row["valid_to"], "a date after valid_from")


def _poverty_status(table: Table) -> None:
    table.refuse_repeats("place")


def _fiscal_revenue(table: Table) -> None:
    table.refuse_repeats("place", "year")


def _resource_types(table: Table) -> None:
    table.refuse_repeats("code")
    for row in table.rows:
        if row["is_money"] != (row["unit"] == "fen"):
            table.blame(row, "unit", row["unit"], "fen for money, another unit for the rest")
        if row["is_money"] and row["decimals"] != 0:
            table.blame(row, "decimals", row["decimals"], "0: money is whole fen")
        for name in ("checklist", "evidence"):
            if len(row[f"{name}_zh"]) != len(row[f"{name}_en"]):
                table.blame(row, f"{name}_en", ";".join(row[f"{name}_en"]), f"as many items as {name}_zh")
        for name in row["evidence_needed"] or ():
            if name not in row["evidence_en"]:
                table.blame(row, "evidence_needed", name, "names of evidence_en")


def _pairings(table: Table) -> None:
    table.refuse_repeats("policy", "giver", "place")
    for row in table.rows:
        _in_order(table, row)
        if row["giver"] == row["place"]:
            table.blame(row, "place", row["place"], "another place than the giver")


def _party_supervision(table: Table) -> None:
    table.refuse_repeats("place")


def _published_records(table: Table) -> None:
    table.refuse_repeats("id")
    for row in table.rows:
        if (row["kind"] == "assistance") != (row["giver_zh"] is not None):
            table.blame(row, "giver_zh", row["giver_zh"] or "", "a giver for assistance, none for a need")
        if row["area_level"] == "county" and row["place"] is None:
            table.blame(row, "place", "", "the code of the county")
        if row["grade"] == "A-m" and row["show_link"]:
            table.blame(row, "show_link", "yes", "no: the address of a mirror is kept, not shown")


CHECKS: dict[str, Callable[[Table], None]] = {
    "places.csv": _places,
    "place_codes.csv": _place_codes,
    "poverty_status.csv": _poverty_status,
    "fiscal_revenue.csv": _fiscal_revenue,
    "resource_types.csv": _resource_types,
    "pairings.csv": _pairings,
    "party_supervision.csv": _party_supervision,
    "published_records.csv": _published_records,
}

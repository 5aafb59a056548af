"""Rows of PostgreSQL as the engine's arrays: what a snapshot and the book of everything open are both made of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np

from server.docking.engine import problem as engine
from server.kit.quantity import FEN

Row = dict[str, Any]

TEN_THOUSAND_YUAN = 1_000_000  # in fen
UNLIMITED = np.iinfo(np.int32).max
RESTRICTIONS = {"none": engine.FOR_ANYONE, "paired": engine.FOR_PAIRED, "places": engine.FOR_LISTED}
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Index:
    """Position of each code or id."""

    type: dict[str, int]
    decimals: dict[str, int]
    need: dict[UUID, int]
    offer: dict[UUID, int]
    county: dict[str, int]
    county_rows: list[Row]
    giver: dict[UUID, int]

    @staticmethod
    def of(types: list[Row], needs: list[Row], offers: list[Row], counties: list[Row], givers: list[Row]) -> "Index":
        return Index(
            {row["code"]: at for at, row in enumerate(types)},
            {row["code"]: row["decimals"] for row in types},
            {row["id"]: at for at, row in enumerate(needs)},
            {row["id"]: at for at, row in enumerate(offers)},
            {row["code"]: at for at, row in enumerate(counties)},
            counties,
            {row["id"]: at for at, row in enumerate(givers)},
        )


def day_number(day: date) -> int:
    """Days from 1970-01-01, as the engine counts them."""
    return (day - EPOCH).days


def array(values: Iterable[Any], kind: Any) -> Any:
    """An array of a NumPy type."""
    return np.array(list(values), dtype=kind)


def scaled(rows: list[Row], column: str, index: Index, missing: int) -> engine.Int64:
    """Quantities in the smallest unit of each row's type."""
    given = ((row[column], index.decimals[row["type"]]) for row in rows)
    return array((missing if value is None else int(value.scaleb(decimals)) for value, decimals in given), np.int64)


def commodities(types: list[Row]) -> engine.Commodities:
    """What holds of each resource type."""
    steps = (TEN_THOUSAND_YUAN if row["unit"] == FEN else 10 ** max(0, row["decimals"] - 1) for row in types)
    return engine.Commodities(
        pairing_only=array((row["reach"] == "pairing" for row in types), np.bool_), step=array(steps, np.int64)
    )


def counties_of(rows: list[Row]) -> engine.Counties:
    """Where the counties are."""
    return engine.Counties(
        province=array((int(row["code"][:2]) for row in rows), np.int32),
        longitude=array((row["longitude"] for row in rows), np.float64),
        latitude=array((row["latitude"] for row in rows), np.float64),
    )


def listed_counties(rows: list[Row], index: Index) -> Iterable[tuple[int, int]]:
    """Counties at or below each place that an offer is for."""
    below = counties_below(index)
    for at, row in enumerate(rows):
        if row["restriction"] == "places":
            for code in row["place_codes"]:
                yield from ((at, county) for county in below[stem_of(code)])


def stem_of(code: str) -> str:
    """A code without the zeros that stand for everything below it: 610000 -> 61, 611000 -> 6110."""
    return code.removesuffix("00").removesuffix("00")


def counties_below(index: Index) -> defaultdict[str, list[int]]:
    """Counties at or below each stem: the province's, the prefecture's, the county's own."""
    below: defaultdict[str, list[int]] = defaultdict(list)
    for code, at in index.county.items():
        for stem in {code[:2], code[:4], stem_of(code)}:
            below[stem].append(at)
    return below


def givers_of(rows: list[Row], pairings: list[Row], past: list[Row], index: Index) -> engine.Givers:
    """Own pairs: a pairing that names the giver, or an eastern partner at or below the giver place; home pairs: its province's."""
    below = counties_below(index)
    homes = {stem: at for at, stem in enumerate(sorted({row["place_code"][:2] for row in rows if row["place_code"]}))}
    own = {
        (index.giver[pair["giver_id"]], county)
        for pair in pairings
        if pair["giver_id"] in index.giver
        for county in below[stem_of(pair["place_code"])]
    }
    home: set[tuple[int, int]] = set()
    by_home: defaultdict[str, list[tuple[str, list[int]]]] = defaultdict(list)
    for pair in pairings:
        if pair["giver_place_code"]:
            stem, counties = stem_of(pair["giver_place_code"]), below[stem_of(pair["place_code"])]
            by_home[stem[:2]].append((stem, counties))
            if stem[:2] in homes:
                home.update((homes[stem[:2]], county) for county in counties)
    for at, row in enumerate(rows):
        if row["kind"] == "eastern_partner" and row["place_code"]:
            pairs = by_home[row["place_code"][:2]]
            own.update(
                (at, county) for stem, counties in pairs if row["place_code"].startswith(stem) for county in counties
            )
    accepted = (
        (index.giver[row["giver_id"]], index.county[row["county_code"]])
        for row in past
        if row["giver_id"] in index.giver
    )
    return engine.Givers(
        home=array((homes[row["place_code"][:2]] if row["place_code"] else -1 for row in rows), np.int32),
        longitude=array((row["longitude"] for row in rows), np.float64),
        latitude=array((row["latitude"] for row in rows), np.float64),
        own_pairs=engine.Relation.of(len(rows), own),
        home_pairs=engine.Relation.of(len(homes), home),
        past=engine.Relation.of(len(rows), accepted),
    )

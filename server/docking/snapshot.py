"""A snapshot of everything open, from PostgreSQL into the engine's arrays. Reads across domains, writes nothing.

Rows come ordered by id and codes are numbered in sorted order, so that the same content gives the same arrays,
the same digest and the same suggestions.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np

from server.docking import snapshot_sql as sql
from server.docking.engine import problem as engine
from server.docking.rules import MOST_SKILLS, TooManySkills, poverty_depth, widening
from server.kit.quantity import FEN
from server.kit.uow import UnitOfWork

Row = dict[str, Any]

TEN_THOUSAND_YUAN = 1_000_000  # in fen
UNLIMITED = np.iinfo(np.int32).max
RESTRICTIONS = {"none": engine.FOR_ANYONE, "paired": engine.FOR_PAIRED, "places": engine.FOR_LISTED}
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Scope:
    """What a run looks at: counties by LIKE patterns, heads (empty means all), days of own pair first."""

    patterns: tuple[str, ...]
    heads: tuple[str, ...]
    own_pair_days: int


@dataclass(frozen=True)
class Snapshot:
    """The engine's problem, and what its indices stand for."""

    problem: engine.Problem
    needs: list[Row]
    offers: list[Row]
    types: list[Row]
    skills: list[str]

    @property
    def decimals(self) -> dict[str, int]:
        """Decimals of each resource type."""
        return {row["code"]: row["decimals"] for row in self.types}

    def digest(self) -> str:
        """SHA-256 over every array: equal digests and settings mean equal suggestions."""
        summed = hashlib.sha256()
        _feed(summed, self.problem)
        for row in (*self.needs, *self.offers):
            summed.update(row["id"].bytes)
        return summed.hexdigest()


def _feed(summed: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        summed.update(str(value.dtype).encode() + value.tobytes())
    elif is_dataclass(value):
        for each in fields(value):
            _feed(summed, getattr(value, each.name))
    else:
        summed.update(repr(value).encode())


@dataclass(frozen=True)
class Content:
    """The rows that a snapshot is made of."""

    types: list[Row]
    needs: list[Row]
    offers: list[Row]
    counties: list[Row]
    givers: list[Row]
    pairings: list[Row]
    past: list[Row]
    forbidden: list[Row]
    incumbents: list[Row]


async def read(uow: UnitOfWork, scope: Scope, now: datetime, today: date) -> Content:
    """Read everything open; the unit of work should show one moment (`units.run(…, one_moment=True)`)."""
    return Content(
        types=await uow.fetch(sql.TYPES, list(scope.heads)),
        needs=await uow.fetch(sql.NEEDS, today, list(scope.patterns), list(scope.heads)),
        offers=await uow.fetch(sql.OFFERS, today, list(scope.heads)),
        counties=await uow.fetch(sql.COUNTIES),
        givers=await uow.fetch(sql.GIVERS),
        pairings=await uow.fetch(sql.PAIRINGS, today),
        past=await uow.fetch(sql.PAST),
        forbidden=await uow.fetch(sql.FORBIDDEN, now),
        incumbents=await uow.fetch(sql.INCUMBENTS),
    )


def arrange(content: Content, scope: Scope, now: datetime, today: date) -> Snapshot:
    """Put rows into the engine's arrays. Raises TooManySkills."""
    needs, offers = content.needs, content.offers
    skills = _skills(needs, offers)
    index = _Index.of(content.types, needs, offers, content.counties, content.givers)
    problem = engine.Problem(
        today=_day(today),
        commodities=_commodities(content.types),
        needs=_needs(needs, index, skills, scope, now, today),
        offers=_offers(offers, index, skills),
        givers=_givers(content.givers, content.pairings, content.past, index),
        counties=_counties(content.counties),
        forbidden=_forbidden(content.forbidden, index),
        incumbents=_incumbents(content.incumbents, index),
    )
    return Snapshot(problem, needs, offers, content.types, skills)


@dataclass(frozen=True)
class _Index:
    """Position of each code or id."""

    type: dict[str, int]
    decimals: dict[str, int]
    need: dict[UUID, int]
    offer: dict[UUID, int]
    county: dict[str, int]
    county_rows: list[Row]
    giver: dict[UUID, int]

    @staticmethod
    def of(types: list[Row], needs: list[Row], offers: list[Row], counties: list[Row], givers: list[Row]) -> "_Index":
        return _Index(
            {row["code"]: at for at, row in enumerate(types)},
            {row["code"]: row["decimals"] for row in types},
            {row["id"]: at for at, row in enumerate(needs)},
            {row["id"]: at for at, row in enumerate(offers)},
            {row["code"]: at for at, row in enumerate(counties)},
            counties,
            {row["id"]: at for at, row in enumerate(givers)},
        )


def _day(day: date) -> int:
    return (day - EPOCH).days


def _array(values: Iterable[Any], kind: Any) -> Any:
    return np.array(list(values), dtype=kind)


def _scaled(rows: list[Row], column: str, index: _Index, missing: int) -> engine.Int64:
    """Quantities in the smallest unit of each row's type."""
    given = ((row[column], index.decimals[row["type"]]) for row in rows)
    return _array((missing if value is None else int(value.scaleb(decimals)) for value, decimals in given), np.int64)


def _skills(needs: list[Row], offers: list[Row]) -> list[str]:
    """Every skill that some need asks for; what nobody asks for need not be told apart."""
    asked = sorted({skill for row in needs for skill in row["skills"]})
    if len(asked) > MOST_SKILLS:
        raise TooManySkills(limit=MOST_SKILLS, found=len(asked))
    return asked


def _skill_bits(rows: list[Row], skills: Sequence[str]) -> engine.UInt64:
    bit = {skill: 1 << at for at, skill in enumerate(skills)}
    return _array((sum(bit.get(skill, 0) for skill in set(row["skills"])) for row in rows), np.uint64)


def _commodities(types: list[Row]) -> engine.Commodities:
    steps = (TEN_THOUSAND_YUAN if row["unit"] == FEN else 10 ** max(0, row["decimals"] - 1) for row in types)
    return engine.Commodities(
        pairing_only=_array((row["reach"] == "pairing" for row in types), np.bool_), step=_array(steps, np.int64)
    )


def _needs(rows: list[Row], index: _Index, skills: list[str], scope: Scope, now: datetime, today: date) -> engine.Needs:
    exit_years = {row["code"]: row["exit_year"] for row in index.county_rows}
    return engine.Needs(
        commodity=_array((index.type[row["type"]] for row in rows), np.int32),
        county=_array((index.county[row["county_code"]] for row in rows), np.int32),
        open=_scaled(rows, "open", index, 0),
        window_from=_array((_day(row["window_from"]) for row in rows), np.int32),
        window_to=_array((_day(row["window_to"]) for row in rows), np.int32),
        min_part=_scaled(rows, "min_part", index, 1),
        max_sources=_array((row["sources"] for row in rows), np.int32),
        priority=_array((row["priority"] for row in rows), np.int8),
        poverty_depth=_array((poverty_depth(exit_years[row["county_code"]], today) for row in rows), np.int8),
        skills=_skill_bits(rows, skills),
        widening=_array((widening(row["published_at"], now, scope.own_pair_days) for row in rows), np.int8),
    )


def _offers(rows: list[Row], index: _Index, skills: list[str]) -> engine.Offers:
    listed = engine.Relation.of(len(rows), _listed(rows, index))
    return engine.Offers(
        commodity=_array((index.type[row["type"]] for row in rows), np.int32),
        giver=_array((index.giver[row["participant_id"]] for row in rows), np.int32),
        open=_scaled(rows, "open", index, 0),
        window_from=_array((_day(row["window_from"]) for row in rows), np.int32),
        window_to=_array((_day(row["window_to"]) for row in rows), np.int32),
        min_lot=_scaled(rows, "min_lot", index, 1),
        max_receivers=_array((UNLIMITED if row["receivers"] is None else row["receivers"] for row in rows), np.int32),
        skills=_skill_bits(rows, skills),
        restriction=_array((RESTRICTIONS[row["restriction"]] for row in rows), np.int8),
        listed=listed,
    )


def _listed(rows: list[Row], index: _Index) -> Iterable[tuple[int, int]]:
    """Counties at or below each place that an offer is for."""
    below = _below(index)
    for at, row in enumerate(rows):
        if row["restriction"] == "places":
            for code in row["place_codes"]:
                yield from ((at, county) for county in below[_stem(code)])


def _stem(code: str) -> str:
    """A code without the zeros that stand for everything below it: 610000 -> 61, 611000 -> 6110."""
    return code.removesuffix("00").removesuffix("00")


def _below(index: _Index) -> defaultdict[str, list[int]]:
    """Counties at or below each stem: the province's, the prefecture's, the county's own."""
    below: defaultdict[str, list[int]] = defaultdict(list)
    for code, at in index.county.items():
        for stem in {code[:2], code[:4], _stem(code)}:
            below[stem].append(at)
    return below


def _counties(rows: list[Row]) -> engine.Counties:
    return engine.Counties(
        province=_array((int(row["code"][:2]) for row in rows), np.int32),
        longitude=_array((row["longitude"] for row in rows), np.float64),
        latitude=_array((row["latitude"] for row in rows), np.float64),
    )


def _givers(rows: list[Row], pairings: list[Row], past: list[Row], index: _Index) -> engine.Givers:
    """Own pairs: a pairing that names the giver, or an eastern partner at or below the giver place; home pairs: its province's."""
    below = _below(index)
    homes = {stem: at for at, stem in enumerate(sorted({row["place_code"][:2] for row in rows if row["place_code"]}))}
    own = {
        (index.giver[pair["giver_id"]], county)
        for pair in pairings
        if pair["giver_id"] in index.giver
        for county in below[_stem(pair["place_code"])]
    }
    home: set[tuple[int, int]] = set()
    by_home: defaultdict[str, list[tuple[str, list[int]]]] = defaultdict(list)
    for pair in pairings:
        if pair["giver_place_code"]:
            stem, counties = _stem(pair["giver_place_code"]), below[_stem(pair["place_code"])]
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
        home=_array((homes[row["place_code"][:2]] if row["place_code"] else -1 for row in rows), np.int32),
        longitude=_array((row["longitude"] for row in rows), np.float64),
        latitude=_array((row["latitude"] for row in rows), np.float64),
        own_pairs=engine.Relation.of(len(rows), own),
        home_pairs=engine.Relation.of(len(homes), home),
        past=engine.Relation.of(len(rows), accepted),
    )


def _forbidden(rows: list[Row], index: _Index) -> engine.Forbidden:
    known = [row for row in rows if row["offer_id"] in index.offer and row["need_id"] in index.need]
    return engine.Forbidden(
        offer=_array((index.offer[row["offer_id"]] for row in known), np.int32),
        need=_array((index.need[row["need_id"]] for row in known), np.int32),
        reason=_array((engine.COOLING_DOWN if row["cooling"] else engine.UNDER_NEGOTIATION for row in known), np.int8),
    )


def _incumbents(rows: list[Row], index: _Index) -> engine.Incumbents:
    known = [row for row in rows if row["offer_id"] in index.offer and row["need_id"] in index.need]
    return engine.Incumbents(
        offer=_array((index.offer[row["offer_id"]] for row in known), np.int32),
        need=_array((index.need[row["need_id"]] for row in known), np.int32),
    )

"""A snapshot of everything open, from PostgreSQL into the engine's arrays. Reads across domains, writes nothing.

Rows come ordered by id and codes are numbered in sorted order, so that the same content gives the same arrays,
the same digest and the same suggestions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from server.docking import snapshot_sql as sql
from server.docking.arrays import (
    RESTRICTIONS,
    UNLIMITED,
    Index,
    Row,
    array,
    commodities,
    counties_of,
    day_number,
    givers_of,
    listed_counties,
    scaled,
)
from server.docking.engine import problem as engine
from server.docking.rules import MOST_SKILLS, TooManySkills, poverty_depth, widening
from server.kit.uow import UnitOfWork


@dataclass(frozen=True)
class Scope:
    """What a run looks at: counties by LIKE patterns, heads (empty means all), days of own pair first."""

    patterns: tuple[str, ...]
    heads: tuple[str, ...]
    own_pair_days: int


class Item(NamedTuple):
    """What is told of a need or an offer after the computation; the rest of its row is in the arrays."""

    id: UUID
    participant_id: UUID
    county_code: str | None
    type: str
    title: str
    quantity: Decimal
    open: Decimal

    @staticmethod
    def of(row: Row) -> "Item":
        return Item(*(row.get(name) for name in Item._fields))  # pyright: ignore[reportArgumentType]  # as the SQL names them


@dataclass(frozen=True)
class Snapshot:
    """The engine's problem, and what its indices stand for."""

    problem: engine.Problem
    needs: list[Item]
    offers: list[Item]
    types: list[Row]
    skills: list[str]
    covered: list[Row]  # how many needs of each county have nothing open any more

    @property
    def decimals(self) -> dict[str, int]:
        """Decimals of each resource type."""
        return {row["code"]: row["decimals"] for row in self.types}

    def digest(self) -> str:
        """SHA-256 over every array: equal digests and settings mean equal suggestions."""
        summed = hashlib.sha256()
        _feed(summed, self.problem)
        for item in (*self.needs, *self.offers):
            summed.update(item.id.bytes)
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
    covered: list[Row]


async def read(uow: UnitOfWork, scope: Scope, now: datetime, today: date) -> Content:
    """Read everything open; the unit of work should show one moment (`units.run(…, one_moment=True)`)."""
    return Content(
        types=await uow.fetch(sql.TYPES, list(scope.heads)),
        needs=await uow.fetch(sql.NEEDS, today, list(scope.patterns), list(scope.heads)),
        offers=_left(
            await uow.fetch(sql.OFFERS, today, list(scope.heads)),
            await uow.fetch(sql.PROMISED_ELSEWHERE, list(scope.patterns)),
        ),
        counties=await uow.fetch(sql.COUNTIES),
        givers=await uow.fetch(sql.GIVERS),
        pairings=await uow.fetch(sql.PAIRINGS, today),
        past=await uow.fetch(sql.PAST),
        forbidden=await uow.fetch(sql.FORBIDDEN, now),
        incumbents=await uow.fetch(sql.INCUMBENTS),
        covered=await uow.fetch(sql.COVERED, list(scope.patterns), list(scope.heads)),
    )


def _left(offers: list[Row], elsewhere: list[Row]) -> list[Row]:
    """Offers less what stands suggested to counties outside the scope; those with nothing left, or no place, are out."""
    taken = {row["offer_id"]: row for row in elsewhere}
    if not taken:
        return offers
    left = [_less(offer, taken[offer["id"]]) if offer["id"] in taken else offer for offer in offers]
    return [row for row in left if row["open"] > 0 and (row["receivers"] is None or row["receivers"] > 0)]


def _less(offer: Row, promised: Row) -> Row:
    places = None if offer["receivers"] is None else offer["receivers"] - promised["n"]
    return offer | {"open": offer["open"] - promised["quantity"], "receivers": places}


def arrange(content: Content, scope: Scope, now: datetime, today: date) -> Snapshot:
    """Put rows into the engine's arrays. Raises TooManySkills."""
    needs, offers = content.needs, content.offers
    skills = _skills(needs, offers)
    index = Index.of(content.types, needs, offers, content.counties, content.givers)
    kinds = commodities(content.types)
    problem = engine.Problem(
        today=day_number(today),
        commodities=kinds,
        needs=_needs(needs, index, kinds, skills, scope, now, today),
        offers=_offers(offers, index, skills),
        givers=givers_of(content.givers, content.pairings, content.past, index),
        counties=counties_of(content.counties),
        forbidden=_forbidden(content.forbidden, index),
        incumbents=_incumbents(content.incumbents, index),
    )
    items = [Item.of(row) for row in needs], [Item.of(row) for row in offers]
    return Snapshot(problem, *items, content.types, skills, content.covered)


def _skills(needs: list[Row], offers: list[Row]) -> list[str]:
    """Every skill that some need asks for; what nobody asks for need not be told apart."""
    asked = sorted({skill for row in needs for skill in row["skills"]})
    if len(asked) > MOST_SKILLS:
        raise TooManySkills(limit=MOST_SKILLS, found=len(asked))
    return asked


def _skill_bits(rows: list[Row], skills: Sequence[str]) -> engine.UInt64:
    bit = {skill: 1 << at for at, skill in enumerate(skills)}
    return array((sum(bit.get(skill, 0) for skill in set(row["skills"])) for row in rows), np.uint64)


def _needs(
    rows: list[Row],
    index: Index,
    kinds: engine.Commodities,
    skills: list[str],
    scope: Scope,
    now: datetime,
    today: date,
) -> engine.Needs:
    exit_years = {row["code"]: row["exit_year"] for row in index.county_rows}
    commodity = array((index.type[row["type"]] for row in rows), np.int32)
    asked = scaled(rows, "min_part", index, 0)
    return engine.Needs(
        commodity=commodity,
        county=array((index.county[row["county_code"]] for row in rows), np.int32),
        open=scaled(rows, "open", index, 0),
        window_from=array((day_number(row["window_from"]) for row in rows), np.int32),
        window_to=array((day_number(row["window_to"]) for row in rows), np.int32),
        # Where the county leaves it open, nobody is troubled with a part of one fen or one metre.
        min_part=np.where(asked > 0, asked, kinds.step[commodity]),
        max_sources=array((row["sources"] for row in rows), np.int32),
        priority=array((row["priority"] for row in rows), np.int8),
        poverty_depth=array((poverty_depth(exit_years[row["county_code"]], today) for row in rows), np.int8),
        skills=_skill_bits(rows, skills),
        widening=array((widening(row["published_at"], now, scope.own_pair_days) for row in rows), np.int8),
    )


def _offers(rows: list[Row], index: Index, skills: list[str]) -> engine.Offers:
    listed = engine.Relation.of(len(rows), listed_counties(rows, index))
    return engine.Offers(
        commodity=array((index.type[row["type"]] for row in rows), np.int32),
        giver=array((index.giver[row["participant_id"]] for row in rows), np.int32),
        open=scaled(rows, "open", index, 0),
        window_from=array((day_number(row["window_from"]) for row in rows), np.int32),
        window_to=array((day_number(row["window_to"]) for row in rows), np.int32),
        min_lot=scaled(rows, "min_lot", index, 1),
        max_receivers=array((UNLIMITED if row["receivers"] is None else row["receivers"] for row in rows), np.int32),
        skills=_skill_bits(rows, skills),
        restriction=array((RESTRICTIONS[row["restriction"]] for row in rows), np.int8),
        listed=listed,
    )


def _forbidden(rows: list[Row], index: Index) -> engine.Forbidden:
    known = [row for row in rows if row["offer_id"] in index.offer and row["need_id"] in index.need]
    return engine.Forbidden(
        offer=array((index.offer[row["offer_id"]] for row in known), np.int32),
        need=array((index.need[row["need_id"]] for row in known), np.int32),
        reason=array((engine.COOLING_DOWN if row["cooling"] else engine.UNDER_NEGOTIATION for row in known), np.int8),
    )


def _incumbents(rows: list[Row], index: Index) -> engine.Incumbents:
    known = [row for row in rows if row["offer_id"] in index.offer and row["need_id"] in index.need]
    return engine.Incumbents(
        offer=array((index.offer[row["offer_id"]] for row in known), np.int32),
        need=array((index.need[row["need_id"]] for row in known), np.int32),
    )

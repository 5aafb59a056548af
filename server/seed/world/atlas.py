"""The real places that a made-up world stands on, at one business date."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from server.places.rules import GATHERING


class Seat(NamedTuple):
    """A place where somebody sits."""

    id: UUID
    code: str
    level: str
    name_zh: str
    name_en: str
    parent: str | None

    @property
    def province(self) -> str:
        """The first two digits of the code."""
        return self.code[:2]


class County(NamedTuple):
    """One of the 832, with the year of its exit."""

    seat: Seat
    exit_year: int


class Pair(NamedTuple):
    """A pairing in force: the giver's place or, for a party, its name, and the place that it is for."""

    id: UUID
    kind: str
    giver: str | None
    giver_name: str | None
    place: str


@dataclass(frozen=True)
class Atlas:
    """Places, the poor counties and the pairs in force on the business date `today`."""

    today: date
    places: dict[str, Seat]
    counties: list[County]
    pairs: list[Pair]

    def is_poor(self, county: County) -> bool:
        """Whether a county is still on the list; it leaves at the end of its exit year."""
        return county.exit_year >= self.today.year

    @cached_property
    def east_west(self) -> list[Pair]:
        """The pairs of places."""
        return [pair for pair in self.pairs if pair.kind == "east_west"]

    @cached_property
    def givers(self) -> list[Seat]:
        """Eastern places that have a pair."""
        return [self.places[code] for code in sorted({pair.giver for pair in self.east_west if pair.giver})]

    @cached_property
    def giver_cities(self) -> list[Seat]:
        """Cities of the eastern provinces, and districts of the municipalities, that have no pair of their own."""
        paired = {seat.code for seat in self.givers}
        provinces = {seat.code for seat in self.givers if seat.level == "province"}
        gathering = {seat.code for seat in self.places.values() if seat.name_zh in GATHERING}
        inside = provinces | {code for code in gathering if self.places[code].parent in provinces}
        return [
            seat
            for code, seat in sorted(self.places.items())
            if seat.parent in inside and code not in paired and code not in gathering
        ]

    def counties_of(self, pairs: list[Pair]) -> list[int]:
        """Indices of the counties in the places of these pairs."""
        stems = tuple(sorted({stem(pair.place) for pair in pairs}))
        return [at for at, county in enumerate(self.counties) if county.seat.code.startswith(stems)] if stems else []


def stem(code: str) -> str:
    """A code without the zeros that stand for everything below it: 610000 -> 61, 611000 -> 6110."""
    return code.removesuffix("00").removesuffix("00")


async def read_atlas(connection: Connection, today: date) -> Atlas:
    """Read the loaded reference tables. A county of the 832 that has no dated code asks for nothing by itself."""
    places = await connection.fetch(
        "SELECT p.id, p.code, p.level, p.name_zh, p.name_en, q.code AS parent"
        " FROM place p LEFT JOIN place q ON q.id = p.parent_id ORDER BY p.code"
    )
    counties = await connection.fetch(
        "SELECT p.code, s.exit_year FROM poverty_status s JOIN place p ON p.id = s.place_id"
        " WHERE EXISTS (SELECT FROM place_code c WHERE c.place_id = p.id) ORDER BY p.code"
    )
    pairs = await connection.fetch(
        "SELECT r.id, r.kind, g.code AS giver, r.giver_name, p.code AS place FROM pairing r"
        " JOIN place p ON p.id = r.place_id LEFT JOIN place g ON g.id = r.giver_place_id"
        " WHERE r.status IN ('active', 'adjusting') AND r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1)"
        " ORDER BY p.code, g.code, r.giver_name",
        today,
    )
    seats = {row["code"]: Seat(**row) for row in places}
    return Atlas(
        today,
        seats,
        [County(seats[row["code"]], row["exit_year"]) for row in counties],
        [Pair(**row) for row in pairs],
    )

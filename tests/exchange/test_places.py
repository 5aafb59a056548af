"""Counties as other people write them, by code and name, are the counties that Jiedui knows."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest

from server.kit.uow import UnitOfWork
from server.places import service as places
from tests.exchange.conftest import Rows
from tests.support.database import Database, within

Named = set[tuple[str, str]]


def pairs(rows: Rows) -> Named:
    """Both ends of each county-to-county pair; a few pair a whole city with a county."""
    eastern = {(row["assisting_code"], row["assisting_county"] or row["assisting_city"]) for row in rows}
    return eastern | {(row["assisted_code"], row["assisted_county"]) for row in rows}


def units(rows: Rows) -> Named:
    """The counties that central units aid."""
    return {(row["county_code"], row["county"]) for row in rows}


def indicators(rows: Rows) -> Named:
    """The counties of the county yearbooks."""
    return {(row["code_2020"], row["name_zh_2020"]) for row in rows}


async def _unlike(uow: UnitOfWork, named: Iterable[tuple[str, str]], at: date) -> Named:
    """What our places call otherwise."""
    found: Named = set()
    for code, name in named:
        if (await places.resolve(uow, code, at)).name_zh != name:
            found.add((code, name))
    return found


@pytest.mark.parametrize(
    ("file", "named", "at", "least"),
    [
        ("pairings_county.csv", pairs, date(2018, 1, 1), 94),
        ("designated_units.csv", units, date(2018, 1, 1), 40),
        ("county_indicators.csv", indicators, date(2020, 12, 31), 828),
    ],
)
async def test_every_county_that_others_name_is_found_by_its_code_and_bears_that_name(
    database: Database,
    application: object,
    table: Callable[[str], Rows],
    file: str,
    named: Callable[[Rows], Named],
    at: date,
    least: int,
):
    given = named(table(file))
    assert len(given) >= least
    assert await within(lambda uow: _unlike(uow, given, at)) == set()


async def test_a_name_that_is_not_the_countys_is_told_apart(database: Database, application: object):
    assert await within(lambda uow: _unlike(uow, [("530326", "宣威市")], date(2020, 1, 1))) == {("530326", "宣威市")}


async def test_the_counts_that_were_announced_are_ours(database: Database, table: Callable[[str], Rows]):
    announced = {row["item"]: int(row["value"]) for row in table("control_totals.csv")}
    listed = await database.fetch("SELECT count(*) AS n FROM poverty_status")
    assert listed[0]["n"] == announced["贫困县总数"]
    givers = await database.fetch(
        "SELECT DISTINCT g.code, g.level FROM pairing r JOIN place g ON g.id = r.giver_place_id"
        " WHERE r.kind = 'east_west' AND r.valid_from < '2017-01-01'"
    )
    # The announcement counts a province also where only cities of it give (Liaoning by Dalian), so provinces by code.
    provinces = {row["code"][:2] for row in givers}
    cities = {row["code"] for row in givers if row["level"] == "prefecture"}
    assert len(provinces) == announced["帮扶方: 省(直辖市)"]
    assert len(cities) == announced["帮扶方: 大城市"]

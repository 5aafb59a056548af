"""The book is kept up to date with what happens, version after version, and a reader is never in the way."""

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.docking import keeping
from server.docking.book import Book, uuids_of
from server.docking.shelf import Shelf
from server.kit import clock
from tests.factories.docking import do_run
from tests.factories.market import make_market, told
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean", "application")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "book")


def book_on(shelf: Shelf) -> Book:
    version = Shelf(shelf.folder).current()  # as another process opens it
    assert version is not None
    return version.book


def open_needs(shelf: Shelf) -> dict[Any, int]:
    needs = book_on(shelf).needs
    return dict(zip(uuids_of(needs.id), needs.open.tolist(), strict=True))


def leaves(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for each in fields(part):
        value = getattr(part, each.name)
        if is_dataclass(value):
            yield from leaves(value, f"{path}{each.name}.")
        else:
            yield f"{path}{each.name}", value


def assert_same(one: Book, other: Book) -> None:
    """Every array alike, but for bits of skills: their order is that in which they came up."""
    there = dict(leaves(other))
    for path, value in leaves(one):
        if "skills" in path:
            continue
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, there[path], path)
        else:
            assert value == there[path], path


async def made_anew(shelf: Shelf) -> Book:
    await keeping.make_anew(other := Shelf(shelf.folder.parent / "other"))
    return book_on(other)


async def test_what_is_patched_is_what_would_be_made_anew(shelf: Shelf) -> None:
    market = await make_market(5)
    await do_run()
    await keeping.keep(shelf)
    table = await make_table(need=50, offer=60, resource_type="village_road")
    await told("need.published", table.need.id)
    await told("offer.published", table.offer.id)
    proposal = await make_proposal(table, 20)
    await told("proposal.proposed", proposal.id)
    newcomer = await make_participant(place_code="330100")
    offered = await make_offer(newcomer, resource_type="teacher", skills=["化学"], quantity=3)
    await told("participant.verified", newcomer.id)
    await told("offer.published", offered.id)
    gone = market.needs[3]
    await within(lambda uow: uow.fetch("UPDATE need SET status = 'suspended' WHERE id = $1 RETURNING id", gone.id))
    await told("need.suspended", gone.id)
    changes = await keeping.keep(shelf)
    assert changes is not None, "it was patched, not made anew"
    assert changes.needs == {table.need.id, gone.id}
    patched = book_on(shelf)
    assert_same(patched, await made_anew(shelf))
    assert gone.id not in open_needs(shelf)
    assert open_needs(shelf)[table.need.id] == 30_000
    at = uuids_of(patched.offers.id).index(offered.id)
    assert patched.names.skills.index("化学") // 64 < patched.offers.skills.shape[1]
    assert patched.offers.skills[at].any()


async def test_a_book_made_in_parts_is_that_made_at_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await make_market(6)
    await do_run()
    at_once = await made_anew(shelf)
    monkeypatch.setattr(keeping, "PART", 5)
    assert_same(await made_anew(shelf), at_once)


async def test_nothing_new_makes_no_new_version(shelf: Shelf) -> None:
    await make_need()
    await keeping.keep(shelf)
    before = shelf.folder.joinpath("current").readlink()
    await told("user.created", (await make_participant()).id)
    await keeping.keep(shelf, count=True)
    assert shelf.folder.joinpath("current").readlink() == before


async def test_what_no_event_tells_of_is_found_by_counting(shelf: Shelf) -> None:
    await keeping.keep(shelf)
    need = await make_need()
    assert await keeping.keep(shelf) is not None
    assert open_needs(shelf) == {}
    assert await keeping.keep(shelf, count=True) is None
    assert set(open_needs(shelf)) == {need.id}


async def test_a_run_gives_prices_and_what_came_later_keeps_none(shelf: Shelf) -> None:
    for _ in range(3):
        await make_need(quantity=10, published_at=clock.now() - timedelta(days=60))
    offer = await make_offer(quantity=10)
    await keeping.keep(shelf)
    assert not book_on(shelf).offers.price.any()
    run = await do_run()
    await told("docking_run.done", run.id)
    await keeping.keep(shelf)
    prices = dict(zip(uuids_of(book_on(shelf).offers.id), book_on(shelf).offers.price.tolist(), strict=True))
    assert prices[offer.id] > 0, "three needs want one offer"
    later = await make_offer(quantity=10)
    for one in (offer, later):
        await told("offer.published", one.id)
    await keeping.keep(shelf)
    kept = dict(zip(uuids_of(book_on(shelf).offers.id), book_on(shelf).offers.price.tolist(), strict=True))
    assert kept == {offer.id: prices[offer.id], later.id: 0}


async def test_pairings_are_followed(shelf: Shelf) -> None:
    offer = await make_offer()
    await keeping.keep(shelf)
    pairing = await make_pairing(COUNTY, giver_id=offer.participant_id)
    await told("pairing.activated", pairing.id)
    assert await keeping.keep(shelf) is not None
    book = book_on(shelf)
    giver = int(book.offers.giver[0])
    own = book.givers.givers.own_pairs
    counties = own.county[own.start[giver] : own.start[giver + 1]]
    assert [book.names.counties[at] for at in counties] == [COUNTY]


async def test_a_stream_that_was_restored_or_cut_makes_the_book_anew(shelf: Shelf, database: Database) -> None:
    need = await make_need()
    for _ in range(3):
        await told("need.published", need.id)
    await keeping.keep(shelf)
    await database.fetch("DELETE FROM stream_entry WHERE seq > 1")
    assert await keeping.keep(shelf) is None
    await database.fetch("UPDATE stream_entry SET seq = 9")
    assert await keeping.keep(shelf) is None
    assert await keeping.keep(shelf) is not None


async def test_a_reader_keeps_its_version_while_the_next_ones_come(shelf: Shelf) -> None:
    need = await make_need(quantity=10)
    await keeping.keep(shelf)
    held = book_on(shelf)
    for number in range(4):
        await make_need(quantity=20 + number)
        await keeping.keep(shelf, count=True)
    assert held.needs.open.tolist() == [10_000]
    assert uuids_of(held.needs.id) == [need.id]
    assert len(book_on(shelf).needs.id) == 5
    assert len(list(shelf.folder.glob("v*"))) == 2, "older versions are cleared away"


async def test_a_book_that_nobody_keeps_is_not_trusted(shelf: Shelf) -> None:
    assert shelf.trusted() is None
    await keeping.keep(shelf)
    assert shelf.trusted() is not None
    long_ago = (shelf.folder / "alive").stat().st_mtime - 600
    os.utime(shelf.folder / "alive", (long_ago, long_ago))
    assert shelf.trusted() is None
    assert shelf.current() is not None


@pytest.mark.parametrize("harm", ["facts.json", "needs.open.npy"])
async def test_a_damaged_version_is_made_anew(shelf: Shelf, harm: str) -> None:
    await make_need()
    await keeping.keep(shelf)
    (shelf.folder / "current" / harm).unlink()
    other = Shelf(shelf.folder)
    assert other.current() is None
    assert await keeping.keep(other) is None
    assert len(book_on(shelf).needs.id) == 1

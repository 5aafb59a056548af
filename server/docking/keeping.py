"""Keeping the book: a worker looks at what happened since the last version and puts the next one on the shelf.

It follows the stream, whose numbers have no gap and are given after the commit; so nothing that happened is passed over. What no
event tells of (a scenario loaded into a running Jiedui, a day that ends) shows in the number of open records.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import NATIONAL, SYSTEM
from server.docking import book as books
from server.docking import book_sql, settings
from server.docking import snapshot_sql as sql
from server.docking.book import Book, Outgrown, Sources
from server.docking.rules import DOCKED_AGAIN
from server.docking.settings import Chosen
from server.docking.shelf import Shelf
from server.kit import clock
from server.kit import uow as units
from server.kit.uow import UnitOfWork

PART = 20_000
"""Rows that are read at once."""

RUNS_PRICED = 8
"""How many runs back prices are looked for: runs over a province price that province alone."""

GIVING = ("participant.", "pairing.", "delivery.accepted")
"""What changes who gives, who is paired with whom, and who has worked together."""


@dataclass
class Changes:
    """What happened up to a number of the stream."""

    seq: int
    needs: set[UUID] = field(default_factory=set)
    offers: set[UUID] = field(default_factory=set)
    givers: bool = False
    runs: list[UUID] = field(default_factory=list)
    freed_needs: set[UUID] = field(default_factory=set)  # among them, what others may fit now
    freed_offers: set[UUID] = field(default_factory=set)
    anew: bool = False

    @property
    def any(self) -> bool:
        """Whether the book is to change at all."""
        return bool(self.needs or self.offers or self.givers or self.runs or self.anew)


@dataclass(frozen=True)
class Patch:
    """The rows of what changed."""

    needs: list[dict[str, Any]]
    offers: list[dict[str, Any]]
    givers: list[dict[str, Any]]
    pairings: list[dict[str, Any]]
    past: list[dict[str, Any]]
    prices: list[dict[str, Any]]


ActOn = Callable[[Changes], Awaitable[None]]


async def _nothing(_: Changes) -> None:
    """Only the book is to be kept."""


async def keep(shelf: Shelf, act_on: ActOn = _nothing, *, count: bool = False) -> Changes | None:
    """Bring the book up to date, making it anew where that is needed; with `count` also look whether it is complete.

    What has changed since the version before is acted on first: once a version says that it is known, nobody sees it again.
    Says what it was; None where the book was made anew.
    """
    version = await asyncio.to_thread(shelf.current)
    changes: Changes | None = None
    if version is not None:
        shelf.touch()  # also while the next one is being made
        seq, book = max(version.seq, shelf.seen), version.book
        changes, patch = await units.run(lambda uow: _look(uow, seq), SYSTEM, one_moment=True)
        if changes.anew or (count and not changes.any and await _incomplete(book)):
            changes = None
        elif not changes.any:
            shelf.seen = changes.seq
        else:
            await act_on(changes)
            if not await asyncio.to_thread(_put_patched, shelf, book, changes, patch):
                changes = None
    if changes is None:
        await make_anew(shelf)
    shelf.touch()
    return changes


@dataclass(frozen=True)
class Material:
    """Everything that a book is made of, as it was at one moment."""

    seq: int
    rows: Sources
    chosen: Chosen
    prices: list[dict[str, Any]]  # the latest run first

    def book(self) -> Book:
        """The book, priced."""
        return self.priced(self.bare())

    def bare(self) -> Book:
        """The book without prices."""
        return books.make(self.rows, self.chosen.engine, self.chosen.own_pair_days)

    def priced(self, book: Book) -> Book:
        """A book with the prices of the last runs."""
        for each in reversed(self.prices):
            book = books.with_prices(book, each["needs"], each["offers"])
        return book


async def make_anew(shelf: Shelf) -> None:
    """Make the book from everything that is open, some thousand rows at a time."""
    today = clock.today()

    async def read_parts(uow: UnitOfWork) -> tuple[int, Book]:
        found = await _read(uow, today, [], [], RUNS_PRICED)
        book = await asyncio.to_thread(found.bare)
        for statement, filters, table in (
            (sql.NEEDS_AFTER, ([NATIONAL], []), "needs"),
            (sql.OFFERS_AFTER, ([],), "offers"),
        ):
            last = UUID(int=0)
            while rows := await uow.fetch(statement, today, *filters, last, PART):
                book = await asyncio.to_thread(_with_part, book, table, rows)
                last = rows[-1]["id"]
        return found.seq, await asyncio.to_thread(found.priced, book)

    seq, book = await units.run(read_parts, SYSTEM, one_moment=True)
    await asyncio.to_thread(shelf.put, book, seq)


def _with_part(book: Book, table: str, rows: list[dict[str, Any]]) -> Book:
    needs, offers = (rows, []) if table == "needs" else ([], rows)
    return books.with_rows(book, needs, offers, (), ())


async def read(uow: UnitOfWork, today: date, type_code: str) -> Material:
    """What a book of one type is made of, for a request that finds no book which a worker keeps."""
    needs = await uow.fetch(sql.NEEDS_OF_TYPE, today, [NATIONAL], [], type_code)
    offers = await uow.fetch(sql.OFFERS_OF_TYPE, today, [], type_code)
    return await _read(uow, today, needs, offers, 1)


async def _read(
    uow: UnitOfWork, today: date, needs: list[dict[str, Any]], offers: list[dict[str, Any]], runs: int
) -> Material:
    last = (await uow.fetch(book_sql.LAST))[0]["seq"]
    rows = Sources(
        types=await uow.fetch(sql.TYPES, []),
        needs=needs,
        offers=offers,
        counties=await uow.fetch(sql.COUNTIES),
        givers=await uow.fetch(sql.LIKELY_GIVERS),
        pairings=await uow.fetch(sql.PAIRINGS, today),
        past=await uow.fetch(sql.PAST),
    )
    prices = await uow.fetch(book_sql.PRICES, runs)
    return Material(last, rows, await settings.chosen(uow), prices)


async def _look(uow: UnitOfWork, since: int) -> tuple[Changes, Patch]:
    last = (await uow.fetch(book_sql.LAST))[0]
    changes = Changes(last["seq"])
    # Entries are dropped after some days, and a restored database starts behind its book.
    changes.anew = last["seq"] < since or last["first"] > since + 1
    if changes.anew or last["seq"] == since:
        return changes, Patch([], [], [], [], [], [])
    await _sort(uow, changes, await uow.fetch(book_sql.CHANGES, since, last["seq"]))
    return changes, await _patch(uow, changes)


async def _sort(uow: UnitOfWork, changes: Changes, entries: Sequence[dict[str, Any]]) -> None:
    between: set[UUID] = set()
    freed: set[UUID] = set()
    for entry in entries:
        kind, subject, id_ = entry["kind"], entry["subject_kind"], entry["subject_id"]
        changes.givers |= kind.startswith(GIVING)
        if kind in DOCKED_AGAIN:
            freed.add(id_)
        if subject == "docking_settings":
            changes.anew = True
        elif kind == "docking_run.done":
            changes.runs.append(id_)
        elif subject == "need":
            changes.needs.add(id_)
        elif subject == "offer":
            changes.offers.add(id_)
        elif subject in ("proposal", "pledge", "delivery"):
            between.add(id_)
    changes.freed_needs, changes.freed_offers = changes.needs & freed, changes.offers & freed
    for row in await uow.fetch(book_sql.CONCERNED, list(between)) if between else ():
        changes.needs.add(row["need_id"])
        changes.offers.add(row["offer_id"])
        if row["id"] in freed:
            changes.freed_needs.add(row["need_id"])
            changes.freed_offers.add(row["offer_id"])


async def _patch(uow: UnitOfWork, changes: Changes) -> Patch:
    today, giving = clock.today(), changes.givers
    return Patch(
        needs=await uow.fetch(sql.THESE_NEEDS, today, [NATIONAL], [], list(changes.needs)) if changes.needs else [],
        offers=await uow.fetch(sql.THESE_OFFERS, today, [], list(changes.offers)) if changes.offers else [],
        givers=await uow.fetch(sql.LIKELY_GIVERS) if giving else [],
        pairings=await uow.fetch(sql.PAIRINGS, today) if giving else [],
        past=await uow.fetch(sql.PAST) if giving else [],
        prices=await uow.fetch(book_sql.PRICES_OF, changes.runs) if changes.runs else [],
    )


def _put_patched(shelf: Shelf, book: Book, changes: Changes, patch: Patch) -> bool:
    """Says whether the book could be patched."""
    try:
        if changes.givers:
            book = books.with_givers(book, patch.givers, patch.pairings, patch.past)
        book = books.with_rows(book, patch.needs, patch.offers, changes.needs, changes.offers)
    except Outgrown:
        return False
    for each in patch.prices:
        book = books.with_prices(book, each["needs"], each["offers"])
    shelf.put(book, changes.seq)
    return True


async def _incomplete(book: Book) -> bool:
    """Whether records are open that no event told of, or are in the book and no longer open."""
    today = clock.today()

    async def count(uow: UnitOfWork) -> tuple[int, int]:
        needs = await uow.fetch(sql.COUNT_NEEDS, today, [NATIONAL], [])
        offers = await uow.fetch(sql.COUNT_OFFERS, today, [])
        return needs[0]["n"], offers[0]["n"]

    return await units.run(count, SYSTEM) != (len(book.needs.id), len(book.offers.id))

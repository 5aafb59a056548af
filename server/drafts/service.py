"""Keeping drafts: list, read, write, discard."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.drafts import repository
from server.drafts.rules import KEY, MOST_DRAFTS, DraftChanged, TooManyDrafts
from server.drafts.schemas import DraftQuery, DraftRead, DraftRow, DraftWrite
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Page
from server.kit.uow import UnitOfWork

UNTOUCHED_KEPT = timedelta(days=180)


async def load_key(call: Call) -> str:
    """Loader: the key in the path, or NotFound for what cannot be one."""
    key = call.params["key"]
    if not re.fullmatch(KEY, key):
        raise NotFound
    return key


async def page(uow: UnitOfWork, actor: Actor, query: DraftQuery) -> Page[DraftRow]:
    """One page of one's own drafts, the last changed first."""
    found = await repository.page(uow, _person(actor), query)
    return Page(items=[DraftRow.model_validate(row) for row in found.items], next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, key: str) -> DraftRead:
    """One of one's own drafts. Raises NotFound."""
    return _shown(await repository.find(uow, _person(actor), key))


async def write(uow: UnitOfWork, actor: Actor, key: str, draft: DraftWrite) -> DraftRead:
    """Keep a draft as it stands on this device; the same sent again changes nothing.

    Raises DraftChanged, with the draft as it stands, when it was changed elsewhere, and TooManyDrafts.
    """
    person = _person(actor)
    await repository.hold_count(uow, person)
    if await repository.count_others(uow, person, key) >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    written = await repository.write(uow, person, key, draft, clock.real_now())
    present = _shown(await repository.find(uow, person, key))
    same = (present.title, present.payload, present.record_version) == (
        draft.title,
        draft.payload,
        draft.record_version,
    )
    if not (written or same):
        raise DraftChanged(present.model_dump(mode="json"))
    return present


async def discard(uow: UnitOfWork, actor: Actor, key: str) -> None:
    """Forget a draft: it was saved as a record, or nobody wants it any more. One that is not there is gone already."""
    await repository.discard(uow, _person(actor), key)


async def hand_over(uow: UnitOfWork, leaving: UUID, successor: UUID) -> None:
    """Give the drafts of a person who leaves to another, whoever asks."""
    async with accounts.as_system(uow):
        await repository.hand_over(uow, leaving, successor)


async def forget(uow: UnitOfWork, user_id: UUID) -> None:
    """Forget the drafts of a person who is forgotten; the caller acts as the system."""
    await repository.forget_all(uow, user_id)


async def tidy(uow: UnitOfWork) -> None:
    """Forget drafts that nobody has touched for half a year."""
    await repository.forget_untouched(uow, clock.real_now() - UNTOUCHED_KEPT)


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise RuntimeError("the policy lets only persons have drafts")
    return actor.id


def _shown(row: dict[str, Any] | None) -> DraftRead:
    if row is None:
        raise NotFound
    return DraftRead.model_validate(row)

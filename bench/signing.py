"""Pledges that wait for one more signature: with it they take effect, and both accounts move."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from server.accounts.actor import Actor
from server.accounts.models import User
from server.kit.etag import etag
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.proposals import service as proposals
from tests.factories.accounts import actor_of
from tests.factories.proposals import km
from tests.support.database import within


@dataclass(frozen=True)
class Waiting:
    """A pledge that its giver has signed, as the county's signatory would answer it."""

    id: UUID
    version: int
    text_hash: str


async def make_waiting(clerk: User, official: User, pairs: Sequence[tuple[str, str]]) -> list[Waiting]:
    """Agreed proposals of one kilometre for each need and offer, signed by the giver."""
    county, giver = await actor_of(clerk), await actor_of(official)
    return [await _agreed(county, giver, UUID(need), UUID(offer)) for need, offer in pairs]


async def _agreed(county: Actor, giver: Actor, need: UUID, offer: UUID) -> Waiting:
    async def propose(uow: UnitOfWork) -> Any:
        return await proposals.propose(uow, giver, await proposals.pair(uow, need, offer), quantity=km(1))

    made = await within(propose, giver)
    await within(lambda uow: proposals.agree(uow, county, made), county)
    pledge = await within(lambda _: Pledge.get(proposal_id=made.id))
    await within(lambda uow: pledges.sign(uow, giver, pledge, pledge.text_hash), giver)
    now = await within(lambda _: Pledge.get(id=pledge.id))
    return Waiting(now.id, now.version, now.text_hash)


def signatures(waiting: Sequence[Waiting]) -> Iterator[Any]:
    """The county's signature under one pledge after the other."""
    for each in waiting:

        def sign(http: httpx2.AsyncClient, each: Waiting = each) -> Any:
            headers = {"If-Match": etag(each.version), "Idempotency-Key": str(new_id())}
            return http.post(f"/api/v1/pledges/{each.id}/sign", json={"text_hash": each.text_hash}, headers=headers)

        yield sign

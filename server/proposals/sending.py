"""A proposal as a form sends it: made once, however often it is sent under the same reference."""

from server.accounts.actor import Actor
from server.activity import references
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.sides import sides_of
from server.proposals import proposing, reading
from server.proposals.proposing import Pair
from server.proposals.schemas import ProposalCreate, ProposalRead


async def send(uow: UnitOfWork, actor: Actor, pair: Pair, body: ProposalCreate) -> ProposalRead:
    """Make the proposal, or show the one that this reference made, as the reply.

    Raises what `proposing.prepare` and `proposing.hold` raise, ClientRefReused.
    """
    made = new_id()
    sides = sides_of(actor, pair.county_id, pair.giver_id)
    owner = {"county": pair.county_id, "giver": pair.giver_id}[sides[0]] if sides else actor.id or made
    before = await references.claim(
        uow, owner_id=owner, kind="proposal", client_ref=body.client_ref, record_id=made, body=body
    )
    if before is not None:
        return await reading.read(uow, actor, before)
    prepared = await proposing.prepare(
        uow,
        actor,
        pair,
        quantity=body.quantity,
        window=body.window,
        terms=body.terms,
        on_behalf_of=body.on_behalf_of,
        proposal_id=made,
    )
    shown = await reading.read(uow, actor, made)  # before the locks: nothing that it shows depends on them
    await proposing.hold(uow, prepared)
    return shown

"""Proposals over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Listed, ListQuery, Page
from server.kit.shapes import Remark
from server.proposals import declines, endorsing, sending, service
from server.proposals.declines import Chosen
from server.proposals.models import Proposal
from server.proposals.policy import DECLINES, POLICY
from server.proposals.proposing import Pair, SuggestedPair
from server.proposals.schemas import (
    Counter,
    Decline,
    DeclineListRead,
    DeclineListSet,
    DeclineListVersion,
    DeclineReason,
    MessageCreate,
    MessageRead,
    ProposalCreate,
    ProposalQuery,
    ProposalRead,
    ProposalRow,
    SuggestionPropose,
)

operations = Operations("proposals", POLICY)
decline_operations = Operations("proposals", DECLINES, into=operations)

PROPOSAL = "/proposals/{proposal_id:uuid}"


@operations.get("/proposals", action="list")
async def list_proposals(call: Call, query: ProposalQuery) -> Listed[ProposalRow]:
    """The proposals that the caller may see: of the own sides, and of the places overseen."""
    return await service.page(call.uow, call.actor, query)


@operations.get("/proposals/decline-codes", action="codes")
async def list_decline_codes(call: Call) -> list[DeclineReason]:
    """The coded reasons with which a proposal can be declined today."""
    return await declines.offered(call.uow)


@decline_operations.get("/settings/declines", action="read")
async def read_decline_list(call: Call) -> DeclineListRead:
    """The list of coded reasons in force, the retired ones too, and what may be done with it."""
    return await declines.read(call.uow, call.actor)


@decline_operations.verb("/settings/declines", action="set", loads=declines.load)
async def set_decline_list(call: Call, subject: Chosen, body: DeclineListSet) -> DeclineListRead:
    """Set the whole list from now on, with the reason. It makes a new version; a code is retired, never removed."""
    return await declines.set_(call.uow, call.actor, subject, body)


@decline_operations.get("/settings/declines/versions", action="read")
async def list_decline_lists(call: Call, query: ListQuery) -> Page[DeclineListVersion]:
    """Every version of the list, newest first."""
    return await declines.versions(call.uow, query)


@operations.create("/proposals", loads=service.load_pair)
async def create_proposal(call: Call, subject: Pair, body: ProposalCreate) -> ProposalRead:
    """Bring a need and an offer together. The quantity is held on both sides at once: 201, or 409 where it is gone.

    With a `client_ref` that came before, the same proposal is shown again.
    """
    return await sending.send(call.uow, call.actor, subject, body)


@operations.create("/suggestions/{suggestion_id:uuid}/propose", loads=service.load_suggested_pair)
async def propose_suggestion(call: Call, subject: SuggestedPair, body: SuggestionPropose) -> ProposalRead:
    """Take up a docking suggestion: the quantity is held on both sides, the suggestion is marked."""
    proposal = await service.propose_suggested(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, proposal.id)


@operations.get(PROPOSAL, action="read", loads=service.load)
async def read_proposal(call: Call, subject: Proposal) -> ProposalRead:
    """One proposal with its turns."""
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/counter", action="counter", loads=service.load)
async def counter_proposal(call: Call, subject: Proposal, body: Counter) -> ProposalRead:
    """Answer with other terms; a changed quantity moves the hold. The other side has the next turn."""
    await service.counter(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/agree", action="agree", loads=service.load)
async def agree_proposal(call: Call, subject: Proposal) -> ProposalRead:
    """Agree to the terms as they stand; once both sides have, the pledge is made."""
    await service.agree(call.uow, call.actor, subject)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/endorse", action="endorse", loads=service.load)
async def endorse_proposal(call: Call, subject: Proposal) -> ProposalRead:
    """Agree to the terms as they stand for the line department that the county asks; once both sides have, there is a pledge."""
    await endorsing.endorse(call.uow, call.actor, subject)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/renew", action="renew", loads=service.load)
async def renew_proposal(call: Call, subject: Proposal) -> ProposalRead:
    """Hold the quantity for longer, from now on; a limited number of times for both sides together."""
    await service.renew(call.uow, call.actor, subject)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/decline", action="decline", loads=service.load)
async def decline_proposal(call: Call, subject: Proposal, body: Decline) -> ProposalRead:
    """Decline with a coded reason: the hold is released, and the pair is not suggested again for a while."""
    await service.decline(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PROPOSAL}/withdraw", action="withdraw", loads=service.load)
async def withdraw_proposal(call: Call, subject: Proposal, body: Remark) -> ProposalRead:
    """Withdraw what one's own side proposed: the hold is released."""
    await service.withdraw(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.get(f"{PROPOSAL}/messages", action="read", loads=service.load)
async def list_messages(call: Call, subject: Proposal) -> list[MessageRead]:
    """What the sides wrote to each other, oldest first."""
    return await service.messages(call.uow, subject)


@operations.post(f"{PROPOSAL}/read", action="mark", loads=service.load)
async def mark_read(call: Call, subject: Proposal) -> ProposalRead:
    """Note that the caller has read the thread up to now; the other side sees that its messages were read."""
    await service.mark_read(call.uow, call.actor, subject)
    return await service.read(call.uow, call.actor, subject.id)


@operations.create(f"{PROPOSAL}/messages", action="message", loads=service.load)
async def create_message(call: Call, subject: Proposal, body: MessageCreate) -> MessageRead:
    """Write to the other side."""
    return await service.write(call.uow, call.actor, subject, body.text, body.file_ids)

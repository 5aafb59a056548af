"""What a giver commits by the public link of a need.

The county publishes such a need for everybody to give to, so its side agrees beforehand; it still signs the pledge, or not.
"""

from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.proposals import recording
from server.proposals.models import Proposal
from server.proposals.rules import LIFECYCLE, SIDES


async def commit(uow: UnitOfWork, proposal: Proposal) -> None:
    """Conclude what a giver has proposed just now; the pledge is made in this transaction."""
    before = recording.facts(proposal)
    await step(uow, "proposal", proposal, "conclude", LIFECYCLE, agreed_by=list(SIDES))
    recording.record(uow, proposal, "agreed", before)
    await uow.flush()

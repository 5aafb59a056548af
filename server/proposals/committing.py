"""What a giver commits by the public link of a need.

The county publishes such a need for everybody to give to, so its side agrees beforehand; it still signs the pledge, or
not. Where it asks for its line department, there is a pledge once that one has agreed too.
"""

from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.proposals import recording, rules
from server.proposals.models import Proposal
from server.proposals.rules import LIFECYCLE, SIDES


async def commit(uow: UnitOfWork, proposal: Proposal) -> None:
    """Agree for the county to what a giver has proposed just now; unless a line department is asked, the pledge is made
    in this transaction.
    """
    before, asks = recording.facts(proposal), rules.asks_department(proposal.department_id, proposal.endorsed_at)
    await step(uow, "proposal", proposal, "agree" if asks else "conclude", LIFECYCLE, agreed_by=list(SIDES))
    recording.record(uow, proposal, "side_agreed" if asks else "agreed", before)
    await uow.flush()

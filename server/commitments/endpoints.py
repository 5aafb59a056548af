"""The public link over HTTP."""

from server.accounts.schemas import SessionRead
from server.commitments import service
from server.commitments.policy import POLICY
from server.commitments.schemas import CodeAsk, Commit, Committed, Entry, OpenCampaign, OpenNeed
from server.kit.endpoint import Call, Operations

operations = Operations("commitments", POLICY)


@operations.get("/open-needs/{open_need_id:uuid}", action="look", loads=service.load_open)
async def read_open_need(call: Call, subject: OpenNeed) -> OpenNeed:
    """What is public of a published need whose type is open to everybody; without an account."""
    return subject


@operations.get("/open-campaigns/{open_campaign_id:uuid}", action="look", loads=service.load_open_campaign)
async def read_open_campaign(call: Call, subject: OpenCampaign) -> OpenCampaign:
    """What is public of an open campaign, its progress and the needs to which one gives through it; without an account."""
    return subject


@operations.post("/commitments/session", action="enter")
async def enter_by_code(call: Call, body: Entry) -> SessionRead:
    """See what became of what one gave: a session by a code, for an account that has no password yet."""
    return await service.enter(call, body)


@operations.post("/commitments/codes", action="ask_code", status=204)
async def ask_for_code(call: Call, body: CodeAsk) -> None:
    """Send six digits to an e-mail address; at most five an hour to one address."""
    await service.ask_code(call, body)


@operations.post("/commitments", action="commit", status=201)
async def commit(call: Call, body: Commit) -> Committed:
    """Commit without an account: it, the participant, offer, proposal and pledge are made together.

    The pledge awaits verification and holds nothing; where the county asks for its line department, it is made once that
    one has agreed. Sets the session cookie. The same `client_ref` gives the same pledge.
    """
    return await service.commit(call, body)

"""One's own drafts over HTTP."""

from server.drafts import service
from server.drafts.policy import POLICY
from server.drafts.schemas import DraftQuery, DraftRead, DraftRow, DraftWrite
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page

operations = Operations("drafts", POLICY)


@operations.get("/me/drafts", action="list")
async def list_drafts(call: Call, query: DraftQuery) -> Page[DraftRow]:
    """List one's own drafts without their forms. Sort keys: changed_at (default, last first), key."""
    return await service.page(call.uow, call.actor, query)


@operations.get("/me/drafts/{key}", action="read", loads=service.load_key)
async def read_draft(call: Call, subject: str) -> DraftRead:
    """Read one of one's own drafts."""
    return await service.read(call.uow, call.actor, subject)


@operations.put("/me/drafts/{key}", action="write", loads=service.load_key)
async def write_draft(call: Call, subject: str, body: DraftWrite) -> DraftRead:
    """Keep a form that is not saved as a record yet.

    `revision` is the one that this device last had. Where the draft was changed elsewhere meanwhile, the answer is 409 with
    the draft as it stands there, and nothing is overwritten: send again with its revision to keep this one.
    """
    return await service.write(call.uow, call.actor, subject, body)


@operations.delete("/me/drafts/{key}", action="discard", loads=service.load_key)
async def discard_draft(call: Call, subject: str) -> None:
    """Forget a draft; one that is not there is gone already."""
    await service.discard(call.uow, call.actor, subject)

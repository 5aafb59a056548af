"""The needs of counties over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Listed
from server.kit.shapes import Reason, Remark
from server.needs import service
from server.needs.models import Need
from server.needs.policy import POLICY
from server.needs.schemas import (
    Decision,
    NeedAmend,
    NeedChange,
    NeedCreate,
    NeedQuery,
    NeedRead,
    NeedRow,
    Refusal,
)
from server.needs.service import Writer

operations = Operations("needs", POLICY)


@operations.get("/needs", action="list")
async def list_needs(call: Call, query: NeedQuery) -> Listed[NeedRow]:
    """List the needs that the caller may see.

    Sort keys: published_at (default, newest first), priority, window_to, open, title.
    """
    return await service.page(call.uow, call.actor, query)


@operations.create("/needs", loads=service.load_writer)
async def create_need(call: Call, subject: Writer, body: NeedCreate) -> NeedRead:
    """Write a need: a draft for a county of the writer's participant."""
    return await service.create(call.uow, call.actor, subject, body)


@operations.get("/needs/{need_id:uuid}", action="read", loads=service.load)
async def read_need(call: Call, subject: Need) -> NeedRead:
    """Read a need, its coverage, and what the caller may do with it."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/needs/{need_id:uuid}", loads=service.load)
async def change_need(call: Call, subject: Need, body: NeedChange) -> NeedRead:
    """Change a draft or a returned need."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/submit", action="submit", loads=service.load)
async def submit_need(call: Call, subject: Need) -> NeedRead:
    """Hand a complete need to the reviewer: title, quantity, window and necessity are there."""
    return await service.submit(call.uow, call.actor, subject)


@operations.verb("/needs/{need_id:uuid}/review", action="review", loads=service.load)
async def review_need(call: Call, subject: Need, body: Decision) -> NeedRead:
    """Take a submitted need under review; nobody reviews what they wrote."""
    return await service.review(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/return", action="return", loads=service.load)
async def return_need(call: Call, subject: Need, body: Refusal) -> NeedRead:
    """Give a need back to its writer, saying what is missing."""
    return await service.give_back(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/reject", action="reject", loads=service.load)
async def reject_need(call: Call, subject: Need, body: Refusal) -> NeedRead:
    """Reject a need for good, with the reason."""
    return await service.reject(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/publish", action="publish", loads=service.load)
async def publish_need(call: Call, subject: Need, body: Decision) -> NeedRead:
    """Publish a reviewed need: everybody sees it, and its account in the books is opened."""
    return await service.publish(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/countersign", action="countersign", loads=service.load)
async def countersign_need(call: Call, subject: Need, body: Remark) -> NeedRead:
    """Countersign a need that one of its writers published alone."""
    return await service.countersign(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/amend", action="amend", loads=service.load)
async def amend_need(call: Call, subject: Need, body: NeedAmend) -> NeedRead:
    """Change the quantity of a published need, never below what is already covered."""
    return await service.amend(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/suspend", action="suspend", loads=service.load)
async def suspend_need(call: Call, subject: Need, body: Reason) -> NeedRead:
    """Suspend a published need: nothing new is docked with it, what is promised stays."""
    return await service.suspend(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/resume", action="resume", loads=service.load)
async def resume_need(call: Call, subject: Need, body: Remark) -> NeedRead:
    """Open a suspended need again."""
    return await service.resume(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/close", action="close", loads=service.load)
async def close_need(call: Call, subject: Need, body: Reason) -> NeedRead:
    """Close a need with what was accepted so far: satisfied, or in part with the reason."""
    return await service.close(call.uow, call.actor, subject, body)


@operations.verb("/needs/{need_id:uuid}/withdraw", action="withdraw", loads=service.load)
async def withdraw_need(call: Call, subject: Need, body: Reason) -> NeedRead:
    """Withdraw a need of which nothing is held or pledged; the reason stays on record."""
    return await service.withdraw(call.uow, call.actor, subject, body)

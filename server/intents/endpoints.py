"""Intents over HTTP."""

from server.intents import service
from server.intents.models import Intent
from server.intents.policy import POLICY
from server.intents.schemas import IntentCreate, IntentQuery, IntentRead
from server.intents.service import Giving
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Remark

operations = Operations("intents", POLICY)

INTENT = "/intents/{intent_id:uuid}"


@operations.get("/intents", action="list")
async def list_intents(call: Call, query: IntentQuery) -> Page[IntentRead]:
    """The intents that the caller may see. They stand apart: no sum, no coverage and no run contains them."""
    return await service.page(call.uow, call.actor, query)


@operations.create("/intents", loads=service.load_giving)
async def state_intent(call: Call, subject: Giving, body: IntentCreate) -> IntentRead:
    """State that a giver means to give to a published need. It binds nobody, and nothing is held."""
    return await service.state(call.uow, call.actor, subject, body)


@operations.get(INTENT, action="read", loads=service.load)
async def read_intent(call: Call, subject: Intent) -> IntentRead:
    """One intent."""
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{INTENT}/withdraw", action="withdraw", loads=service.load)
async def withdraw_intent(call: Call, subject: Intent, body: Remark) -> IntentRead:
    """Take an intent back."""
    return await service.withdraw(call.uow, call.actor, subject, body.remark)

"""What givers offer, over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Listed
from server.kit.shapes import Reason, Remark
from server.offers import service
from server.offers.models import Offer
from server.offers.policy import POLICY
from server.offers.schemas import OfferAmend, OfferChange, OfferCreate, OfferQuery, OfferRead, OfferRow
from server.offers.service import Giver

operations = Operations("offers", POLICY)


@operations.get("/offers", action="list")
async def list_offers(call: Call, query: OfferQuery) -> Listed[OfferRow]:
    """List the offers that the caller may see.

    Sort keys: published_at (default, newest first), window_to, open, title.
    """
    return await service.page(call.uow, call.actor, query)


@operations.create("/offers", loads=service.load_giver)
async def create_offer(call: Call, subject: Giver, body: OfferCreate) -> OfferRead:
    """Write an offer: a draft of the giver's."""
    return await service.create(call.uow, call.actor, subject, body)


@operations.get("/offers/{offer_id:uuid}", action="read", loads=service.load)
async def read_offer(call: Call, subject: Offer) -> OfferRead:
    """Read an offer, its coverage, and what the caller may do with it."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/offers/{offer_id:uuid}", loads=service.load)
async def change_offer(call: Call, subject: Offer, body: OfferChange) -> OfferRead:
    """Change a draft."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/offers/{offer_id:uuid}/publish", action="publish", loads=service.load)
async def publish_offer(call: Call, subject: Offer, body: Remark) -> OfferRead:
    """Publish an offer of a verified giver: everybody sees it, and its account in the books is opened."""
    return await service.publish(call.uow, call.actor, subject, body)


@operations.verb("/offers/{offer_id:uuid}/amend", action="amend", loads=service.load)
async def amend_offer(call: Call, subject: Offer, body: OfferAmend) -> OfferRead:
    """Change the quantity of a published offer, never below what is already promised."""
    return await service.amend(call.uow, call.actor, subject, body)


@operations.verb("/offers/{offer_id:uuid}/suspend", action="suspend", loads=service.load)
async def suspend_offer(call: Call, subject: Offer, body: Reason) -> OfferRead:
    """Suspend a published offer: nothing new is docked with it, what is promised stays."""
    return await service.suspend(call.uow, call.actor, subject, body)


@operations.verb("/offers/{offer_id:uuid}/resume", action="resume", loads=service.load)
async def resume_offer(call: Call, subject: Offer, body: Remark) -> OfferRead:
    """Open a suspended offer again."""
    return await service.resume(call.uow, call.actor, subject, body)


@operations.verb("/offers/{offer_id:uuid}/withdraw", action="withdraw", loads=service.load)
async def withdraw_offer(call: Call, subject: Offer, body: Reason) -> OfferRead:
    """Withdraw an offer of which nothing is held or pledged; the reason stays on record."""
    return await service.withdraw(call.uow, call.actor, subject, body)

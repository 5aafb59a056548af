"""Bringing a need and an offer together, in two steps: everything but the quantity before the locks, the quantity behind them.

Everybody who wants a hot offer waits for whoever has it locked, so as little as can be is done while it is: what was
read before counts if need and offer are still at the version at which they were read, and otherwise all of it begins again.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.books import service as books
from server.catalogue import service as catalogue
from server.docking import service as docking
from server.docking.models import Suggestion
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.quantity import Amount
from server.kit.schema import new_id
from server.kit.shapes import Window
from server.kit.uow import Outdated, UnitOfWork
from server.needs import service as needs
from server.needs.models import Need
from server.needs.rules import NeedNotOpen
from server.offers import service as offers
from server.offers.models import Offer
from server.offers.rules import OfferNotOpen
from server.pairings import service as pairings
from server.participants import service as participants
from server.participants.sides import sides_of
from server.proposals import fitting, recording, repository, rules
from server.proposals.models import Proposal
from server.proposals.rules import LIFECYCLE, Seat, Side
from server.proposals.schemas import SuggestionPropose
from server.settings import get_settings


@dataclass(frozen=True)
class Pair:
    """A need and an offer that somebody wants to bring together: what the policy asks the roles of."""

    need: Need
    offer: Offer
    county_id: UUID
    giver_id: UUID
    county_code: str


@dataclass(frozen=True)
class SuggestedPair(Pair):
    """A need and an offer that docking suggests to bring together."""

    suggestion: Suggestion


@dataclass(frozen=True)
class Prepared:
    """A proposal that is written down and holds nothing yet."""

    proposal: Proposal
    need: Need
    offer: Offer


async def load_pair(call: Call) -> Pair:
    """Loader: the need and the offer named in the body, or NotFound."""
    return await pair(call.uow, call.body.need_id, call.body.offer_id)


async def pair(uow: UnitOfWork, need_id: UUID, offer_id: UUID) -> Pair:
    """A need and an offer that the actor may see. Raises NotFound."""
    return Pair(**await _pair(uow, need_id, offer_id))


async def load_suggested_pair(call: Call) -> SuggestedPair:
    """Loader: the need and the offer of the suggestion in the path, or NotFound."""
    suggestion = await docking.load_suggestion(call)
    return SuggestedPair(**await _pair(call.uow, suggestion.need_id, suggestion.offer_id), suggestion=suggestion)


async def _pair(uow: UnitOfWork, need_id: UUID, offer_id: UUID) -> dict[str, Any]:
    need, offer = await needs.get(uow, need_id), await offers.get(uow, offer_id)
    return {
        "need": need,
        "offer": offer,
        "county_id": need.participant_id,
        "giver_id": offer.participant_id,
        "county_code": need.county_code,
    }


async def propose(uow: UnitOfWork, actor: Actor, pair: Pair, **terms: Any) -> Proposal:
    """Bring a need and an offer together and hold the quantity on both sides; takes what `prepare` takes.

    Raises what `prepare` and `hold` raise.
    """
    prepared = await prepare(uow, actor, pair, **terms)
    await hold(uow, prepared)
    return prepared.proposal


async def prepare(
    uow: UnitOfWork,
    actor: Actor,
    pair: Pair,
    *,
    quantity: Amount,
    window: Window | None = None,
    terms: str = "",
    on_behalf_of: Side | None = None,
    suggestion_id: UUID | None = None,
    proposal_id: UUID | None = None,
) -> Prepared:
    """Write down a proposal with its first turn and its event; `hold` must follow in the same transaction.

    A giver that is not verified yet may propose with a complete draft: that holds nothing until it is verified.

    Raises NeedNotOpen, OfferNotOpen, NotVerified, NotFitting and ProposalExists.
    """
    await participants.require_standing(uow, pair.county_id, pair.giver_id)
    pairing = await pairings.between(uow, pair.giver_id, pair.county_code)
    need, offer, waits = await _open(uow, pair)
    kind = await catalogue.get_type(uow, need.resource_type_id)
    amount = catalogue.canonical(kind, quantity).value
    days = fitting.days(need, offer, window)
    fitting.check_terms(need, offer, kind, amount, days, pairing)
    by = _seat(actor, need.participant_id, offer.participant_id, on_behalf_of)
    if waits and by != "giver":
        raise OfferNotOpen(offer_id=str(offer.id), offer_status=offer.status)
    proposal = Proposal(
        **fitting.parties_of(need, offer, pairing),
        id=proposal_id or new_id(),
        suggestion_id=suggestion_id,
        quantity=amount,
        window_from=days[0],
        window_to=days[1],
        terms=terms,
        hold_until=rules.hold_until(clock.now(), get_settings().hold_days),
        status=LIFECYCLE.initial,
        proposed_by_side=by,
        agreed_by=rules.agreed_after(by),
        awaits_verification=waits,
    )
    if not await repository.insert(uow, proposal):
        raise rules.ProposalExists(need_id=str(need.id), offer_id=str(offer.id))
    await recording.turn(uow, actor, proposal, by)
    recording.record(uow, proposal, "proposed", None)
    return Prepared(proposal, need, offer)


async def hold(uow: UnitOfWork, prepared: Prepared) -> None:
    """Hold the quantity of a prepared proposal on both sides.

    Raises NotFitting and QuantityExceeded, NotFound where either side was merged into another participant meanwhile, and
    Outdated, with which the transaction begins again, where need or offer was changed.
    """
    proposal, need, offer = prepared.proposal, prepared.need, prepared.offer
    await uow.flush()  # events and what follows from them need no lock either
    now = await repository.take_as_they_stand(uow, offer.id, need.id)
    if now is None or (now["county_id"], now["giver_id"]) != (need.participant_id, offer.participant_id):
        raise NotFound
    if (now["need_version"], now["offer_version"]) != (need.version, offer.version):
        raise Outdated
    await fitting.check_room(uow, need, offer, proposal.quantity)
    if not proposal.awaits_verification:
        reference = recording.reference(proposal)
        await books.hold(uow, offer_id=offer.id, need_id=need.id, quantity=proposal.quantity, reference=reference)


async def _open(uow: UnitOfWork, pair: Pair) -> tuple[Need, Offer, bool]:
    """Need and offer if they are open, and whether the offer is a draft that waits for its giver's verification; then
    both are locked already, because the giver comes before its offer.
    """
    need, offer = pair.need, pair.offer
    if offer.status == "draft":
        offer, waits = await offers.lock_to_commit(uow, offer.id)
        need = await needs.lock(uow, need.id)
        if (need.participant_id, offer.participant_id) != (pair.county_id, pair.giver_id):
            raise NotFound
        return need, offer, waits
    if offer.status != "published":
        raise OfferNotOpen(offer_id=str(offer.id), offer_status=offer.status)
    if need.status != "published":
        raise NeedNotOpen(need_id=str(need.id), need_status=need.status)
    return need, offer, False


async def propose_suggested(uow: UnitOfWork, actor: Actor, pair: SuggestedPair, body: SuggestionPropose) -> Proposal:
    """Take up a suggestion; what is left out is taken from it. Raises SuggestionTaken, and what `propose` raises."""
    suggestion = pair.suggestion
    kind = await catalogue.get_type(uow, pair.need.resource_type_id)
    proposal = await propose(
        uow,
        actor,
        pair,
        quantity=body.quantity or fitting.shown(kind, suggestion.quantity),
        window=body.window,
        terms=body.terms,
        suggestion_id=suggestion.id,
    )
    await docking.take_suggestion(uow, suggestion.id, proposal.id)
    return proposal


def _seat(actor: Actor, county_id: UUID, giver_id: UUID, wanted: Side | None) -> Seat:
    speaks_for = sides_of(actor, county_id, giver_id)
    if wanted in speaks_for:
        return wanted
    return speaks_for[0] if speaks_for else "coordinator"

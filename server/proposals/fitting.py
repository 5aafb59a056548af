"""Whether one need and one offer can be docked: the facts that the hard rules (rules.py) ask for, gathered."""

from datetime import date
from decimal import Decimal
from typing import Any

from server.books import service as books
from server.catalogue.models import ResourceType
from server.kit import clock
from server.kit.quantity import Amount, amount
from server.kit.shapes import Window
from server.kit.uow import UnitOfWork
from server.needs.models import Need
from server.offers.models import Offer
from server.pairings.models import Pairing
from server.proposals import rules

Days = tuple[date, date]


def days(need: Need, offer: Offer, wanted: Window | None) -> Days:
    """The window that is wanted, or the days that need and offer still share."""
    if wanted:
        return wanted.from_, wanted.to
    return rules.default_window((need.window_from, need.window_to), (offer.window_from, offer.window_to), clock.today())


def shown(kind: ResourceType, quantity: Decimal) -> Amount:
    """A stored quantity as the interface takes it."""
    return amount(quantity, kind.unit)


def parties_of(need: Need, offer: Offer, pairing: Pairing | None) -> dict[str, Any]:
    """The columns by which a proposal names both sides."""
    return {
        "need_id": need.id,
        "offer_id": offer.id,
        "pairing_id": pairing.id if pairing else None,
        "county_id": need.participant_id,
        "giver_id": offer.participant_id,
        "county_code": need.county_code,
        "department_id": need.department_id,
    }


async def check(
    uow: UnitOfWork,
    need: Need,
    offer: Offer,
    kind: ResourceType,
    quantity: Decimal,
    days: Days,
    pairing: Pairing | None,
    *,
    own: Decimal = Decimal(0),
) -> None:
    """Check the hard rules again, whoever suggested it; need and offer are locked. Raises NotFitting.

    `pairing` is theirs, if they have one; `own` is what the same two hold already, while they negotiate.
    """
    check_terms(need, offer, kind, quantity, days, pairing)
    await check_room(uow, need, offer, quantity, own=own)


def check_terms(
    need: Need, offer: Offer, kind: ResourceType, quantity: Decimal, days: Days, pairing: Pairing | None
) -> None:
    """Check the rules that depend on need and offer alone, not on what others hold. Raises NotFitting."""
    rules.check_fit(
        rules.Terms(
            need_type=need.resource_type_id,
            offer_type=offer.resource_type_id,
            reach=kind.reach,
            need_window=(need.window_from, need.window_to),
            offer_window=(offer.window_from, offer.window_to),
            window=days,
            quantity=quantity,
            min_lot=offer.min_lot,
            restriction=offer.restriction,
            allowed_places=offer.place_codes,
            county_code=need.county_code,
            paired=pairing is not None,
        )
    )


async def check_room(
    uow: UnitOfWork, need: Need, offer: Offer, quantity: Decimal, *, own: Decimal = Decimal(0)
) -> None:
    """Check the rules about what others hold; need and offer are locked. Raises NotFitting."""
    room = await books.room(uow, need.id, None if offer.max_receivers is None else offer.id)
    rules.check_part(quantity, need.min_part, room.balance.open + own)
    if not own:
        rules.check_count("sources", room.sources, need.max_sources)
        if offer.max_receivers is not None:
            rules.check_count("receivers", room.receivers, offer.max_receivers)

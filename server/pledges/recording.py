"""What the verbs of pledges share: the text of the terms as they stand, its versions, the accounts, and the events."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from server.books.rules import Reference
from server.books.service import BOTH, Sides
from server.kit import signing
from server.kit.schema import new_id
from server.kit.uow import Audience, Event, UnitOfWork
from server.pairings import service as pairings
from server.pledges import repository, text
from server.pledges.amendment_rules import Terms
from server.pledges.models import Pledge, PledgeVersion
from server.proposals import service as proposals

OFFER_ALONE: Sides = ("offer",)
UNCONFIRMED: dict[str, Any] = {"value_confirmed_by": None, "value_confirmed_at": None}
"""The columns of a value that the county confirms anew."""


async def terms(uow: UnitOfWork, pledge: Pledge) -> Terms:
    """What the pledge says as it stands; days and conditions are the proposal's until an amendment changes them."""
    proposal = await proposals.get(uow, uow.actor, pledge.proposal_id)
    return Terms(
        quantity=pledge.quantity,
        first=pledge.window_from or proposal.window_from,
        last=pledge.window_to or proposal.window_to,
        terms=proposal.terms if pledge.terms is None else pledge.terms,
        parts=tuple(await repository.instalments(uow, pledge.id)),
    )


async def written(uow: UnitOfWork, pledge: Pledge, said: Terms, revision: int) -> dict[str, Any]:
    """The text of terms as one revision, in both languages, with its hash: the columns of a version."""
    shown = await proposals.read(uow, uow.actor, pledge.proposal_id)
    named = await pairings.sides_named(uow, pledge.county_id, pledge.giver_id)
    facts = text.Facts(
        giver=named.giver,
        county=shown.county.name,
        place=shown.place.name,
        offer=shown.offer.title,
        need=shown.need.title,
        kind=shown.resource_type.name,
        quantity=said.quantity,
        unit=shown.resource_type.unit,
        first=said.first,
        last=said.last,
        terms=said.terms,
        parts=said.parts,
        revision=revision,
    )
    zh, en = text.write(facts)
    return {"text_zh": zh, "text_en": en, "text_hash": signing.text_hash(zh, en), "revision": revision}


async def keep_version(
    uow: UnitOfWork, pledge: Pledge, said: Terms, columns: dict[str, Any], status: str, **about: Any
) -> PledgeVersion:
    """Keep one version of a pledge's text with what it says."""
    version = PledgeVersion(
        id=new_id(),
        pledge_id=pledge.id,
        status=status,
        quantity=said.quantity,
        window_from=said.first,
        window_to=said.last,
        terms=said.terms,
        parts=[[due.isoformat(), str(quantity)] for due, quantity in said.parts],
        **columns,
        **about,
    )
    await repository.insert_version(uow, version)
    return version


def terms_of(version: PledgeVersion) -> Terms:
    """What a version says."""
    parts: Sequence[tuple[date, Decimal]] = [(date.fromisoformat(due), Decimal(part)) for due, part in version.parts]
    return Terms(version.quantity, version.window_from, version.window_to, version.terms, tuple(parts))


def is_part(pledge: Pledge) -> bool:
    """Whether it is part of a larger pledge, with which its need counts it."""
    return pledge.part_of_id is not None


def accounts(pledge: Pledge, reference: Reference | None = None) -> dict[str, Any]:
    """The accounts of a pledge, and on whose behalf they move: the pledge, or the record that is given.

    What is part of a larger pledge stands on its offer's account alone: its giver owes it, and can promise it to nobody else.
    """
    reference = reference or Reference("pledge", pledge.id)
    sides = OFFER_ALONE if is_part(pledge) else BOTH
    return {"offer_id": pledge.offer_id, "need_id": pledge.need_id, "reference": reference, "sides": sides}


def facts(pledge: Pledge) -> dict[str, Any]:
    """What an event keeps of a pledge."""
    return {
        "status": pledge.status,
        "quantity": str(pledge.quantity),
        "accepted": str(pledge.accepted),
        "due": pledge.due.isoformat(),
        "revision": pledge.revision,
        "text_hash": pledge.text_hash,
    }


def record(uow: UnitOfWork, pledge: Pledge, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to a pledge, for both sides and those above."""
    after = facts(pledge) | {"proposal_id": str(pledge.proposal_id)} | said
    audience = Audience(frozenset({pledge.county_id, pledge.giver_id}), frozenset({pledge.county_code}))
    uow.record(Event(f"pledge.{event}", "pledge", pledge.id, audience, before, after))

"""Who and what a proposal, a pledge or a delivery is between: the embedded references, as schema and as SQL.

The three records carry the same columns (need_id, offer_id, county_id, giver_id, county_code), so that one join
serves all their lists.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.actor import Actor
from server.catalogue.schemas import TypeRef
from server.participants.schemas import ParticipantRef
from server.participants.sides import NEGOTIATING, sides_of
from server.places.schemas import PlaceRef
from server.proposals.models import Proposal
from server.proposals.rules import Seat, Voice, declining_side


class TitleRef(BaseModel):
    """A need or an offer, named."""

    id: UUID
    title: str


class Parties(BaseModel):
    """Who and what the record is between, and where the caller stands."""

    need_id: UUID
    offer_id: UUID
    need: TitleRef
    offer: TitleRef
    resource_type: TypeRef
    place: Annotated[PlaceRef, Field(description="the receiving county")]
    county: Annotated[ParticipantRef, Field(description="the participant that asks, and that accepts")]
    giver: ParticipantRef
    pairing_id: UUID | None
    side: Annotated[
        Seat | None,
        Field(description="the caller's side: county, giver, coordinator (overseeing), or null for none of them"),
    ]


def speaks_for_department(actor: Actor, department_id: UUID | None) -> bool:
    """Whether an actor speaks for the line department whose word is asked for."""
    return department_id is not None and bool(actor.roles_at(department_id) & NEGOTIATING)


def declines_for(actor: Actor, proposal: Proposal) -> Voice:
    """For whom an actor declines: the line department that is asked, or a side. Raises OwnProposal."""
    if speaks_for_department(actor, proposal.department_id):
        return "department"
    member_of = sides_of(actor, proposal.county_id, proposal.giver_id)
    return declining_side(proposal.proposed_by_side, proposal.agreed_by, member_of)


def seat(actor: Actor, county_id: UUID, giver_id: UUID, county_code: str) -> Seat | None:
    """Where an actor sits towards a record: a side for which it may speak, one of which it is a member, or above."""
    if speaks_for := sides_of(actor, county_id, giver_id):
        return speaks_for[0]
    if actor.roles_at(county_id):
        return "county"
    if actor.roles_at(giver_id):
        return "giver"
    return "coordinator" if actor.is_system or actor.roles_over(county_code) else None


COLUMNS = f"""
    n.title AS need_title, o.title AS offer_title,
    {TypeRef.COLUMNS},
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en,
    county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind,
    coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en"""


def joins(record: str) -> str:
    """The joins that COLUMNS need, from the table alias `record` (which has need_id, offer_id, county_id, giver_id).

    An armed-forces unit's own row is hidden from the other side, which reads its alias.
    """
    return f"""
    JOIN need n ON n.id = {record}.need_id
    JOIN offer o ON o.id = {record}.offer_id
    JOIN resource_type t ON t.code = n.resource_type_id
    JOIN place ON place.id = n.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND province.level = 'province'
    JOIN participant county ON county.id = {record}.county_id
    LEFT JOIN participant giver ON giver.id = {record}.giver_id
    LEFT JOIN LATERAL (
        SELECT * FROM jiedui_participant_names(ARRAY[{record}.giver_id]) WHERE giver.id IS NULL OFFSET 0
    ) alias ON true"""  # noqa: S608  # `record` is a name in the code


def parties(row: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The fields of Parties, in the form of the reply and in its order, from a row with COLUMNS and the record's own ids."""
    return {
        "need_id": row["need_id"],
        "offer_id": row["offer_id"],
        "need": {"id": row["need_id"], "title": row["need_title"]},
        "offer": {"id": row["offer_id"], "title": row["offer_title"]},
        "resource_type": TypeRef.shown(row),
        "place": PlaceRef.shown(row),
        "county": ParticipantRef.shown(row, "county_"),
        "giver": ParticipantRef.shown(row, "giver_"),
        "pairing_id": row["pairing_id"],
        "side": seat(actor, row["county_id"], row["giver_id"], row["county_code"]),
    }

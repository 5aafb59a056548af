"""What somebody did alone where a second person is asked for, and who may still countersign it.

Where a county has one person, who wrote or changed a need may publish it; somebody else countersigns later.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.accounts.schemas import PersonRef
from server.kit.paging import Listing, ListQuery, Page, SortKey, Where
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.schemas import PlaceRef

LISTING = Listing(
    columns="""
    n.id, n.title, n.status, n.participant_id, n.published_at, n.reviewed_by, writer.name AS writer_zh,
    writer.name_en AS writer_en, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en""",
    source="""
    need n JOIN place ON place.code = n.county_code
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN LATERAL jiedui_user_names(ARRAY[n.reviewed_by]) AS writer ON true""",
    picked_from="need n",
    identity="n.id",
    sorts={"at": SortKey("n.published_at", "timestamptz")},
    default="-at",
)

# By the county's other reviewers, who can sign in; the leading group's office over the county may always.
MAY_SIGN = """
SELECT DISTINCT g.participant_id, u.id, u.name, u.name_en FROM role_grant g JOIN account_user u ON u.id = g.user_id
WHERE g.participant_id = ANY ($1::uuid[]) AND g.role = 'reviewer' AND g.revoked_at IS NULL AND u.is_active ORDER BY u.name
"""


class AloneQuery(ListQuery):
    """The list of what was done alone."""


class AloneRow(BaseModel):
    """A need that somebody published alone who wrote or changed it, and that nobody has countersigned."""

    id: UUID
    title: str
    status: str
    county: PlaceRef
    by: PersonRef
    at: Annotated[datetime, Field(description="when it was published")]
    by_whom: Annotated[
        list[PersonRef],
        Field(description="the county's reviewers who may countersign; the leading group's office over it may, too"),
    ]


async def page(uow: UnitOfWork, actor: Actor, query: AloneQuery) -> Page[AloneRow]:
    """One page of what waits for a countersignature at the actor's participants and in the places that it oversees."""
    where = Where().add("n.published_at IS NOT NULL AND n.decided_alone")
    where.add(
        "n.participant_id = ANY ({}::uuid[]) OR n.county_code LIKE ANY ({}::text[])",
        sorted(actor.participants),
        list(actor.oversight),
    )
    found = await LISTING.page(uow, query, where)
    async with accounts.as_system(uow):
        signing = await uow.fetch(MAY_SIGN, [row["participant_id"] for row in found.items])
    return Page(items=[_row(row, signing) for row in found.items], next=found.next, total=found.total)


def _row(row: dict[str, Any], signing: list[dict[str, Any]]) -> AloneRow:
    others = [
        _person(one["id"], one["name"], one["name_en"])
        for one in signing
        if one["participant_id"] == row["participant_id"] and one["id"] != row["reviewed_by"]
    ]
    return AloneRow(
        id=row["id"],
        title=row["title"],
        status=row["status"],
        county=PlaceRef.of(row),
        by=_person(row["reviewed_by"], row["writer_zh"], row["writer_en"]),
        at=row["published_at"],
        by_whom=others,
    )


def _person(id_: UUID, zh: str | None, en: str | None) -> PersonRef:
    return PersonRef(id=id_, name=Name(zh=zh or "", en=en or ""))

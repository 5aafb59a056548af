"""A small domain that only the kit's tests know: parcels with a name, a weight, a status and a version."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request

from server.accounts.actor import ANONYMOUS, Actor
from server.kit.endpoint import Call, Operations
from server.kit.errors import Conflict, NotFound
from server.kit.paging import Listing, ListQuery, Page, SortKey, Where
from server.kit.policy import Policy, rule
from server.kit.schema import new_id
from server.kit.shapes import Clean, Input
from server.kit.uow import Audience, Event, UnitOfWork

TABLE = """
CREATE TABLE parcel (id uuid PRIMARY KEY, name text NOT NULL, weight int NOT NULL DEFAULT 1,
                     status text NOT NULL DEFAULT 'draft', version int NOT NULL DEFAULT 1)
"""
OWNER_GRANTS = "GRANT SELECT, INSERT, UPDATE, DELETE ON parcel TO jiedui_app"


@dataclass
class Parcel:
    id: UUID
    name: str
    weight: int
    status: str
    version: int


class ParcelWrite(Input):
    name: Annotated[str, Clean(40, 1)]
    weight: Annotated[int, Field(ge=1, le=1000)] = 1


class ParcelRead(BaseModel):
    id: UUID
    name: str
    weight: int
    status: str
    version: int


class ParcelQuery(ListQuery):
    weight: int | None = None


class Lost(Conflict):
    slug = "lost"


def held(actor: Any, subject: Any) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants)


POLICY = Policy(
    "parcel",
    (
        rule("look", "anyone"),
        rule("read create lose", "signed_in"),
        rule("send", "signatory", "held", states="draft"),
        rule("change", "editor", "held", fields="name"),
        rule("change", "signatory", "held"),
    ),
    {"held": held},
)
LIST = Listing(
    columns="id, name, weight, status, version",
    source="parcel",
    identity="id",
    sorts={"weight": SortKey("weight", "int"), "name": SortKey("name")},
    default="weight",
)

operations = Operations("parcels", POLICY)


async def load(call: Call) -> Parcel:
    row = await call.uow.fetch_one("SELECT * FROM parcel WHERE id = $1", call.param("parcel_id"))
    if row is None:
        raise NotFound
    return Parcel(**row)


@operations.get("/parcels", action="look")
async def list_parcels(call: Call, query: ParcelQuery) -> Page[ParcelRead]:
    """Parcels."""
    where = Where()
    if query.weight is not None:
        where.add("weight = {}", query.weight)
    page = await LIST.page(call.uow, query, where)
    return Page(items=[ParcelRead(**row) for row in page.items], next=page.next, total=page.total)


@operations.create("/parcels")
async def create_parcel(call: Call, body: ParcelWrite) -> ParcelRead:
    """Make a parcel; one called `doomed` is refused after it was written."""
    await insert(call.uow, body.name, body.weight)
    row = await call.uow.fetch_one("SELECT * FROM parcel ORDER BY id DESC LIMIT 1")
    assert row
    if body.name == "doomed":
        raise Lost
    call.uow.record(Event("parcel.made", "parcel", row["id"], Audience(everyone=True)))
    return ParcelRead(**row)


@operations.create("/parcels/lose", action="lose")
async def lose_parcel(call: Call, body: ParcelWrite) -> ParcelRead:
    """Write a parcel, keep it, and refuse all the same."""
    await insert(call.uow, body.name)
    call.uow.keep = True
    raise Lost


@operations.get("/parcels/{parcel_id:uuid}", action="read", loads=load)
async def read_parcel(call: Call, subject: Parcel) -> ParcelRead:
    """A parcel."""
    return ParcelRead(**vars(subject))


@operations.verb("/parcels/{parcel_id:uuid}/send", action="send", loads=load)
async def send_parcel(call: Call, subject: Parcel) -> ParcelRead:
    """Send a parcel off."""
    row = await call.uow.fetch_one(
        "UPDATE parcel SET status = 'sent', version = version + 1 WHERE id = $1 RETURNING *", subject.id
    )
    assert row
    return ParcelRead(**row)


@operations.change("/parcels/{parcel_id:uuid}", loads=load)
async def change_parcel(call: Call, subject: Parcel, body: ParcelWrite) -> ParcelRead:
    """Name a parcel anew, or weigh it again."""
    row = await call.uow.fetch_one(
        "UPDATE parcel SET name = $2, weight = $3, version = version + 1 WHERE id = $1 RETURNING *",
        subject.id,
        body.name,
        body.weight,
    )
    assert row
    return ParcelRead(**row)


@operations.delete("/parcels/{parcel_id:uuid}", action="change", loads=load)
async def delete_parcel(call: Call, subject: Parcel) -> None:
    """Drop a parcel."""
    await call.uow.fetch("DELETE FROM parcel WHERE id = $1", subject.id)


async def insert(uow: UnitOfWork, name: str, weight: int = 1) -> UUID:
    """A parcel's row."""
    row = new_id()
    await uow.fetch("INSERT INTO parcel (id, name, weight) VALUES ($1, $2, $3)", row, name, weight)
    return row


@dataclass
class Callers:
    """Who a test says that a request comes from, by a header."""

    known: dict[str, Actor]

    async def find(self, uow: UnitOfWork, request: Request) -> Actor:
        actor = self.known.get(request.headers.get("X-Caller", ""), ANONYMOUS)
        await uow.act_as(actor)
        return actor

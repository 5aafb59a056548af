"""References of clients: a form that is sent again, tomorrow as well, makes no second record (decision 5 of docs/reliability.md).

An idempotency key lasts seven days; a client's own reference lasts for good, one for each kind of record and owner.
"""

import hashlib
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.kit.errors import Conflict, Text
from server.kit.shapes import Clean
from server.kit.uow import UnitOfWork

ClientRef = Annotated[
    Annotated[str, Clean(80, 1)] | None,
    Field(
        description="the client's own key, permanent: the same form sent again gives the same record, not a second one"
    ),
]


class ClientRefReused(Conflict):
    """The client's reference came before with other contents."""

    slug = "client-ref-reused"
    title = Text("编号已用于其他记录", "The reference was used before")
    detail = Text("该客户端编号已用于另一条记录。", "This client reference was used for another record.")


async def claim(
    uow: UnitOfWork, *, owner_id: UUID, kind: str, client_ref: str | None, record_id: UUID, body: BaseModel
) -> UUID | None:
    """Take a reference for a record that is about to be made, or give the record that was made under it.

    A second one with the same reference waits here, on the unique index, until the first has ended. Raises
    ClientRefReused where it came with other contents.
    """
    if client_ref is None:
        return None
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    taken = await uow.fetch_one(
        "INSERT INTO client_reference (owner_id, kind, client_ref, record_id, body_hash) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (owner_id, kind, client_ref) DO NOTHING RETURNING record_id",
        owner_id,
        kind,
        client_ref,
        record_id,
        digest,
    )
    if taken:
        return None
    before = await uow.fetch_one(
        "SELECT record_id, body_hash FROM client_reference WHERE owner_id = $1 AND kind = $2 AND client_ref = $3",
        owner_id,
        kind,
        client_ref,
    )
    if before is None or before["body_hash"] != digest:
        raise ClientRefReused(client_ref=client_ref)
    return before["record_id"]


async def made(uow: UnitOfWork, *, owner_id: UUID, kind: str, client_ref: str | None = None) -> dict[str, UUID]:
    """The records of a kind that were made under references for this owner, by reference: all, or that of one."""
    rows = await uow.fetch(
        "SELECT client_ref, record_id FROM client_reference WHERE owner_id = $1 AND kind = $2"
        " AND ($3::text IS NULL OR client_ref = $3)",
        owner_id,
        kind,
        client_ref,
    )
    return {row["client_ref"]: row["record_id"] for row in rows}

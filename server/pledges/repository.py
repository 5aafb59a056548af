"""Every query on pledges; who sees which is as for proposals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.pledges.models import Pledge, PledgeSignature
from server.pledges.schemas import PledgeQuery
from server.proposals import parties
from server.proposals.service import filtered, visible_to

INSTALMENTS = """
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.due, i.quantity::text) ORDER BY i.due, i.id), '[]')::text
     FROM instalment i WHERE i.pledge_id = p.id) AS instalments"""
SIGNED = """
    ARRAY(SELECT s.side FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = p.revision
          ORDER BY s.side)::text[] AS signed_by"""
SIGNATURES = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('side', s.side, 'text_hash', s.text_hash, 'at', s.at, 'person',
        jsonb_build_object('id', s.user_id, 'name',
            jsonb_build_object('zh', coalesce(u.name, ''), 'en', coalesce(u.name_en, '')))) ORDER BY s.at), '[]')::text
     FROM pledge_signature s LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.user_id]) u ON true
     WHERE s.pledge_id = p.id AND s.revision = p.revision) AS signatures"""
ROW = f"""
    p.id, p.version, p.status, p.created_at, p.proposal_id, p.need_id, p.offer_id, p.pairing_id, p.county_id,
    p.giver_id, p.county_code, p.quantity, p.accepted, p.declared, p.sign_by, p.due, p.effective_at, p.remark,
    pr.window_from, pr.window_to, {SIGNED}, {INSTALMENTS}, {parties.COLUMNS}"""
NAMED = """
    (SELECT jsonb_build_object('zh', named.name_zh, 'en', named.name_en)::text
     FROM jiedui_participant_names(ARRAY[p.{column}_id]) AS named) AS {column}"""
WHOLE = f"""
    {ROW}, p.value_fen, p.variance_owner, p.variance_note, {NAMED.format(column="paid_by")}, {NAMED.format(column="mobilised_by")},
    p.text_zh, p.text_en, p.text_hash, p.revision, {SIGNATURES}"""
SOURCE = f"pledge p JOIN proposal pr ON pr.id = p.proposal_id {parties.joins('p')}"

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="p.id",
    sorts={
        "created_at": SortKey("p.created_at", "timestamptz"),
        "due": SortKey("p.due", "date"),
        "sign_by": SortKey("p.sign_by", "timestamptz"),
        "quantity": SortKey("p.quantity", "numeric"),
        "status": SortKey("p.status"),
    },
    default="-created_at",
)


def matching(actor: Actor, query: PledgeQuery, today: date) -> Where:
    """The conditions of a list."""
    where = filtered(visible_to(actor, "p"), actor, query, "p")
    if query.status:
        where.add("p.status = ANY({}::text[])", query.status)
    if query.proposal_id:
        where.add("p.proposal_id = {}", query.proposal_id)
    if query.overdue is not None:
        where.add(
            "(p.status = 'effective' AND p.accepted < (SELECT coalesce(sum(i.quantity), 0) FROM instalment i"
            " WHERE i.pledge_id = p.id AND i.due < {})) = {}",
            today,
            query.overdue,
        )
    if query.awaiting:
        own = sorted(actor.participants)
        signed = (
            "EXISTS (SELECT FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = p.revision AND s.side ="
        )
        where.add(
            f"p.status = 'awaiting_signature' AND ((p.county_id = ANY({{}}::uuid[]) AND NOT {signed} 'county'))"
            f" OR (p.giver_id = ANY({{}}::uuid[]) AND NOT {signed} 'giver')))",
            own,
            own,
        )
    return where


async def find(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> Pledge | None:
    """A pledge that the actor may see."""
    where = visible_to(actor, "p").add("p.id = {}", pledge_id)
    return _pledge(await uow.fetch_one(f"SELECT p.* FROM pledge p WHERE {where}", *where.values))  # no input in it


async def take(uow: UnitOfWork, pledge_id: UUID) -> Pledge | None:
    """A pledge as it stands now, locked; its offer and its need are locked before it."""
    return _pledge(await uow.fetch_one("SELECT * FROM pledge WHERE id = $1 FOR NO KEY UPDATE", pledge_id))


async def whole(uow: UnitOfWork, pledge_id: UUID) -> dict[str, Any]:
    """One pledge as a row with its signatures, parts and everything joined in."""
    rows = await uow.fetch(f"SELECT {WHOLE} FROM {SOURCE} WHERE p.id = $1", pledge_id)  # no input in it
    found = rows[0]
    for column in ("signatures", "paid_by", "mobilised_by"):
        found[column] = found[column] and orjson.loads(found[column])
    return found


def instalments_of(row: dict[str, Any]) -> list[tuple[date, Decimal]]:
    """The parts of a pledge from a row, in order of date."""
    return [(date.fromisoformat(due), Decimal(quantity)) for due, quantity in orjson.loads(row["instalments"])]


async def instalments(uow: UnitOfWork, pledge_id: UUID) -> list[tuple[date, Decimal]]:
    """The parts of a pledge, in order of date."""
    rows = await uow.fetch("SELECT due, quantity FROM instalment WHERE pledge_id = $1 ORDER BY due", pledge_id)
    return [(row["due"], row["quantity"]) for row in rows]


async def insert(uow: UnitOfWork, pledge: Pledge) -> None:
    """Insert a pledge."""
    await pledge.save(using_db=uow.connection, force_create=True)


async def replace_instalments(uow: UnitOfWork, pledge_id: UUID, parts: list[tuple[date, Decimal]]) -> None:
    """Set the parts of a pledge."""
    await uow.fetch("DELETE FROM instalment WHERE pledge_id = $1", pledge_id)
    await uow.fetch(
        "INSERT INTO instalment (pledge_id, due, quantity)"
        " SELECT $1, part.due, part.quantity FROM unnest($2::date[], $3::numeric[]) AS part (due, quantity)",
        pledge_id,
        [due for due, _ in parts],
        [quantity for _, quantity in parts],
    )


async def signatures(uow: UnitOfWork, pledge: Pledge) -> dict[str, UUID]:
    """Who signed the text as it stands, for which side."""
    rows = await uow.fetch(
        "SELECT side, user_id FROM pledge_signature WHERE pledge_id = $1 AND revision = $2", pledge.id, pledge.revision
    )
    return {row["side"]: row["user_id"] for row in rows}


async def insert_signature(uow: UnitOfWork, signature: PledgeSignature) -> None:
    """Insert a signature."""
    await uow.fetch(
        "INSERT INTO pledge_signature (pledge_id, revision, side, user_id, text_hash, at) VALUES ($1, $2, $3, $4, $5, $6)",
        signature.pledge_id,
        signature.revision,
        signature.side,
        signature.user_id,
        signature.text_hash,
        signature.at,
    )


async def add_accepted(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal) -> Decimal | None:
    """Count what was accepted; the new sum, or None where it would pass what was promised."""
    row = await uow.fetch_one(
        "UPDATE pledge SET accepted = accepted + $2 WHERE id = $1 AND accepted + $2 <= quantity RETURNING accepted",
        pledge_id,
        quantity,
    )
    return row["accepted"] if row else None


async def take_back(uow: UnitOfWork, pledge_id: UUID, declared: Decimal, accepted: Decimal) -> Decimal:
    """Count a decided delivery no longer; what is still accepted."""
    rows = await uow.fetch(
        "UPDATE pledge SET declared = declared - $2, accepted = accepted - $3 WHERE id = $1 RETURNING accepted",
        pledge_id,
        declared,
        accepted,
    )
    return rows[0]["accepted"]


async def add_declared(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal) -> None:
    """Count what was declared of a delivery that is decided."""
    await uow.fetch("UPDATE pledge SET declared = declared + $2 WHERE id = $1", pledge_id, quantity)


async def unsigned(uow: UnitOfWork, now: datetime) -> list[UUID]:
    """Pledges whose time for signing is over, the longest first."""
    rows = await uow.fetch(
        "SELECT id FROM pledge WHERE status IN ('awaiting_signature', 'awaiting_verification') AND sign_by <= $1"
        " ORDER BY sign_by, id",
        now,
    )
    return [row["id"] for row in rows]


def _pledge(row: dict[str, Any] | None) -> Pledge | None:
    return Pledge(**row) if row else None

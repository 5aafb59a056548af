"""Every query on proposals, and who sees which: row-level security says the same a second time."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.proposals import parties
from server.proposals.models import Proposal, ProposalMessage, ProposalTurn
from server.proposals.schemas import ProposalQuery

LIVE = ["proposed", "countered", "agreed"]

# What others wrote since the reader last looked.
UNREAD = """
    (SELECT count(*) FROM proposal_message m WHERE m.proposal_id = p.id AND m.user_id::text <> (SELECT jiedui_actor())
        AND m.at > coalesce((SELECT r.read_at FROM proposal_reading r WHERE r.proposal_id = p.id
            AND r.user_id::text = (SELECT jiedui_actor())), '-infinity'::timestamptz)) AS unread"""
ROW = f"""
    p.id, p.version, p.status, p.created_at, p.need_id, p.offer_id, p.suggestion_id, p.pairing_id, p.county_id,
    p.giver_id, p.county_code, p.quantity, p.window_from, p.window_to, p.terms, p.hold_until, p.renewals,
    p.proposed_by_side, p.agreed_by, p.awaits_verification, p.decline_code, p.decline_version, p.declined_by, p.remark, p.department_id, p.endorsed_at,
    department.kind AS department_kind, department.name_zh AS department_zh, department.name_en AS department_en,
    {UNREAD}, {parties.COLUMNS}"""
SOURCE = f"proposal p {parties.joins('p')} LEFT JOIN participant department ON department.id = p.department_id"
PERSON = "jsonb_build_object('id', u.id, 'name', jsonb_build_object('zh', u.name, 'en', u.name_en))"
TURNS = f"""
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'by', x.by_side, 'person', {PERSON}, 'quantity', x.quantity::text,
        'from', x.window_from, 'to', x.window_to, 'terms', x.terms, 'at', x.at) ORDER BY x.sequence), '[]')::text
     FROM proposal_turn x LEFT JOIN LATERAL jiedui_user_names(ARRAY[x.user_id]) u ON true
     WHERE x.proposal_id = p.id) AS turns"""
ENDORSER = f"(SELECT {PERSON}::text FROM jiedui_user_names(ARRAY[p.endorsed_by]) u) AS endorsed_by"

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="p.id",
    sorts={
        "created_at": SortKey("p.created_at", "timestamptz"),
        "hold_until": SortKey("p.hold_until", "timestamptz"),
        "quantity": SortKey("p.quantity", "numeric"),
        "status": SortKey("p.status"),
    },
    default="-created_at",
)


def visible_to(actor: Actor, alias: str) -> Where:
    """What both sides see of their records, and who oversees the county; the same for pledges and deliveries."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        f"{alias}.county_id = ANY({{}}::uuid[]) OR {alias}.giver_id = ANY({{}}::uuid[])"
        f" OR {alias}.county_code LIKE ANY ({{}}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def proposals_of(actor: Actor) -> Where:
    """What an actor sees of proposals: what both sides see, and what its line department is asked about."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "p.county_id = ANY({}::uuid[]) OR p.giver_id = ANY({}::uuid[]) OR p.county_code LIKE ANY ({}::text[])"
        " OR p.department_id = ANY({}::uuid[])",
        own,
        own,
        list(actor.oversight),
        own,
    )


def of_parties(where: Where, actor: Actor, query: Any, alias: str) -> Where:
    """The filters that proposals, pledges and deliveries share: side, county, giver, place, pairing, need, offer."""
    if query.side:
        where.add(f"{alias}.{query.side}_id = ANY({{}}::uuid[])", sorted(actor.participants))
    filters = (
        ("county_id", query.county),
        ("giver_id", query.giver),
        ("need_id", query.need_id),
        ("offer_id", query.offer_id),
        ("pairing_id", query.pairing),
    )
    for column, value in filters:
        if value:
            where.add(f"{alias}.{column} = {{}}", value)
    if query.place:
        where.add(f"{alias}.county_code LIKE {{}}", code_pattern(query.place))
    return where


def matching(actor: Actor, query: ProposalQuery) -> Where:
    """The conditions of a list."""
    where = of_parties(proposals_of(actor), actor, query, "p")
    if query.status:
        where.add("p.status = ANY({}::text[])", query.status)
    if query.live is not None:
        where.add("(p.status = ANY({}::text[])) = {}", LIVE, query.live)
    negotiated = "p.status IN ('proposed', 'countered') AND "
    if query.awaiting == "me":
        own = sorted(actor.participants)
        where.add(
            negotiated + "(('county' <> ALL (p.agreed_by) AND p.county_id = ANY({}::uuid[]))"
            " OR ('giver' <> ALL (p.agreed_by) AND p.giver_id = ANY({}::uuid[]))"
            " OR (p.endorsed_at IS NULL AND p.department_id = ANY({}::uuid[])))",
            own,
            own,
            own,
        )
    elif query.awaiting:
        where.add(negotiated + "{} <> ALL (p.agreed_by)", query.awaiting)
    return where


async def find(uow: UnitOfWork, actor: Actor, proposal_id: UUID) -> Proposal | None:
    """A proposal that the actor may see."""
    where = proposals_of(actor).add("p.id = {}", proposal_id)
    return _proposal(await uow.fetch_one(f"SELECT p.* FROM proposal p WHERE {where}", *where.values))  # no input in it


async def take(uow: UnitOfWork, proposal_id: UUID) -> Proposal | None:
    """A proposal as it stands now, locked; its offer and its need are locked before it."""
    return _proposal(await uow.fetch_one("SELECT * FROM proposal WHERE id = $1 FOR NO KEY UPDATE", proposal_id))


async def take_parties(uow: UnitOfWork, offer_id: UUID, need_id: UUID) -> None:
    """Lock offer and need, in this order, whatever their status: what is to be released must always be possible."""
    await uow.fetch(TAKE_PARTIES, offer_id, need_id)


async def take_as_they_stand(uow: UnitOfWork, offer_id: UUID, need_id: UUID) -> dict[str, Any] | None:
    """Lock offer and need, in this order: whose they are and at which version; None where either is not seen."""
    return await uow.fetch_one(TAKE_AS_THEY_STAND, offer_id, need_id)


TAKE_AS_THEY_STAND = """
SELECT n.participant_id AS county_id, n.version AS need_version, o.participant_id AS giver_id, o.version AS offer_version
FROM (SELECT) AS parties
    CROSS JOIN LATERAL (SELECT id, participant_id, version FROM offer WHERE id = $1 FOR NO KEY UPDATE) o
    CROSS JOIN LATERAL (SELECT participant_id, version FROM need WHERE id = $2 AND o.id = $1 FOR NO KEY UPDATE) n"""

# The need is looked for when the offer was, though the offer be hidden from who asks.
TAKE_PARTIES = """
SELECT FROM (SELECT) AS parties LEFT JOIN LATERAL (SELECT id FROM offer WHERE id = $1 FOR NO KEY UPDATE) o ON true
    LEFT JOIN LATERAL (SELECT id FROM need WHERE id = $2 AND (o.id = $1 OR o.id IS NULL) FOR NO KEY UPDATE) n ON true"""


async def whole(uow: UnitOfWork, proposal_id: UUID) -> dict[str, Any]:
    """One proposal as a row with its turns and everything joined in."""
    rows = await uow.fetch(
        f"SELECT {ROW}, {TURNS}, {ENDORSER} FROM {SOURCE} WHERE p.id = $1", proposal_id
    )  # no input in it
    found = rows[0]
    found["turns"] = orjson.loads(found["turns"])
    return found


async def spoken(uow: UnitOfWork, proposal_id: UUID) -> list[tuple[str, str, frozenset[UUID]]]:
    """Every turn: its kind, for which side, and whose it is: the person's, and that of whom a substitute stood in for."""
    rows = await uow.fetch(
        "SELECT kind, by_side, user_id, for_user_id FROM proposal_turn WHERE proposal_id = $1 ORDER BY sequence",
        proposal_id,
    )
    return [(row["kind"], row["by_side"], frozenset({row["user_id"], row["for_user_id"]} - {None})) for row in rows]


INSERT = """
INSERT INTO proposal (id, version, need_id, offer_id, suggestion_id, pairing_id, county_id, giver_id, county_code,
    quantity, window_from, window_to, terms, hold_until, status, proposed_by_side, agreed_by, awaits_verification,
    department_id, remark)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '')
ON CONFLICT (need_id, offer_id) WHERE status IN ('proposed', 'countered', 'agreed') DO NOTHING
RETURNING id"""


async def insert(uow: UnitOfWork, proposal: Proposal) -> bool:
    """Insert a proposal; False where one of the same need and offer is live."""
    made = await uow.fetch(
        INSERT,
        proposal.id,
        proposal.need_id,
        proposal.offer_id,
        proposal.suggestion_id,
        proposal.pairing_id,
        proposal.county_id,
        proposal.giver_id,
        proposal.county_code,
        proposal.quantity,
        proposal.window_from,
        proposal.window_to,
        proposal.terms,
        proposal.hold_until,
        proposal.status,
        proposal.proposed_by_side,
        proposal.agreed_by,
        proposal.awaits_verification,
        proposal.department_id,
    )
    return bool(made)


async def insert_turn(uow: UnitOfWork, turn: ProposalTurn) -> None:
    """Insert a turn as the next of its proposal, which is locked."""
    await uow.fetch(
        "INSERT INTO proposal_turn (proposal_id, sequence, kind, by_side, user_id, for_user_id, quantity, window_from,"
        " window_to, terms, at)"
        " VALUES ($1, 1 + (SELECT count(*) FROM proposal_turn WHERE proposal_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        turn.proposal_id,
        turn.kind,
        turn.by_side,
        turn.user_id,
        turn.for_user_id,
        turn.quantity,
        turn.window_from,
        turn.window_to,
        turn.terms,
        turn.at,
    )


async def live_of(uow: UnitOfWork, kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    """The proposals of a need or an offer that are under negotiation: id, offer and need, in the order of locks."""
    column = {"need": "need_id", "offer": "offer_id"}[kind]
    return await uow.fetch(
        f"SELECT id, offer_id, need_id FROM proposal WHERE {column} = $1 AND status IN ('proposed', 'countered')"  # a constant
        " ORDER BY offer_id, need_id",
        subject_id,
    )


async def awaiting_verification(uow: UnitOfWork, giver_id: UUID) -> list[UUID]:
    """The proposals of a giver that wait for its verification, the earliest first."""
    rows = await uow.fetch(
        "SELECT id FROM proposal WHERE giver_id = $1 AND awaits_verification AND status IN ('proposed', 'countered')"
        " ORDER BY created_at, id",
        giver_id,
    )
    return [row["id"] for row in rows]


async def due(uow: UnitOfWork, now: datetime) -> list[UUID]:
    """Proposals whose hold is over, the longest first."""
    rows = await uow.fetch(
        "SELECT id FROM proposal WHERE status IN ('proposed', 'countered') AND hold_until <= $1 ORDER BY hold_until, id",
        now,
    )
    return [row["id"] for row in rows]


async def messages(uow: UnitOfWork, proposal_id: UUID) -> list[dict[str, Any]]:
    """The messages of a proposal with their writers' names, oldest first."""
    return await uow.fetch(
        "SELECT m.id, m.side, m.body, m.at, u.id AS user_id, u.name, u.name_en,"
        " (SELECT min(r.read_at) FROM proposal_reading r WHERE r.proposal_id = m.proposal_id AND r.side NOT IN (m.side, 'coordinator')"
        " AND r.read_at >= m.at) AS read_at,"
        " (SELECT coalesce(jsonb_agg(jsonb_build_object('file_id', f.id, 'media_type', f.media_type, 'size', f.size)"
        " ORDER BY f.id), '[]')::text FROM file f WHERE f.id = ANY (m.file_ids::uuid[])) AS files FROM proposal_message m"
        " LEFT JOIN LATERAL jiedui_user_names(ARRAY[m.user_id]) u ON true WHERE m.proposal_id = $1 ORDER BY m.at, m.id",
        proposal_id,
    )


async def insert_message(uow: UnitOfWork, message: ProposalMessage) -> None:
    """Insert a message."""
    await uow.fetch(
        "INSERT INTO proposal_message (id, proposal_id, user_id, side, body, at, file_ids)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        message.id,
        message.proposal_id,
        message.user_id,
        message.side,
        message.body,
        message.at,
        message.file_ids,
    )


async def mark_read(uow: UnitOfWork, proposal_id: UUID, user_id: UUID, side: str, at: datetime) -> None:
    """Note until when somebody has read a thread."""
    await uow.fetch(
        "INSERT INTO proposal_reading (proposal_id, user_id, side, read_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (proposal_id, user_id) DO UPDATE SET read_at = greatest(proposal_reading.read_at, $4), side = $3",
        proposal_id,
        user_id,
        side,
        at,
    )


def _proposal(row: dict[str, Any] | None) -> Proposal | None:
    return Proposal(**row) if row else None

"""Every query on deliveries; who sees which is as for proposals and pledges."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.deliveries.models import Delivery, DeliveryEvidence, DeliveryStage
from server.deliveries.rules import CHECKED_HEADS, CHECKED_TYPES, SENT, UNDER_WAY
from server.deliveries.schemas import DeliveryQuery
from server.kit import clock
from server.kit.paging import Listing, SortKey, Where
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.pledges.service import CHECK_DAYS
from server.proposals import parties
from server.proposals.service import filtered, visible_to
from server.settings import get_settings

EVIDENCE = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('file_id', x.file_id, 'kind', x.kind, 'caption', x.caption,
        'side', x.side, 'at', x.at, 'media_type', f.media_type, 'size', f.size, 'width', f.width, 'height', f.height,
        'person', CASE WHEN u.id IS NULL THEN NULL ELSE jsonb_build_object('id', u.id, 'name',
            jsonb_build_object('zh', u.name, 'en', u.name_en)) END) ORDER BY x.at, x.id), '[]')::text
     FROM delivery_evidence x JOIN file f ON f.id = x.file_id
     LEFT JOIN LATERAL jiedui_user_names(ARRAY[x.user_id]) u ON true WHERE x.delivery_id = d.id) AS evidence"""
# Nothing that the type asks to be shown is missing.
SHOWN = """
    NOT EXISTS (SELECT FROM jsonb_array_elements(t.evidence) AS wanted WHERE (wanted ->> 'needed')::boolean
        AND NOT EXISTS (SELECT FROM delivery_evidence x WHERE x.delivery_id = d.id AND x.kind = wanted ->> 'code'))
    AS shown"""
SURPLUS_HASH = """
    (SELECT v.text_hash FROM pledge_version v WHERE v.pledge_id = d.pledge_id AND v.status = 'proposed'
        AND v.delivery_id = d.id) AS surplus_hash"""
DONE = """
    (SELECT coalesce(jsonb_object_agg(y.kind, y.at), '{}')::text FROM (
        SELECT x.kind, max(x.at) AS at FROM delivery_stage x WHERE x.delivery_id = d.id GROUP BY x.kind) AS y) AS done"""
ROW = f"""
    d.id, d.version, d.status, d.created_at, d.pledge_id, d.declared, d.accepted, d.shortfall_reason, d.remark,
    d.client_ref, d.sent_at, {DONE}, {SHOWN}, d.decided_at, d.surplus, d.surplus_beyond, d.surplus_by, d.surplus_user, d.county_id, d.giver_id, d.county_code, pl.need_id, pl.offer_id,
    pl.pairing_id, pl.calendar_version, {parties.COLUMNS}"""
STAGES = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'at', x.at, 'voucher', x.voucher, 'note', x.note,
        'figures', x.figures, 'checks', x.checks,
        'person', CASE WHEN u.id IS NULL THEN NULL ELSE jsonb_build_object('id', u.id, 'name',
            jsonb_build_object('zh', u.name, 'en', u.name_en)) END) ORDER BY x.at, x.id), '[]')::text
     FROM delivery_stage x LEFT JOIN LATERAL jiedui_user_names(ARRAY[x.user_id]) u ON true
     WHERE x.delivery_id = d.id) AS stages"""
VOUCHER = """
    coalesce((SELECT x.voucher FROM delivery_stage x WHERE x.delivery_id = d.id AND x.voucher IS NOT NULL
        ORDER BY x.at, x.id LIMIT 1), '') AS voucher"""
SOURCE = f"delivery d JOIN pledge pl ON pl.id = d.pledge_id {parties.joins('pl')}"

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="d.id",
    sorts={
        "created_at": SortKey("d.created_at", "timestamptz"),
        "sent_at": SortKey("coalesce(d.sent_at, 'infinity'::timestamptz)", "timestamptz"),
        "decided_at": SortKey("coalesce(d.decided_at, 'infinity'::timestamptz)", "timestamptz"),
        "declared": SortKey("d.declared", "numeric"),
        "status": SortKey("d.status"),
    },
    default="-created_at",
)


def matching(actor: Actor, query: DeliveryQuery) -> Where:
    """The conditions of a list."""
    where = filtered(visible_to(actor, "d"), actor, query, "pl")
    if query.status:
        where.add("d.status = ANY({}::text[])", query.status)
    if query.undecided is not None:
        where.add("(d.status = ANY({}::text[])) = {}", list(SENT), query.undecided)
    if query.pledge_id:
        where.add("d.pledge_id = {}", query.pledge_id)
    if query.check_due is not None:
        days = CHECK_DAYS.format("pl", "{}")
        due = f"coalesce((d.decided_at AT TIME ZONE 'Asia/Shanghai')::date + {days} <= {{}}, false)"
        asked = (get_settings().check_days, clock.today(), query.check_due)
        where.add(f"({due} AND {UNCHECKED}) = {{}}", *asked)
    if query.sent_from:
        where.add("(d.sent_at AT TIME ZONE 'Asia/Shanghai')::date >= {}", query.sent_from)
    return where


# Of a delivery `d` of a type `t`: accepted, of what is checked later, and not checked since.
UNCHECKED = f"""d.status IN ('accepted', 'accepted_short')
    AND (t.head = ANY (string_to_array('{" ".join(CHECKED_HEADS)}', ' '))
        OR t.code = ANY (string_to_array('{" ".join(CHECKED_TYPES)}', ' ')))
    AND NOT EXISTS (SELECT FROM delivery_stage x WHERE x.delivery_id = d.id AND x.kind = 'checked'
        AND x.at > d.decided_at)"""


async def of_pledge(uow: UnitOfWork, pledge_id: UUID) -> list[dict[str, Any]]:
    """All deliveries on a pledge as rows, oldest first."""
    return await uow.fetch(
        f"SELECT {ROW} FROM {SOURCE} WHERE d.pledge_id = $1 ORDER BY d.created_at, d.id", pledge_id
    )  # no input in it


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None) -> list[dict[str, Any]]:
    """The deliveries of which a participant is a side, with the voucher of each: all, or some by their or their pledge's id."""
    where = Where().add("{} IN (d.county_id, d.giver_id)", participant_id)
    if among:
        where.add("ARRAY[d.id, d.pledge_id] && {}::uuid[]", list(among.ids))
    return await uow.fetch(
        f"SELECT {ROW}, {VOUCHER} FROM {SOURCE} WHERE {where} ORDER BY d.id",  # no input in it
        *where.values,
    )


async def references(uow: UnitOfWork, participant_id: UUID, client_ref: str | None) -> dict[str, UUID]:
    """The deliveries that a sender made under its own keys: all, or that of one."""
    rows = await uow.fetch(
        "SELECT client_ref, id FROM delivery WHERE participant_id = $1 AND client_ref IS NOT NULL"
        " AND ($2::text IS NULL OR client_ref = $2)",
        participant_id,
        client_ref,
    )
    return {row["client_ref"]: row["id"] for row in rows}


async def find(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> Delivery | None:
    """A delivery that the actor may see."""
    where = visible_to(actor, "d").add("d.id = {}", delivery_id)
    return _delivery(await uow.fetch_one(f"SELECT d.* FROM delivery d WHERE {where}", *where.values))  # no input in it


async def by_client_ref(uow: UnitOfWork, participant_id: UUID, client_ref: str) -> Delivery | None:
    """The delivery that a sender made under its own key."""
    return _delivery(
        await uow.fetch_one(
            "SELECT * FROM delivery WHERE participant_id = $1 AND client_ref = $2", participant_id, client_ref
        )
    )


async def whole(uow: UnitOfWork, delivery_id: UUID) -> dict[str, Any]:
    """One delivery as a row with its stages and everything joined in."""
    rows = await uow.fetch(
        f"SELECT {ROW}, {STAGES}, {EVIDENCE}, {SURPLUS_HASH}, d.county_says, d.giver_says, d.settled_by FROM {SOURCE} WHERE d.id = $1",
        delivery_id,
    )  # no input in it
    found = rows[0]
    for column in ("stages", "evidence"):
        found[column] = orjson.loads(found[column])
    return found


def done_of(row: dict[str, Any]) -> dict[str, datetime]:
    """The kinds of a delivery's stages from a row, each with its last time."""
    return {kind: datetime.fromisoformat(at) for kind, at in orjson.loads(row["done"]).items()}


async def take(uow: UnitOfWork, delivery_id: UUID) -> Delivery | None:
    """A delivery as it stands now, locked; offer, need and pledge, where they are needed, are locked before it."""
    return _delivery(await uow.fetch_one("SELECT * FROM delivery WHERE id = $1 FOR NO KEY UPDATE", delivery_id))


async def done(uow: UnitOfWork, delivery_id: UUID) -> dict[str, datetime]:
    """The kinds of a delivery's stages, each with its last time."""
    rows = await uow.fetch(
        "SELECT kind, max(at) AS at FROM delivery_stage WHERE delivery_id = $1 GROUP BY kind", delivery_id
    )
    return {row["kind"]: row["at"] for row in rows}


async def figure(uow: UnitOfWork, delivery_id: UUID, name: str) -> Decimal | None:
    """The sum of one figure over a delivery's stages; None where none has it."""
    row = await uow.fetch_one(
        "SELECT sum((figures ->> $2)::numeric) AS total FROM delivery_stage WHERE delivery_id = $1", delivery_id, name
    )
    return row["total"] if row else None


async def declared(uow: UnitOfWork, pledge_id: UUID, statuses: tuple[str, ...] = UNDER_WAY) -> Decimal:
    """The sum of what is declared in these statuses on a pledge, which is locked, with the surplus that fits into it."""
    row = await uow.fetch_one(
        "SELECT coalesce(sum(declared + coalesce(surplus, 0) - surplus_beyond), 0) AS declared FROM delivery WHERE pledge_id = $1 AND status = ANY($2::text[])",
        pledge_id,
        list(statuses),
    )
    return row["declared"] if row else Decimal(0)


INSERT = """
INSERT INTO delivery (id, version, pledge_id, county_id, giver_id, county_code, declared, status, remark, client_ref,
    participant_id, sent_at)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (participant_id, client_ref) WHERE client_ref IS NOT NULL DO NOTHING
RETURNING id"""


async def insert(uow: UnitOfWork, delivery: Delivery) -> bool:
    """Insert a delivery; False where its sender has used its key before."""
    made = await uow.fetch(
        INSERT,
        delivery.id,
        delivery.pledge_id,
        delivery.county_id,
        delivery.giver_id,
        delivery.county_code,
        delivery.declared,
        delivery.status,
        delivery.remark,
        delivery.client_ref,
        delivery.participant_id,
        delivery.sent_at,
    )
    return bool(made)


async def insert_stage(uow: UnitOfWork, stage: DeliveryStage) -> None:
    """Insert a step."""
    await uow.fetch(
        "INSERT INTO delivery_stage (id, delivery_id, kind, at, user_id, voucher, note, figures, checks)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb)",
        stage.id,
        stage.delivery_id,
        stage.kind,
        stage.at,
        stage.user_id,
        stage.voucher,
        stage.note,
        orjson.dumps(stage.figures).decode(),
        orjson.dumps(stage.checks).decode(),
    )


async def insert_evidence(uow: UnitOfWork, evidence: DeliveryEvidence) -> bool:
    """Insert a file's place among the evidence; False where it has one."""
    row = await uow.fetch_one(
        "INSERT INTO delivery_evidence (id, delivery_id, file_id, kind, caption, side, user_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (file_id) DO NOTHING RETURNING id",
        evidence.id,
        evidence.delivery_id,
        evidence.file_id,
        evidence.kind,
        evidence.caption,
        evidence.side,
        evidence.user_id,
        evidence.at,
    )
    return row is not None


async def evidence_kinds(uow: UnitOfWork, delivery_id: UUID) -> set[str]:
    """The kinds of evidence that a delivery has."""
    rows = await uow.fetch("SELECT DISTINCT kind FROM delivery_evidence WHERE delivery_id = $1", delivery_id)
    return {row["kind"] for row in rows}


def _delivery(row: dict[str, Any] | None) -> Delivery | None:
    return Delivery(**row) if row else None

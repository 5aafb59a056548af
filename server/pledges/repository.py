"""Every query on pledges; who sees which is as for proposals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.kit.errors import NotFound
from server.kit.paging import Listing, SortKey, Where
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.pledges import lateness
from server.pledges.models import Pledge, PledgeSignature, PledgeUrge, PledgeVersion
from server.pledges.rules import ENDED
from server.pledges.schemas import PledgeQuery
from server.proposals import parties
from server.proposals import service as proposals
from server.proposals.service import filtered, visible_to

INSTALMENTS = """
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.due, i.quantity::text) ORDER BY i.due, i.id), '[]')::text
     FROM instalment i WHERE i.pledge_id = p.id) AS instalments"""
SIGNED = """
    ARRAY(SELECT s.side FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = p.revision
          ORDER BY s.side)::text[] AS signed_by"""
AMENDMENT = """
    (SELECT jsonb_build_object('revision', v.revision, 'delivery_id', v.delivery_id, 'signed_by',
        ARRAY(SELECT s.side FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = v.revision))::text
     FROM pledge_version v WHERE v.pledge_id = p.id AND v.status = 'proposed') AS amending"""
SIGNATURES = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('side', s.side, 'text_hash', s.text_hash, 'at', s.at, 'person',
        jsonb_build_object('id', s.user_id, 'name',
            jsonb_build_object('zh', coalesce(u.name, ''), 'en', coalesce(u.name_en, ''))),
        'for_person', CASE WHEN s.for_user_id IS NOT NULL THEN jsonb_build_object('id', s.for_user_id, 'name',
            jsonb_build_object('zh', coalesce(w.name, ''), 'en', coalesce(w.name_en, ''))) END) ORDER BY s.at), '[]')::text
     FROM pledge_signature s LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.user_id]) u ON true
     LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.for_user_id]) w ON true
     WHERE s.pledge_id = p.id AND s.revision = p.revision) AS signatures"""
ROW = f"""
    p.id, p.version, p.status, p.created_at, p.proposal_id, p.need_id, p.offer_id, p.pairing_id, p.county_id,
    p.giver_id, p.county_code, p.quantity, p.accepted, p.declared, p.sign_by, p.due, p.effective_at, p.remark, p.part_of_id, p.value_method, p.value_confirmed_at,
    coalesce(p.window_from, pr.window_from) AS window_from, coalesce(p.window_to, pr.window_to) AS window_to,
    {lateness.SENT} AS sent, {AMENDMENT}, {SIGNED}, {INSTALMENTS}, {parties.COLUMNS}"""
NAMED = """
    (SELECT jsonb_build_object('zh', named.name_zh, 'en', named.name_en)::text
     FROM jiedui_participant_names(ARRAY[p.{column}_id]) AS named) AS {column}"""
WHOLE = f"""
    {ROW}, coalesce(p.terms, pr.terms) AS terms, p.value_fen, p.paid_by_id, p.mobilised_by_id, p.value_source, p.variance_owner, p.variance_note, {NAMED.format(column="paid_by")}, {NAMED.format(column="mobilised_by")},
    p.text_zh, p.text_en, p.text_hash, p.revision, p.calendar_version, {SIGNATURES}"""
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
            f"(p.status = 'effective' AND p.accepted + {lateness.SENT} < (SELECT coalesce(sum(i.quantity), 0)"
            " FROM instalment i WHERE i.pledge_id = p.id AND i.due < {})) = {}",
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


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None) -> list[dict[str, Any]]:
    """The pledges of which a participant is a side and that did not end early: all, or some of them by id."""
    where = Where().add("{} IN (p.county_id, p.giver_id)", participant_id)
    where.add("p.status <> ALL ({}::text[])", list(ENDED))
    if among:
        where.add("p.id = ANY ({}::uuid[])", list(among.ids))
    return await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE {where} ORDER BY p.id", *where.values)  # no input in it


async def find(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> Pledge | None:
    """A pledge that the actor may see."""
    where = visible_to(actor, "p").add("p.id = {}", pledge_id)
    return _pledge(await uow.fetch_one(f"SELECT p.* FROM pledge p WHERE {where}", *where.values))  # no input in it


async def take(uow: UnitOfWork, pledge_id: UUID) -> Pledge | None:
    """A pledge as it stands now, locked; its offer and its need are locked before it."""
    return _pledge(await uow.fetch_one("SELECT * FROM pledge WHERE id = $1 FOR NO KEY UPDATE", pledge_id))


async def lock(uow: UnitOfWork, pledge: Pledge) -> Pledge:
    """The pledge as it stands now, locked after its offer and its need. Raises NotFound."""
    await proposals.take_parties(uow, pledge.offer_id, pledge.need_id)
    found = await take(uow, pledge.id)
    if found is None:
        raise NotFound
    return found


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


async def signatures(uow: UnitOfWork, pledge_id: UUID, revision: int) -> dict[str, frozenset[UUID]]:
    """Whose signatures a revision of the text has, by side: who signed, and for whom a substitute did."""
    rows = await uow.fetch(
        "SELECT side, user_id, for_user_id FROM pledge_signature WHERE pledge_id = $1 AND revision = $2",
        pledge_id,
        revision,
    )
    return {row["side"]: frozenset({row["user_id"], row["for_user_id"]} - {None}) for row in rows}


async def insert_signature(uow: UnitOfWork, signature: PledgeSignature) -> None:
    """Insert a signature."""
    await uow.fetch(
        "INSERT INTO pledge_signature (pledge_id, revision, side, user_id, for_user_id, text_hash, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        signature.pledge_id,
        signature.revision,
        signature.side,
        signature.user_id,
        signature.for_user_id,
        signature.text_hash,
        signature.at,
    )


VERSION = """
    v.revision, v.status, v.quantity, v.window_from, v.window_to, v.terms, v.parts::text AS parts, v.text_zh, v.text_en,
    v.text_hash, v.note, v.by_side, v.user_id, v.delivery_id, v.at"""


async def insert_version(uow: UnitOfWork, version: PledgeVersion) -> None:
    """Insert a version; what is kept of a revision stays as it is."""
    values = {name: getattr(version, name) for name in VERSION_COLUMNS} | {
        "parts": orjson.dumps(version.parts).decode()
    }
    places = ", ".join("$14::text::jsonb" if name == "parts" else f"${at}" for at, name in enumerate(values, 1))
    await uow.fetch(
        f"INSERT INTO pledge_version ({', '.join(values)}) VALUES ({places})"  # names from the code
        " ON CONFLICT (pledge_id, revision) DO NOTHING",
        *values.values(),
    )


VERSION_COLUMNS = (
    *("id", "pledge_id", "revision", "status", "quantity", "window_from", "window_to", "terms"),
    *("text_zh", "text_en", "text_hash", "note", "at", "parts", "by_side", "user_id", "delivery_id"),
)


async def amendment(uow: UnitOfWork, pledge_id: UUID) -> PledgeVersion | None:
    """The version that waits for signatures."""
    row = await uow.fetch_one(
        f"SELECT v.id, v.pledge_id, {VERSION} FROM pledge_version v WHERE v.pledge_id = $1 AND v.status = 'proposed'",
        pledge_id,
    )  # no input in it
    return PledgeVersion(**row | {"parts": orjson.loads(row["parts"])}) if row else None


async def last_revision(uow: UnitOfWork, pledge: Pledge) -> int:
    """The highest revision of a pledge's text, also of what was declined."""
    row = await uow.fetch_one("SELECT max(revision) AS last FROM pledge_version WHERE pledge_id = $1", pledge.id)
    return max(pledge.revision, row["last"] or 0) if row else pledge.revision


async def let_stand(uow: UnitOfWork, pledge_id: UUID, revision: int) -> None:
    """Let a version take the place of the one that stood."""
    await uow.fetch(
        "UPDATE pledge_version SET status = CASE WHEN revision = $2 THEN 'standing' ELSE 'replaced' END"
        " WHERE pledge_id = $1 AND (revision = $2 OR status = 'standing')",
        pledge_id,
        revision,
    )


async def drop_version(uow: UnitOfWork, pledge_id: UUID, revision: int) -> None:
    """Let an amendment that waits go."""
    await uow.fetch(
        "UPDATE pledge_version SET status = 'declined' WHERE pledge_id = $1 AND revision = $2", pledge_id, revision
    )


async def drop_waiting(uow: UnitOfWork, pledge_id: UUID) -> None:
    """Let the amendment that waits, if there is one, go with its pledge's end."""
    await uow.fetch(
        "UPDATE pledge_version SET status = 'declined' WHERE pledge_id = $1 AND status = 'proposed'", pledge_id
    )


async def parts(uow: UnitOfWork, pledge_id: UUID) -> list[dict[str, Any]]:
    """The pledges that are part of one and have not ended: id, quantity, accepted and giver."""
    return await uow.fetch(
        "SELECT p.id, p.quantity, p.accepted, who.name_zh, who.name_en FROM pledge p"
        " LEFT JOIN LATERAL jiedui_participant_names(ARRAY[p.giver_id]) AS who ON true"
        " WHERE p.part_of_id = $1 AND p.status NOT IN ('cancelled', 'terminated', 'written_off') ORDER BY p.id",
        pledge_id,
    )


async def insert_urge(uow: UnitOfWork, urge: PledgeUrge) -> bool:
    """Insert a reminder; False where this step of it was taken."""
    columns = ("id", "pledge_id", "about", "key", "step", "addressee", "deadline", "at", "user_id", "remark")
    row = await uow.fetch_one(
        f"INSERT INTO pledge_urge ({', '.join(columns)}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (pledge_id, about, key, step) DO NOTHING RETURNING id",
        *(getattr(urge, name) for name in columns),
    )  # no input in it
    return row is not None


async def urges(uow: UnitOfWork, pledge_id: UUID) -> list[dict[str, Any]]:
    """Every reminder with who gave it, the newest first."""
    return await uow.fetch(
        "SELECT x.about, x.key, x.step, x.addressee, x.deadline, x.at, x.remark, u.id AS user_id, u.name, u.name_en"
        " FROM pledge_urge x LEFT JOIN LATERAL jiedui_user_names(ARRAY[x.user_id]) u ON true"
        " WHERE x.pledge_id = $1 ORDER BY x.at DESC, x.id DESC",
        pledge_id,
    )


async def versions(uow: UnitOfWork, pledge_id: UUID) -> list[dict[str, Any]]:
    """Every version with its signatures, the newest first."""
    signatures = SIGNATURES.replace("p.id", "v.pledge_id").replace("p.revision", "v.revision")
    rows = await uow.fetch(
        f"SELECT {VERSION}, {signatures} FROM pledge_version v WHERE v.pledge_id = $1 ORDER BY v.revision DESC",
        pledge_id,
    )  # no input in it
    for row in rows:
        row["parts"], row["signatures"] = orjson.loads(row["parts"]), orjson.loads(row["signatures"])
    return rows


async def add_accepted(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal) -> Decimal | None:
    """Count what was accepted; the new sum, or None where it would pass a cap's promise."""
    row = await uow.fetch_one(
        "UPDATE pledge p SET accepted = accepted + $2 FROM resource_type t WHERE p.id = $1"
        " AND t.code = p.resource_type_id AND (accepted + $2 <= quantity OR t.bound = 'floor') RETURNING accepted",
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


async def awaiting_verification(uow: UnitOfWork, giver_id: UUID) -> list[UUID]:
    """The pledges of a giver that wait for its verification, the earliest first."""
    rows = await uow.fetch(
        "SELECT id FROM pledge WHERE giver_id = $1 AND status = 'awaiting_verification' ORDER BY created_at, id",
        giver_id,
    )
    return [row["id"] for row in rows]


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

"""Every query on yearly agreements, and who sees which: row-level security says the same a second time."""

from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor, code_pattern
from server.agreements.models import Agreement, AgreementSignature, AgreementVersion
from server.agreements.schemas import AgreementQuery
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork

SIGNED = """
    ARRAY(SELECT s.side FROM agreement_signature s WHERE s.agreement_id = a.id AND s.revision = {revision}
          ORDER BY s.side)::text[]"""
SIGNATURES = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('side', s.side, 'text_hash', s.text_hash, 'at', s.at, 'person',
        jsonb_build_object('id', s.user_id, 'name',
            jsonb_build_object('zh', coalesce(u.name, ''), 'en', coalesce(u.name_en, ''))),
        'for_person', CASE WHEN s.for_user_id IS NOT NULL THEN jsonb_build_object('id', s.for_user_id, 'name',
            jsonb_build_object('zh', coalesce(w.name, ''), 'en', coalesce(w.name_en, ''))) END) ORDER BY s.at), '[]')::text
     FROM agreement_signature s LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.user_id]) u ON true
     LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.for_user_id]) w ON true
     WHERE s.agreement_id = v.agreement_id AND s.revision = v.revision) AS signatures"""
ROW = f"""
    a.id, a.version, a.status, a.created_at, a.pairing_id, a.county_id, a.giver_id, a.county_code, a.year, a.revision,
    a.effective_at, a.remark, v.window_from, v.window_to, v.targets::text AS targets, {SIGNED.format(revision="a.revision")} AS signed_by,
    (SELECT {SIGNED.format(revision="w.revision")} FROM agreement_version w
     WHERE w.agreement_id = a.id AND w.status = 'proposed') AS amendment_signed_by,
    county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind, coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""
# An armed-forces unit's own row is hidden from the other side, which reads its alias.
SOURCE = """
    agreement a JOIN agreement_version v ON v.agreement_id = a.id AND v.revision = a.revision
    JOIN participant county ON county.id = a.county_id JOIN place ON place.id = county.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN participant giver ON giver.id = a.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[a.giver_id]) WHERE giver.id IS NULL OFFSET 0)
        alias ON true"""
LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="a.id",
    sorts={"year": SortKey("a.year", "integer"), "created_at": SortKey("a.created_at", "timestamptz")},
    default="-year",
)


def visible_to(actor: Actor) -> Where:
    """Agreements of the actor's own participants, and of the places that it oversees."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "a.county_id = ANY({}::uuid[]) OR a.giver_id = ANY({}::uuid[]) OR a.county_code LIKE ANY ({}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: AgreementQuery, pairing_id: UUID | None) -> Where:
    """The conditions of a list."""
    where = visible_to(actor).among("a.status", query.status)
    if pairing_id:
        where.add("a.pairing_id = {}", pairing_id)
    if query.year:
        where.add("a.year = {}", query.year)
    if query.place:
        where.add("a.county_code LIKE {}", code_pattern(query.place))
    if query.on:
        where.add("a.status = 'effective' AND {} BETWEEN v.window_from AND v.window_to", query.on)
    return where


async def find(uow: UnitOfWork, actor: Actor, agreement_id: UUID) -> Agreement | None:
    """An agreement that the actor may see."""
    where = visible_to(actor).add("a.id = {}", agreement_id)
    found = await uow.fetch_one(f"SELECT a.* FROM agreement a WHERE {where}", *where.values)  # no input in it
    return Agreement(**found) if found else None


async def lock(uow: UnitOfWork, agreement_id: UUID) -> None:
    """Let nobody else sign until the transaction ends, so that of two signatures one is the last."""
    await uow.fetch("SELECT id FROM agreement WHERE id = $1 FOR NO KEY UPDATE", agreement_id)


async def overlaps(uow: UnitOfWork, pairing_id: UUID, county_id: UUID, year: int) -> bool:
    """Whether a pairing has an agreement of a year with a county that was not withdrawn."""
    found = await uow.fetch_one(
        "SELECT 1 FROM agreement WHERE pairing_id = $1 AND county_id = $2 AND year = $3 AND status <> 'withdrawn'",
        pairing_id,
        county_id,
        year,
    )
    return found is not None


async def row(uow: UnitOfWork, agreement_id: UUID) -> dict[str, Any]:
    """One agreement as a row with everything joined in."""
    rows = await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE a.id = $1", agreement_id)  # no input in it
    return rows[0]


VERSION = """
    v.id, v.agreement_id, v.revision, v.status, v.window_from, v.window_to, v.targets::text AS targets, v.terms, v.text_zh,
    v.text_en, v.text_hash, v.note, v.by_side, v.user_id, v.at"""


async def versions(uow: UnitOfWork, agreement_id: UUID) -> list[dict[str, Any]]:
    """Every version with its signatures, the newest first."""
    found = await uow.fetch(
        f"SELECT {VERSION}, {SIGNATURES} FROM agreement_version v WHERE v.agreement_id = $1 ORDER BY v.revision DESC",
        agreement_id,
    )  # no input in it
    for each in found:
        each["signatures"] = orjson.loads(each["signatures"])
    return found


async def version(uow: UnitOfWork, agreement_id: UUID, revision: int) -> AgreementVersion:
    """One version of an agreement's text."""
    found = await uow.fetch(
        f"SELECT {VERSION} FROM agreement_version v WHERE v.agreement_id = $1 AND v.revision = $2",
        agreement_id,
        revision,
    )  # no input in it
    return AgreementVersion(**found[0] | {"targets": orjson.loads(found[0]["targets"])})


async def amendment(uow: UnitOfWork, agreement_id: UUID) -> AgreementVersion | None:
    """The version that waits for signatures."""
    found = await uow.fetch_one(
        f"SELECT {VERSION} FROM agreement_version v WHERE v.agreement_id = $1 AND v.status = 'proposed'", agreement_id
    )  # no input in it
    return AgreementVersion(**found | {"targets": orjson.loads(found["targets"])}) if found else None


async def last_revision(uow: UnitOfWork, agreement_id: UUID) -> int:
    """The highest revision, also of what was declined."""
    found = await uow.fetch("SELECT max(revision) AS last FROM agreement_version WHERE agreement_id = $1", agreement_id)
    return found[0]["last"]


async def keep_version(uow: UnitOfWork, kept: AgreementVersion) -> None:
    """Insert a version."""
    await kept.save(using_db=uow.connection, force_create=True)


async def rewrite(uow: UnitOfWork, agreement_id: UUID, revision: int, columns: dict[str, Any]) -> None:
    """Write a draft's text anew, which nobody has signed."""
    values = columns | {"targets": orjson.dumps(columns["targets"]).decode()}
    assigned = ", ".join(
        f"{name} = ${at}::text::jsonb" if name == "targets" else f"{name} = ${at}" for at, name in enumerate(values, 3)
    )
    await uow.fetch(
        f"UPDATE agreement_version SET {assigned} WHERE agreement_id = $1 AND revision = $2",  # names from the code
        agreement_id,
        revision,
        *values.values(),
    )


async def let_stand(uow: UnitOfWork, agreement_id: UUID, revision: int) -> None:
    """Let a version take the place of the one that stood."""
    await uow.fetch(
        "UPDATE agreement_version SET status = CASE WHEN revision = $2 THEN 'standing' ELSE 'replaced' END"
        " WHERE agreement_id = $1 AND (revision = $2 OR status = 'standing')",
        agreement_id,
        revision,
    )


async def drop(uow: UnitOfWork, agreement_id: UUID, revision: int) -> None:
    """Let an amendment that waits go."""
    await uow.fetch(
        "UPDATE agreement_version SET status = 'declined' WHERE agreement_id = $1 AND revision = $2",
        agreement_id,
        revision,
    )


async def signatures(uow: UnitOfWork, agreement_id: UUID, revision: int) -> dict[str, frozenset[UUID]]:
    """Whose signatures a revision of the text has, by side: who signed, and for whom a substitute did."""
    rows = await uow.fetch(
        "SELECT side, user_id, for_user_id FROM agreement_signature WHERE agreement_id = $1 AND revision = $2",
        agreement_id,
        revision,
    )
    return {row["side"]: frozenset({row["user_id"], row["for_user_id"]} - {None}) for row in rows}


async def put_signature(uow: UnitOfWork, signature: AgreementSignature) -> None:
    """Insert a signature, which nothing changes afterwards."""
    await signature.save(using_db=uow.connection, force_create=True)

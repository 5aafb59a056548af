"""Every query on certificates and receipts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.certificates.models import Certificate, DonationReceipt
from server.certificates.rules import ACCEPTED
from server.kit.uow import UnitOfWork

PARTIES = """
    JOIN pledge pl ON pl.id = d.pledge_id JOIN need n ON n.id = pl.need_id JOIN resource_type t ON t.code = pl.resource_type_id
    JOIN participant g ON g.id = d.giver_id JOIN participant c ON c.id = d.county_id JOIN place l ON l.id = n.place_id"""
NAMES = """
    g.name_zh AS giver_zh, g.name_en AS giver_en, c.name_zh AS county_zh, c.name_en AS county_en"""
CERTIFICATE = f"""
    SELECT x.*, d.status, d.accepted, t.unit, {NAMES} FROM certificate x JOIN delivery d ON d.id = x.delivery_id {PARTIES}"""
FACTS = f"""
    SELECT d.id, d.status, d.accepted, d.decided_at, d.county_id, d.giver_id, d.county_code, g.kind AS giver_kind, {NAMES},
        n.title AS need_title, t.code AS type_code, t.head, t.name_zh AS type_zh, t.name_en AS type_en, t.unit,
        l.name_zh AS place_zh, l.name_en AS place_en,
        coalesce(r.charity_id, (SELECT m.charity_id FROM campaign_pledge k JOIN campaign m ON m.id = k.campaign_id
                                WHERE k.pledge_id = d.pledge_id)) AS charity_id
    FROM delivery d {PARTIES} LEFT JOIN donation_receipt r ON r.delivery_id = d.id WHERE d.id = $1"""
RECEIPT = """
    SELECT r.number, r.issued_on, p.id AS charity_id, p.kind AS charity_kind, p.name_zh AS charity_zh, p.name_en AS charity_en
    FROM donation_receipt r LEFT JOIN participant p ON p.id = r.charity_id WHERE r.delivery_id = $1"""
RECEIVED = f"""
    SELECT d.id AS delivery_id, n.title AS need_title, {NAMES}, d.accepted, d.decided_at, t.unit, r.id AS receipt_id,
        r.number, r.issued_on, p.id AS charity_id, p.kind AS charity_kind, p.name_zh AS charity_zh, p.name_en AS charity_en
    FROM delivery d {PARTIES} LEFT JOIN donation_receipt r ON r.delivery_id = d.id
    LEFT JOIN campaign_pledge k ON k.pledge_id = d.pledge_id LEFT JOIN campaign m ON m.id = k.campaign_id
    LEFT JOIN participant p ON p.id = r.charity_id
    WHERE d.status = ANY ($1) AND coalesce(r.charity_id, m.charity_id) = ANY ($2::uuid[]) AND g.kind <> 'armed_forces_unit'
    ORDER BY (coalesce(r.number, '') <> ''), d.decided_at DESC, d.id LIMIT 200"""


async def facts(uow: UnitOfWork, delivery_id: UUID) -> dict[str, Any] | None:
    """What a certificate of a delivery would say; the system's to ask."""
    return await uow.fetch_one(FACTS, delivery_id)


async def by_number(uow: UnitOfWork, number: str) -> dict[str, Any] | None:
    """A certificate by its number; the system's to ask."""
    return await uow.fetch_one(f"{CERTIFICATE} WHERE x.number = $1", number)


async def standing(uow: UnitOfWork, delivery_id: UUID) -> dict[str, Any] | None:
    """The certificate of a delivery that nothing has replaced."""
    return await uow.fetch_one(f"{CERTIFICATE} WHERE x.delivery_id = $1 AND x.replaced_on IS NULL", delivery_id)


async def lock(uow: UnitOfWork, delivery_id: UUID) -> None:
    """Let one at a time issue the certificate of a delivery."""
    await uow.fetch("SELECT id FROM delivery WHERE id = $1 FOR NO KEY UPDATE", delivery_id)


async def replace(uow: UnitOfWork, certificate_id: UUID, today: Any) -> None:
    """Let a certificate stand no longer."""
    await uow.fetch("UPDATE certificate SET replaced_on = $2 WHERE id = $1", certificate_id, today)


async def insert(certificate: Certificate) -> None:
    """Keep a new certificate."""
    await certificate.save(force_create=True)


async def receipt(uow: UnitOfWork, delivery_id: UUID) -> dict[str, Any] | None:
    """The receipt of a delivery."""
    return await uow.fetch_one(RECEIPT, delivery_id)


async def put_receipt(uow: UnitOfWork, written: DonationReceipt) -> bool:
    """Let this be the receipt of its delivery; False where its charity gave the number before."""
    taken = await uow.fetch_one(
        "SELECT FROM donation_receipt WHERE number = $1 AND number <> '' AND charity_id IS NOT DISTINCT FROM $2"
        " AND delivery_id <> $3",
        written.number,
        written.charity_id,
        written.delivery_id,
    )
    if taken is not None:
        return False
    await uow.fetch(
        "INSERT INTO donation_receipt (delivery_id, county_id, giver_id, county_code, charity_id, number, issued_on,"
        " recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (delivery_id) DO UPDATE SET"
        " charity_id = EXCLUDED.charity_id, number = EXCLUDED.number, issued_on = EXCLUDED.issued_on,"
        " recorded_by = EXCLUDED.recorded_by",
        written.delivery_id,
        written.county_id,
        written.giver_id,
        written.county_code,
        written.charity_id,
        written.number,
        written.issued_on,
        written.recorded_by,
    )
    return True


async def received(uow: UnitOfWork, charities: Sequence[UUID]) -> list[dict[str, Any]]:
    """What these charities received or are to give a receipt for, those without a number first; the system's to ask."""
    return await uow.fetch(RECEIVED, list(ACCEPTED), charities)


async def forget_person(uow: UnitOfWork, user_id: UUID, zh: str, en: str) -> None:
    """Take the wording of certificates of the citizens as whom a person took part alone; the system's to do."""
    await uow.fetch(
        "UPDATE certificate x SET text_zh = $2, text_en = $3 FROM participant p JOIN role_grant g ON g.participant_id = p.id"
        " WHERE p.id = x.giver_id AND p.kind = 'citizen' AND g.user_id = $1 AND NOT EXISTS (SELECT FROM role_grant o"
        " WHERE o.participant_id = p.id AND o.role = 'administrator' AND o.revoked_at IS NULL AND o.user_id <> $1)",
        user_id,
        zh,
        en,
    )

"""The verbs of certificates and receipts: issue, check, record the receipt. All is read as the system, by what the policy says."""

import secrets
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.certificates import repository, rules
from server.certificates.events import happened
from server.certificates.models import Certificate, DonationReceipt
from server.certificates.policy import POLICY
from server.certificates.rules import Facts
from server.certificates.schemas import CertificateRead, Papers, ReceiptRead, ReceiptWrite, ReceivedRow
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.paging import Page
from server.kit.quantity import amount
from server.kit.schema import new_id
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.schemas import ParticipantRef


class Given(SimpleNamespace):
    """A delivery with all that certificate, receipt and policy ask of it."""


async def load(call: Call) -> Given:
    """Loader: the delivery in the path for both sides, who oversees, and the charity that received. Raises NotFound."""
    return await get(call.uow, call.actor, call.param("delivery_id"))


async def get(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> Given:
    """A delivery whose papers the actor may see. Raises NotFound."""
    async with accounts.as_system(uow):
        row = await repository.facts(uow, delivery_id)
    if row is None:
        raise NotFound
    given = Given(**row)
    if not POLICY.grants(actor, "read", given):
        raise NotFound
    return given


async def load_certificate(call: Call) -> CertificateRead:
    """Loader: a certificate by its number, for anybody. Raises NotFound."""
    async with accounts.as_system(call.uow):
        row = await repository.by_number(call.uow, str(call.request.path_params["number"]).upper())
    if row is None:
        raise NotFound
    return CertificateRead.of(row)


async def papers(uow: UnitOfWork, actor: Actor, given: Given) -> Papers:
    """Certificate and receipt of a delivery, and what the actor may do about them."""
    async with accounts.as_system(uow):
        certificate = await repository.standing(uow, given.id)
        receipt = await repository.receipt(uow, given.id)
    verbs = POLICY.can(actor, given, ["issue", "receipt"]) if given.status in rules.ACCEPTED else []
    shown = CertificateRead.of(certificate) if certificate else None
    if given.giver_kind == rules.MASKED or (shown and shown.valid):
        verbs = [verb for verb in verbs if verb != "issue"]
    return Papers(delivery_id=given.id, certificate=shown, receipt=_receipt(receipt), can=verbs)


async def issue(uow: UnitOfWork, actor: Actor, given: Given) -> Papers:
    """Issue the certificate of an accepted delivery; one that still holds stays. Raises NotAccepted, MaskedCertificate."""
    async with accounts.as_system(uow):
        await repository.lock(uow, given.id)
        row = await repository.facts(uow, given.id)
        now = Given(**(row or {}))
        quantity = rules.check(now.status, now.accepted, now.giver_kind)
        before = await repository.standing(uow, given.id)
        if before and rules.holds(now.status, now.accepted, before["quantity"]):
            return await papers(uow, actor, now)
        if before:
            await repository.replace(uow, before["id"], clock.today())
        made = _written(now, quantity, actor)
        await repository.insert(made)
    uow.record(happened("certified", vars(now), {"number": made.number, "text_hash": made.text_hash}))
    return await papers(uow, actor, now)


def _written(given: Given, quantity: Any, actor: Actor) -> Certificate:
    said = rules.write(
        Facts(
            giver=Name(zh=given.giver_zh, en=given.giver_en),
            county=Name(zh=given.county_zh, en=given.county_en),
            place=Name(zh=given.place_zh, en=given.place_en),
            kind=Name(zh=given.type_zh, en=given.type_en),
            need=given.need_title,
            quantity=quantity,
            unit=given.unit,
            day=given.decided_at.astimezone(clock.BEIJING).date(),
        )
    )
    nonce, today = secrets.token_hex(16), clock.today()
    text_hash = rules.digest((said.zh, said.en, nonce))
    return Certificate(
        id=new_id(),
        delivery_id=given.id,
        county_id=given.county_id,
        giver_id=given.giver_id,
        county_code=given.county_code,
        kind=rules.kind_of(given.type_code, given.head),
        number=rules.number(today.year, text_hash),
        quantity=quantity,
        text_zh=said.zh,
        text_en=said.en,
        text_hash=text_hash,
        nonce=nonce,
        issued_on=today,
        issued_by=actor.id,
    )


async def record_receipt(uow: UnitOfWork, actor: Actor, given: Given, body: ReceiptWrite) -> Papers:
    """Record who received, and the receipt's number. Raises NotAccepted, Invalid, ReceiptNumberTaken."""
    if given.status not in rules.ACCEPTED:
        raise rules.NotAccepted
    charity_id = body.charity_id or (given.charity_id if "charity_id" not in body.model_fields_set else None)
    if charity_id and (await participants.get(uow, charity_id)).kind != "social_organisation":
        raise invalid_field("charity_id", "kind", "请选择社会组织", "choose a social organisation")
    if charity_id != given.charity_id and not actor.roles_at(given.county_id):
        raise invalid_field("charity_id", "other", "只能登记本单位", "a charity records its own receipts only")
    written = DonationReceipt(
        delivery_id=given.id,
        county_id=given.county_id,
        giver_id=given.giver_id,
        county_code=given.county_code,
        charity_id=charity_id,
        number=body.number,
        issued_on=(body.issued_on or clock.today()) if body.number else None,
        recorded_by=actor.id,
    )
    async with accounts.as_system(uow):
        await repository.lock(uow, given.id)
        if not await repository.put_receipt(uow, written):
            raise rules.ReceiptNumberTaken
    given.charity_id = charity_id
    uow.record(happened("receipted", vars(given), {"number": body.number, "charity_id": str(charity_id)}, charity_id))
    return await papers(uow, actor, given)


async def received(uow: UnitOfWork, actor: Actor) -> Page[ReceivedRow]:
    """What the actor's charities received, those that lack a receipt's number first."""
    async with accounts.as_system(uow):
        rows = await repository.received(uow, sorted(actor.participants))
    return Page(items=[_received(row) for row in rows])


def _received(row: dict[str, Any]) -> ReceivedRow:
    return ReceivedRow(
        delivery_id=row["delivery_id"],
        need_title=row["need_title"],
        giver=Name(zh=row["giver_zh"], en=row["giver_en"]),
        county=Name(zh=row["county_zh"], en=row["county_en"]),
        accepted=amount(row["accepted"], row["unit"]),
        accepted_on=row["decided_at"].astimezone(clock.BEIJING).date(),
        receipt=_receipt(row) if row["receipt_id"] else None,
    )


def _receipt(row: dict[str, Any] | None) -> ReceiptRead | None:
    if row is None:
        return None
    charity = ParticipantRef.of(row, "charity_") if row["charity_id"] else None
    return ReceiptRead(charity=charity, number=row["number"], issued_on=row["issued_on"])

"""Yearly agreements over HTTP."""

from server.agreements import service
from server.agreements.models import Agreement
from server.agreements.policy import POLICY
from server.agreements.schemas import (
    AgreementAmend,
    AgreementChange,
    AgreementCreate,
    AgreementQuery,
    AgreementRead,
    AgreementRow,
    AgreementSign,
)
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.pairings.service import Between

operations = Operations("agreements", POLICY)


@operations.get("/agreements", action="list")
async def list_agreements(call: Call, query: AgreementQuery) -> Page[AgreementRow]:
    """List the yearly agreements that the caller may see. Sort keys: year (default, newest first), created_at."""
    return await service.page(call.uow, call.actor, query)


@operations.get("/pairings/{pairing_id:uuid}/agreements", action="list", loads=pairings.load)
async def list_pairing_agreements(call: Call, subject: Pairing, query: AgreementQuery) -> Page[AgreementRow]:
    """List the agreements of one pairing, with their targets."""
    return await service.page(call.uow, call.actor, query, subject)


@operations.create("/pairings/{pairing_id:uuid}/agreements", loads=pairings.load_between)
async def draft_agreement(call: Call, subject: Between, body: AgreementCreate) -> AgreementRead:
    """Draft the agreement of a year: targets per head, each with its unit or in money. One a year and county."""
    return await service.draft(call.uow, call.actor, subject, body)


@operations.get("/agreements/{agreement_id:uuid}", action="read", loads=service.load)
async def read_agreement(call: Call, subject: Agreement) -> AgreementRead:
    """Read an agreement, its text in both languages, its signatures and versions."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/agreements/{agreement_id:uuid}", loads=service.load)
async def change_agreement(call: Call, subject: Agreement, body: AgreementChange) -> AgreementRead:
    """Change a draft, from either side."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/submit", action="submit", loads=service.load)
async def submit_agreement(call: Call, subject: Agreement, body: Remark) -> AgreementRead:
    """Put a draft before both sides' leaders; its text stays as it is until it is returned."""
    return await service.submit(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/return", action="return", loads=service.load)
async def return_agreement(call: Call, subject: Agreement, body: Reason) -> AgreementRead:
    """Take an agreement that is not signed by both back to be changed."""
    return await service.give_back(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/sign", action="sign", loads=service.load)
async def sign_agreement(call: Call, subject: Agreement, body: AgreementSign) -> AgreementRead:
    """Sign the text that was read, for one's side; of an agreement in effect, its amendment."""
    return await service.sign(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/amend", action="amend", loads=service.load)
async def amend_agreement(call: Call, subject: Agreement, body: AgreementAmend) -> AgreementRead:
    """Put other targets, days or terms before both sides as a new version of an agreement in effect."""
    return await service.amend(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/decline-amendment", action="decline-amendment", loads=service.load)
async def decline_agreement_amendment(call: Call, subject: Agreement, body: Reason) -> AgreementRead:
    """Drop the amendment that waits; the agreement stays as it stands."""
    return await service.decline(call.uow, call.actor, subject, body)


@operations.verb("/agreements/{agreement_id:uuid}/withdraw", action="withdraw", loads=service.load)
async def withdraw_agreement(call: Call, subject: Agreement, body: Reason) -> AgreementRead:
    """Withdraw an agreement that is not in effect; its year is free again."""
    return await service.withdraw(call.uow, call.actor, subject, body)

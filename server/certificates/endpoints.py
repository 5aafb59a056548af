"""Certificates and receipts over HTTP."""

from server.certificates import service
from server.certificates.policy import POLICY
from server.certificates.schemas import CertificateRead, Papers, ReceiptWrite, ReceivedRow
from server.certificates.service import Given
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Remark

operations = Operations("certificates", POLICY)


@operations.get("/certificates/{number}", action="look", loads=service.load_certificate)
async def read_certificate(call: Call, subject: CertificateRead) -> CertificateRead:
    """Check a certificate by its number, without an account: what it says, and whether it still holds."""
    return subject


@operations.get("/deliveries/{delivery_id:uuid}/papers", action="read", loads=service.load)
async def read_papers(call: Call, subject: Given) -> Papers:
    """The certificate and the donation receipt of a delivery."""
    return await service.papers(call.uow, call.actor, subject)


@operations.post("/deliveries/{delivery_id:uuid}/certificate", action="issue", loads=service.load)
async def issue_certificate(call: Call, subject: Given, body: Remark) -> Papers:
    """Issue the certificate of an accepted delivery; again it gives the one that stands."""
    return await service.issue(call.uow, call.actor, subject)


@operations.put("/deliveries/{delivery_id:uuid}/receipt", action="receipt", loads=service.load)
async def record_receipt(call: Call, subject: Given, body: ReceiptWrite) -> Papers:
    """Record the receiving charity and the number of the donation receipt."""
    return await service.record_receipt(call.uow, call.actor, subject, body)


@operations.get("/receipts", action="list")
async def list_receipts(call: Call) -> Page[ReceivedRow]:
    """What the caller's charities received through the platform, those without a receipt's number first."""
    return await service.received(call.uow, call.actor)

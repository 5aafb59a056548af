"""Certificates and receipts as the interface takes and shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.certificates.rules import TITLES, Kind, holds
from server.kit.quantity import Amount, amount
from server.kit.shapes import Clean, Input, Name
from server.participants.schemas import ParticipantRef


class CertificateRead(BaseModel):
    """A certificate, as anybody who has its number may read it."""

    number: str
    kind: Kind
    title: Name
    text: Annotated[Name, Field(description="what is certified, in both languages")]
    text_hash: Annotated[str, Field(description="SHA-256 of both texts and the nonce, joined by line ends")]
    nonce: str
    giver: Name
    county: Name
    quantity: Amount
    issued_on: date
    valid: Annotated[bool, Field(description="false where the acceptance was corrected since, or another replaced it")]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "CertificateRead":
        """From the repository's row."""
        title = TITLES[row["kind"]]
        return cls(
            **{name: row[name] for name in ("number", "kind", "text_hash", "nonce", "issued_on")},
            title=Name(zh=title.zh, en=title.en),
            text=Name(zh=row["text_zh"], en=row["text_en"]),
            giver=Name(zh=row["giver_zh"], en=row["giver_en"]),
            county=Name(zh=row["county_zh"], en=row["county_en"]),
            quantity=amount(row["quantity"], row["unit"]),
            valid=row["replaced_on"] is None and holds(row["status"], row["accepted"], row["quantity"]),
        )


class ReceiptWrite(Input):
    """Who received a donation, and the receipt's number; by the charity itself, or by the county."""

    charity_id: Annotated[UUID | None, Field(description="the receiving charity; none: the county received it")] = None
    number: Annotated[str, Clean(60), Field(description="of the donation receipt; empty: not given yet")] = ""
    issued_on: Annotated[
        date | None, Field(description="day of the receipt; left out: today, where there is a number")
    ] = None


class ReceiptRead(BaseModel):
    """A receipt as the giver sees it."""

    charity: ParticipantRef | None
    number: str
    issued_on: date | None


class Papers(BaseModel):
    """Certificate and receipt of a delivery, as far as there are any, and what the caller may do about them."""

    delivery_id: UUID
    certificate: CertificateRead | None
    receipt: ReceiptRead | None
    can: list[str]


class ReceivedRow(BaseModel):
    """What a charity received, or is to receive, and its receipt."""

    delivery_id: UUID
    need_title: str
    giver: Name
    county: Name
    accepted: Amount
    accepted_on: date
    receipt: ReceiptRead | None

"""Agreements from rows, and what the actor may do with each."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.agreements import repository
from server.agreements.policy import POLICY
from server.agreements.rules import ALSO, LIFECYCLE
from server.agreements.schemas import AgreementQuery, AgreementRead, AgreementRow, AgreementVersionRead, TargetRead
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.kit import clock
from server.kit.paging import Page
from server.kit.quantity import amount
from server.kit.shapes import Name, Window
from server.kit.uow import UnitOfWork
from server.participants.schemas import ParticipantRef, SignatureRead
from server.participants.sides import SIGNATORY, sides_of
from server.places.schemas import PlaceRef

Types = dict[str, ResourceType]


async def page(
    uow: UnitOfWork, actor: Actor, query: AgreementQuery, pairing_id: UUID | None = None
) -> Page[AgreementRow]:
    """One page of the agreements that the actor may see."""
    types = await catalogue.types(uow)
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query, pairing_id))
    rows = [AgreementRow(**_fields(actor, row, types)) for row in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, agreement_id: UUID) -> AgreementRead:
    """One agreement with its text, signatures and versions."""
    types = await catalogue.types(uow)
    row = await repository.row(uow, agreement_id)
    versions = [_version(each, types) for each in await repository.versions(uow, agreement_id)]
    standing = next(each for each in versions if each.revision == row["revision"])
    same = ("revision", "terms", "text", "text_hash", "signatures")
    return AgreementRead(
        **_fields(actor, row, types),
        **{name: getattr(standing, name) for name in same},
        amendment=next((each for each in versions if each.status == "proposed"), None),
        versions=versions,
        remark=row["remark"],
    )


def targets(found: str, types: Types) -> list[TargetRead]:
    """Targets from the stored form."""
    return [
        TargetRead(
            position=position,
            head=each["head"],
            resource_type=catalogue.ref(types[each["resource_type"]]) if each["resource_type"] in types else None,
            counted_by=each.get("counted_by"),
            title=each["title"],
            quantity=amount(Decimal(each["value"]), each["unit"]),
        )
        for position, each in enumerate(orjson.loads(found), 1)
    ]


def _version(row: dict[str, Any], types: Types) -> AgreementVersionRead:
    return AgreementVersionRead(
        **{name: row[name] for name in ("revision", "status", "terms", "text_hash", "note", "at")},
        window=Window(from_=row["window_from"], to=row["window_to"]),
        targets=targets(row["targets"], types),
        text=Name(zh=row["text_zh"], en=row["text_en"]),
        by=row["by_side"],
        signatures=[SignatureRead.model_validate(each) for each in row["signatures"]],
    )


def _fields(actor: Actor, row: dict[str, Any], types: Types) -> dict[str, Any]:
    same = ("id", "version", "status", "created_at", "pairing_id", "year", "effective_at", "signed_by")
    days = row["window_from"] <= clock.today() <= row["window_to"]
    return {name: row[name] for name in same} | {
        "county": ParticipantRef.of(row, "county_"),
        "giver": ParticipantRef.of(row, "giver_"),
        "place": PlaceRef.of(row),
        "window": Window(from_=row["window_from"], to=row["window_to"]),
        "targets": targets(row["targets"], types),
        "in_force": row["status"] == "effective" and days,
        "amending": row["amendment_signed_by"] is not None,
        "can": _can(actor, row),
    }


def _can(actor: Actor, row: dict[str, Any]) -> list[str]:
    subject = SimpleNamespace(**{name: row[name] for name in ("county_id", "giver_id", "county_code", "status")})
    amended, effective = row["amendment_signed_by"], row["status"] == "effective"
    signed = (amended if effective else row["signed_by"]) or []
    missing = [side for side in sides_of(actor, row["county_id"], row["giver_id"], SIGNATORY) if side not in signed]
    possible = {
        "sign": bool(missing) and (amended is not None or not effective),
        "amend": amended is None,
        "decline-amendment": amended is not None,
    }
    verbs = (*LIFECYCLE.verbs(row["status"]), *ALSO.get(row["status"], ()))
    return POLICY.can(actor, subject, [verb for verb in verbs if possible.get(verb, True)])

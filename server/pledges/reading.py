"""Pledges as the interface shows them, made from rows."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.catalogue.schemas import TypeRef
from server.kit import clock
from server.kit.paging import Listed
from server.kit.quantity import Money, amount, shown
from server.kit.shapes import Name, OwnRecords, Window
from server.kit.uow import UnitOfWork
from server.participants.schemas import SignatureRead
from server.participants.sides import SIGNATORY, sides_of
from server.pledges import calendar, repository, rules
from server.pledges.policy import POLICY
from server.pledges.schemas import (
    ContainedPart,
    InstalmentRead,
    PartRead,
    PledgeHeld,
    PledgeQuery,
    PledgeRead,
    PledgeRow,
    UrgeRead,
    Valuation,
    Variance,
    VersionRead,
)
from server.proposals import parties
from server.proposals.reading import person, window


async def page(uow: UnitOfWork, actor: Actor, query: PledgeQuery) -> Listed[PledgeRow]:
    """One page of the pledges that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query, clock.today()))
    return Listed([_fields(actor, row) for row in found.items], found.next, found.total)


async def read(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> PledgeRead:
    """One pledge with its text, signatures and parts, and what the actor may do with it."""
    row = await repository.whole(uow, pledge_id)
    parts = repository.instalments_of(row)
    versions = [_version(each, row["unit"]) for each in await repository.versions(uow, pledge_id)]
    late = rules.overdue_parts(parts, row["accepted"] + row["sent"], clock.today())
    fields = _fields(actor, row)
    to_sign = next((each.signatures for each in versions if each.status == "proposed"), None)
    signers = [each.person.id for each in to_sign] if to_sign is not None else _signers(row)
    if actor.id in signers:
        fields["can"] = [verb for verb in fields["can"] if verb != "sign"]
    return PledgeRead(
        **fields,
        value=None if row["value_fen"] is None else Money(amount_fen=int(row["value_fen"])),
        valuation=_valuation(row),
        parts=[
            ContainedPart(
                id=part["id"],
                giver=Name(zh=part["name_zh"], en=part["name_en"]),
                quantity=amount(part["quantity"], row["unit"]),
                accepted=amount(part["accepted"], row["unit"]),
            )
            for part in await repository.parts(uow, pledge_id)
        ],
        variance=Variance(
            declared=amount(row["declared"], row["unit"]),
            accepted=amount(row["accepted"], row["unit"]),
            difference=amount(row["declared"] - row["accepted"], row["unit"]),
            owner=row["variance_owner"],
            note=row["variance_note"],
        ),
        paid_by=Name.model_validate(row["paid_by"]),
        mobilised_by=row["mobilised_by"] and Name.model_validate(row["mobilised_by"]),
        paid_by_id=row["paid_by_id"],
        mobilised_by_id=row["mobilised_by_id"],
        text=Name(zh=row["text_zh"], en=row["text_en"]),
        text_hash=row["text_hash"],
        revision=row["revision"],
        terms=row["terms"],
        amendment=next((each for each in versions if each.status == "proposed"), None),
        versions=versions,
        signatures=[SignatureRead.model_validate(each) for each in row["signatures"]],
        instalments=[
            InstalmentRead(due=due, quantity=amount(quantity, row["unit"]), overdue=over and _runs(row))
            for (due, quantity), over in zip(parts, late, strict=True)
        ],
        calendar=await calendar.of(uow, row["calendar_version"]),
        urges=[UrgeRead(**each, person=person(each)) for each in await repository.urges(uow, pledge_id)],
    )


def _signers(row: dict[str, Any]) -> list[UUID]:
    """Who signed the text as it stands: nobody signs it for the other side too, though a front-line group belongs to both."""
    return [SignatureRead.model_validate(each).person.id for each in row["signatures"]]


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None = None) -> list[PledgeHeld]:
    """The pledges of one side as sheets are compared with them."""
    return [_held(row) for row in await repository.of_participant(uow, participant_id, among)]


def _held(row: dict[str, Any]) -> PledgeHeld:
    same = ("id", "version", "status", "offer_title", "county_id", "giver_id")
    return PledgeHeld(
        **{name: row[name] for name in same},
        title=row["need_title"],
        resource_type=TypeRef.of(row),
        county=Name(zh=row["county_zh"], en=row["county_en"]),
        giver=Name(zh=row["giver_zh"], en=row["giver_en"]),
        quantity=amount(row["quantity"], row["unit"]),
        accepted=amount(row["accepted"], row["unit"]),
        window=window(row["window_from"], row["window_to"]),
        instalments=[
            PartRead(due=due, quantity=amount(part, row["unit"])) for due, part in repository.instalments_of(row)
        ],
    )


def _valuation(row: dict[str, Any]) -> Valuation | None:
    if row["value_method"] is None:
        return None
    return Valuation(
        value=Money(amount_fen=int(row["value_fen"])),
        method=row["value_method"],
        source=row["value_source"],
        confirmed_at=row["value_confirmed_at"],
    )


def _version(row: dict[str, Any], unit: str) -> VersionRead:
    return VersionRead(
        **{name: row[name] for name in ("revision", "status", "terms", "text_hash", "note", "delivery_id", "at")},
        by=row["by_side"],
        quantity=amount(row["quantity"], unit),
        window=window(row["window_from"], row["window_to"]),
        instalments=[
            PartRead(due=date.fromisoformat(due), quantity=amount(Decimal(part), unit)) for due, part in row["parts"]
        ],
        text=Name(zh=row["text_zh"], en=row["text_en"]),
        signatures=[SignatureRead.model_validate(each) for each in row["signatures"]],
    )


def _runs(row: dict[str, Any]) -> bool:
    return row["status"] == "effective"


def _fields(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    unit = row["unit"]
    left = Decimal(0) if row["status"] in rules.ENDED else max(row["quantity"] - row["accepted"], Decimal(0))
    return {
        **parties.parties(row, actor),
        "id": row["id"],
        "version": row["version"],
        "status": row["status"],
        "created_at": row["created_at"],
        "proposal_id": row["proposal_id"],
        "quantity": shown(row["quantity"], unit),
        "window": Window.shown(row["window_from"], row["window_to"]),
        "progress": {"accepted": shown(row["accepted"], unit), "remaining": shown(left, unit)},
        "sign_by": row["sign_by"],
        "due": row["due"],
        "overdue": _runs(row)
        and rules.is_overdue(repository.instalments_of(row), row["accepted"] + row["sent"], clock.today()),
        "effective_at": row["effective_at"],
        "signed_by": row["signed_by"],
        "part_of": row["part_of_id"],
        "remark": row["remark"],
        "can": can(actor, row),
    }


def can(actor: Actor, row: dict[str, Any]) -> list[str]:
    """What the actor may do with a pledge now."""
    subject = SimpleNamespace(**{name: row[name] for name in ("county_id", "giver_id", "county_code", "status")})
    amending = orjson.loads(row["amending"]) if row["amending"] else None
    now = rules.Standing(
        status=row["status"],
        accepted=row["accepted"],
        declared=row["declared"],
        signs_for=sides_of(actor, row["county_id"], row["giver_id"], SIGNATORY),
        signed_by=row["signed_by"],
        amendment_signed_by=amending and amending["signed_by"],
        on_delivery=bool(amending and amending["delivery_id"]),
        is_money=row["is_money"],
        valued=row["value_method"] is not None,
        confirmed=row["value_confirmed_at"] is not None,
    )
    verbs = (*rules.LIFECYCLE.verbs(row["status"]), *rules.ALSO.get(row["status"], ()), "explain")
    return POLICY.can(actor, subject, [verb for verb in verbs if rules.possible(verb, now)])

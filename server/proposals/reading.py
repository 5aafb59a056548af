"""Proposals as the interface shows them, made from rows."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.paging import Listed
from server.kit.quantity import amount, shown
from server.kit.shapes import Name, Window
from server.kit.uow import UnitOfWork
from server.participants.schemas import ParticipantRef
from server.participants.sides import sides_of
from server.proposals import declines, parties, repository, rules
from server.proposals.policy import POLICY
from server.proposals.schemas import (
    Attachment,
    MessageRead,
    PersonRef,
    ProposalQuery,
    ProposalRead,
    ProposalRow,
    Turn,
)
from server.settings import get_settings


async def page(uow: UnitOfWork, actor: Actor, query: ProposalQuery) -> Listed[ProposalRow]:
    """One page of the proposals that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    declined = await declines.words(uow, found.items)
    return Listed([_fields(actor, row, declined) for row in found.items], found.next, found.total)


async def read(uow: UnitOfWork, actor: Actor, proposal_id: UUID) -> ProposalRead:
    """One proposal with its turns, and what the actor may do with it."""
    found = await repository.whole(uow, proposal_id)
    turns = [_turn(turn, found["unit"]) for turn in found["turns"]]
    endorser = orjson.loads(found["endorsed_by"]) if found["endorsed_by"] else None
    fields = _fields(actor, found, await declines.words(uow, [found]))
    spoken = [(turn.kind, turn.by, frozenset({turn.person.id} if turn.person else ())) for turn in turns]
    if rules.spoke_already(spoken, uow.hands(actor.id)):
        fields["can"] = [verb for verb in fields["can"] if verb != "agree"]
    return ProposalRead(
        **fields,
        department_agreed_by=PersonRef.model_validate(endorser) if endorser else None,
        turns=turns,
    )


async def messages(uow: UnitOfWork, proposal_id: UUID) -> list[MessageRead]:
    """What the sides wrote to each other, oldest first."""
    found = await repository.messages(uow, proposal_id)
    return [
        MessageRead(
            id=row["id"],
            by=row["side"],
            person=person(row),
            text=row["body"],
            at=row["at"],
            files=[Attachment.model_validate(each) for each in orjson.loads(row["files"])],
            read_at=row["read_at"],
        )
        for row in found
    ]


def person(row: Mapping[str, Any]) -> PersonRef | None:
    """Who acted, from a row with user_id, name and name_en; None where the user is gone."""
    return row["user_id"] and PersonRef(id=row["user_id"], name=Name(zh=row["name"], en=row["name_en"]))


def window(first: Any, last: Any) -> Window:
    """A window from two dates."""
    return Window.model_validate({"from": first, "to": last})


def _fields(actor: Actor, row: Mapping[str, Any], declined: declines.Words) -> dict[str, Any]:
    shared = parties.parties(row, actor)
    return {
        **shared,
        "id": row["id"],
        "version": row["version"],
        "status": row["status"],
        "created_at": row["created_at"],
        "quantity": shown(row["quantity"], row["unit"]),
        "window": Window.shown(row["window_from"], row["window_to"]),
        "terms": row["terms"],
        "hold_until": row["hold_until"],
        "proposed_by": row["proposed_by_side"],
        "agreed_by": row["agreed_by"],
        "awaiting": rules.awaited(row["agreed_by"]) if row["status"] in rules.NEGOTIATED else [],
        "department": ParticipantRef.shown(row, "department_") if row["department_id"] else None,
        "department_agreed_at": row["endorsed_at"],
        "awaits_department": row["status"] in rules.NEGOTIATED and _asks_department(row),
        "awaits_verification": row["awaits_verification"],
        "suggestion_id": row["suggestion_id"],
        "renewals_left": _renewals_left(row),
        "unread": row["unread"] if shared["side"] else 0,
        "decline": _decline(row, declined),
        "remark": row["remark"],
        "can": can(actor, row),
    }


def can(actor: Actor, row: Mapping[str, Any]) -> list[str]:
    """What the actor may do with a proposal now."""
    subject = SimpleNamespace(
        **{name: row[name] for name in ("county_id", "giver_id", "county_code", "department_id", "status")}
    )
    verbs = [
        verb
        for verb in rules.LIFECYCLE.verbs(row["status"])
        if rules.possible(
            verb,
            member_of=sides_of(actor, row["county_id"], row["giver_id"]),
            proposed_by=row["proposed_by_side"],
            agreed_by=row["agreed_by"],
            renewals_left=_renewals_left(row),
            over=rules.has_lapsed(row["status"], row["hold_until"], clock.now()),
            for_department=parties.speaks_for_department(actor, row["department_id"]),
            asks_department=_asks_department(row),
        )
    ]
    return POLICY.can(actor, subject, [*verbs, "message"])


def _asks_department(row: Mapping[str, Any]) -> bool:
    return rules.asks_department(row["department_id"], row["endorsed_at"])


def _renewals_left(row: Mapping[str, Any]) -> int:
    return max(get_settings().renewals - row["renewals"], 0)


def _decline(row: Mapping[str, Any], declined: declines.Words) -> dict[str, Any] | None:
    code = row["decline_code"]
    text = declined[row["decline_version"], code] if code else None
    return code and {"code": code, "text": text, "by": row["declined_by"], "remark": row["remark"]}


def _turn(turn: Mapping[str, Any], unit: str) -> Turn:
    return Turn(
        kind=turn["kind"],
        by=turn["by"],
        person=PersonRef.model_validate(turn["person"]) if turn["person"]["id"] else None,
        quantity=amount(Decimal(turn["quantity"]), unit),
        window=window(turn["from"], turn["to"]),
        terms=turn["terms"],
        at=turn["at"],
    )

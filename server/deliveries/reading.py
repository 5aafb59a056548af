"""Deliveries as the interface shows them, made from rows."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.catalogue.schemas import TypeRef
from server.deliveries import repository, rules, stages
from server.deliveries.policy import POLICY
from server.deliveries.schemas import (
    DeliveryHeld,
    DeliveryQuery,
    DeliveryRead,
    DeliveryRow,
    DeliverySummary,
    Evidence,
    LaterCheck,
    PledgeDeliveries,
    Says,
    Stage,
    Step,
    SurplusRead,
)
from server.kit import clock
from server.kit.paging import Listed
from server.kit.quantity import amount, shown
from server.kit.shapes import Name, OwnRecords
from server.kit.uow import UnitOfWork
from server.participants.sides import SIDES, SIGNATORY, Side, sides_of
from server.pledges import service as pledges
from server.proposals import parties

DECISIONS = ("accept", "accept_short", "reject", "dispute", "lose")


async def page(uow: UnitOfWork, actor: Actor, query: DeliveryQuery) -> Listed[DeliveryRow]:
    """One page of the deliveries that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    return Listed([_fields(actor, row) for row in found.items], found.next, found.total)


async def read(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> DeliveryRead:
    """One delivery with its stages, and what the actor may do with it."""
    row = await repository.whole(uow, delivery_id)
    fields, steps = _fields(actor, row), _steps(actor, row)
    return DeliveryRead(
        **fields,
        stages=[Stage(**stage, name=named(stage["kind"])) for stage in row["stages"]],
        steps=steps,
        dispute=_says(row),
        surplus=_surplus(row),
        check=_check(row, (await pledges.calendar_of(uow, row["calendar_version"])).days.check_days),
        evidence=[Evidence.model_validate(each) for each in row["evidence"]],
        next=next((step.kind for step in steps if step.state == "next"), None),
    )


async def of_pledge(uow: UnitOfWork, actor: Actor, pledge_id: UUID, unit: str, promised: Decimal) -> PledgeDeliveries:
    """The deliveries on a pledge and their sum; `promised` is what is not accepted yet and still due."""
    rows = await repository.of_pledge(uow, pledge_id)
    summary = rules.summed([(row["status"], row["declared"], row["accepted"] or Decimal(0)) for row in rows])
    return PledgeDeliveries(
        summary=DeliverySummary(
            count=len(rows),
            planned=amount(summary.planned, unit),
            under_way=amount(summary.under_way, unit),
            accepted=amount(summary.accepted, unit),
            short=amount(summary.short, unit),
            left=amount(max(promised - summary.planned - summary.under_way, Decimal(0)), unit),
        ),
        items=[DeliveryRow(**_fields(actor, row)) for row in rows],
    )


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None = None) -> list[DeliveryHeld]:
    """The deliveries of one side as sheets are compared with them."""
    rows = await repository.of_participant(uow, participant_id, among)
    return [
        DeliveryHeld(
            **{name: row[name] for name in ("id", "version", "status", "pledge_id", "voucher", "client_ref")},
            mine="giver" if row["giver_id"] == participant_id else "county",
            title=row["need_title"],
            resource_type=TypeRef.of(row),
            declared=amount(row["declared"], row["unit"]),
            accepted=None if row["accepted"] is None else amount(row["accepted"], row["unit"]),
            reason=row["shortfall_reason"],
            day=row["sent_at"] and row["sent_at"].astimezone(clock.BEIJING).date(),
        )
        for row in rows
    ]


def _fields(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **parties.parties(row, actor),
        "id": row["id"],
        "version": row["version"],
        "status": row["status"],
        "created_at": row["created_at"],
        "pledge_id": row["pledge_id"],
        "declared": shown(row["declared"], row["unit"]),
        "accepted": None if row["accepted"] is None else shown(row["accepted"], row["unit"]),
        "shortfall": _shortfall(row),
        "sent_at": row["sent_at"],
        "decided_at": row["decided_at"],
        "client_ref": row["client_ref"],
        "remark": row["remark"],
        "can": can(actor, row),
    }


def can(actor: Actor, row: dict[str, Any]) -> list[str]:
    """What the actor may do with a delivery now."""
    subject = SimpleNamespace(**{name: row[name] for name in ("county_id", "giver_id", "county_code", "status")})
    chain, done = _way(row)
    waiting = stages.waiting(chain, done, row["status"])
    verbs = [
        verb for verb in rules.LIFECYCLE.verbs(row["status"]) if _possible(verb, waiting, chain, done, row["shown"])
    ]
    if row["status"] == "disputed":
        # Short of all of it, both sides have to agree, or somebody above decides.
        verbs = [verb for verb in verbs if verb not in ("accept_short", "reject")] + ["settle"]
    verbs = _with_surplus(actor, row, verbs)
    if any(rule.by in _speaks_for(actor, row) for rule in waiting):
        verbs.append("stage")
    return POLICY.can(actor, subject, [*verbs, "evidence"])


def _with_surplus(actor: Actor, row: dict[str, Any], verbs: list[str]) -> list[str]:
    """While more is said to have come, the other side's answer is all that decides."""
    if row["status"] not in rules.AT_THE_DOOR:
        return verbs
    placed = stages.placed(*_way(row))
    if row["surplus"] is None:
        return verbs if placed else [*verbs, "surplus"]
    other: Side = "giver" if row["surplus_by"] == "county" else "county"
    consents = other in sides_of(actor, row["county_id"], row["giver_id"], SIGNATORY)
    verbs = [verb for verb in verbs if verb not in DECISIONS]
    return [
        *verbs,
        "refuse_surplus",
        *(["consent"] if consents and not placed and actor.id != row["surplus_user"] else []),
    ]


def _possible(verb: str, waiting: list[rules.StageRule], chain: rules.Chain, done: stages.Done, shown: bool) -> bool:
    if verb in ("send", "arrive", "inspect"):
        return any(rule.verb == verb for rule in waiting)
    return verb not in ("accept", "accept_short") or (shown and not stages.missing(chain, done))


def _way(row: dict[str, Any]) -> tuple[rules.Chain, stages.Done]:
    return stages.chain_of(row["head"], row["type_code"]), stages.Done(repository.done_of(row))


def _speaks_for(actor: Actor, row: dict[str, Any]) -> list[Side]:
    return sides_of(actor, row["county_id"], row["giver_id"])


def _steps(actor: Actor, row: dict[str, Any]) -> list[Step]:
    """The way of the type, with acceptance before what comes after it."""
    chain, done = _way(row)
    waiting, mine = stages.waiting(chain, done, row["status"]), _speaks_for(actor, row)
    steps = [
        Step(
            kind=rule.kind,
            name=named(rule.kind),
            by=rule.by,
            state="done" if rule.kind in done.at else "next" if rule in waiting else "open",
            when=rule.when,
            voucher=rule.voucher,
            checks=rule.checks,
            figures=list(rule.figures),
            mine=rule in waiting and rule.by in mine,
        )
        for rule in chain
    ]
    steps.insert(sum(rule.when != "after" for rule in chain), _decision(row["status"], stages.missing(chain, done)))
    return steps


def _decision(status: str, missing: list[rules.StageRule]) -> Step:
    """The county's acceptance as a step of the way."""
    ready = status in rules.SENT and not missing
    return Step(
        kind="accepted",
        name=named("accepted"),
        by="county",
        state="done" if status in rules.ACCEPTED else "next" if ready else "open",
        when="decision",
        voucher=False,
        checks=False,
        figures=[],
        mine=False,
    )


def _check(row: dict[str, Any], days: int) -> LaterCheck | None:
    chain, done = _way(row)
    if row["status"] not in rules.ACCEPTED or not rules.lasts(chain):
        return None
    due = rules.check_due(row["decided_at"].astimezone(clock.BEIJING).date(), days)
    last = done.at.get("checked")
    if last is not None and last <= row["decided_at"]:
        last = None  # of an acceptance that was taken back
    figures = [stage["figures"] for stage in row["stages"] if stage["kind"] == "checked"] if last else []
    still = figures[-1].get("still") if figures else None
    return LaterCheck(
        due=due,
        overdue=last is None and due < clock.today(),
        last=last,
        still=None if still is None else amount(Decimal(still), row["unit"]),
    )


def _surplus(row: dict[str, Any]) -> SurplusRead | None:
    if row["surplus"] is None:
        return None
    return SurplusRead(
        quantity=amount(row["surplus"], row["unit"]),
        beyond=amount(row["surplus_beyond"], row["unit"]),
        by=row["surplus_by"],
        text_hash=row["surplus_hash"],
    )


def _says(row: dict[str, Any]) -> Says | None:
    said = [None if row[f"{side}_says"] is None else amount(row[f"{side}_says"], row["unit"]) for side in SIDES]
    if row["status"] != "disputed" and row["settled_by"] is None:
        return None
    return Says(county=said[0], giver=said[1], settled_by=row["settled_by"])


def named(kind: str) -> Name:
    """A stage in both languages."""
    text = rules.STAGE_NAMES[kind]
    return Name(zh=text.zh, en=text.en)


def _shortfall(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["status"] not in rules.DECIDED_SHORT:
        return None
    reason = row["shortfall_reason"]
    text = rules.SHORTFALLS[reason]
    missing = row["declared"] - (row["accepted"] or 0)
    return {"quantity": shown(missing, row["unit"]), "reason": reason, "text": Name.shown(text.zh, text.en)}

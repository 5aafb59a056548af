"""The verbs of pairings: confirm, activate, adjust, settle, end; and which pairing joins a giver and a county."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.paging import Page
from server.kit.shapes import Name
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.pairings import repository, rules
from server.pairings.events import happened
from server.pairings.models import Pairing
from server.pairings.policy import POLICY
from server.pairings.rules import LIFECYCLE, POLICIES
from server.pairings.schemas import (
    Giver,
    PairingAdjust,
    PairingEnd,
    PairingQuery,
    PairingRead,
    PairingRef,
    PairingRow,
    PairingSettle,
    PolicyRead,
    Sides,
)
from server.participants import service as participants
from server.participants.schemas import ParticipantRef
from server.places import service as places
from server.places.rules import is_out
from server.places.schemas import PlaceRef

GIVING_KINDS = ["eastern_partner", "enterprise", "social_organisation"]
HELPED_KINDS = ["western_government"]


async def between(uow: UnitOfWork, giver_id: UUID, county_code: str, on: date | None = None) -> Pairing | None:
    """The pairing that joins a giving participant and a county on a day (the business date), the closest first.

    It joins them when the giver is the pairing's unit or is seated at or below the giving place, and the county
    lies at or below the helped place. Supervision by a party is no helping relation and never joins.
    """
    return await repository.between(uow, giver_id, county_code, on or clock.today())


class SidesNamed(NamedTuple):
    """The names of two sides, as a text says them."""

    giver: Name
    county: Name
    place: Name


@dataclass(frozen=True)
class Between:
    """A pairing and the two participants that agree under it: what the policy asks the roles of."""

    pairing: Pairing
    county_id: UUID
    giver_id: UUID
    county_code: str


def require_in_force(pairing: Pairing) -> None:
    """Raise PairingNotInForce unless the pairing binds on the business date."""
    if not rules.holds_on(pairing.status, pairing.valid_from, pairing.valid_to, clock.today()):
        raise rules.PairingNotInForce


async def check_sides(uow: UnitOfWork, pairing: Pairing, *, county_id: UUID, giver_id: UUID) -> str:
    """The code of the place that a government within a pairing's place governs.

    Raises Invalid for a government elsewhere, and for a giver that is not on the pairing's giving side.
    """
    found = await repository.seated(uow, pairing.id, giver_id, county_id)
    if not found["gives"]:
        zh, en = "不是该结对关系的帮扶方", "is not on the giving side of this pairing"
        raise invalid_field("giver_id", "side", zh, en)
    if not found["receives"]:
        zh, en = "不是该结对关系受援地的政府", "is not a government within the helped place of this pairing"
        raise invalid_field("county_id", "side", zh, en)
    return found["county_code"]


async def sides_named(uow: UnitOfWork, county_id: UUID, giver_id: UUID) -> SidesNamed:
    """The names of two sides as a text says them that both read: an armed-forces unit's is its alias."""
    row = await repository.names(uow, county_id, giver_id)
    giver, county, place = (Name(zh=row[f"{one}_zh"], en=row[f"{one}_en"]) for one in ("giver", "county", "place"))
    return SidesNamed(giver, county, place)


async def load(call: Call) -> Pairing:
    """Loader: the pairing in the path with both places, or NotFound."""
    found = await repository.find(call.param("pairing_id"))
    if found is None:
        raise NotFound
    return found


async def load_between(call: Call) -> Between:
    """Loader: the pairing in the path and the two sides named in the body. Raises Invalid for who is on neither."""
    pairing = await load(call)
    county_id, giver_id = call.body.county_id, call.body.giver_id
    code = await check_sides(call.uow, pairing, county_id=county_id, giver_id=giver_id)
    return Between(pairing, county_id, giver_id, code)


async def list_pairings(uow: UnitOfWork, query: PairingQuery) -> Page[PairingRow]:
    """One page of pairings."""
    page = await repository.LISTING.page(uow, query, repository.matching(uow.actor, query))
    return Page(items=[_row(row) for row in page.items], next=page.next, total=page.total)


async def read(uow: UnitOfWork, pairing: Pairing) -> PairingRead:
    """One pairing with both sides, its policy's dates and its participants."""
    row = await repository.row(uow, pairing.id)
    if row is None:
        raise NotFound
    return PairingRead(
        **_row(row).model_dump(),
        in_force=rules.holds_on(pairing.status, pairing.valid_from, pairing.valid_to, clock.today()),
        policy_facts=_policy(pairing.policy),
        participants=await _sides(uow, pairing, row),
        counties=await places.count_listed(uow, pairing.place),
        successor=await _successor(uow, pairing),
        can=POLICY.can(uow.actor, pairing, LIFECYCLE.verbs(pairing.status)),
    )


async def confirm(uow: UnitOfWork, pairing: Pairing, remark: str) -> PairingRead:
    """Confirm a proposed pairing; it becomes active at once when its first day has come. Raises Stale."""
    await _step(uow, pairing, "confirm", remark)
    if pairing.valid_from <= clock.today():
        await _step(uow, pairing, "activate", "")
    return await read(uow, pairing)


async def activate(uow: UnitOfWork, pairing: Pairing, remark: str) -> PairingRead:
    """Let a confirmed pairing begin. Raises NotYet before its first day, Stale."""
    if pairing.valid_from > clock.today():
        raise rules.NotYet(valid_from=pairing.valid_from.isoformat())
    await _step(uow, pairing, "activate", remark)
    return await read(uow, pairing)


async def adjust(uow: UnitOfWork, pairing: Pairing, body: PairingAdjust) -> PairingRead:
    """Begin an adjustment. Raises Stale."""
    await _step(uow, pairing, "adjust", body.remark)
    return await read(uow, pairing)


async def settle(uow: UnitOfWork, pairing: Pairing, body: PairingSettle) -> PairingRead:
    """Settle an adjustment. Raises EndsBeforeItBegan, Stale, and what ending raises where it sets an end."""
    if body.valid_to is not None:
        await _check_end(uow, pairing, body.valid_to, None)
    await _step(uow, pairing, "settle", body.remark, valid_to=body.valid_to)
    return await read(uow, pairing)


async def end(uow: UnitOfWork, pairing: Pairing, body: PairingEnd) -> PairingRead:
    """End a pairing. Raises EndsBeforeItBegan, EndsBeforeExit, GapBeforeSuccessor, Stale."""
    successor = await _find_successor(pairing, body)
    await _check_end(uow, pairing, body.valid_to, successor)
    successor_id = successor.id if successor else None
    await _step(uow, pairing, "end", body.remark, valid_to=body.valid_to, successor_id=successor_id)
    return await read(uow, pairing)


async def _find_successor(pairing: Pairing, body: PairingEnd) -> Pairing | None:
    if body.successor_id is None:
        return None
    found = await repository.find(body.successor_id)
    if found is None or found.id == pairing.id:
        raise invalid_field("successor_id", "unknown", "没有这条结对关系", "there is no such pairing")
    return found


async def _check_end(uow: UnitOfWork, pairing: Pairing, end: date, successor: Pairing | None) -> None:
    if end < pairing.valid_from:
        raise rules.EndsBeforeItBegan(valid_from=pairing.valid_from.isoformat())
    if successor is not None:
        rules.check_successor(
            end,
            same_place=successor.place_id == pairing.place_id,
            begins=successor.valid_from,
            ends=successor.valid_to,
        )
    elif pairing.kind in rules.UNTIL_EXIT:
        year = await places.exit_year(uow, pairing.place)
        if year is not None and not is_out(year, end):
            raise rules.EndsBeforeExit(place=pairing.place.name_zh, ends_on=end.isoformat(), exit_year=year)


async def _step(uow: UnitOfWork, pairing: Pairing, verb: str, remark: str, **columns: Any) -> None:
    before = _facts(pairing)
    await step(uow, "pairing", pairing, verb, LIFECYCLE, **columns)
    uow.record(happened(pairing, verb, before, _facts(pairing) | {"remark": remark}))


def _facts(pairing: Pairing) -> dict[str, Any]:
    last = pairing.valid_to.isoformat() if pairing.valid_to else None
    successor = str(pairing.successor_id) if pairing.successor_id else None
    return {"status": pairing.status, "valid_to": last, "successor_id": successor}


async def _sides(uow: UnitOfWork, pairing: Pairing, row: Mapping[str, Any]) -> Sides:
    givers: list[ParticipantRef] = []
    if pairing.giver_place:
        givers = await participants.seated(uow, pairing.giver_place.code, GIVING_KINDS)
    elif unit := _giver(row).participant:
        givers = [unit]
    return Sides(giver=givers, county=await participants.seated(uow, pairing.place.code, HELPED_KINDS))


async def _successor(uow: UnitOfWork, pairing: Pairing) -> PairingRef | None:
    row = await repository.row(uow, pairing.successor_id) if pairing.successor_id else None
    return PairingRef(id=row["id"], kind=row["kind"], giver=_giver(row), place=PlaceRef.of(row)) if row else None


def _policy(code: str) -> PolicyRead:
    policy = POLICIES[code]
    return PolicyRead(
        code=policy.code,
        title=Name(zh=policy.title.zh, en=policy.title.en),
        valid_from=policy.valid_from,
        valid_to=policy.valid_to,
    )


def _row(row: Mapping[str, Any]) -> PairingRow:
    plain = ("id", "version", "status", "kind", "policy", "valid_from", "valid_to", "verified", "created_at")
    return PairingRow(**{name: row[name] for name in plain}, giver=_giver(row), place=PlaceRef.of(row))


def _giver(row: Mapping[str, Any]) -> Giver:
    if row["giving_code"]:
        place = PlaceRef.of(row, "giving_", "giving_in_")
        return Giver(kind="place", name=place.name, place=place, participant=None)
    if row["giver_id"]:
        # An armed-forces unit's row is hidden from outsiders: its kind follows from the pairing's.
        kind = row["giver_kind"] or "armed_forces_unit"
        unit = ParticipantRef(id=row["giver_id"], kind=kind, name=Name(zh=row["giver_zh"], en=row["giver_en"]))
        return Giver(kind="participant", name=unit.name, place=None, participant=unit)
    return Giver(kind="name", name=Name(zh=row["giver_name"], en=""), place=None, participant=None)

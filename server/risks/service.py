"""Setting, reading and lifting risk flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.accounts.schemas import PersonRef
from server.contacts import service as contacts
from server.contacts.service import Circle
from server.files import service as files
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.shapes import Name
from server.kit.uow import Audience, Event
from server.risks import repository
from server.risks.models import RiskFlag
from server.risks.policy import POLICY
from server.risks.rules import FlagLifted, check_lift
from server.risks.schemas import RiskLift, RiskRead, RiskSet


@dataclass(frozen=True)
class Flagged(Circle):
    """How the caller stands to the participant of the flag that the path names."""

    flag: RiskFlag | None = None


async def load(call: Call) -> Flagged:
    """Loader: the flag in the path, or NotFound."""
    circle = await contacts.load(call)
    flag = await repository.find(circle.participant_id, call.param("flag_id"))
    if flag is None:
        raise NotFound
    return Flagged(circle.participant_id, circle.place_code, circle.hidden, circle.partners, flag=flag)


async def listed(call: Call, circle: Circle) -> list[RiskRead]:
    """The flags of a participant; who only deals with it reads those that stand, without the evidence."""
    rows = await repository.of_participant(call.uow, circle.participant_id)
    inside = bool(POLICY.relations["own"](call.actor, circle) or POLICY.relations["over"](call.actor, circle))
    return [_read(call, circle, row, inside=inside) for row in rows if inside or row["lifted_at"] is None]


async def set_flag(call: Call, circle: Circle, body: RiskSet) -> list[RiskRead]:
    """Set a flag. Raises NotFound for somebody else's file, FileTaken."""
    made = await RiskFlag.create(
        participant_id=circle.participant_id,
        reason=body.reason,
        file_id=body.file_id,
        set_by=call.actor.id,
        set_at=clock.now(),
    )
    if body.file_id is not None:
        code = "" if circle.hidden else circle.place_code or ""
        sides = (circle.participant_id, circle.participant_id, code)
        await files.put_to(call.uow, call.actor, body.file_id, "risk_flag", made.id, sides)
    call.uow.record(_event(circle, "risk_set", {"reason": body.reason}))
    return await listed(call, circle)


async def lift(call: Call, flagged: Flagged, body: RiskLift) -> list[RiskRead]:
    """Lift a flag that a colleague set. Raises OwnFlag, FlagLifted."""
    flag = flagged.flag
    if flag is None:
        raise NotFound
    check_lift(flag.set_by, call.actor.id, flag.lifted_at is not None)
    if not await repository.lift(call.uow, flag, body.remark, clock.now()):
        raise FlagLifted
    call.uow.record(_event(flagged, "risk_lifted", {"reason": flag.reason, "remark": body.remark}))
    return await listed(call, flagged)


def _read(call: Call, circle: Circle, row: Mapping[str, Any], *, inside: bool) -> RiskRead:
    may_lift = row["lifted_at"] is None and row["set_by"] != call.actor.id
    plain = {name: row[name] for name in ("id", "reason", "set_at", "lifted_at", "lift_remark")}
    return RiskRead(
        **plain,
        file_id=row["file_id"] if inside else None,
        set_by=PersonRef(id=row["set_by"], name=Name(zh=row["set_zh"] or "", en=row["set_en"] or "")),
        lifted_by=_lifter(row["lifted_by"], row),
        can=POLICY.can(call.actor, circle, ["lift"] if may_lift else []),
    )


def _lifter(user_id: UUID | None, row: Mapping[str, Any]) -> PersonRef | None:
    return user_id and PersonRef(id=user_id, name=Name(zh=row["lifted_zh"] or "", en=row["lifted_en"] or ""))


def _event(circle: Circle, what: str, after: dict[str, str]) -> Event:
    codes = frozenset({circle.place_code} if circle.place_code and not circle.hidden else ())
    audience = Audience(frozenset({circle.participant_id}), codes)
    return Event(f"participant.{what}", "participant", circle.participant_id, audience, after=after)

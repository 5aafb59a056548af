"""The verbs of secondments: select, change, appoint, take up, review, extend, end, withdraw."""

from types import SimpleNamespace
from typing import Any

import orjson

from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.sealing import Keys, Sealed, keys_in
from server.kit.shapes import Reason, Window
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.pairings import service as pairings
from server.pairings.service import Between
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef
from server.secondments import repository, rules
from server.secondments.events import facts, record
from server.secondments.models import Secondment
from server.secondments.policy import POLICY
from server.secondments.rules import LIFECYCLE
from server.secondments.schemas import (
    EndTerm,
    Extend,
    Review,
    SecondmentChange,
    SecondmentCreate,
    SecondmentQuery,
    SecondmentRead,
    TakeUp,
)


async def load(call: Call) -> Secondment:
    """Loader: the secondment in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("secondment_id"))
    if found is None:
        raise NotFound
    return found


async def page(call: Call, query: SecondmentQuery) -> Page[SecondmentRead]:
    """One page of the secondments that the caller may see."""
    found = await repository.LISTING.page(call.uow, query, repository.matching(call.actor, query))
    return Page(items=[_shown(call, row) for row in found.items], next=found.next, total=found.total)


async def read(call: Call, secondment: Secondment) -> SecondmentRead:
    """One secondment."""
    return _shown(call, await repository.row(call.uow, secondment.id))


async def select(call: Call, between: Between, body: SecondmentCreate) -> SecondmentRead:
    """Note whom the sides selected, the name sealed. Raises PairingNotInForce."""
    pairings.require_in_force(between.pairing)
    id_ = new_id()
    sealed = _keys(call).seal(body.name.encode(), str(id_))
    made = Secondment(
        id=id_,
        pairing_id=between.pairing.id,
        county_code=between.county_code,
        status=LIFECYCLE.initial,
        sealed=sealed.content,
        key_id=sealed.key_id,
        term_from=body.term.from_,
        term_to=body.term.to,
        written_by=call.actor.id,
        **body.model_dump(exclude={"name", "term"}),
    )
    await repository.insert(call.uow, made)
    record(call.uow, made, "selected", None)
    return await read(call, made)


async def change(call: Call, secondment: Secondment, body: SecondmentChange) -> SecondmentRead:
    """Change what was noted before the appointment."""
    columns: dict[str, Any] = body.model_dump(exclude_none=True, exclude={"name", "term"})
    if body.name:
        sealed = _keys(call).seal(body.name.encode(), str(secondment.id))
        columns |= {"sealed": sealed.content, "key_id": sealed.key_id}
    if body.term:
        columns |= {"term_from": body.term.from_, "term_to": body.term.to}
    return await _step(call, secondment, "change", "changed", **columns)


async def appoint(call: Call, secondment: Secondment) -> SecondmentRead:
    """Appoint to the post, for the receiving side."""
    return await _step(call, secondment, "appoint", "appointed")


async def withdraw(call: Call, secondment: Secondment, body: Reason) -> SecondmentRead:
    """Give up somebody who has not taken up the post."""
    return await _step(call, secondment, "withdraw", "withdrawn", remark=body.remark)


async def take_up(call: Call, secondment: Secondment, body: TakeUp) -> SecondmentRead:
    """Note the day on which the post was taken up; from then on the person counts. Raises NotYet."""
    rules.check_day(body.on, clock.today())
    return await _step(call, secondment, "take_up", "taken_up", began_on=body.on)


async def review(call: Call, secondment: Secondment, body: Review) -> SecondmentRead:
    """Record a year's appraisal in words. Raises ReviewedAlready."""
    LIFECYCLE.after(secondment.status, "review")
    if any(each["year"] == body.year for each in secondment.reviews):
        raise rules.ReviewedAlready(year=body.year)
    kept = [*secondment.reviews, {"year": body.year, "text": body.text, "at": clock.now().isoformat()}]
    return await _step(call, secondment, "review", "reviewed", reviews=orjson.dumps(kept).decode())


async def extend(call: Call, secondment: Secondment, body: Extend) -> SecondmentRead:
    """Lengthen a term. Raises Invalid for a day that is not later."""
    rules.check_extension(secondment.term_to, body.until)
    return await _step(call, secondment, "extend", "extended", term_to=body.until, remark=body.remark)


async def end(call: Call, secondment: Secondment, body: EndTerm) -> SecondmentRead:
    """End a term, early with the reason. Raises NotYet, EarlyWithoutReason."""
    LIFECYCLE.after(secondment.status, "end")
    rules.check_day(body.on, clock.today())
    rules.check_end(body.on, secondment.began_on or secondment.term_from, secondment.term_to, body.remark)
    return await _step(call, secondment, "end", "ended", ended_on=body.on, remark=body.remark)


async def tidy(uow: UnitOfWork) -> None:
    """Forget the names of those whose term is long over (NAME_KEPT); numbers and posts stay."""
    await repository.forget_names(uow, clock.today() - rules.NAME_KEPT)


async def _step(call: Call, secondment: Secondment, verb: str, event: str, **columns: Any) -> SecondmentRead:
    before = facts(secondment)
    await step(call.uow, "secondment", secondment, verb, LIFECYCLE, **columns)
    said = {"remark": columns["remark"]} if "remark" in columns else {}
    record(call.uow, secondment, event, before, **said)
    return await read(call, secondment)


def _keys(call: Call) -> Keys:
    return keys_in(call.request.app.state.settings.data.resolve())


def _shown(call: Call, row: dict[str, Any]) -> SecondmentRead:
    same = (
        *("id", "version", "status", "created_at", "pairing_id", "direction", "kind", "field_of_work", "post"),
        *("sending_office", "receiving_office", "began_on", "ended_on", "remark"),
    )
    sides = ("county_id", "giver_id", "county_code", "direction", "status")
    subject = SimpleNamespace(**{name: row[name] for name in sides})
    return SecondmentRead(
        **{name: row[name] for name in same},
        name=_name(call, row) if POLICY.grants(call.actor, "see_name", subject) else None,
        county=ParticipantRef.of(row, "county_"),
        giver=ParticipantRef.of(row, "giver_"),
        place=PlaceRef.of(row),
        term=Window(from_=row["term_from"], to=row["term_to"]),
        early=row["ended_on"] is not None and row["ended_on"] < row["term_to"],
        days_left=(row["term_to"] - clock.today()).days if row["status"] == "on_post" else None,
        reviews=orjson.loads(row["reviews"]),
        can=POLICY.can(call.actor, subject, LIFECYCLE.verbs(row["status"])),
    )


def _name(call: Call, row: dict[str, Any]) -> str | None:
    if row["sealed"] is None:
        return None
    return _keys(call).open(Sealed(row["key_id"], bytes(row["sealed"])), str(row["id"])).decode()

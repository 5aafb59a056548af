"""The verbs of year-end material: begin, change, consult the other side, answer, revise."""

from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound, invalid_field
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.shapes import Name, Remark
from server.kit.transition import step
from server.kit.uow import Audience, Event, UnitOfWork
from server.pairings.service import Between
from server.participants.schemas import ParticipantRef
from server.participants.sides import Side, sides_of
from server.places.schemas import PlaceRef
from server.summaries import figures, repository, rules, text
from server.summaries.models import YearSummary
from server.summaries.policy import POLICY
from server.summaries.rules import LIFECYCLE
from server.summaries.schemas import (
    SummaryAnswer,
    SummaryChange,
    SummaryCreate,
    SummaryQuery,
    SummaryRead,
    SummaryRow,
    SummaryVersion,
    YearFigures,
)

NO_OPINION = {"opinion": None, "opinion_text": "", "opinion_by": None, "opinion_at": None}
Happened = Literal["begun", "changed", "consulted", "answered", "revised"]


async def load(call: Call) -> YearSummary:
    """Loader: the summary in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("summary_id"))


async def get(uow: UnitOfWork, actor: Actor, summary_id: UUID) -> YearSummary:
    """A summary that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, summary_id)
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: SummaryQuery) -> Page[SummaryRow]:
    """One page of the year-end material that the actor may see."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    rows = [SummaryRow(**_fields(actor, row)) for row in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, summary: YearSummary) -> SummaryRead:
    """One summary: a draft with the books' figures of now, else with those that were put before the other side."""
    row = await repository.row(uow, summary.id)
    known = orjson.loads(row["figures"])
    found = (
        YearFigures.model_validate(known)
        if known and row["status"] != "draft"
        else await figures.read(uow, row["pairing_id"], row["county_code"], row["year"])
    )
    shown = _fields(actor, row)
    suggested = text.write(row["year"], shown["giver"].name, shown["county"].name, found)
    same = ("body", "opinion_text", "opinion_at")
    return SummaryRead(
        **shown,
        **{name: row[name] for name in same},
        suggested=Name(zh=suggested.zh, en=suggested.en),
        figures=found,
        history=[_version(each) for each in orjson.loads(row["history"])],
    )


async def begin(call: Call, between: Between, body: SummaryCreate) -> SummaryRead:
    """Begin a side's account of a year, with a text from the figures in the caller's language. Raises SummaryExists."""
    uow, actor, side = call.uow, call.actor, _side(call.actor, between, body.side)
    if await repository.exists(uow, between.pairing.id, between.county_id, between.giver_id, body.year, side):
        raise rules.SummaryExists(year=body.year)
    made = YearSummary(
        id=new_id(),
        pairing_id=between.pairing.id,
        county_id=between.county_id,
        giver_id=between.giver_id,
        county_code=between.county_code,
        year=body.year,
        side=side,
        status=LIFECYCLE.initial,
        written_by=actor.id,
    )
    await repository.insert(uow, made)
    said = (await read(uow, actor, made)).suggested
    made.body = said.en if call.language == "en" else said.zh
    await made.save(using_db=uow.connection, update_fields=["body"])
    _record(uow, made, "begun", None)
    return await read(uow, actor, made)


async def change(uow: UnitOfWork, actor: Actor, summary: YearSummary, body: SummaryChange) -> SummaryRead:
    """Write the text anew."""
    return await _step(uow, actor, summary, "change", "changed", body=body.body, written_by=actor.id)


async def consult(uow: UnitOfWork, actor: Actor, summary: YearSummary, body: Remark) -> SummaryRead:
    """Ask the other side's opinion; the figures are kept as the books say now."""
    LIFECYCLE.after(summary.status, "consult")
    found = await figures.read(uow, summary.pairing_id, summary.county_code, summary.year)
    columns = {"figures": found.model_dump_json(by_alias=True), "asked_at": clock.now()}
    return await _step(uow, actor, summary, "consult", "consulted", remark=body.remark, **columns)


async def answer(uow: UnitOfWork, actor: Actor, summary: YearSummary, body: SummaryAnswer) -> SummaryRead:
    """Give the other side's opinion on the version that was put before it. Raises SpeaksForBoth, RemarksMissing."""
    if summary.written_by == actor.id:
        raise rules.SpeaksForBoth
    if body.opinion == "remarks" and not body.remark:
        raise rules.RemarksMissing
    said = {"opinion": body.opinion, "opinion_text": body.remark, "opinion_by": actor.id, "opinion_at": clock.now()}
    return await _step(uow, actor, summary, "answer", "answered", **said)


async def revise(uow: UnitOfWork, actor: Actor, summary: YearSummary, body: Remark) -> SummaryRead:
    """Begin a new version; the one that stood is kept with its opinion."""
    LIFECYCLE.after(summary.status, "revise")
    names = ("revision", "body", "figures", *NO_OPINION)
    kept = [*summary.history, {name: getattr(summary, name) for name in names}]
    columns = {"revision": summary.revision + 1, "history": orjson.dumps(kept, default=str).decode(), **NO_OPINION}
    return await _step(uow, actor, summary, "revise", "revised", remark=body.remark, **columns)


async def _step(
    uow: UnitOfWork, actor: Actor, summary: YearSummary, verb: str, event: Happened, remark: str = "", **columns: Any
) -> SummaryRead:
    before = _facts(summary)
    await step(uow, "year_summary", summary, verb, LIFECYCLE, **columns)
    _record(uow, summary, event, before, remark=remark or columns.get("opinion_text", ""))
    return await read(uow, actor, summary)


def _side(actor: Actor, between: Between, named: Side | None) -> Side:
    sides = sides_of(actor, between.county_id, between.giver_id)
    if named is None and len(sides) > 1:
        zh, en = "您代表双方，请指明本材料属于哪一方", "you speak for both sides: say whose account it is"
        raise invalid_field("side", "missing", zh, en)
    if named is not None and named not in sides:
        raise Forbidden
    return named or sides[0]


def _facts(summary: YearSummary) -> dict[str, Any]:
    return {"status": summary.status, "year": summary.year, "side": summary.side, "revision": summary.revision}


def _record(uow: UnitOfWork, summary: YearSummary, event: Happened, before: dict[str, Any] | None, **said: Any) -> None:
    """A draft is its own side's matter until the other side was asked once."""
    own = summary.county_id if summary.side == "county" else summary.giver_id
    both = frozenset({summary.county_id, summary.giver_id})
    audience = Audience(both, frozenset({summary.county_code})) if summary.asked_at else Audience(frozenset({own}))
    after = _facts(summary) | said
    uow.record(Event(f"year_summary.{event}", "year_summary", summary.id, audience, before, after))


def _version(kept: dict[str, Any]) -> SummaryVersion:
    same = ("revision", "body", "opinion", "opinion_text", "opinion_at")
    return SummaryVersion(**{name: kept[name] for name in same}, as_of=kept["figures"].get("as_of"))


def _fields(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "version", "status", "created_at", "pairing_id", "year", "side", "revision", "asked_at", "opinion")
    asked = ("county_id", "giver_id", "county_code", "side", "status")
    subject = SimpleNamespace(**{name: row[name] for name in asked})
    verbs = [verb for verb in LIFECYCLE.verbs(row["status"]) if verb != "answer" or row["written_by"] != actor.id]
    return {name: row[name] for name in same} | {
        "county": ParticipantRef.of(row, "county_"),
        "giver": ParticipantRef.of(row, "giver_"),
        "place": PlaceRef.of(row),
        "can": POLICY.can(actor, subject, verbs),
    }

"""Stored reasons put into the caller's words, and rows into what the interface shows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson

from server.accounts.actor import Actor
from server.catalogue.schemas import TypeRef
from server.docking import reasons
from server.docking.models import DockingRun
from server.docking.policy import RUNS, SUGGESTIONS
from server.docking.rules import RUN, SUGGESTION
from server.docking.schemas import (
    BlockRead,
    NeedBrief,
    OfferBrief,
    ReasonCount,
    ReasonRead,
    RunRead,
    RunTotals,
    Stage,
    SuggestionRead,
    UnmetRead,
)
from server.kit.quantity import amount, in_words
from server.kit.shapes import Name, Window
from server.participants.schemas import ParticipantRef
from server.places.schemas import CodeName, PlaceRef

Row = dict[str, Any]


def run(row: DockingRun, actor: Actor) -> RunRead:
    """A run as its overseers see it."""
    return RunRead(
        id=row.id,
        version=row.version,
        status=row.status,  # pyright: ignore[reportArgumentType]  # a CHECK holds it to the statuses
        settings=row.settings,
        heads=row.scope.get("heads", []),
        province=row.scope.get("province"),
        snapshot_at=row.snapshot_at,
        progress=float(row.progress),
        totals=RunTotals.model_validate(row.totals),
        stages=[Stage.model_validate(stage) for stage in row.stages],
        error=row.error,
        engine_version=row.engine_version,
        input_digest=row.input_digest,
        created_at=row.created_at,
        finished_at=row.finished_at,
        can=RUNS.can(actor, row, (verb for verb in RUN.verbs(row.status) if verb == "cancel")),
    )


def suggestion(row: Row, actor: Actor, language: str) -> SuggestionRead:
    """A suggestion with its reasons in words."""
    unit = row["unit"]
    return SuggestionRead(
        **{name: row[name] for name in ("id", "version", "status", "run_id", "need_id", "offer_id", "score")},
        need=NeedBrief(
            id=row["need_id"],
            title=row["need_title"],
            window=Window(from_=row["need_from"], to=row["need_to"]),
            open=amount(max(row["need_open"], Decimal(0)), unit),
        ),
        offer=OfferBrief(
            id=row["offer_id"],
            title=row["offer_title"],
            window=Window(from_=row["offer_from"], to=row["offer_to"]),
            open=amount(max(row["offer_open"], Decimal(0)), unit),
        ),
        place=place(row),
        county=participant(row, "county"),
        giver=participant(row, "giver"),
        resource_type=type_of(row),
        quantity=amount(row["quantity"], unit),
        reasons=[_reason(each, language) for each in orjson.loads(row["reasons"])],
        alternatives=sum(each["count"] for each in orjson.loads(row["alternatives"])),
        proposal_id=row["proposal_id"],
        remark=row["dismissed_reason"],
        can=SUGGESTIONS.can(actor, _Subject(row), SUGGESTION.verbs(row["status"])),
    )


class _Subject:
    """What the policy reads of a row."""

    def __init__(self, row: Row) -> None:
        self.status: str = row["status"]
        self.county_id, self.giver_id, self.county_code = row["county_id"], row["giver_id"], row["county_code"]


def unmet(row: Row, language: str) -> UnmetRead:
    """What was left open, with what blocks it in words."""
    kind = "need" if row["need_id"] else "offer"
    return UnmetRead(
        id=row["id"],
        kind=kind,
        need_id=row["need_id"],
        offer_id=row["offer_id"],
        title=row["title"],
        resource_type=type_of(row),
        place=place(row) if row["place_code"] else None,
        participant=participant(row, "owner"),
        open=amount(row["open"], row["unit"]),
        reasons=[block(each, kind, row["unit"], language) for each in orjson.loads(row["reasons"])],
    )


def reason_counts(rows: Iterable[Row], kind: str, language: str) -> list[ReasonCount]:
    """Main reasons and how often each stands, in short words."""
    return [
        ReasonCount(code=row["code"], text=reasons.SHORT[reasons.why(row["code"])].say(language), count=row["count"])
        for row in rows
    ]


def _reason(stored: Row, language: str) -> ReasonRead:
    text = reasons.SUGGESTED[stored["code"]].say(language, points=stored["points"])
    return ReasonRead(code=stored["code"], text=text, points=stored["points"])


def block(stored: Row, kind: str, unit: str, language: str) -> BlockRead:
    """What blocks a need (or an offer, by `kind`), in words."""
    why, facts = reasons.why(stored["code"]), dict(stored["facts"])
    if "quantity" in facts:
        facts["quantity"] = in_words(Decimal(facts["quantity"]), unit)
    if "skills" in facts:
        facts["skills"] = (", " if language == "en" else "、").join(facts["skills"])
    templates = reasons.NEED_BLOCKED if kind == "need" else reasons.OFFER_BLOCKED
    return BlockRead(code=stored["code"], text=templates[why].say(language, **facts), shortfall=stored["shortfall"])


def type_of(row: Row) -> TypeRef:
    """The resource type of a row."""
    return TypeRef(
        code=row["type_code"],
        name=Name(zh=row["type_zh"], en=row["type_en"]),
        **{name: row[name] for name in ("head", "unit", "decimals", "is_money", "bound", "reach")},
    )


def place(row: Row) -> PlaceRef:
    """The county of a row."""
    province = (
        CodeName(code=row["province_code"], name=Name(zh=row["province_zh"], en=row["province_en"]))
        if row["province_code"]
        else None
    )
    return PlaceRef(code=row["place_code"], name=Name(zh=row["place_zh"], en=row["place_en"]), province=province)


def participant(row: Row, side: str) -> ParticipantRef:
    """The participant of one side of a row."""
    return ParticipantRef(
        id=row[f"{side}_id"], kind=row[f"{side}_kind"], name=Name(zh=row[f"{side}_zh"], en=row[f"{side}_en"])
    )

"""The list of coded reasons to decline: versions that coordinators set, one after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Stale
from server.kit.paging import Listing, ListQuery, Page, SortKey, Where
from server.kit.shapes import Name
from server.kit.uow import Audience, Event, UnitOfWork
from server.proposals import declining
from server.proposals.models import DeclineList
from server.proposals.policy import DECLINES
from server.proposals.schemas import DeclineListRead, DeclineListSet, DeclineListVersion, DeclineReason, ReasonText

VERSIONS = Listing(
    columns="d.version, d.reasons::text AS reasons, d.remark, d.set_at, u.name AS name_zh, u.name_en",
    source="decline_list d LEFT JOIN LATERAL jiedui_user_names(ARRAY[d.set_by]) u ON true",
    identity="d.id",
    sorts={"version": SortKey("d.version", "int")},
    default="-version",
)
LOCK = 727_009
"""Of two who set the list at once, the later one finds the other's version."""

REASONS = TypeAdapter(list[DeclineReason])


@dataclass(frozen=True)
class Chosen:
    """The list in force, whose version is the ETag."""

    version: int
    reasons: list[DeclineReason]


BEGINNING = Chosen(
    0,
    [
        DeclineReason(
            code=each.code, text=ReasonText(zh=each.text.zh, en=each.text.en), cool_down_days=each.cool_down_days
        )
        for each in declining.BEGINNING
    ],
)


async def chosen(uow: UnitOfWork) -> Chosen:
    """The list in force."""
    row = await uow.fetch_one(
        "SELECT version, reasons::text AS reasons FROM decline_list ORDER BY version DESC LIMIT 1"
    )
    return Chosen(row["version"], _reasons(row)) if row else BEGINNING


async def load(call: Call) -> Chosen:
    """Loader: the list in force."""
    return await chosen(call.uow)


async def offered(uow: UnitOfWork) -> list[DeclineReason]:
    """The reasons with which a proposal can be declined today."""
    return [each for each in (await chosen(uow)).reasons if not each.retired]


Words = Mapping[tuple[int | None, str], Any]
"""What each code meant in each version; under no version, in the list in force."""


async def words(uow: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> Words:
    """The words of every code as the rows' versions have it, retired ones too; where none was declined nothing is asked."""
    wanted = {row["decline_version"] for row in rows if row["decline_code"]}
    if not wanted:
        return {}
    kept = await uow.fetch(
        "SELECT version, reasons::text AS reasons FROM decline_list WHERE version = ANY ($1::int[])",
        sorted(wanted - {None}),
    )
    lists: dict[int | None, list[DeclineReason]] = {0: BEGINNING.reasons}
    lists |= {row["version"]: _reasons(row) for row in kept}
    if None in wanted:
        lists[None] = (await chosen(uow)).reasons
    return {
        (version, each.code): Name.shown(each.text.zh, each.text.en)
        for version, reasons in lists.items()
        for each in reasons
    }


async def read(uow: UnitOfWork, actor: Actor) -> DeclineListRead:
    """The list in force, and what the actor may do."""
    found = (await VERSIONS.page(uow, ListQuery(limit=1), Where())).items
    shown = _version(found[0]) if found else _BEGAN
    can = DECLINES.can(actor, None, ["set"])
    return DeclineListRead(**shown.model_dump(), always=list(declining.ALWAYS), can=can)


async def versions(uow: UnitOfWork, query: ListQuery) -> Page[DeclineListVersion]:
    """Every version, the newest first."""
    page = await VERSIONS.page(uow, query, Where())
    return Page(items=[_version(row) for row in page.items], next=page.next, total=page.total)


async def set_(uow: UnitOfWork, actor: Actor, subject: Chosen, body: DeclineListSet) -> DeclineListRead:
    """Set the list from now on.

    Raises DeclineListUnchanged, DeclineCodeRemoved, DeclineCodeKept, and Stale when another was faster.
    """
    if body.reasons == subject.reasons:
        raise declining.DeclineListUnchanged
    declining.check_change(subject.reasons, body.reasons)
    await uow.fetch("SELECT pg_advisory_xact_lock($1)", LOCK)
    if (await chosen(uow)).version != subject.version:
        raise Stale(version=subject.version)
    made = await DeclineList.create(
        version=subject.version + 1,
        reasons=REASONS.dump_python(body.reasons),
        remark=body.remark,
        set_by=actor.id,
        set_at=clock.now(),
    )
    before = {"reasons": REASONS.dump_python(subject.reasons)}
    after = {"version": made.version, "remark": made.remark, "reasons": made.reasons}
    uow.record(Event("decline_list.set", "decline_list", made.id, Audience(everyone=True), before, after))
    return await read(uow, actor)


_BEGAN = DeclineListVersion(version=0, reasons=BEGINNING.reasons, remark="", set_by=None, set_at=None)


def _reasons(row: Mapping[str, Any]) -> list[DeclineReason]:
    return REASONS.validate_python(orjson.loads(row["reasons"]))


def _version(row: Mapping[str, Any]) -> DeclineListVersion:
    return DeclineListVersion(
        version=row["version"],
        reasons=_reasons(row),
        remark=row["remark"],
        set_by=Name(zh=row["name_zh"], en=row["name_en"] or row["name_zh"]) if row["name_zh"] else None,
        set_at=row["set_at"],
    )

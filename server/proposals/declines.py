"""The list of coded reasons to decline: versions that coordinators set, one after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from server.accounts.actor import Actor
from server.kit.endpoint import Call
from server.kit.paging import ListQuery, Page
from server.kit.shapes import Name
from server.kit.uow import Audience, Event, UnitOfWork
from server.kit.versions import Versions
from server.proposals import declining
from server.proposals.models import DeclineList
from server.proposals.policy import DECLINES
from server.proposals.schemas import DeclineListRead, DeclineListSet, DeclineListVersion, DeclineReason, ReasonText

REASONS = TypeAdapter(list[DeclineReason])


@dataclass(frozen=True)
class Chosen:
    """The list in force, whose version is the ETag."""

    version: int
    reasons: list[DeclineReason]


def _beginning() -> list[DeclineReason]:
    return [
        DeclineReason(
            code=each.code, text=ReasonText(zh=each.text.zh, en=each.text.en), cool_down_days=each.cool_down_days
        )
        for each in declining.BEGINNING
    ]


VERSIONS = Versions("decline_list", "reasons", 727_009, REASONS.validate_python, _beginning)


async def chosen(uow: UnitOfWork) -> Chosen:
    """The list in force."""
    return Chosen(*await VERSIONS.standing(uow))


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
    lists: dict[int | None, list[DeclineReason]] = {**await VERSIONS.several(uow, wanted - {None})}
    if None in wanted:
        lists[None] = (await chosen(uow)).reasons
    return {
        (version, each.code): Name.shown(each.text.zh, each.text.en)
        for version, reasons in lists.items()
        for each in reasons
    }


async def read(uow: UnitOfWork, actor: Actor) -> DeclineListRead:
    """The list in force, and what the actor may do."""
    shown = (await VERSIONS.newest(uow)).fields("reasons")
    can = DECLINES.can(actor, None, ["set"])
    return DeclineListRead(**shown, always=list(declining.ALWAYS), can=can)


async def versions(uow: UnitOfWork, query: ListQuery) -> Page[DeclineListVersion]:
    """Every version, the newest first."""
    page = await VERSIONS.page(uow, query)
    items = [DeclineListVersion(**each.fields("reasons")) for each in page.items]
    return Page(items=items, next=page.next, total=page.total)


async def set_(uow: UnitOfWork, actor: Actor, subject: Chosen, body: DeclineListSet) -> DeclineListRead:
    """Set the list from now on.

    Raises DeclineListUnchanged, DeclineCodeRemoved, DeclineCodeKept, and Stale when another was faster.
    """
    if body.reasons == subject.reasons:
        raise declining.DeclineListUnchanged
    declining.check_change(subject.reasons, body.reasons)
    columns = await VERSIONS.succeed(uow, actor, subject.version, body.remark)
    made = await DeclineList.create(reasons=REASONS.dump_python(body.reasons), **columns)
    before = {"reasons": REASONS.dump_python(subject.reasons)}
    after = {"version": made.version, "remark": made.remark, "reasons": made.reasons}
    uow.record(Event("decline_list.set", "decline_list", made.id, Audience(everyone=True), before, after))
    return await read(uow, actor)

"""Snapshots and runs of docking, as tests need them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.accounts.actor import SYSTEM
from server.accounts.models import User
from server.docking import running, service, snapshot
from server.docking.engine.problem import Relation
from server.docking.models import DockingRun, Suggestion
from server.docking.schemas import RunStart
from server.docking.snapshot import Scope, Snapshot
from server.kit import clock
from server.kit import uow as units
from tests.factories.accounts import actor_of, make_overseer
from tests.support.database import within

EVERYWHERE = Scope(("%",), (), 15)


@dataclass(frozen=True)
class Taken:
    """A snapshot, and the codes of its counties."""

    snapshot: Snapshot
    codes: list[str]

    def counties(self, relation: Relation, row: int) -> set[str]:
        """The codes of the counties in one row of a relation."""
        return {self.codes[at] for at in relation.county[relation.start[row] : relation.start[row + 1]]}

    def need(self, id_: UUID) -> int:
        """The position of a need."""
        return [row.id for row in self.snapshot.needs].index(id_)

    def offer(self, id_: UUID) -> int:
        """The position of an offer."""
        return [row.id for row in self.snapshot.offers].index(id_)

    def giver(self, offer_id: UUID) -> int:
        """The position of the participant that makes an offer."""
        return int(self.snapshot.problem.offers.giver[self.offer(offer_id)])


async def take_snapshot(scope: Scope = EVERYWHERE, *, days_later: int = 0) -> Taken:
    """A snapshot of what is open, as a run takes it."""
    now, today = clock.now() + timedelta(days=days_later), clock.today() + timedelta(days=days_later)
    content = await units.run(lambda uow: snapshot.read(uow, scope, now, today), SYSTEM, one_moment=True)
    return Taken(snapshot.arrange(content, scope, now, today), [row["code"] for row in content.counties])


async def start_run(coordinator: User | None = None, **wanted: Any) -> DockingRun:
    """A queued run of a coordinator, national unless another is given."""
    actor = await actor_of(coordinator or await make_overseer())
    return await within(lambda uow: service.start(uow, actor, RunStart.model_validate(wanted)), actor)


async def do_run(coordinator: User | None = None, **wanted: Any) -> DockingRun:
    """A run that is done."""
    run = await start_run(coordinator, **wanted)
    assert run.job_id is not None
    await running.do(run.id, run.job_id)
    return await reloaded(run)


async def reloaded(run: DockingRun) -> DockingRun:
    """The run as it stands now."""
    return await within(lambda _: DockingRun.get(id=run.id))


async def suggestions_of(run: DockingRun) -> list[Suggestion]:
    """What a run suggested, the best first."""
    return await within(lambda _: Suggestion.filter(run_id=run.id).order_by("-score", "id"))

"""The verbs of needs: write, submit, review, publish, amend, suspend, close, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import references
from server.activity import service as activity
from server.books import service as books
from server.books.rules import Reference, StillPromised
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import FieldError, Invalid, NotFound, require
from server.kit.paging import Listed
from server.kit.schema import new_id
from server.kit.shapes import OwnRecords, Reason, Remark, check_not_over
from server.kit.transition import change as change_row
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.needs import growing, repository, rules, schemas
from server.needs.events import facts, happened
from server.needs.models import Need
from server.needs.policy import POLICY
from server.needs.rules import LIFECYCLE
from server.needs.schemas import (
    Decision,
    NeedAmend,
    NeedChange,
    NeedCreate,
    NeedQuery,
    NeedRead,
    NeedRow,
    Refusal,
)
from server.needs.writing import check_department, columns_of, merged
from server.participants import service as participants
from server.participants.models import Participant


@dataclass(frozen=True)
class Writer:
    """On whose behalf a need is to be written: what the policy asks the editor's role of."""

    participant_id: UUID
    county_code: str | None = None


async def load(call: Call) -> Need:
    """Loader: the need in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.param("need_id"), actor=call.actor)


async def load_writer(call: Call) -> Writer:
    """Loader: the participant named in the body, or the only one of which the caller is an editor."""
    named: NeedCreate = call.body
    return Writer(named.participant_id or accounts.only_participant(call.actor, "editor"))


async def get(uow: UnitOfWork, need_id: UUID, *, actor: Actor | None = None) -> Need:
    """A need that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor or uow.actor, need_id)
    if found is None:
        raise NotFound
    return found


async def lock(uow: UnitOfWork, need_id: UUID) -> Need:
    """A published need, locked until the end of the transaction; the offer is locked before it.

    Raises NotFound, and NeedNotOpen while it is not published.
    """
    found = await repository.take(uow, need_id)
    if found is None:
        raise NotFound
    if found.status != "published":
        raise rules.NeedNotOpen(need_id=str(need_id), need_status=found.status)
    return found


async def page(uow: UnitOfWork, actor: Actor, query: NeedQuery) -> Listed[NeedRow]:
    """One page of the needs that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    rows = [schemas.row(each, _can(actor, each, wrote=actor.id == each["written_by"])) for each in found.items]
    return Listed(rows, found.next, found.total)


async def read(uow: UnitOfWork, actor: Actor, need: Need) -> NeedRead:
    """A whole need, with its coverage and what the actor may do with it."""
    found = await repository.whole(uow, need.id)
    wrote = actor.id in await _writers(uow, need)
    alone = wrote and not await _reviewers(uow, need) - {actor.id}
    return schemas.whole(found, _can(actor, found, wrote=wrote, alone=alone))


async def create(uow: UnitOfWork, actor: Actor, writer: Writer, body: NeedCreate) -> NeedRead:
    """Write a draft, once for a `client_ref`. Raises Invalid naming each field that is wrong, ClientRefReused."""
    return await read(uow, actor, await put_down(uow, actor, writer, body))


async def put_down(uow: UnitOfWork, actor: Actor, writer: Writer, body: NeedCreate) -> Need:
    """Write a draft as `create` does, for who does not read it again: a workbook's rows come by the thousand."""
    participant = await participants.get(uow, writer.participant_id)
    columns = await columns_of(uow, participant, body)
    made = new_id()
    if before := await references.claim(
        uow, owner_id=participant.id, kind="need", client_ref=body.client_ref, record_id=made, body=body
    ):
        return await get(uow, before, actor=actor)
    await growing.check_ask(uow, columns, await _unit(uow, columns["resource_type_id"]))
    need = await Need.create(
        id=made, **columns, participant_id=participant.id, status=LIFECYCLE.initial, written_by=actor.id
    )
    uow.record(happened(need, "create", None, facts(need)))
    return need


async def check(uow: UnitOfWork, participant: Participant, body: NeedCreate, *, complete: bool) -> list[FieldError]:
    """What is wrong with a need before it is written; with `complete` also what it lacks to be submitted."""
    try:
        quantity = (await columns_of(uow, participant, body))["quantity"]
    except Invalid as problem:
        return list(problem.errors)
    if not complete:
        return []
    return rules.check_complete(
        title=body.title,
        quantity=quantity,
        last_day=body.window.to,
        necessity=body.necessity,
        today=clock.today(),
    )


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None = None) -> list[NeedRead]:
    """Every need of a participant that is neither closed nor rejected, oldest first; without what may be done with it."""
    return [schemas.whole(row, []) for row in await repository.of_participant(uow, participant_id, among)]


async def change(uow: UnitOfWork, actor: Actor, need: Need, body: NeedChange) -> NeedRead:
    """Change a draft or returned need; whoever changes it is a writer of it too. Raises Invalid, Stale."""
    LIFECYCLE.after(need.status, "change")
    before = facts(need)
    participant = await participants.get(uow, need.participant_id)
    columns = await columns_of(uow, participant, await merged(uow, need, body))
    await growing.check_ask(uow, columns, await _unit(uow, columns["resource_type_id"]), need.id)
    await change_row(uow, "need", need, **columns)
    uow.record(happened(need, "change", before, facts(need)))
    return await read(uow, actor, need)


async def submit(uow: UnitOfWork, actor: Actor, need: Need) -> NeedRead:
    """Hand a complete need to the reviewer. Raises Invalid naming what is missing."""
    LIFECYCLE.after(need.status, "submit")
    found = rules.check_complete(
        title=need.title,
        quantity=need.quantity,
        last_day=need.window_to,
        necessity=need.necessity,
        today=clock.today(),
    )
    require(found)
    return await _step(uow, actor, need, "submit", submitted_at=clock.now(), reviewed_by=None, decided_alone=False)


async def review(uow: UnitOfWork, actor: Actor, need: Need, body: Decision) -> NeedRead:
    """Take a submitted need under review. Raises WriterIsReviewer, NotAlone."""
    LIFECYCLE.after(need.status, "review")
    alone = await _decides_alone(uow, actor, need, acting_alone=body.acting_alone)
    said = {"acting_alone": alone}
    return await _step(uow, actor, need, "review", said, remark=body.remark, reviewed_by=actor.id)


async def give_back(uow: UnitOfWork, actor: Actor, need: Need, body: Refusal) -> NeedRead:
    """Return a need to its writer."""
    return await _decide(uow, actor, need, "return", body, body.acting_alone)


async def reject(uow: UnitOfWork, actor: Actor, need: Need, body: Refusal) -> NeedRead:
    """Reject a need for good."""
    return await _decide(uow, actor, need, "reject", body, body.acting_alone)


async def publish(uow: UnitOfWork, actor: Actor, need: Need, body: Decision) -> NeedRead:
    """Publish a need and open its account in the books. Raises NotVerified while its participant is not verified."""
    LIFECYCLE.after(need.status, "publish")
    participants.require_verified(await participants.get(uow, need.participant_id))
    require(check_not_over(need.window_to, clock.today()))
    kind = catalogue.ref(await catalogue.get_type(uow, need.resource_type_id))
    await growing.check_again(uow, need, kind.unit, need.quantity)
    result = await _decide(uow, actor, need, "publish", body, body.acting_alone, published_at=clock.now())
    await books.open_account(
        uow,
        "need",
        need.id,
        owner_id=need.participant_id,
        unit=kind.unit,
        bound=kind.bound,
        quantity=need.quantity,
        reference=Reference("need", need.id),
    )
    return result


async def countersign(uow: UnitOfWork, actor: Actor, need: Need, body: Remark) -> NeedRead:
    """Countersign what one of its writers published alone. Raises NothingToCountersign, WriterIsReviewer."""
    LIFECYCLE.after(need.status, "countersign")
    if not need.decided_alone:
        raise rules.NothingToCountersign
    if uow.hands(actor.id) & await _writers(uow, need):
        raise rules.WriterIsReviewer
    return await _step(uow, actor, need, "countersign", remark=body.remark, reviewed_by=actor.id, decided_alone=False)


async def amend(uow: UnitOfWork, actor: Actor, need: Need, body: NeedAmend) -> NeedRead:
    """Change the quantity of a published need, and whose agreement it asks for. Raises QuantityBelowCovered."""
    LIFECYCLE.after(need.status, "amend")
    kind = await catalogue.get_type(uow, need.resource_type_id)
    given = catalogue.canonical(kind, body.quantity, "quantity")
    require(rules.check_parts(given.value, need.min_part))
    await growing.check_again(uow, need, kind.unit, given.value)
    columns: dict[str, Any] = {
        "quantity": given.value,
        "declared_value": given.declared_value,
        "declared_unit": given.declared_unit,
    }
    if "department_id" in body.model_fields_set:
        await check_department(uow, body.department_id, need.participant_id, need.county_code)
        columns["department_id"] = body.department_id
    before = facts(need)
    await change_row(uow, "need", need, **columns, remark=body.remark)
    await books.amend(uow, "need", need.id, given.value, Reference("need", need.id))
    uow.record(happened(need, "amend", before, facts(need) | {"remark": body.remark}))
    return await read(uow, actor, need)


async def suspend(uow: UnitOfWork, actor: Actor, need: Need, body: Reason) -> NeedRead:
    """Suspend a published need."""
    return await _step(uow, actor, need, "suspend", remark=body.remark)


async def resume(uow: UnitOfWork, actor: Actor, need: Need, body: Remark) -> NeedRead:
    """Open a suspended need again."""
    return await _step(uow, actor, need, "resume", remark=body.remark)


async def close(uow: UnitOfWork, actor: Actor, need: Need, body: Reason) -> NeedRead:
    """Close a need with what was accepted. Raises StillPromised, NothingAccepted."""
    return await _end(uow, actor, need, "close", body.remark)


async def withdraw(uow: UnitOfWork, actor: Actor, need: Need, body: Reason) -> NeedRead:
    """Withdraw a need. Raises StillPromised when anything of it is held or pledged."""
    return await _end(uow, actor, need, "withdraw", body.remark)


async def close_if_covered(uow: UnitOfWork, need_id: UUID) -> bool:
    """Close a cap's need that was accepted in full; says whether it did."""
    need = await repository.take(uow, need_id)
    if need is None or need.status not in LIFECYCLE.sources("close"):
        return False
    if not rules.is_satisfied(await books.balance(uow, need_id)):
        return False
    await _closed(uow, need, "close", "satisfied", "")
    return True


async def make_room(uow: UnitOfWork, need_id: UUID, wanted: Decimal, remark: str) -> None:
    """Raise a cap's need by what it lacks so that `wanted` is open: both sides have agreed to a surplus."""
    need, balance = await repository.take(uow, need_id), await books.balance(uow, need_id)
    lacking = wanted - balance.open
    if need is None or balance.bound == "floor" or lacking <= 0:
        return
    before, quantity = facts(need), need.quantity + lacking
    # The giver's consent may come last; it changes no need of its own, so the platform writes it.
    async with accounts.as_system(uow):
        await change_row(uow, "need", need, quantity=quantity, declared_value=quantity, declared_unit=balance.unit)
        await books.amend(uow, "need", need.id, quantity, Reference("need", need.id))
        uow.record(happened(need, "amend", before, facts(need) | {"remark": remark}))


async def reopen(uow: UnitOfWork, need_id: UUID) -> None:
    """Publish a closed need again, because something that was accepted for it is promised again."""
    need = await repository.take(uow, need_id)
    if need is None or need.status not in LIFECYCLE.sources("reopen"):
        return
    before = {"status": need.status, "close_reason": need.close_reason}
    await step(uow, "need", need, "reopen", LIFECYCLE, close_reason=None, closed_at=None)
    await books.reopen(uow, "need", need.id, Reference("need", need.id))
    uow.record(happened(need, "reopen", before, {"status": need.status}))


async def due_to_expire(uow: UnitOfWork, day: date) -> Sequence[UUID]:
    """Needs whose window was over before `day` and of which nothing is held or pledged."""
    return await repository.past(uow, day)


async def expire(uow: UnitOfWork, need_id: UUID, day: date) -> bool:
    """Close a need whose window was over before `day`; says whether it did (nothing may be held or pledged)."""
    need = await repository.take(uow, need_id)
    if need is None or need.status not in LIFECYCLE.sources("expire") or need.window_to >= day:
        return False
    balance = await books.balance(uow, need_id)
    if balance.promised:
        return False  # promised between the look and the lock
    await _closed(uow, need, "expire", "expired", "")
    return True


async def _decide(
    uow: UnitOfWork, actor: Actor, need: Need, verb: str, body: Remark | Reason, acting_alone: bool, **columns: Any
) -> NeedRead:
    LIFECYCLE.after(need.status, verb)
    alone = await _decides_alone(uow, actor, need, acting_alone=acting_alone)
    columns |= {"remark": body.remark, "reviewed_by": actor.id, "decided_alone": alone, "decided_at": clock.now()}
    return await _step(uow, actor, need, verb, {"acting_alone": alone}, **columns)


async def _step(
    uow: UnitOfWork, actor: Actor, need: Need, verb: str, said: dict[str, Any] | None = None, **columns: Any
) -> NeedRead:
    before = {"status": need.status}
    await step(uow, "need", need, verb, LIFECYCLE, **columns)
    after = {"status": need.status, "remark": columns.get("remark", "")}
    uow.record(happened(need, verb, before, after | (said or {})))
    return await read(uow, actor, need)


async def _end(uow: UnitOfWork, actor: Actor, need: Need, verb: str, remark: str) -> NeedRead:
    LIFECYCLE.after(need.status, verb)
    reason = "withdrawn"
    if need.published_at is not None:
        # Whoever docks with a need locks it first, so the balance stands still from here on.
        await repository.take(uow, need.id)
        balance = await books.balance(uow, need.id)
        if balance.promised:
            raise StillPromised(balance)
        if verb == "close" or balance.accepted:
            reason = rules.close_reason(quantity=balance.quantity, accepted=balance.accepted)
    await _closed(uow, need, verb, reason, remark)
    return await read(uow, actor, need)


async def _closed(uow: UnitOfWork, need: Need, verb: str, reason: str, remark: str) -> None:
    before = {"status": need.status}
    await step(uow, "need", need, verb, LIFECYCLE, remark=remark, close_reason=reason, closed_at=clock.now())
    if need.published_at is not None:
        await books.close(uow, "need", need.id, Reference("need", need.id))
    after = {"status": need.status, "close_reason": reason, "remark": remark}
    uow.record(happened(need, verb, before, after))


async def _unit(uow: UnitOfWork, type_code: str) -> str:
    return (await catalogue.get_type(uow, type_code)).unit


async def _decides_alone(uow: UnitOfWork, actor: Actor, need: Need, *, acting_alone: bool) -> bool:
    reviewers = await _reviewers(uow, need) if acting_alone else frozenset[UUID]()
    writers = await _writers(uow, need)
    return rules.decide_alone(uow.hands(actor.id), writers, acting_alone=acting_alone, reviewers=reviewers)


async def _writers(uow: UnitOfWork, need: Need) -> frozenset[UUID]:
    changed = await activity.actors_of(uow, need.id, "need.created", "need.changed")
    return changed | {need.written_by}


async def _reviewers(uow: UnitOfWork, need: Need) -> frozenset[UUID]:
    return await accounts.holders(uow, need.participant_id, "reviewer")


def _can(actor: Actor, found: dict[str, Any], *, wrote: bool, alone: bool = False) -> list[str]:
    subject = SimpleNamespace(
        participant_id=found["participant_id"], county_code=found["county_code"], status=found["status"]
    )
    verbs = rules.verbs(found["status"], wrote=wrote, alone=alone, reviewed_alone=found["decided_alone"])
    return POLICY.can(actor, subject, verbs)

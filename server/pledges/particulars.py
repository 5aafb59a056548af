"""What is known of a pledge beside its text: who pays for it, who brought it in, and what it is worth in money."""

from server.accounts.actor import Actor
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.transition import change
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.pledges import recording, rules
from server.pledges.models import Pledge
from server.pledges.schemas import Sources, ValueWrite


async def name_sources(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Sources) -> None:
    """Say who bears the cost, and who brought it in where somebody else did. Raises NotFound."""
    named = {"paid_by_id": body.paid_by, "mobilised_by_id": body.mobilised_by}
    for participant_id in filter(None, named.values()):
        if participant_id != pledge.giver_id:
            participants.require_verified(await participants.get(uow, participant_id))
    before = recording.facts(pledge)
    await change(uow, "pledge", pledge, **named)
    said = {name: value and str(value) for name, value in named.items()}
    recording.record(uow, pledge, "sources_named", before, **said)


async def declare_value(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: ValueWrite) -> None:
    """Declare what goods or services are worth, for the giver; the county confirms it anew. Raises ValueOfMoney."""
    await _check_not_money(uow, pledge)
    before = recording.facts(pledge)
    value = body.value.amount_fen
    columns = {"value_fen": value, "value_method": body.method, "value_source": body.source}
    await change(uow, "pledge", pledge, **columns, **recording.UNCONFIRMED)
    recording.record(uow, pledge, "valued", before, value_fen=value, method=body.method, source=body.source)


async def confirm_value(uow: UnitOfWork, actor: Actor, pledge: Pledge) -> None:
    """Confirm the declared value, for the county. Raises ValueOfMoney, NoValue."""
    await _check_not_money(uow, pledge)
    if pledge.value_method is None or pledge.value_confirmed_at is not None:
        raise rules.NoValue
    before = recording.facts(pledge)
    await change(uow, "pledge", pledge, value_confirmed_by=actor.id, value_confirmed_at=clock.now())
    recording.record(uow, pledge, "value_confirmed", before, value_fen=pledge.value_fen)


async def _check_not_money(uow: UnitOfWork, pledge: Pledge) -> None:
    if (await catalogue.get_type(uow, pledge.resource_type_id)).is_money:
        raise rules.ValueOfMoney

"""Lists of deliveries: a giver's of what it sent becomes deliveries, a county's of what it received accepts them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.activity.references import ClientRef
from server.deliveries import service as deliveries
from server.deliveries.models import Delivery
from server.deliveries.policy import POLICY
from server.deliveries.rules import AT_THE_DOOR, SHORTFALLS, ShortfallCode
from server.deliveries.schemas import (
    AcceptShort,
    DeliveryCreate,
    DeliveryHeld,
    Note,
    Refusal,
    StageNote,
    StageStep,
    Voucher,
)
from server.imports.book_rows import read_delivery
from server.imports.drafting import NUMBERED, Around
from server.imports.kind import BY_IMPORT, Difference, Facts, ImportKind, amount_text, said, type_of
from server.imports.rules import Side
from server.kit import clock
from server.kit.errors import FieldError, Forbidden, Stale, fault, invalid_field
from server.kit.quantity import Amount, Money, plain
from server.kit.shapes import Input, OwnRecords
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.pledges import service as pledges

DECIDED = frozenset({"accepted", "reason"})


class DeliveryLine(Input):
    """What a row says of a delivery."""

    pledge_id: UUID | None = None
    quantity: Amount | None = None
    day: date | None = None
    voucher: Voucher | None = None
    note: Note = ""
    accepted: Amount | None = None
    reason: ShortfallCode | None = None
    client_ref: ClientRef = None


def delivery_facts(record: DeliveryLine | DeliveryHeld, around: Around) -> Facts:
    """What a row, or the books, say of a delivery."""
    if isinstance(record, DeliveryHeld):
        kind, quantity = type_of(record, around), record.declared
    else:
        quantity = record.quantity
        pledge = around.pledges.by_id.get(str(record.pledge_id)) if record.pledge_id else None
        kind = type_of(pledge, around) if pledge else None
    return {
        "quantity": amount_text(quantity, kind),
        "accepted": said("0") if _is_none(record.accepted) else amount_text(record.accepted, kind),
        "day": said(record.day),
        "voucher": said(record.voucher),
        "reason": SHORTFALLS[record.reason] if record.reason else said(None),
    }


def _value(amount: Amount) -> Decimal:
    return Decimal(amount.amount_fen) if isinstance(amount, Money) else amount.value


def _is_none(amount: Amount | None) -> bool:
    """Whether a county says that it accepted nothing, which is more than saying nothing."""
    return amount is not None and not _value(amount)


def _key(body: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a row without a number is known again: its voucher, else its day and quantity."""
    pledge, quantity = str(body.get("pledge_id", "")), body.get("quantity") or {}
    if body.get("voucher"):
        return pledge, body["voucher"]
    return pledge, str(body.get("day", "")), str(quantity.get("amount_fen", quantity.get("value", "")))


def _planned_key(body: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a row may be about a delivery that was only planned, and has no day yet: its quantity."""
    return _key({name: body[name] for name in ("pledge_id", "quantity") if name in body})


def _names(delivery: DeliveryHeld) -> list[tuple[str, ...]]:
    """What a row may call a delivery; one that its sender numbered is known to its sender by that number alone."""
    if delivery.mine == "giver" and (delivery.client_ref or "").startswith(NUMBERED):
        return []
    pledge, day = str(delivery.pledge_id), delivery.day.isoformat() if delivery.day else ""
    known: list[tuple[str, ...]] = [(pledge, day, plain(_value(delivery.declared)))]
    return [*known, (pledge, delivery.voucher)] if delivery.voucher else known


def _side(delivery: DeliveryHeld, differ: frozenset[str]) -> Side | None:
    if _sends(delivery, differ):
        return "sheet"
    return None if _decides(delivery, differ) else "books"


def _sends(delivery: DeliveryHeld, differ: frozenset[str]) -> bool:
    """Whether the giver's sheet says on which day what was planned was sent."""
    return (
        delivery.mine == "giver" and delivery.status == "planned" and "day" in differ and differ <= {"day", "voucher"}
    )


def _decides(delivery: DeliveryHeld, differ: frozenset[str]) -> bool:
    """Whether the county's sheet says how much it accepted of what waits for its decision."""
    return delivery.mine == "county" and delivery.status in AT_THE_DOOR and "accepted" in differ and differ <= DECIDED


async def _check(uow: UnitOfWork, participant: Participant, body: DeliveryLine, *, complete: bool) -> list[FieldError]:
    """What a row lacks, as far as it can be said without its pledge."""
    if body.day and body.day > clock.today():
        return [fault("day", "future", "发出日期不能晚于今天", "it cannot have been sent later than today")]
    return []


async def _check_new(uow: UnitOfWork, participant: Participant, body: DeliveryLine) -> list[FieldError]:
    """Why a row that is in no books cannot become a delivery."""
    if body.pledge_id is None:
        return [fault("pledge", "missing", "请填写认捐编号或名称", "say on which pledge: its id or its title")]
    (pledge,) = await pledges.of_participant(uow, participant.id, OwnRecords(frozenset({body.pledge_id}))) or (None,)
    if pledge is None or pledge.giver_id != participant.id:
        zh = "系统中没有这笔落实，由帮扶方申报；请联系帮扶方，或核对日期、数量和凭证号"
        en = "the books have no such delivery, and its giver declares it: ask there, or look at day, quantity and voucher"
        return [fault("", "undeclared", zh, en)]
    asked = (("quantity", body.quantity), ("day", body.day))
    return [fault(name, "missing", "必填，不能为空", "is required") for name, value in asked if value is None]


async def _write(uow: UnitOfWork, actor: Actor, participant: Participant, body: DeliveryLine, complete: bool) -> UUID:
    pledge = await pledges.get(uow, actor, _given(body.pledge_id))
    if POLICY.grants(actor, "create", pledge) is None:
        raise Forbidden
    made = DeliveryCreate.model_validate(
        {"pledge_id": pledge.id, "declared": body.quantity, "voucher": body.voucher, "note": body.note}
        | {"client_ref": body.client_ref, "at": _midnight(_given(body.day))}
    )
    return (await deliveries.create(uow, actor, pledge, made)).id


def _given(value: Any) -> Any:
    if value is None:
        raise Stale
    return value


async def _update(uow: UnitOfWork, actor: Actor, difference: Difference) -> bool:
    """Send what was planned, by the giver's sheet, or decide on what was declared, by the county's; nothing else is a sheet's."""
    line = DeliveryLine.model_validate(difference.body)
    if _sends(difference.compared, difference.fields):
        await _send(uow, actor, difference.record, line)
    elif _decides(difference.compared, difference.fields):
        await _decide(uow, actor, difference, line)
    else:
        return False
    return True


async def _send(uow: UnitOfWork, actor: Actor, delivery: Delivery, line: DeliveryLine) -> None:
    if POLICY.grants(actor, "send", delivery) is None:
        raise Forbidden
    step = StageStep(at=_midnight(_given(line.day)), voucher=line.voucher, note=line.note)
    await deliveries.take_step(uow, actor, delivery, "send", step)


async def _decide(uow: UnitOfWork, actor: Actor, difference: Difference, line: DeliveryLine) -> None:
    delivery = difference.record
    accepted, declared = _value(_given(line.accepted)), _value(difference.compared.declared)
    verb = "accept" if accepted == declared else "accept_short" if accepted else "reject"
    if POLICY.grants(actor, verb, delivery) is None:
        raise Forbidden
    if verb == "accept":
        await deliveries.accept(uow, actor, delivery, StageNote(note=BY_IMPORT))
        return
    if line.reason is None:
        raise invalid_field("reason", "missing", "少收时须填写原因", "say why it is less than was declared")
    why = {"reason": line.reason, "note": BY_IMPORT}
    if verb == "reject":
        await deliveries.reject(uow, actor, delivery, Refusal.model_validate(why))
    else:
        short = AcceptShort.model_validate(why | {"accepted": difference.body["accepted"]})
        await deliveries.accept_short(uow, actor, delivery, short)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BEIJING)


DELIVERIES = ImportKind(
    kind="deliveries",
    subject="delivery",
    read=read_delivery,
    create=DeliveryLine,
    check=_check,
    check_new=_check_new,
    existing=deliveries.of_participant,
    references=deliveries.references,
    key=_key,
    key_else=_planned_key,
    names=_names,
    numbered_apart=False,
    facts=delivery_facts,
    side=_side,
    write=_write,
    get=deliveries.get,
    update=_update,
)

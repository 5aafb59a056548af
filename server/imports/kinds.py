"""What can be imported: how each kind's rows are read, checked, compared with the books and written, by its own service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from server.accounts.actor import Actor
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.imports.drafting import Around, Row, read_need, read_offer
from server.imports.rules import Kind
from server.kit.errors import Conflict, FieldError, Stale, Text
from server.kit.quantity import FEN_PER_YUAN, UNIT_WORDS, Amount, Money, plain
from server.kit.shapes import OwnRecords, Remark
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.needs.schemas import NeedAmend, NeedChange, NeedCreate, NeedRead
from server.offers import service as offers
from server.offers.schemas import OfferAmend, OfferChange, OfferCreate, OfferRead
from server.participants.models import Participant

Facts = dict[str, Text]
"""What a record says, by the sheet's fields, as people read it; equal Chinese is equal."""

BY_IMPORT = "按导入的台账更新 / updated from an imported sheet"


class NotChangeable(Conflict):
    """The sheet's side cannot be taken: the record is past the step in which it is changed so."""

    slug = "import-not-changeable"
    title = Text("不能按表格更新", "The sheet's side cannot be taken")
    detail = Text(
        "该记录已提交或发布，这些内容不能再改：{fields}。请采用系统中的内容。",
        "The record is submitted or published and these cannot be changed any more: {fields}. Take the books' side.",
    )


@dataclass(frozen=True)
class ImportKind:
    """One kind of sheet. `subject` is the record's name; `create` and `change` are its input schemas."""

    kind: Kind
    subject: str
    read: Callable[[Mapping[str, str], Around], Row]
    create: type[BaseModel]
    check: Callable[..., Awaitable[list[FieldError]]]
    existing: Callable[[UnitOfWork, UUID, OwnRecords | None], Awaitable[list[Any]]]
    facts: Callable[[Any, ResourceType], Facts]
    write: Callable[[UnitOfWork, Actor, Participant, Any, bool], Awaitable[UUID]]
    update: Callable[[UnitOfWork, Actor, Any, dict[str, Any], frozenset[str]], Awaitable[None]]
    """Takes the record as it was compared, and raises Stale where it was changed since."""


def amount_text(given: Amount | None, kind: ResourceType) -> Text:
    """An amount that a sheet can be given back: yuan for money, else the value in the type's unit."""
    if given is None:
        return Text("", "")
    if isinstance(given, Money):
        yuan = plain(_yuan(given.amount_fen))
        return Text(f"{yuan}元", f"CNY {yuan}") if given.amount_fen else Text("", "")
    value = catalogue.canonical(kind, given).value if given.value else given.value
    words = UNIT_WORDS.get(kind.unit, Text(kind.unit, kind.unit))
    return Text(f"{plain(value)}{words.zh}", f"{plain(value)} {words.en}") if value else Text("", "")


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / FEN_PER_YUAN


def _plain(value: object) -> Text:
    said = "" if value is None else str(value)
    return Text(said, said)


def _listed(values: list[str]) -> Text:
    return Text("、".join(values), ", ".join(values))


def _shared(record: Any, kind: ResourceType) -> Facts:
    return {
        "resource_type": Text(kind.name_zh, kind.name_en),
        "title": _plain(record.title),
        "description": _plain(record.description),
        "quantity": amount_text(record.quantity, kind),
        "window_from": _plain(record.window.from_),
        "window_to": _plain(record.window.to),
        "skills": _listed(record.skills),
    }


def need_facts(record: NeedCreate | NeedRead, kind: ResourceType) -> Facts:
    """What a need says, written or about to be."""
    return _shared(record, kind) | {
        "place": _plain(record.place_code),
        "necessity": _plain(record.necessity),
        "households": _plain(record.beneficiaries.households),
        "persons": _plain(record.beneficiaries.persons),
        "villages": _listed(record.villages),
        "priority": _plain(record.priority),
        "min_part": amount_text(record.min_part, kind),
        "max_sources": _plain(record.max_sources),
    }


def offer_facts(record: OfferCreate | OfferRead, kind: ResourceType) -> Facts:
    """What an offer says, written or about to be."""
    restriction = record.restriction
    codes = sorted(place if isinstance(place, str) else place.code for place in restriction.places)
    return _shared(record, kind) | {
        "restriction": _plain(restriction.kind),
        "places": _listed(codes),
        "min_lot": amount_text(record.min_lot, kind),
        "max_receivers": _plain(record.max_receivers),
    }


GIVEN = {
    "place_code": ("place",),
    "window": ("window_from", "window_to"),
    "restriction": ("restriction", "places"),
}
"""The facts behind a field of the input; else the fact has the field's name."""


def given_facts(body: Mapping[str, Any]) -> frozenset[str]:
    """The facts that a row says anything about: what it leaves blank changes nothing."""
    named = {fact for field in body if field != "beneficiaries" for fact in GIVEN.get(field, (field,))}
    return frozenset(named | set(body.get("beneficiaries", {})))


async def _write_need(
    uow: UnitOfWork, actor: Actor, participant: Participant, body: NeedCreate, complete: bool
) -> UUID:
    need = await needs.put_down(uow, actor, needs.Writer(participant.id), body)
    if complete and need.status == "draft":
        await needs.submit(uow, actor, need)
    return need.id


async def _write_offer(
    uow: UnitOfWork, actor: Actor, participant: Participant, body: OfferCreate, complete: bool
) -> UUID:
    offer = await offers.put_down(uow, actor, offers.Giver(participant.id), body)
    if complete and offer.status == "draft":
        await offers.publish(uow, actor, offer, Remark())
    return offer.id


async def _update_need(
    uow: UnitOfWork, actor: Actor, compared: NeedRead, body: dict[str, Any], differ: frozenset[str]
) -> None:
    need = await needs.get(uow, compared.id, actor=actor)
    if need.version != compared.version:
        raise Stale(version=need.version)
    shown = await needs.read(uow, actor, need)
    if "change" in shown.can:
        said = body.get("beneficiaries")
        if said is not None:
            body = body | {"beneficiaries": shown.beneficiaries.model_dump() | said}
        await needs.change(uow, actor, need, NeedChange.model_validate(body))
    elif differ == {"quantity"} and "amend" in shown.can:
        await needs.amend(
            uow, actor, need, NeedAmend.model_validate({"quantity": body["quantity"], "remark": BY_IMPORT})
        )
    else:
        raise NotChangeable(fields="、".join(sorted(differ)))


async def _update_offer(
    uow: UnitOfWork, actor: Actor, compared: OfferRead, body: dict[str, Any], differ: frozenset[str]
) -> None:
    offer = await offers.get(uow, compared.id, actor=actor)
    if offer.version != compared.version:
        raise Stale(version=offer.version)
    shown = await offers.read(uow, actor, offer)
    if "change" in shown.can:
        await offers.change(uow, actor, offer, OfferChange.model_validate(body))
    elif differ == {"quantity"} and "amend" in shown.can:
        amended = OfferAmend.model_validate({"quantity": body["quantity"], "remark": BY_IMPORT})
        await offers.amend(uow, actor, offer, amended)
    else:
        raise NotChangeable(fields="、".join(sorted(differ)))


KINDS: dict[str, ImportKind] = {
    "needs": ImportKind(
        kind="needs",
        subject="need",
        read=read_need,
        create=NeedCreate,
        check=needs.check,
        existing=needs.of_participant,
        facts=need_facts,
        write=_write_need,
        update=_update_need,
    ),
    "offers": ImportKind(
        kind="offers",
        subject="offer",
        read=read_offer,
        create=OfferCreate,
        check=offers.check,
        existing=offers.of_participant,
        facts=offer_facts,
        write=_write_offer,
        update=_update_offer,
    ),
}

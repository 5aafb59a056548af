"""What a kind of sheet is: how its rows are read, checked, compared with the books and written, by its own service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from server.accounts.actor import Actor
from server.activity import references
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.imports.drafting import Around, Row
from server.imports.rules import Kind, Side
from server.kit.errors import Conflict, FieldError, Stale, Text
from server.kit.quantity import FEN_PER_YUAN, UNIT_WORDS, Amount, Money, plain
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.participants.models import Participant

Facts = dict[str, Text]
"""What a record says, by the sheet's fields, as people read it; equal Chinese is equal."""

BY_IMPORT = "按导入的台账更新 / updated from an imported sheet"


class NotChangeable(Conflict):
    """The sheet's side cannot be taken: the record is past the step in which it is changed so."""

    slug = "import-not-changeable"
    title = Text("不能按表格更新", "The sheet's side cannot be taken")
    detail = Text(
        "按该记录现在的状态，不能用表格改动：{fields}。请采用系统中的内容。",
        "As the record stands now, a sheet cannot change: {fields}. Take the books' side.",
    )


async def no_rule(*_: Any, **__: Any) -> list[FieldError]:
    """Nothing more is asked of a row than its schema does."""
    return []


async def nothing_new(uow: UnitOfWork, participant: Participant, body: Any) -> list[FieldError]:
    """Nothing more is asked of a new row than of any other."""
    return []


@dataclass(frozen=True)
class Difference:
    """A record as it stands, as it was compared, what its row says, and the facts in which both differ."""

    record: Any
    compared: Any
    body: dict[str, Any]
    fields: frozenset[str]


@dataclass(frozen=True)
class ImportKind:
    """One kind of sheet. `subject` is the record's name; `create` is the input schema of a row."""

    kind: Kind
    subject: str
    read: Callable[[Mapping[str, str], Around], Row]
    create: type[BaseModel]
    check: Callable[..., Awaitable[list[FieldError]]]
    existing: Callable[[UnitOfWork, UUID, OwnRecords | None], Awaitable[list[Any]]]
    key: Callable[[Mapping[str, Any]], tuple[str, ...]]
    """By what a row without a number is known again."""

    names: Callable[[Any], list[tuple[str, ...]]]
    """By what rows may know a record again."""

    facts: Callable[[Any, Around], Facts]
    side: Callable[[Any, frozenset[str]], Side | None]
    """Which side of these differences of a record is taken; None where a person decides."""

    write: Callable[[UnitOfWork, Actor, Participant, Any, bool], Awaitable[UUID]]
    get: Callable[[UnitOfWork, Actor, UUID], Awaitable[Any]]
    update: Callable[[UnitOfWork, Actor, Difference], Awaitable[bool]]
    """Takes the sheet's side; False where the record is past the step in which it is changed so."""

    key_else: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    """By what else a row is known again, where no record has its key."""

    check_new: Callable[[UnitOfWork, Participant, Any], Awaitable[list[FieldError]]] = nothing_new
    """What more is wrong with a row that is about no record yet."""

    references: Callable[[UnitOfWork, UUID, str | None], Awaitable[dict[str, UUID]]] | None = None
    """The records by the references under which they were made, where the kind keeps them itself."""

    numbered_apart: bool = True
    """Whether a row with an unknown number is new, whatever else it says."""

    async def take_sheet(
        self, uow: UnitOfWork, actor: Actor, compared: Any, body: dict[str, Any], differ: frozenset[str]
    ) -> None:
        """Let a record say what its row says. Raises Stale where it was changed since it was compared, NotChangeable."""
        record = await self.get(uow, actor, compared.id)
        if record.version != compared.version:
            raise Stale(version=record.version)
        if not await self.update(uow, actor, Difference(record, compared, body, differ)):
            raise NotChangeable(fields="、".join(sorted(differ)))

    async def made(self, uow: UnitOfWork, owner_id: UUID, client_ref: str | None = None) -> dict[str, UUID]:
        """The records that were made under references: all, or that of one."""
        if self.references:
            return await self.references(uow, owner_id, client_ref)
        return await references.made(uow, owner_id=owner_id, kind=self.subject, client_ref=client_ref)


def titled(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Place, type and title: what a need, an offer or a project without a number is known by."""
    return tuple(str(body.get(name, "")) for name in ("place_code", "resource_type", "title"))


def type_of(record: Any, around: Around) -> ResourceType:
    """The type of a record, written or about to be."""
    code = record.resource_type if isinstance(record.resource_type, str) else record.resource_type.code
    return around.types.types[code]


def amount_text(given: Amount | None, kind: ResourceType | None) -> Text:
    """An amount that a sheet can be given back: yuan for money, else the value in the type's unit."""
    if given is None or kind is None:
        return Text("", "")
    if isinstance(given, Money):
        return yuan_text(given.amount_fen)
    value = catalogue.canonical(kind, given).value if given.value else given.value
    words = UNIT_WORDS.get(kind.unit, Text(kind.unit, kind.unit))
    return Text(f"{plain(value)}{words.zh}", f"{plain(value)} {words.en}") if value else Text("", "")


def said(value: object) -> Text:
    """A value that is written the same in both languages."""
    text = "" if value is None else str(value)
    return Text(text, text)


def listed(values: list[str]) -> Text:
    """Several of them."""
    return Text("、".join(values), ", ".join(values))


def yuan_text(fen: int) -> Text:
    """An amount of money in yuan; '' for none."""
    yuan = plain(Decimal(fen) / FEN_PER_YUAN)
    return Text(f"{yuan}元", f"CNY {yuan}") if fen else Text("", "")


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

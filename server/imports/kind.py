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
from server.kit.errors import Conflict, FieldError, Text
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


@dataclass(frozen=True)
class ImportKind:
    """One kind of sheet. `subject` is the record's name; `create` is the input schema of a row."""

    kind: Kind
    subject: str
    read: Callable[[Mapping[str, str], Around], Row]
    create: type[BaseModel]
    check: Callable[..., Awaitable[list[FieldError]]]
    existing: Callable[[UnitOfWork, UUID, OwnRecords | None], Awaitable[list[Any]]]
    named: tuple[str, ...]
    """The fields of the input by which a record without a number is known again."""

    name: Callable[[Any], tuple[str, ...]]
    """The same of a record."""

    facts: Callable[[Any, Around], Facts]
    side: Callable[[Any, frozenset[str]], Side | None]
    """Which side of these differences of a record is taken; None where a person decides."""

    write: Callable[[UnitOfWork, Actor, Participant, Any, bool], Awaitable[UUID]]
    update: Callable[[UnitOfWork, Actor, Any, dict[str, Any], frozenset[str]], Awaitable[None]]
    """Takes the record as it was compared, and raises Stale where it was changed since."""

    async def made(self, uow: UnitOfWork, owner_id: UUID, client_ref: str | None = None) -> dict[str, UUID]:
        """The records that were made under references: all, or that of one."""
        return await references.made(uow, owner_id=owner_id, kind=self.subject, client_ref=client_ref)

    def key(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """By what a row without a number is known again."""
        return tuple(str(body.get(name, "")) for name in self.named)


def amount_text(given: Amount | None, kind: ResourceType) -> Text:
    """An amount that a sheet can be given back: yuan for money, else the value in the type's unit."""
    if given is None:
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

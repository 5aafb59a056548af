"""The catalogue for other domains: a type by its code, an amount in a type's canonical unit."""

from time import monotonic
from typing import Any

from server.catalogue import repository
from server.catalogue.models import ResourceType
from server.catalogue.rules import unknown_type
from server.catalogue.schemas import ResourceTypeRead, TypeRef
from server.kit.quantity import Amount, Declared
from server.kit.quantity import canonical as to_canonical
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork

KEPT_SECONDS = 60.0
"""How long a process answers from its own copy: `jiedui load` changes the catalogue while it runs."""


class _Cache:
    """The process's copy of the catalogue."""

    types: dict[str, ResourceType] = {}
    until = 0.0


async def types(uow: UnitOfWork) -> dict[str, ResourceType]:
    """Every resource type by its code, in the order of the catalogue; they are shared, not to be changed."""
    if monotonic() >= _Cache.until or not _Cache.types:
        _Cache.types = {kind.code: kind for kind in await repository.all_types()}
        _Cache.until = monotonic() + KEPT_SECONDS
    return _Cache.types


async def get_type(uow: UnitOfWork, code: str, field: str = "resource_type") -> ResourceType:
    """The resource type with a code; raises Invalid naming `field` when there is none."""
    found = (await types(uow)).get(code)
    if found is None:
        raise unknown_type(code, field)
    return found


def canonical(kind: ResourceType, given: Amount, field: str = "quantity") -> Declared:
    """An amount in the type's canonical unit, beside what was declared; raises Invalid naming `field`."""
    return to_canonical(given, kind.unit, kind.decimals, kind.accepted_units, field=field)


async def list_types(uow: UnitOfWork) -> list[ResourceTypeRead]:
    """Every resource type as the interface shows it."""
    return [_read(kind) for kind in (await types(uow)).values()]


def ref(kind: ResourceType) -> TypeRef:
    """A resource type inside another record."""
    return TypeRef.model_validate(_facts(kind))


def _read(kind: ResourceType) -> ResourceTypeRead:
    # Money is sent in fen alone; yuan and its multiples are units of papers, not of the interface.
    units = {} if kind.is_money else {unit: factor for unit, factor in kind.accepted_units.items() if unit != kind.unit}
    lists = {"checklist": kind.checklist, "evidence": kind.evidence}
    return ResourceTypeRead.model_validate({**_facts(kind), **lists, "accepted_units": units})


def _facts(kind: ResourceType) -> dict[str, Any]:
    return {
        "code": kind.code,
        "head": kind.head,
        "name": Name(zh=kind.name_zh, en=kind.name_en),
        "unit": kind.unit,
        "decimals": kind.decimals,
        "is_money": kind.is_money,
        "bound": kind.bound,
        "reach": kind.reach,
    }

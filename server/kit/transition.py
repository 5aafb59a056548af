"""One step in a record's lifecycle: a guarded UPDATE, so that of two at once one wins (decision 4 of docs/reliability.md)."""

from typing import Any, Protocol

from server.kit.errors import Stale
from server.kit.lifecycle import Lifecycle
from server.kit.uow import UnitOfWork


class Standing(Protocol):
    """A row that is changed only at the version and in the status in which it was read."""

    @property
    def id(self) -> Any: ...
    @property
    def version(self) -> Any: ...
    @property
    def status(self) -> Any: ...


async def step(uow: UnitOfWork, table: str, subject: Standing, verb: str, lifecycle: Lifecycle, **columns: Any) -> None:
    """Take `subject` to the status that `verb` leads to, setting `columns` as well; the subject is changed in place.

    Raises StepNotAllowed where the lifecycle has no such step, and Stale when somebody changed the row since it
    was read.
    """
    await change(uow, table, subject, status=lifecycle.after(subject.status, verb), **columns)


async def change(uow: UnitOfWork, table: str, subject: Standing, **columns: Any) -> None:
    """Set `columns` of a row that is still as it was read, and raise its version. Raises Stale."""
    names = list(columns)
    values = [subject.id, subject.version, subject.status, *columns.values()]
    assignments = "".join(f', "{name}" = ${position}' for position, name in enumerate(names, 4))
    row = await uow.fetch_one(
        f'UPDATE "{table}" SET version = version + 1{assignments}'  # noqa: S608  # names come from the code
        " WHERE id = $1 AND version = $2 AND status = $3 RETURNING version",
        *values,
    )
    if row is None:
        raise Stale(version=subject.version)
    for name, value in {"version": row["version"], **columns}.items():
        setattr(subject, name, value)

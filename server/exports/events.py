"""What exported files do when a person is forgotten."""

from server.accounts import service as accounts
from server.exports import repository
from server.kit.uow import Event, Hooks, UnitOfWork


async def _forget(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        await repository.forget_person(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Let the files of a person go with them."""
    hooks.on("user.erased", _forget)

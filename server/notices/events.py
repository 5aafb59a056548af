"""What inboxes, and what leaves them, do when a person is forgotten."""

from server.accounts import service as accounts
from server.kit.uow import Event, Hooks, UnitOfWork
from server.mail import service as mail
from server.notices import repository


async def _forget(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        for address in await repository.addresses_of(uow, event.subject_id):
            await mail.forget_address(uow, address)
        await repository.forget_person(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Let the notices of a person go with them."""
    hooks.on("user.erased", _forget)

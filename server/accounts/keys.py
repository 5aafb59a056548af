"""API keys: with one a machine acts for its user, within scopes and for a time. Only its hash is kept."""

from datetime import timedelta

from server.accounts import authentication, repository
from server.accounts.models import ApiKey
from server.accounts.schemas import ApiKeyCreate, ApiKeyCreated, ApiKeyRead
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.uow import Audience, Event, UnitOfWork


async def create(uow: UnitOfWork, body: ApiKeyCreate) -> ApiKeyCreated:
    """Make an API key for the caller; only its hash is kept."""
    secret = authentication.KEY_PREFIX + authentication.new_token()
    key = await ApiKey.create(
        user_id=uow.actor.id,
        name=body.name,
        key_hash=authentication.digest(secret),
        scopes=sorted(set(body.scopes)),
        expires_at=clock.real_now() + timedelta(days=body.days),
    )
    uow.record(Event("api_key.created", "api_key", key.id, Audience(), after={"name": key.name, "scopes": key.scopes}))
    return ApiKeyCreated(**_shown(key).model_dump(), key=secret)


async def own(uow: UnitOfWork) -> list[ApiKeyRead]:
    """The caller's API keys that still work."""
    return [_shown(key) for key in await repository.live_keys(uow.actor.id, clock.real_now())]


def _shown(key: ApiKey) -> ApiKeyRead:
    return ApiKeyRead.model_validate(key, from_attributes=True)


async def load(call: Call) -> ApiKey:
    """Loader: one of the caller's own API keys, or NotFound."""
    found = await repository.key_by_id(call.param("key_id"))
    if found is None:
        raise NotFound
    return found


async def revoke(uow: UnitOfWork, key: ApiKey) -> None:
    """Revoke an API key, at once."""
    key.revoked_at = clock.real_now()
    await key.save(update_fields=["revoked_at"])
    uow.record(Event("api_key.revoked", "api_key", key.id, Audience(), before={"name": key.name}))

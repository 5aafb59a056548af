"""Argon2id in threads, a few at a time: each hash costs 64 MiB and a quarter of a second."""

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.kit.errors import Busy

_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=2)
_at_once = CapacityLimiter(2)

MAX_WAITING = 6
"""Sign-ins that may wait for a thread; each holds a database connection meanwhile, so more are told to come again."""

# A hash of a password that nobody has: an unknown identifier takes as long to refuse as a known one.
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=2$vkv0ntWOgC2wyuOC6lHZEA$QcyXkjiPz061kOBmpnbQbmSmRJEpPntFa5GNVbFN7Wk"


async def hash_password(password: str) -> str:
    """The Argon2id hash of a password. Raises Busy when too many wait."""
    _check_queue()
    return await to_thread.run_sync(_hasher.hash, password, limiter=_at_once)


async def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash it takes as long and never does. Raises Busy when too many wait."""
    _check_queue()
    fits = await to_thread.run_sync(_verify, password_hash or NOBODYS, password, limiter=_at_once)
    return fits and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _check_queue() -> None:
    if _at_once.statistics().tasks_waiting >= MAX_WAITING:
        raise Busy

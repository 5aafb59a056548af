"""Servers that are given from outside: which are, and whether they can be used."""

import asyncio

import asyncpg
import redis

from server.kit.startup_checks import UnsafeServer, check_server
from server.local.messages import StartProblem
from server.settings import Settings

_SECONDS = 10


def database_is_given(settings: Settings) -> bool:
    """Whether PostgreSQL is given from outside, one address per role.

    :raises StartProblem: only some of the addresses are set.
    """
    addresses = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "DATABASE_PUBLIC_URL": settings.database_public_url,
    }
    missing = [name for name, address in addresses.items() if not address]
    if missing and len(missing) < len(addresses):
        raise StartProblem(f"{' and '.join(missing)} must be set too: each role has an address of its own.")
    return not missing


def check_database(settings: Settings) -> None:
    """Connect as each role and refuse a server that breaks what Jiedui promises.

    :raises StartProblem: unreachable, refused or unsafe.
    """
    for name, address in (
        ("DATABASE_OWNER_URL", settings.database_owner_url),
        ("DATABASE_URL", settings.database_url),
        ("DATABASE_PUBLIC_URL", settings.database_public_url),
    ):
        try:
            asyncio.run(_check_one(name, address, settings.without_fsync))
        except UnsafeServer as error:
            raise StartProblem(f"{name}: {error}.") from None


def check_redis(settings: Settings) -> None:
    """Ask the Redis or Valkey at REDIS_URL for an answer.

    :raises StartProblem: it gives none.
    """
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=_SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartProblem(f"cannot connect with REDIS_URL ({error}): check the address and the server.") from None


async def reach(name: str, address: str) -> asyncpg.Connection:
    """Connect to the database whose address the setting `name` gives.

    :raises StartProblem: the setting is not there, or nobody answers at its address.
    """
    if not address:
        raise StartProblem(
            f"{name} is not set and Jiedui does not run on this data folder: start it with `make run` (JIEDUI_DATA"
            " names the folder), or give the address of the database for that role."
        )
    try:
        return await asyncpg.connect(address, timeout=_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise StartProblem(f"cannot connect with {name} ({reason}): check the address and the server.") from None


async def _check_one(name: str, address: str, without_fsync: bool) -> None:
    connection = await reach(name, address)
    try:
        await check_server(connection, without_fsync=without_fsync)
    finally:
        await connection.close()

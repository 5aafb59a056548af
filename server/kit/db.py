"""The connection to PostgreSQL: which models there are, and how each process connects."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MODEL_MODULES = [
    "server.activity.models",
    "server.mail.models",
    "server.accounts.models",
    "server.drafts.models",
    "server.files.models",
    "server.catalogue.models",
    "server.places.models",
    "server.participants.models",
    "server.people.models",
    "server.pairings.models",
    "server.agreements.models",
    "server.meetings.models",
    "server.secondments.models",
    "server.projects.models",
    "server.books.models",
    "server.needs.models",
    "server.offers.models",
    "server.docking.models",
    "server.proposals.models",
    "server.intents.models",
    "server.pledges.models",
    "server.deliveries.models",
    "server.tasks.models",
    "server.campaigns.models",
    "server.certificates.models",
    "server.contacts.models",
    "server.risks.models",
    "server.imports.models",
    "server.notices.models",
    "server.summaries.models",
    "server.exports.models",
]
"""Every module with tables, in dependency order; one Tortoise app `models` holds them all."""

MIGRATIONS = "server.migrations"

WEB_TIME_LIMITS = {
    "lock_timeout": "3s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
}
"""What no web request may exceed: a request that waits longer is told to come again (503)."""


def credentials(url: str) -> dict[str, Any]:
    """Read a `postgres://user:password@host:port/database?sslmode=…` address.

    Raises ValueError where it is not a PostgreSQL address with a database.
    """
    parts = urlsplit(url)
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname or not database:
        raise ValueError("a database address reads postgres://user:password@host:port/database")
    read: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": database,
    }
    if mode := parse_qs(parts.query).get("sslmode"):
        read["ssl"] = mode[0]
    return read


async def nothing_to_undo(connection: object) -> None:
    """What a connection needs before others take it: nothing, all that we set ends with its transaction.

    asyncpg itself rolls back a transaction that is still open; it would also send RESET ALL and more, once a request.
    """


def tortoise_config(
    url: str,
    *,
    pool_min: int = 1,
    pool_max: int = 12,
    time_limits: bool = False,
    name: str = "jiedui",
) -> dict[str, Any]:
    """Configure Tortoise for one process.

    `time_limits` is for web connections; workers and migrations may take longer. `name` is what the server's list
    of connections shows.
    """
    settings = {"timezone": "UTC", **(WEB_TIME_LIMITS if time_limits else {})}
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": {
                    **credentials(url),
                    "minsize": pool_min,
                    "maxsize": pool_max,
                    "application_name": name,
                    "reset": nothing_to_undo,
                    "server_settings": settings,
                },
            }
        },
        "apps": {
            "models": {
                "models": MODEL_MODULES,
                "default_connection": "default",
                "migrations": MIGRATIONS,
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }

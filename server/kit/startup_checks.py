"""Refuse to work on a database server that could lose a commit or let row-level security be passed by."""

import asyncpg

#: Each setting, and the values under which an acknowledged commit survives a crash.
_DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
_UNBOUND_ROLE = """
    SELECT current_user AS connected, rolname AS unbound
    FROM pg_roles
    WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'SET')
    ORDER BY rolname <> current_user
    LIMIT 1
"""


class UnsafeServer(Exception):
    """The database server or the role breaks a promise that Jiedui makes; the text says which."""


async def check_server(connection: asyncpg.Connection, *, without_fsync: bool = False) -> None:
    """Check the server that this connection reaches, and the role that it has.

    :param without_fsync: tests only: accept a server that may lose commits.
    :raises UnsafeServer: a crash could lose acknowledged commits, or the role (or one that it may take on) is a
        superuser or bypasses row-level security.
    """
    role = await connection.fetchrow(_UNBOUND_ROLE)
    if role is not None:
        raise UnsafeServer(
            f"the database role {role['connected']} is not bound by row-level security (through {role['unbound']}): "
            "connect as a role that is neither superuser nor BYPASSRLS"
        )
    if without_fsync:
        return
    for setting, accepted in _DURABLE.items():
        value = await connection.fetchval("SELECT current_setting($1)", setting)
        if value not in accepted:
            raise UnsafeServer(
                f"the database server runs with {setting} = {value} and could lose acknowledged commits: turn it on"
            )

"""ETag and If-Match: a record's version, which counters do not touch (decision 4 of docs/reliability.md)."""

from server.kit.errors import PreconditionRequired, Stale


def etag(version: int) -> str:
    """The ETag of a record's version."""
    return f'"{version}"'


def require_match(if_match: str | None, version: int) -> None:
    """Raise PreconditionRequired without If-Match, Stale when it names another version."""
    if if_match is None:
        raise PreconditionRequired
    names = {name.strip().removeprefix("W/") for name in if_match.split(",")}
    if "*" not in names and etag(version) not in names:
        raise Stale(version=version)

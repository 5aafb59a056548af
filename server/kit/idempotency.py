"""Idempotency keys: the same request sent again gives the same reply and no second row.

Scoped to principal and route, with the body's hash, stored in the same transaction as the work; only 2xx
replies are stored, for seven days (decision 5 of docs/reliability.md).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from server.kit.errors import Invalid, Text, invalid_field
from server.kit.uow import UnitOfWork

KEY_LENGTH = 200


class KeyReused(Invalid):
    """The key came before with another body."""

    slug = "idempotency-key-reused"
    title = Text("重复键内容不同", "The key was used for another request")
    detail = Text(
        "同一个 Idempotency-Key 不能用于不同内容，请换一个。",
        "This Idempotency-Key came with another body: use a new one.",
    )


@dataclass(frozen=True)
class Reply:
    """A reply as it was sent the first time."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Key:
    """One principal's key on one route, with the hash of the body."""

    principal: str
    route: str
    key: str
    body_hash: str


def make_key(principal: str, route: str, key: str, body: bytes) -> Key:
    """A Key; raises Invalid when the header is empty or longer than 200 characters."""
    if not 0 < len(key) <= KEY_LENGTH:
        raise invalid_field("Idempotency-Key", "length", "长度须为 1–200", "must have 1 to 200 characters")
    return Key(principal, route, key, hashlib.sha256(body).hexdigest())


async def claim(uow: UnitOfWork, key: Key) -> Reply | None:
    """Take the key for this transaction, or give the reply that was stored under it.

    A second request with the same key waits here, on the unique index, until the first has ended.
    """
    taken = await uow.fetch_one(
        "INSERT INTO stored_reply (principal, route, key, body_hash, status, body, headers)"
        " VALUES ($1, $2, $3, $4, 200, 'null', '{}') ON CONFLICT (principal, route, key) DO NOTHING RETURNING id",
        key.principal,
        key.route,
        key.key,
        key.body_hash,
    )
    if taken:
        return None
    stored = await uow.fetch_one(
        "SELECT body_hash, status, body::text AS body, headers::text AS headers FROM stored_reply"
        " WHERE principal = $1 AND route = $2 AND key = $3",
        key.principal,
        key.route,
        key.key,
    )
    if stored is None or stored["body_hash"] != key.body_hash:
        raise KeyReused
    return Reply(stored["status"], _unwrap(stored["body"]), orjson.loads(stored["headers"]))


async def store(uow: UnitOfWork, key: Key, reply: Reply) -> None:
    """Keep the reply with the work, in the same transaction."""
    await uow.fetch(
        "UPDATE stored_reply SET status = $4, body = $5::text::jsonb, headers = $6::text::jsonb"
        " WHERE principal = $1 AND route = $2 AND key = $3",
        key.principal,
        key.route,
        key.key,
        reply.status,
        orjson.dumps(reply.body.decode()).decode(),  # text inside JSON, so that the reply stays the same byte for byte
        orjson.dumps(reply.headers).decode(),
    )


async def release(uow: UnitOfWork, key: Key) -> None:
    """Give a claimed key back: the work failed, although something of it is kept."""
    await uow.fetch(
        "DELETE FROM stored_reply WHERE principal = $1 AND route = $2 AND key = $3", key.principal, key.route, key.key
    )


def _unwrap(body: str) -> bytes:
    value: Any = orjson.loads(body)
    return value.encode() if isinstance(value, str) else b""

"""The live stream of one client: replay what it missed, then what comes, with its rights checked again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import orjson
from sse_starlette import ServerSentEvent

from server.accounts.actor import SYSTEM, Actor
from server.kit import uow as units
from server.notices import repository
from server.notices.hub import Hub, Subscriber
from server.notices.rules import REPLAY_LIMIT, Entry, may_learn

CHECK_EVERY = 30.0
"""Seconds after which the caller's rights are looked up again (decision 19 of docs/reliability.md)."""

WhoIsIt = Callable[[], Awaitable[Actor]]


async def follow(hub: Hub, who: WhoIsIt, last_event_id: int | None) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events for one client: `change` {seq, kind, id}, `reset` when it should fetch everything again."""
    actor = await who()
    with hub.subscribe() as subscriber:
        seen = hub.seq
        yield ServerSentEvent(event="hello", data=orjson.dumps({"seq": seen}).decode(), id=str(seen), retry=2000)
        if last_event_id is not None and last_event_id < seen:
            async for event in _replay(actor, last_event_id, seen):
                yield event
        async for event in _live(subscriber, who, actor, seen):
            yield event


async def _replay(actor: Actor, after: int, until: int) -> AsyncIterator[ServerSentEvent]:
    if until - after > REPLAY_LIMIT:
        yield _reset(until)
        return
    missed = await units.run(lambda uow: repository.entries_after(uow, after, REPLAY_LIMIT), SYSTEM)
    for entry in missed:
        if entry.seq <= until and may_learn(actor, entry):
            yield _change(entry)


async def _live(subscriber: Subscriber, who: WhoIsIt, actor: Actor, seen: int) -> AsyncIterator[ServerSentEvent]:
    clock = asyncio.get_running_loop()
    check_at = clock.time() + CHECK_EVERY
    while True:
        try:
            entry = await asyncio.wait_for(subscriber.queue.get(), max(0.0, check_at - clock.time()))
        except TimeoutError:
            entry = None
        if clock.time() >= check_at:
            actor = await who()
            if not actor.is_signed_in:
                return
            check_at = clock.time() + CHECK_EVERY
        if subscriber.overflowed:
            subscriber.overflowed = False
            yield _reset(entry.seq if entry else seen)
        elif entry is not None and may_learn(actor, entry):
            yield _change(entry)
        seen = entry.seq if entry else seen


def _change(entry: Entry) -> ServerSentEvent:
    data = {"seq": entry.seq, "kind": entry.kind, "record": entry.subject_kind, "id": str(entry.subject_id)}
    return ServerSentEvent(event="change", data=orjson.dumps(data).decode(), id=str(entry.seq))


def _reset(seq: int) -> ServerSentEvent:
    return ServerSentEvent(event="reset", data="{}", id=str(seq))

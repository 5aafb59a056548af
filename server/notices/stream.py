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
    """Server-sent events for one client: `change` {seq, kind, id}, `reset` when it should fetch everything again.

    What was missed comes before `hello`, whose number the client then has: one that breaks off in between asks again
    for the rest.
    """
    actor = await who()
    with hub.subscribe() as subscriber:
        seen = hub.seq
        if last_event_id is not None and last_event_id != seen:
            for event in await _missed(actor, last_event_id, seen):
                yield event
        yield ServerSentEvent(event="hello", data=orjson.dumps({"seq": seen}).decode(), id=str(seen), retry=2000)
        async for event in _live(hub, subscriber, who, actor, seen):
            yield event


async def _missed(actor: Actor, after: int, until: int) -> list[ServerSentEvent]:
    """What came after a number, or a reset: for too much, for what is kept no longer, for a number not yet given.

    The last is a client of a database that has been restored, or of a process that has read further than this one.
    """
    if not 0 < until - after <= REPLAY_LIMIT:
        return [_reset(until)]
    entries = await units.run(lambda uow: repository.entries_after(uow, after, until - after), SYSTEM)
    if len(entries) < until - after:
        return [_reset(until)]
    return [_change(entry) for entry in entries if may_learn(actor, entry)]


async def _live(
    hub: Hub, subscriber: Subscriber, who: WhoIsIt, actor: Actor, seen: int
) -> AsyncIterator[ServerSentEvent]:
    clock = asyncio.get_running_loop()
    check_at = clock.time() + CHECK_EVERY
    while True:
        try:
            async with asyncio.timeout(max(0.0, check_at - clock.time())):
                entry = await subscriber.queue.get()
        except TimeoutError:
            entry = None
        if clock.time() >= check_at:
            actor = await who()
            if not actor.is_signed_in:
                return
            check_at = clock.time() + CHECK_EVERY
            if entry is None:
                yield ServerSentEvent(id=str(seen))  # a client that nothing concerned need not ask for it all again
        if subscriber.overflowed:
            subscriber.empty()
            seen = hub.seq
            yield _reset(seen)
        elif entry is not None:
            seen = entry.seq
            if may_learn(actor, entry):
                yield _change(entry)


def _change(entry: Entry) -> ServerSentEvent:
    data = {"seq": entry.seq, "kind": entry.kind, "record": entry.subject_kind, "id": str(entry.subject_id)}
    return ServerSentEvent(event="change", data=orjson.dumps(data).decode(), id=str(entry.seq))


def _reset(seq: int) -> ServerSentEvent:
    return ServerSentEvent(event="reset", data="{}", id=str(seq))

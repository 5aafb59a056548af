"""One reader of the stream per process, fanned out to bounded queues.

The stream's truth is the table `stream_entry`, numbered without gaps by the relay. Redis only wakes the reader;
without Redis it looks every two seconds.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from redis.asyncio import Redis

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.kit.logs import get_logger, where_it_broke
from server.notices import repository
from server.notices.rules import Entry

CHANNEL = "jiedui:stream"
LOOK_EVERY = 2.0
REST = 0.1
"""Seconds between two looks: what happens meanwhile is read at once, however often the reader is woken."""

QUEUE = 200
BATCH = 500

log = get_logger(__name__)


@dataclass(eq=False)
class Subscriber:
    """A client's queue; `overflowed` once it was too slow and must fetch everything again."""

    queue: asyncio.Queue[Entry] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    overflowed: bool = False

    def offer(self, entry: Entry) -> None:
        try:
            self.queue.put_nowait(entry)
        except asyncio.QueueFull:
            self.overflowed = True

    def empty(self) -> None:
        """Forget what was not fetched in time."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.overflowed = False


class Hub:
    """Reads new entries and hands each to every subscriber of this process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._subscribers: set[Subscriber] = set()
        self._seq = 0
        self._wake = asyncio.Event()

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[Subscriber]:
        """A queue of what comes from now on."""
        subscriber = Subscriber()
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    @property
    def seq(self) -> int:
        """The last number that this process has read."""
        return self._seq

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Hub"]:
        """Read the stream for as long as the block lasts."""
        self._seq = await units.run(repository.last_seq, SYSTEM)
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._read())]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    while True:
                        message = await channel.get_message(ignore_subscribe_messages=True, timeout=LOOK_EVERY)
                        if message is not None:
                            self._wake.set()
            except Exception as error:  # without Redis the reader looks by itself; whatever it is, listen anew
                log.warning("stream.redis_unreachable", error=where_it_broke(error))
                await asyncio.sleep(LOOK_EVERY)

    async def _read(self) -> None:
        while True:
            # Not wait_for: of two that come at once, a wake-up and the end, it loses the end.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._drain()
            except Exception as error:  # the reader outlives a database restart
                log.warning("stream.read_failed", error=where_it_broke(error))
                await asyncio.sleep(LOOK_EVERY)
            await asyncio.sleep(REST)

    async def _drain(self) -> None:
        more = True
        while more:
            entries = await units.run(lambda uow: repository.entries_after(uow, self._seq, BATCH), SYSTEM)
            for entry in entries:
                for subscriber in self._subscribers:
                    subscriber.offer(entry)
                self._seq = entry.seq
            more = len(entries) == BATCH

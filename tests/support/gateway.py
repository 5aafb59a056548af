"""A gateway for short messages on loopback that the test starts, and that takes, refuses or hangs up as the test says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Gateway:
    """What arrived; `answer` is the status of the next replies, and `hangs_up` breaks off after taking one instead."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.authorised: list[str] = []
        self.answer = 202
        self.hangs_up = False
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and close the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(headers["Content-Length"]))
        if self.answer < 300:
            self.messages.append(json.loads(body))
            self.authorised.append(headers.get("Authorization", ""))
        if not self.hangs_up:
            writer.write(f"HTTP/1.1 {self.answer} so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def sms_gateway() -> AsyncIterator[Gateway]:
    """A gateway as long as the test runs."""
    gateway = Gateway()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    gateway.url = f"http://jiedui:a%20secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/messages"
    try:
        yield gateway
    finally:
        server.close()

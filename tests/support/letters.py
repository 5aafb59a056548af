"""A mail server on loopback that the test starts, and that keeps, refuses or breaks off as the test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP


class Post:
    """What arrived; `answer` is what the next letters are answered with, and `hangs_up` breaks off instead."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 taken"
        self.hangs_up = False
        self.url = ""

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        if self.answer.startswith("250"):
            self.letters.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        if self.hangs_up and server.transport:
            cast(asyncio.Transport, server.transport).abort()
        return self.answer

    def text(self) -> str:
        """The words of the last letter."""
        return self.letters[-1].get_content()


@asynccontextmanager
async def post_office() -> AsyncIterator[Post]:
    """A mail server as long as the test runs."""
    post = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, hostname="post.test", loop=loop), "127.0.0.1", 0)
    post.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield post
    finally:
        server.close()

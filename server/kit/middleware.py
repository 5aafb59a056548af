"""ASGI middleware: security headers, one log line a request, and 503 rather than a queue without end."""

import time
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.kit import metrics
from server.kit.errors import Busy, Problem
from server.kit.logs import get_logger, where_it_broke
from server.kit.request import language_of, problem_response
from server.kit.schema import new_id

CONTENT_SECURITY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": CONTENT_SECURITY,
    "cross-origin-opener-policy": "same-origin",
}
CACHING = b"cache-control"
STREAM = "/api/v1/stream"
UNCOUNTED = (STREAM, "/api/v1/health/")

log = get_logger(__name__)


class SecurityHeaders:
    """Headers that every reply carries; replies of the API are never cached."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        lasting = {"strict-transport-security": "max-age=31536000"} if secure else {}
        self.given = [(name.encode(), value.encode()) for name, value in (ALWAYS | lasting).items()]
        self.names = frozenset(name for name, _ in self.given)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [each for each in message["headers"] if each[0] not in self.names] + self.given
                if scope["path"].startswith("/api/") and not any(name == CACHING for name, _ in headers):
                    headers.append((CACHING, b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, with_headers)


class ConcurrencyLimit:
    """Past `limit` requests at once, 503 with Retry-After (decision 11).

    Open streams do not count, and how the process is can always be asked: a full house is not a dead one.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            await self.app(scope, receive, send)
            return
        if self.running >= self.limit:
            await problem_response(Busy(), language_of(Request(scope)))(scope, receive, send)
            return
        self.running += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.running -= 1


class Broken(Exception):
    """A reply broke off in the middle; the log says why."""


class RequestLog:
    """One line and one observation a request; the path without its query, so that nothing typed is logged.

    What nobody expected ends here too, as a 500 like every other problem: further out, the server would print the
    error with its message, which may quote what somebody typed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = str(new_id())
        status = 0

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, with_id)
        except Exception as error:
            log.error("request.failed", path=quote(scope["path"]), request_id=request_id, error=where_it_broke(error))
            if status:
                raise Broken from None
            await problem_response(Problem(), language_of(Request(scope)))(scope, receive, with_id)
        finally:
            seconds = time.perf_counter() - started
            if scope["path"] != STREAM:
                metrics.requests.labels(scope["method"], str(status)).observe(seconds)
            if scope["path"].startswith("/api/"):
                log.info(
                    "request",
                    method=scope["method"],
                    path=quote(scope["path"]),
                    status=status,
                    seconds=round(seconds, 4),
                    request_id=request_id,
                )

"""The live stream."""

from sse_starlette import EventSourceResponse
from starlette.requests import Request

from server.accounts.actor import ANONYMOUS, Actor
from server.accounts.authentication import find_actor
from server.kit import uow as units
from server.kit.endpoint import Call, Operations
from server.kit.errors import Busy
from server.kit.paging import Page
from server.notices import inbox
from server.notices.policy import INBOX, POLICY
from server.notices.schemas import Inbox, InboxQuery, InboxRead, NoticeRead
from server.notices.stream import follow

operations = Operations("stream", POLICY)
inbox_operations = Operations("inbox", INBOX, into=operations)

HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


@operations.get("/stream", action="follow")
async def follow_stream(call: Call) -> EventSourceResponse:
    """Server-sent events: `change` with {seq, kind, record, id} whenever a record changes that the caller may see.

    `Last-Event-ID` replays what was missed; `reset` says to fetch everything again.
    """
    request = call.request

    async def who() -> Actor:
        return await _look_again(request)

    hub = request.app.state.hub
    return EventSourceResponse(follow(hub, who, _last_event_id(request)), ping=15, send_timeout=10, headers=HEADERS)


async def _look_again(request: Request) -> Actor:
    """Who asks, as it stands now; nobody while the database is away, so that the client connects anew."""
    try:
        return await units.run(lambda uow: find_actor(uow, request))
    except Busy:
        return ANONYMOUS


def _last_event_id(request: Request) -> int | None:
    given = request.headers.get("Last-Event-ID", "")
    return int(given) if given.isdecimal() else None


@inbox_operations.get("/me/inbox", action="list")
async def list_inbox(call: Call, query: InboxQuery) -> Page[NoticeRead]:
    """What happened and concerns the caller, the newest first."""
    return await inbox.page(call.uow, call.actor, query)


@inbox_operations.post("/me/inbox/read", action="mark")
async def mark_inbox(call: Call, body: InboxRead) -> Inbox:
    """Mark some of one's own notices, or all, as read or as unread again; others' ids change nothing."""
    return await inbox.mark_read(call.uow, call.actor, body)

"""The live stream, one's inbox, and how one is told beside it."""

from sse_starlette import EventSourceResponse
from starlette.requests import Request

from server.accounts.actor import ANONYMOUS, Actor
from server.accounts.authentication import find_actor
from server.kit import uow as units
from server.kit.endpoint import Call, Operations
from server.kit.errors import Busy
from server.kit.paging import Page
from server.notices import choosing, inbox
from server.notices.models import NoticeSetting
from server.notices.policy import INBOX, POLICY
from server.notices.schemas import (
    Inbox,
    InboxQuery,
    InboxRead,
    NoticeAddress,
    NoticeAddressProof,
    NoticeChannel,
    NoticeChoice,
    NoticeRead,
    NoticeSettingRead,
)
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


@inbox_operations.get("/me/notices", action="choose", loads=choosing.load)
async def read_notice_choice(call: Call, subject: NoticeSetting) -> NoticeSettingRead:
    """How one is told beside the inbox: addresses, the rhythm of each topic, hours of quiet."""
    return choosing.shown(subject)


@inbox_operations.change("/me/notices", action="choose", loads=choosing.load)
async def choose_notices(call: Call, subject: NoticeSetting, body: NoticeChoice) -> NoticeSettingRead:
    """Choose how one is told: at once, in a day's or a week's letter, or not at all; and when it must be quiet.

    What waits to be sent follows. Codes and letters on one's account are sent whatever one chooses.
    """
    return await choosing.choose(call.uow, subject, body)


@inbox_operations.post("/me/notices/addresses", action="choose", status=204)
async def ask_notice_address(call: Call, body: NoticeAddress) -> None:
    """Have a code sent to an address at which one wants to be told; after some within an hour each further one must wait (429)."""
    await choosing.ask_proof(call, body)


@inbox_operations.post("/me/notices/addresses/confirm", action="choose", loads=choosing.load)
async def prove_notice_address(call: Call, subject: NoticeSetting, body: NoticeAddressProof) -> NoticeSettingRead:
    """Prove the address with that code: from now on one is told there. One address of each kind."""
    return await choosing.prove(call, subject, body)


@inbox_operations.post("/me/notices/addresses/remove", action="choose", loads=choosing.load)
async def remove_notice_address(call: Call, subject: NoticeSetting, body: NoticeChannel) -> NoticeSettingRead:
    """Take an address away: nothing is sent by this channel any more."""
    return await choosing.remove(call.uow, subject, body.channel)

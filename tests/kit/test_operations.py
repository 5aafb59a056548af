"""Operations as they answer: rights, versions, keys, lists, bodies."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx2
import jsonschema
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from server.accounts.actor import Actor, Grant
from server.app import _http, _problem  # what the application answers with
from server.kit import middleware, openapi
from server.kit.endpoint import Operation, Operations, OperationWithoutPolicy, routes
from server.kit.errors import Problem
from server.kit.middleware import ConcurrencyLimit, RequestLog, SecurityHeaders
from server.kit.schema import new_id
from tests.kit import parcels as domain
from tests.support.database import Database, within

Client = Callable[..., httpx2.AsyncClient]
ROLES = {"nobody": (), "editor": ("editor",), "signatory": ("signatory",), "both": ("editor", "signatory")}


def make_app(limit: int = 64) -> Starlette:
    known = {name: Actor("user", new_id(), tuple(Grant(role) for role in roles)) for name, roles in ROLES.items()}
    return Starlette(
        routes=[routes(domain.operations.all, domain.Callers(known).find)],
        middleware=[
            Middleware(SecurityHeaders, secure=True),
            Middleware(RequestLog),
            Middleware(ConcurrencyLimit, limit=limit),
        ],
        exception_handlers={Problem: _problem, HTTPException: _http},
    )


@pytest.fixture
def client(empty: Database) -> Client:
    app = make_app()

    def make(caller: str | None = None) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app),
            base_url="http://kit/api/v1",
            headers={"Accept-Language": "en"} | ({"X-Caller": caller} if caller else {}),
        )

    return make


async def make_parcels(*names: str, weight: int = 1) -> list[UUID]:
    return [await within(lambda uow, name=name: domain.insert(uow, name, weight)) for name in names]


def slug(reply: httpx2.Response) -> str:
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == reply.status_code
    return reply.json()["type"].removeprefix("/problems/")


# Declaring.


def test_an_action_that_no_policy_grants_stops_the_start() -> None:
    operations = Operations("parcels", domain.POLICY)

    async def burn(call: Any) -> None:
        """Burn it."""

    with pytest.raises(OperationWithoutPolicy, match="no rule of parcel grants burn"):
        operations.get("/parcels/burn", action="burn")(burn)
    assert operations.all == []


def test_an_operation_without_documentation_stops_the_start() -> None:
    async def bare(call: Any) -> None:
        pass

    with pytest.raises(ValueError, match="needs a docstring"):
        Operations("parcels", domain.POLICY).get("/bare", action="look")(bare)


def test_one_address_cannot_be_declared_twice() -> None:
    one: Operation = domain.operations.all[0]
    with pytest.raises(ValueError, match="declared twice"):
        routes([one, one], domain.Callers({}).find)


# Rights.


async def test_who_is_not_signed_in_learns_nothing_else(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    stranger = client()
    for path in (f"/parcels/{parcel}", f"/parcels/{new_id()}"):
        assert (await stranger.get(path)).status_code == 401
    for body in ({"name": "a"}, {"wrong": 1}):
        assert slug(await stranger.post("/parcels", json=body)) == "not-signed-in"
    assert (await stranger.post("/parcels", content=b"x" * (2 << 20))).status_code == 401
    assert (await stranger.get("/parcels")).status_code == 200
    assert (await stranger.get("/parcels?limit=0")).status_code == 422


async def test_what_is_not_there_is_404_and_what_may_not_be_done_403(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    nobody = client("nobody")
    assert slug(await nobody.get(f"/parcels/{new_id()}")) == "not-found"
    assert slug(await nobody.get("/parcels/7")) == "not-found"
    assert slug(await nobody.post(f"/parcels/{parcel}/send", headers={"If-Match": '"1"'})) == "forbidden"


async def test_a_role_sets_only_its_fields_unless_another_of_its_roles_may(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    path, match = f"/parcels/{parcel}", {"If-Match": '"1"'}
    refused = await client("editor").patch(path, json={"name": "b", "weight": 2}, headers=match)
    assert (slug(refused), refused.status_code) == ("field-not-allowed", 403)
    assert refused.json()["detail"] == "Your role may not set: weight."
    assert (await client("both").patch(path, json={"name": "b", "weight": 2}, headers=match)).status_code == 200
    assert (await client("editor").patch(path, json={"name": "c"}, headers={"If-Match": '"2"'})).status_code == 200


# Versions.


async def test_a_change_names_the_version_that_it_changes(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    signatory, path = client("signatory"), f"/parcels/{parcel}/send"
    assert (await signatory.get(f"/parcels/{parcel}")).headers["etag"] == '"1"'
    assert (await signatory.post(path)).status_code == 428
    assert (await signatory.post(path, headers={"If-Match": '"9"'})).status_code == 412
    sent = await signatory.post(path, headers={"If-Match": '"1"'})
    assert (sent.status_code, sent.headers["etag"]) == (200, '"2"')


async def test_dropping_answers_without_content(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    dropped = await client("signatory").delete(f"/parcels/{parcel}")
    assert (dropped.status_code, dropped.content) == (204, b"")


# Bodies and methods.


async def test_only_json_of_a_bearable_size_is_read(client: Client) -> None:
    nobody = client("nobody")
    assert slug(await nobody.post("/parcels", content=b"name=a")) == "unsupported-media"
    large = b'{"name": "' + b"x" * (1 << 20) + b'"}'
    assert (
        slug(await nobody.post("/parcels", content=large, headers={"Content-Type": "application/json"})) == "too-large"
    )
    broken = await nobody.post("/parcels", content=b"{", headers={"Content-Type": "application/json"})
    assert (slug(broken), broken.status_code) == ("invalid", 422)


async def test_a_wrong_method_says_which_are_right(client: Client) -> None:
    wrong = await client("nobody").put("/parcels")
    assert slug(wrong) == "method-not-allowed"
    assert {"GET", "POST"} <= {name.strip() for name in wrong.headers["allow"].split(",")}


async def test_head_answers_like_get_without_a_body(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    head = await client("nobody").head(f"/parcels/{parcel}")
    assert (head.status_code, head.headers["etag"], head.content) == (200, '"1"', b"")


async def test_problems_speak_the_language_of_the_caller(client: Client) -> None:
    reply = await client().get(f"/parcels/{new_id()}", headers={"Accept-Language": "zh-CN"})
    assert reply.json()["title"] == "尚未登录"


# Idempotency keys.


async def test_one_key_sent_by_many_at_once_makes_one_row_and_the_same_reply(client: Client, empty: Database) -> None:
    caller = client("nobody")
    replies = await asyncio.gather(
        *(caller.post("/parcels", json={"name": "a"}, headers={"Idempotency-Key": "k"}) for _ in range(16))
    )
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert {reply.headers["etag"] for reply in replies} == {'"1"'}
    assert sorted(reply.headers.get("idempotency-replayed", "") for reply in replies) == [""] + ["true"] * 15
    assert len(await empty.fetch("SELECT FROM parcel")) == 1
    assert len(await empty.fetch("SELECT FROM event WHERE kind = 'parcel.made'")) == 1


async def test_without_the_key_each_request_makes_a_row(client: Client, empty: Database) -> None:
    caller = client("nobody")
    await asyncio.gather(*(caller.post("/parcels", json={"name": "a"}) for _ in range(4)))
    assert len(await empty.fetch("SELECT FROM parcel")) == 4


async def test_a_key_belongs_to_one_body_one_caller_and_one_address(client: Client, empty: Database) -> None:
    key = {"Idempotency-Key": "k"}
    first = await client("nobody").post("/parcels", json={"name": "a"}, headers=key)
    changed = await client("nobody").post("/parcels", json={"name": "b"}, headers=key)
    assert (slug(changed), changed.status_code) == ("idempotency-key-reused", 422)
    other = await client("editor").post("/parcels", json={"name": "a"}, headers=key)
    assert other.json()["id"] != first.json()["id"]
    assert (
        await client("nobody").post("/parcels", json={"name": "a"}, headers={"Idempotency-Key": ""})
    ).status_code == 422
    too_long = {"Idempotency-Key": "k" * 201}
    assert (await client("nobody").post("/parcels", json={"name": "a"}, headers=too_long)).status_code == 422


async def test_only_what_went_well_is_stored(client: Client, empty: Database) -> None:
    caller, key = client("nobody"), {"Idempotency-Key": "k"}
    for _ in range(2):
        assert slug(await caller.post("/parcels", json={"name": "doomed"}, headers=key)) == "lost"
    assert await empty.fetch("SELECT FROM stored_reply") == []
    assert await empty.fetch("SELECT FROM parcel") == []
    assert (await caller.post("/parcels", json={"name": "fine"}, headers=key)).status_code == 201


async def test_a_refusal_that_is_kept_leaves_no_claim(client: Client, empty: Database) -> None:
    caller, key = client("nobody"), {"Idempotency-Key": "k"}
    for _ in range(2):
        assert slug(await caller.post("/parcels/lose", json={"name": "a"}, headers=key)) == "lost"
    assert len(await empty.fetch("SELECT FROM parcel")) == 2
    assert await empty.fetch("SELECT FROM stored_reply") == []


async def test_a_verb_sent_again_is_answered_again_though_the_status_has_moved_on(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    signatory, headers = client("signatory"), {"If-Match": '"1"', "Idempotency-Key": "k"}
    first = await signatory.post(f"/parcels/{parcel}/send", headers=headers)
    again = await signatory.post(f"/parcels/{parcel}/send", headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content


# Lists.


async def test_pages_join_without_gap_or_double_under_equal_keys(client: Client) -> None:
    made = [*await make_parcels(*"abcdefg"), *await make_parcels("h", weight=2)]
    for sort in ("weight", "-weight", "name"):
        seen: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            page = (await client().get("/parcels", params={"limit": 3, "sort": sort} | cursor)).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert sorted(seen) == sorted(str(one) for one in made)
        assert len(seen) == len(set(seen))


async def test_what_is_added_meanwhile_moves_no_page(client: Client) -> None:
    await make_parcels("b", "d", "f")
    first = (await client().get("/parcels?sort=name&limit=2")).json()
    await make_parcels("a", "e")
    second = (await client().get("/parcels", params={"sort": "name", "limit": 2, "cursor": first["next"]})).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["b", "d", "e", "f"]


async def test_a_total_counts_what_matches_on_every_page(client: Client) -> None:
    await make_parcels("a", "b", "c")
    await make_parcels("d", weight=5)
    page = (await client().get("/parcels?limit=1&weight=1&with_total=true")).json()
    assert (page["total"], len(page["items"])) == (3, 1)
    following = await client().get(
        "/parcels", params={"limit": 1, "weight": 1, "with_total": True, "cursor": page["next"]}
    )
    assert following.json()["total"] == 3


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "%%%",
        "W10",  # []
        "WyJ3ZWlnaHQiLDEsMl0",  # a key that is no text
        "WyJ3ZWlnaHQiLCJhYmMiLCJub3QtYW4taWQiXQ",  # weight "abc", id "not-an-id"
        "WyJ3ZWlnaHQiLCI5OTk5OTk5OTk5OTk5OTkiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ",  # no int
        "WyJ3ZWlnaHQiLCJcdTAwMDAiLCJcdTAwMDAiXQ",  # NUL
        "WyJuYW1lIiwiYSIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd",  # of another order
    ],
)
async def test_a_made_up_cursor_is_invalid(client: Client, cursor: str) -> None:
    await make_parcels("a", "b")
    reply = await client().get("/parcels", params={"cursor": cursor})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == "cursor"


async def test_an_unknown_order_is_invalid_and_quoted_as_it_is(client: Client) -> None:
    reply = await client().get("/parcels", params={"sort": "{price}"})
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, "unknown")
    assert reply.json()["errors"][0]["text"] == "no sort key “{price}”; use weight, name"


async def test_an_unknown_filter_is_invalid(client: Client) -> None:
    assert (await client().get("/parcels?colour=red")).json()["errors"][0]["field"] == "colour"


# Around every operation.


async def test_every_reply_carries_the_headers_that_guard_it(client: Client) -> None:
    for reply in (await client().get("/parcels"), await client().get("/nowhere"), await client().post("/parcels")):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["strict-transport-security"] == "max-age=31536000"
        assert reply.headers["cache-control"] == "no-store"
        assert UUID(reply.headers["x-request-id"])


async def test_what_nobody_expected_is_a_plain_500_and_its_log_quotes_nothing(
    client: Client, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []

    def note(event: str, **line: Any) -> None:
        said.append(line)

    monkeypatch.setattr(middleware, "log", SimpleNamespace(error=note, info=note))
    await empty.fetch("ALTER TABLE parcel ADD CONSTRAINT no_secret CHECK (name <> '13912345678')")
    try:
        reply = await client("nobody").post("/parcels", json={"name": "13912345678"})
    finally:
        await empty.fetch("ALTER TABLE parcel DROP CONSTRAINT no_secret")
    assert (slug(reply), reply.status_code) == ("internal", 500)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "no_secret" in said[0]["error"]
    assert "create_parcel" in said[0]["error"]
    assert "13912345678" not in str(said)


async def test_past_the_limit_requests_are_told_to_come_again(empty: Database) -> None:
    app = make_app(limit=1)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://kit/api/v1") as caller:
        replies = await asyncio.gather(*(caller.get("/parcels") for _ in range(8)))
        health = await asyncio.gather(*(caller.get("/health/live") for _ in range(8)))
    statuses = sorted(reply.status_code for reply in replies)
    assert statuses[0] == 200
    assert statuses[-1] == 503
    assert all(reply.headers["retry-after"] for reply in replies if reply.status_code == 503)
    assert 503 not in {reply.status_code for reply in health}


# The description.


def described() -> dict[str, Any]:
    return openapi.document(domain.operations.all, "1")


def test_the_description_is_valid_openapi() -> None:
    document = described()
    validate(document)
    sent = document["paths"]["/api/v1/parcels/{parcel_id}/send"]["post"]
    assert {parameter["name"] for parameter in sent["parameters"]} == {"parcel_id", "If-Match", "Idempotency-Key"}
    assert set(sent["responses"]) == {"200", "401", "403", "404", "409", "412", "422", "428", "503", "default"}
    assert {} in document["paths"]["/api/v1/parcels"]["get"]["security"]
    assert {} not in sent["security"]


async def test_replies_are_what_the_description_says(client: Client) -> None:
    (parcel,) = await make_parcels("a")
    document, caller = described(), client("nobody")
    asked = {
        ("/api/v1/parcels", "get", 200): await caller.get("/parcels"),
        ("/api/v1/parcels", "post", 201): await caller.post("/parcels", json={"name": "b"}),
        ("/api/v1/parcels", "post", 422): await caller.post("/parcels", json={}),
        ("/api/v1/parcels/{parcel_id}", "get", 200): await caller.get(f"/parcels/{parcel}"),
        ("/api/v1/parcels/{parcel_id}", "get", 404): await caller.get(f"/parcels/{new_id()}"),
    }
    for (path, method, status), reply in asked.items():
        assert reply.status_code == status
        (content,) = document["paths"][path][method]["responses"][str(status)]["content"].items()
        assert reply.headers["content-type"] == content[0]
        jsonschema.validate(reply.json(), content[1]["schema"] | {"components": document["components"]})

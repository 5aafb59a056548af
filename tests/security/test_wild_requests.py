"""T9: requests made up from the interface's own description, by everybody in turn: no 5xx, and replies as described.

Short here; with `make faults` about 5,000 of them.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

from server.health import openapi_bytes
from server.kit import endpoint
from server.kit.endpoint import PREFIX
from tests.faults.size import LONG, SEED, SIZE
from tests.security.matrix import BY_PARAMETER
from tests.security.people import ANONYMOUS
from tests.security.subjects import World

CASES = 30 if SIZE is LONG else 2
ENDLESS = f"{PREFIX}/stream"
SIGN_OUT = {("DELETE", f"{PREFIX}/session"), ("POST", f"{PREFIX}/session/openid/sign-out")}
ASKING = (
    "editor of the county",
    "signatory of the giver",
    "national coordinator",
    "everything at the unit",
    "platform administrator",
    "everything at a foreign county",
    ANONYMOUS,
)


def cases_of(operation: Any) -> list[schemathesis.Case]:
    """A few requests to one operation, the same for the same seed."""
    found: list[schemathesis.Case] = []

    @seed(SEED)
    @settings(
        max_examples=CASES,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy())
    def collect(case: schemathesis.Case) -> None:
        found.append(case)

    collect()
    return found


def described() -> Iterator[schemathesis.Case]:
    """All of them, operation by operation."""
    schema = schemathesis.openapi.from_dict(json.loads(openapi_bytes()))
    for result in schema.get_all_operations():
        operation = result.ok()  # pyright: ignore[reportAttributeAccessIssue]  # our own document is valid
        if operation.path != ENDLESS:
            yield from cases_of(operation)


async def send(world: World, case: schemathesis.Case, number: int) -> tuple[str, Any]:
    """Send one as who is next; every second one names records that are there."""
    person = world.people[ASKING[number % len(ASKING)]]
    path = dict(case.path_parameters or {})
    if number % 2:
        known = {name: world.subjects[BY_PARAMETER[name][0]].ids[name] for name in path if name in BY_PARAMETER}
        path |= known
    address = case.path
    for name, value in path.items():
        address = address.replace(f"{{{name}}}", str(value))  # quoted already
    headers = {name: str(value) for name, value in (case.headers or {}).items() if name != "Authorization"}
    sent: dict[str, Any] = {"params": case.query, "headers": headers}
    if case.media_type == "application/json":
        sent["json"] = case.body
    elif case.media_type:
        sent |= {"content": b"%PDF-1.4 wild", "headers": headers | {"Content-Type": case.media_type}}
    reply = await person.client.request(case.method, address.removeprefix(PREFIX), **sent)
    return f"{person.name}: {case.method} {address}", reply


def wrong(case: schemathesis.Case, reply: Any) -> str:
    """What is wrong with a reply, or nothing."""
    if reply.status_code >= 500:
        return f"{reply.status_code} {reply.text[:200]}"
    try:
        case.operation.validate_response(Response.from_httpx2(reply, verify=False))
    except (Failure, FailureGroup) as failure:
        return f"{reply.status_code} {failure} {reply.text[:300]}"
    return ""


async def test_no_request_breaks_the_server_and_replies_are_as_described(world: World):
    found = []
    for number, case in enumerate(described()):
        who, reply = await send(world, case, number)
        if said := wrong(case, reply):
            found.append(f"{who}: {said}")
        if (case.method, case.path) in SIGN_OUT:
            await world.sign_in_again()
    assert not found, "\n\n".join(found)


async def test_control_a_reply_that_is_not_as_described_is_found(world: World, monkeypatch: pytest.MonkeyPatch):
    reply_of = endpoint._reply

    def without_id(operation: Any, call: Any, result: Any) -> Any:
        reply = reply_of(operation, call, result)
        reply.body = bytes(reply.body).replace(b'"id":', b'"ident":')
        reply.headers["content-length"] = str(len(reply.body))
        return reply

    monkeypatch.setattr(endpoint, "_reply", without_id)
    schema = schemathesis.openapi.from_dict(json.loads(openapi_bytes()))
    (case, *_) = cases_of(schema[f"{PREFIX}/needs/{{need_id}}"]["GET"])
    who, reply = await send(world, case, 7 * 2 + 1)
    assert reply.status_code == 200, who
    assert wrong(case, reply)

"""Routes that are found by a noun answer as a list that is tried in order."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from server.kit.routing import ByNoun


async def answer(request: Request) -> Response:
    return Response()


EACH = [
    Route("/api/v1/needs", answer, methods=["GET", "POST"]),
    Route("/api/v1/needs/open", answer, methods=["GET"]),
    Route("/api/v1/needs/{name}", answer, methods=["PATCH"]),
    Route("/api/v1/needs/{name}", answer, methods=["GET"]),
    Route("/api/v1/offers/{name}/close", answer, methods=["POST"]),
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1", "/api/v1/", "/api/v1/needs", "/api/v1/needs/", "/api/v1/needs/open", "/api/v1/needs/a/b",
     "/api/v1/offers/a", "/api/v1/offers/a/close", "/api/v1/needsopen", "/x/needs", "/elsewhere/v1/needs"],
)  # fmt: skip
def test_the_same_route_answers_as_in_a_list(method: str, path: str) -> None:
    scope = {"type": "http", "method": method, "path": path}
    said = [(match, {**child, "route": route}) for route in EACH for match, child in [route.matches(scope)]]
    wanted = next((each for match in (Match.FULL, Match.PARTIAL) for each in said if each[0] is match), None)
    assert ByNoun(EACH, depth=3).matches(scope) == (wanted or (Match.NONE, {}))


def test_only_requests_are_answered() -> None:
    assert ByNoun(EACH, depth=3).matches({"type": "websocket", "path": "/api/v1/needs"}) == (Match.NONE, {})

"""Is it alive, is it ready, how is it doing; and the interface's own description."""

from functools import cache
from importlib.metadata import version
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from server.accounts.actor import SYSTEM
from server.kit import openapi
from server.kit import uow as units
from server.kit.errors import NotFound
from server.kit.uow import UnitOfWork
from server.operations import all_operations
from server.reference import render

VERSION = version("jiedui")
LOOPBACK = frozenset({"127.0.0.1", "::1"})


async def live(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> Response:
    """PostgreSQL answers, so requests can be served. Redis may be away: only wake-ups and caches are there."""
    await units.run(_look, SYSTEM)
    return JSONResponse({"status": "ready"})


async def _look(uow: UnitOfWork) -> None:
    await uow.fetch("SELECT 1")


async def metrics(request: Request) -> Response:
    """Prometheus text format, for the machine itself only: behind a proxy the client is who the proxy speaks for."""
    if request.client is None or request.client.host not in LOOPBACK:
        raise NotFound
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@cache
def _document() -> dict[str, Any]:
    return openapi.document(all_operations(), VERSION)


@cache
def openapi_bytes() -> bytes:
    """The OpenAPI document as it is served and as it is committed for the web client."""
    return orjson.dumps(_document(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


async def describe(request: Request) -> Response:
    """openapi.json."""
    return Response(openapi_bytes(), media_type="application/json")


async def reference(request: Request) -> Response:
    """A readable reference without outside requests."""
    return HTMLResponse(_page())


@cache
def _page() -> str:
    return render(_document())


def routes() -> list[Route]:
    """Addresses that belong to no domain and need no rights."""
    return [
        Route("/api/v1/health/live", live),
        Route("/api/v1/health/ready", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", describe),
        Route("/api/docs", reference),
    ]

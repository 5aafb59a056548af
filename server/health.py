"""Is it alive, is it ready, how is it doing; and the interface's own description."""

from importlib.metadata import version

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from server.accounts.actor import SYSTEM
from server.kit import openapi
from server.kit import uow as units
from server.kit.uow import UnitOfWork
from server.operations import all_operations
from server.reference import render

VERSION = version("jiedui")


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
    """Prometheus text format, for the machine itself and the operator's network only."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def openapi_bytes() -> bytes:
    """The OpenAPI document as it is served and as it is committed for the web client."""
    described = openapi.document(all_operations(), VERSION)
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


async def describe(request: Request) -> Response:
    """openapi.json."""
    return Response(openapi_bytes(), media_type="application/json")


async def reference(request: Request) -> Response:
    """A readable reference without outside requests."""
    return HTMLResponse(render(openapi.document(all_operations(), VERSION)))


def routes() -> list[Route]:
    """Addresses that belong to no domain and need no rights."""
    return [
        Route("/api/v1/health/live", live),
        Route("/api/v1/health/ready", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", describe),
        Route("/api/docs", reference),
    ]

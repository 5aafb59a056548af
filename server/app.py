"""The ASGI application: routes, middleware, lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from server import health, pages, wiring
from server.accounts.authentication import find_actor
from server.kit.endpoint import routes
from server.kit.errors import MethodNotAllowed, NotFound, Problem
from server.kit.logs import configure_logs
from server.kit.middleware import ConcurrencyLimit, RequestLog, SecurityHeaders
from server.kit.redis import connect
from server.kit.request import language_of, problem_response
from server.notices.hub import Hub
from server.operations import all_operations
from server.settings import Settings, get_settings


def create_app(settings: Settings | None = None) -> Starlette:
    """The application. Raises when an operation has no policy or two claim one path."""
    settings = settings or get_settings()
    configure_logs()
    wiring.wire()
    application = Starlette(
        routes=[
            routes(all_operations(), find_actor),
            *health.routes(),
            *pages.routes(Path(__file__).parent.parent / "frontend" / "dist"),
        ],
        middleware=[
            Middleware(SecurityHeaders, secure=settings.secure),
            Middleware(RequestLog),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4),
            Middleware(ConcurrencyLimit, limit=settings.concurrency),
        ],
        exception_handlers={
            Problem: _problem,
            HTTPException: _http,
        },
        lifespan=_lifespan,
    )
    application.state.settings = settings
    return application


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncIterator[None]:
    settings: Settings = application.state.settings
    redis = connect(settings.redis_url)
    try:
        async with wiring.database(settings, name="jiedui-web", time_limits=True), Hub(redis).running() as hub:
            application.state.hub = hub
            application.state.redis = redis
            yield
    finally:
        await redis.aclose()


async def _problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem()
    return problem_response(problem, language_of(request))


async def _http(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    known: dict[int, Problem] = {404: NotFound(), 405: MethodNotAllowed(headers=getattr(error, "headers", None) or {})}
    return problem_response(known.get(status, Problem()), language_of(request))

"""The web client's files: hashed assets kept for a year, every other address answered by its one page."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.kit.errors import NotFound
from server.kit.request import language_of, problem_response

NOT_BUILT = "The web client is not built: run `make setup`.\n网页端尚未构建：请运行 make setup。\n"


class Assets(StaticFiles):
    """Files whose names carry a hash of their content, so that they never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def routes(built: Path) -> list[BaseRoute]:
    """Routes of the client that is built in `built`; they come last, they match everything."""

    def page(request: Request) -> Response:
        if request.url.path.startswith("/api/"):
            return problem_response(NotFound(), language_of(request))
        if not (built / "index.html").is_file():
            return PlainTextResponse(NOT_BUILT, 503)
        for file in built.iterdir():  # what is asked for is compared, never opened: it may hold anything
            if file.name == request.path_params["path"] and file.is_file():
                return FileResponse(file)
        return FileResponse(built / "index.html", headers={"Cache-Control": "no-cache"})

    return [
        Mount("/assets", Assets(directory=built / "assets", check_dir=False)),
        Route("/{path:path}", page, methods=["GET"]),
    ]

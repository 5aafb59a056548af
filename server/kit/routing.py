"""Routes found by what their paths begin with: trying two hundred one after the other costs more than a query."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send


class ByNoun(BaseRoute):
    """Routes by one segment of their paths, which is fixed: of `/api/v1/needs/{need_id}` the third is `needs`.

    As in a list of routes the first that matches answers, and the first of the right path tells of a wrong method.
    """

    def __init__(self, routes: Iterable[Route], depth: int) -> None:
        self._depth = depth
        self._by_noun: dict[str, list[Route]] = {}
        for route in routes:
            self._by_noun.setdefault(self._noun(route.path), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """What the first fitting route says; it is named in the scope, where `handle` finds it."""
        found: tuple[Match, Scope] = (Match.NONE, {})
        if scope["type"] != "http":
            return found
        for route in self._by_noun.get(self._noun(scope["path"]), ()):
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, {**child, "route": route}
            if match is Match.PARTIAL and found[0] is Match.NONE:
                found = match, {**child, "route": route}
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the route that matched."""
        await scope["route"].handle(scope, receive, send)

    def _noun(self, path: str) -> str:
        parts = path.split("/", self._depth + 1)
        return parts[self._depth] if len(parts) > self._depth else ""

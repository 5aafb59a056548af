"""Operations, declared once: method, path, input, output, action, object loader.

From one declaration come validation, authorisation, problem+json, idempotency, ETag and OpenAPI. An operation
whose action no policy names stops the application from starting.

    operations = Operations("needs", POLICY)

    @operations.post("/needs/{need_id:uuid}/publish", action="publish", loads=service.load, if_match=True)
    async def publish_need(call: Call, subject: Need, body: Decision) -> NeedRead:
        \"\"\"Publish a need that was reviewed.\"\"\"
        return await service.publish(call.uow, call.actor, subject, body)

A handler names what it wants among `subject` (what the loader found), `body`, `query` and `upload` (what a Receiver made
of a body that is not JSON).
"""

import inspect
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.kit import idempotency
from server.kit import uow as units
from server.kit.errors import Forbidden, NotSignedIn, Problem, Text
from server.kit.etag import etag, require_match
from server.kit.paging import Listed, Page
from server.kit.policy import Policy
from server.kit.request import invalid, language_of, read_body, read_query
from server.kit.routing import ByNoun
from server.kit.uow import UnitOfWork

PREFIX = "/api/v1"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass
class Call:
    """One request inside its unit of work."""

    request: Request
    uow: UnitOfWork
    actor: Any
    params: dict[str, Any]
    body: Any = None
    query: Any = None
    upload: Any = None
    response_headers: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language that the caller asked for."""
        return language_of(self.request)

    def param(self, name: str) -> UUID:
        """An id from the path."""
        return self.params[name]


Loader = Callable[[Call], Awaitable[Any]]


class Upload(Protocol):
    """What was received; the digest tells two uploads under one idempotency key apart."""

    @property
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Receiver:
    """Takes a body that is not JSON, before any transaction begins: it may come slowly, and take work."""

    receive: Callable[[Request], Awaitable[Upload]]
    media_types: tuple[str, ...]


Handler = Callable[..., Awaitable[Any]]
FindActor = Callable[[UnitOfWork, Request], Awaitable[Any]]


class FieldNotAllowed(Forbidden):
    """The role may do this, but not set these fields."""

    slug = "field-not-allowed"
    detail = Text("您的角色不能填写：{fields}。", "Your role may not set: {fields}.")


class OperationWithoutPolicy(Exception):
    """Raised at start: an operation's action stands in no rule of its domain's policy."""


@dataclass(frozen=True)
class Operation:
    """One operation of the interface."""

    method: str
    path: str
    handler: Handler
    action: str
    policy: Policy
    tag: str
    status: int = 200
    loads: Loader | None = None
    if_match: bool = False
    idempotent: bool = False
    receives: Receiver | None = None

    @cached_property
    def hints(self) -> dict[str, Any]:
        return typing.get_type_hints(self.handler)

    @cached_property
    def wanted(self) -> frozenset[str]:
        return frozenset(inspect.signature(self.handler).parameters)

    @property
    def body(self) -> Any:
        """The input schema, or None."""
        return self.hints.get("body")

    @property
    def query(self) -> type[BaseModel] | None:
        return self.hints.get("query")

    @property
    def returns(self) -> Any:
        """The output schema; None for no content, Response for what the handler writes itself."""
        given = self.hints.get("return")
        return None if given is type(None) else given

    @property
    def streams(self) -> bool:
        return inspect.isclass(self.returns) and issubclass(self.returns, Response)

    @cached_property
    def output(self) -> TypeAdapter[Any] | None:
        if self.returns is None or self.streams:
            return None
        if typing.get_origin(self.returns) is Listed:
            page: Any = Page
            return TypeAdapter(page[typing.get_args(self.returns)])
        return TypeAdapter(self.returns)

    @cached_property
    def input(self) -> TypeAdapter[Any] | None:
        return None if self.body is None else TypeAdapter(self.body)

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.handler) or ""


class Operations:
    """The operations of one domain under its policy."""

    def __init__(self, tag: str, policy: Policy, into: "Operations | None" = None) -> None:
        """`into` joins these to another list: a domain with two kinds of record has two policies."""
        self.tag = tag
        self.policy = policy
        self.all: list[Operation] = into.all if into else []

    def get(self, path: str, *, action: str, loads: Loader | None = None) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self._declare("GET", path, action=action, loads=loads)

    def create(
        self, path: str, *, action: str = "create", loads: Loader | None = None, status: int = 201
    ) -> Callable[[Handler], Handler]:
        """Declare a creating POST: 201, and an Idempotency-Key is honoured."""
        return self._declare("POST", path, action=action, loads=loads, status=status, idempotent=True)

    def upload(self, path: str, *, action: str, receives: Receiver) -> Callable[[Handler], Handler]:
        """Declare a POST of a body that is not JSON: 201, and an Idempotency-Key is honoured."""
        return self._declare("POST", path, action=action, status=201, idempotent=True, receives=receives)

    def verb(
        self, path: str, *, action: str, loads: Loader, status: int = 200, if_match: bool = True
    ) -> Callable[[Handler], Handler]:
        """Declare a verb of the field: a POST on a record; takes If-Match, and honours an Idempotency-Key."""
        return self._declare(
            "POST", path, action=action, loads=loads, status=status, if_match=if_match, idempotent=True
        )

    def change(
        self, path: str, *, action: str = "change", loads: Loader, if_match: bool = True
    ) -> Callable[[Handler], Handler]:
        """Declare a PATCH of a record; takes If-Match."""
        return self._declare("PATCH", path, action=action, loads=loads, if_match=if_match)

    def post(
        self, path: str, *, action: str, loads: Loader | None = None, status: int = 200
    ) -> Callable[[Handler], Handler]:
        """Declare a POST that neither creates nor is a verb on a version (signing in, previews)."""
        return self._declare("POST", path, action=action, loads=loads, status=status)

    def put(self, path: str, *, action: str, loads: Loader | None = None) -> Callable[[Handler], Handler]:
        """Declare a PUT: what stands at this path from now on; sent again it changes nothing."""
        return self._declare("PUT", path, action=action, loads=loads)

    def delete(self, path: str, *, action: str, loads: Loader | None = None) -> Callable[[Handler], Handler]:
        """Declare a DELETE: 204."""
        return self._declare("DELETE", path, action=action, loads=loads, status=204)

    def _declare(self, method: str, path: str, **options: Any) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            operation = Operation(method, PREFIX + path, handler, policy=self.policy, tag=self.tag, **options)
            if operation.action not in self.policy.actions:
                raise OperationWithoutPolicy(
                    f"{method} {path}: no rule of {self.policy.kind} grants {operation.action}"
                )
            if not operation.doc:
                raise ValueError(f"{method} {path}: an operation needs a docstring, it is its documentation")
            self.all.append(operation)
            return handler

        return declare


def routes(operations: list[Operation], find_actor: FindActor) -> BaseRoute:
    """One Route per path, so that a wrong method is answered by 405 with every method in Allow."""
    tables: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        table = tables.setdefault(operation.path, {})
        if operation.method in table:
            raise ValueError(f"{operation.method} {operation.path} is declared twice")
        table[operation.method] = operation
    each = [Route(path, _endpoint(table, find_actor), methods=list(table)) for path, table in tables.items()]
    return ByNoun(each, depth=PREFIX.count("/") + 1)


def _endpoint(table: dict[str, Operation], find_actor: FindActor) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        operation = table["GET" if request.method == "HEAD" else request.method]
        return await answer(operation, request, find_actor)

    return endpoint


async def answer(operation: Operation, request: Request, find_actor: FindActor) -> Response:
    """Parse, find the actor, authorise, do the work in a unit of work, reply. Raises Problem."""
    if operation.receives:
        await units.run(lambda uow: _admit(operation, request, uow, find_actor))
    given = await _parse(operation, request)

    async def work(uow: UnitOfWork) -> Response:
        actor = await find_actor(uow, request)
        if not (actor.is_signed_in or operation.policy.is_open(operation.action)):
            raise NotSignedIn
        if isinstance(given, Problem):
            raise given
        call = Call(request, uow, actor, dict(request.path_params), given.body, given.query, given.upload)
        key = _idempotency_key(operation, call, given.raw)
        return await (_once(operation, call, key) if key else _within(operation, call))

    return await units.run(work)


@dataclass(frozen=True)
class Given:
    """What a request brings, parsed."""

    query: Any
    body: Any
    raw: bytes
    upload: Any = None


async def _admit(operation: Operation, request: Request, uow: UnitOfWork, find_actor: FindActor) -> None:
    """A stranger's upload is refused before it is taken in."""
    actor = await find_actor(uow, request)
    if operation.policy.grants(actor, operation.action, None) is None:
        raise Forbidden if actor.is_signed_in else NotSignedIn


async def _parse(operation: Operation, request: Request) -> Given | Problem:
    """Read a request before any transaction begins; what is wrong with it is told only to who may ask at all."""
    try:
        query = read_query(request, operation.query) if operation.query else None
        if operation.receives:
            upload = await operation.receives.receive(request)
            return Given(query, None, upload.digest, upload)
        raw = await read_body(request) if operation.input else b""
        return Given(query, operation.input.validate_json(raw) if operation.input else None, raw)
    except ValidationError as error:
        return invalid(error)
    except Problem as problem:
        return problem


async def _once(operation: Operation, call: Call, key: idempotency.Key) -> Response:
    """Do it once under this key. A stored reply comes before the rights: the first request has changed the status."""
    before = await idempotency.claim(call.uow, key)
    if before is not None:
        return Response(before.body, before.status, before.headers | {"Idempotency-Replayed": "true"})
    try:
        response = await _within(operation, call)
    except Problem:
        if call.uow.keep:
            await idempotency.release(call.uow, key)
        raise
    await idempotency.store(call.uow, key, _stored(response))
    return response


async def _within(operation: Operation, call: Call) -> Response:
    subject = await operation.loads(call) if operation.loads else None
    _authorise(operation, call, subject)
    if operation.if_match:
        require_match(call.request.headers.get("If-Match"), subject.version)  # pyright: ignore[reportOptionalMemberAccess]
    given = {"subject": subject, "body": call.body, "query": call.query, "upload": call.upload}
    result = await operation.handler(call, **{name: given[name] for name in given if name in operation.wanted})
    return _reply(operation, call, result)


def _authorise(operation: Operation, call: Call, subject: Any) -> None:
    policy, actor, action = operation.policy, call.actor, operation.action
    if policy.grants(actor, action, subject) is None:
        raise Forbidden if actor.is_signed_in else NotSignedIn
    call.uow.acting_for = actor.stands_in(lambda one: policy.grants(one, action, subject) is not None)
    allowed = policy.fields(actor, action, subject)
    if allowed is not None and isinstance(call.body, BaseModel):
        refused = sorted(call.body.model_fields_set - allowed)
        if refused:
            raise FieldNotAllowed(fields=", ".join(refused))


def _idempotency_key(operation: Operation, call: Call, raw: bytes) -> idempotency.Key | None:
    """The key of this request; a caller without a name has none, their keys would be everybody's."""
    header = call.request.headers.get("Idempotency-Key")
    if header is None or not operation.idempotent or not call.actor.is_signed_in:
        return None
    return idempotency.make_key(call.actor.principal, f"{operation.method} {call.request.url.path}", header, raw)


def _reply(operation: Operation, call: Call, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    headers = dict(call.response_headers)
    if operation.output is None:
        return Response(status_code=operation.status, headers=headers)
    if isinstance(result, Listed):
        return Response(result.json(), operation.status, headers, media_type="application/json")
    version = getattr(result, "version", None)
    if isinstance(version, int) and not isinstance(result, Page):
        headers["ETag"] = etag(version)
    content = operation.output.dump_json(result, by_alias=True)
    return Response(content, operation.status, headers, media_type="application/json")


def _stored(response: Response) -> idempotency.Reply:
    kept = {name: value for name, value in response.headers.items() if name in {"etag", "location", "content-type"}}
    return idempotency.Reply(response.status_code, bytes(response.body), kept)

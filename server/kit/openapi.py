"""Declarations -> OpenAPI 3.1: complete, with every problem that an operation may answer."""

import re
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter

from server.kit.endpoint import UNSAFE, Operation

REF = "#/components/schemas/{model}"
PATH_PARAMETER = re.compile(r"{(\w+)(?::(\w+))?}")
PARAMETER_KINDS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "str": {"type": "string", "pattern": "^[^/]+$"},
}


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    text: str


class ProblemBody(BaseModel):
    """RFC 9457; the facts of the broken rule stand beside these members."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


def document(operations: list[Operation], version: str) -> dict[str, Any]:
    """The OpenAPI document of these operations."""
    schemas, components = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for number, operation in enumerate(operations):
        path = PATH_PARAMETER.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe(number, operation, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jiedui 结对",
            "version": version,
            "description": "Docking platform for Chapter 5 of the 2016 poverty-alleviation responsibility measures.",
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _security()},
    }


def _security() -> dict[str, Any]:
    return {
        "session": {"type": "apiKey", "in": "cookie", "name": "jiedui"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
        "key": {"type": "http", "scheme": "bearer"},
    }


def _schemas(operations: list[Operation]) -> tuple[dict[Any, Any], dict[str, Any]]:
    inputs: list[Any] = [(("problem", "r"), "serialization", TypeAdapter(ProblemBody))]
    for number, operation in enumerate(operations):
        if operation.input is not None:
            inputs.append(((number, "b"), "validation", operation.input))
        if operation.query is not None:
            inputs.append(((number, "q"), "validation", TypeAdapter(operation.query)))
        if operation.output is not None:
            inputs.append(((number, "r"), "serialization", operation.output))
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF)
    return {key: schema for (key, _), schema in schemas.items()}, dict(definitions.get("$defs", {}))


def _describe(number: int, operation: Operation, schemas: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    summary, _, rest = operation.doc.partition("\n")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": summary,
        "tags": [operation.tag],
        "security": _who_may_ask(operation),
        "responses": _responses(number, operation, schemas),
    }
    if rest.strip():
        described["description"] = rest.strip()
    if parameters := _parameters(number, operation, schemas, components):
        described["parameters"] = parameters
    if operation.input is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[number, "b"]}},
        }
    if operation.receives is not None:
        binary = {"schema": {"type": "string", "format": "binary"}}
        described["requestBody"] = {"required": True, "content": dict.fromkeys(operation.receives.media_types, binary)}
    return described


def _who_may_ask(operation: Operation) -> list[dict[str, list[str]]]:
    browser: dict[str, list[str]] = {"session": [], "csrf": []} if operation.method in UNSAFE else {"session": []}
    strangers: list[dict[str, list[str]]] = [{}] if operation.policy.is_open(operation.action) else []
    return [browser, {"key": []}, *strangers]


def _parameters(
    number: int, operation: Operation, schemas: dict[Any, Any], components: dict[str, Any]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": PARAMETER_KINDS[kind or "str"]}
        for name, kind in PATH_PARAMETER.findall(operation.path)
    ]
    if operation.query is not None:
        schema = schemas[number, "q"]
        schema = components[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": field}
            for name, field in schema.get("properties", {}).items()
        ]
    if operation.if_match:
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}})
    if operation.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": 200}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    return found


def _responses(number: int, operation: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.output is not None:
        good["content"] = {"application/json": {"schema": schemas[number, "r"]}}
    problem = {"application/problem+json": {"schema": schemas["problem", "r"]}}
    replies = {str(operation.status): good}
    for status in _problems(operation):
        replies[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return replies | {"default": {"description": "Any other problem", "content": problem}}


def _problems(operation: Operation) -> list[int]:
    statuses = {401, 403, 503}
    if "{" in operation.path:
        statuses.add(404)
    if operation.input is not None or operation.query is not None or operation.idempotent:
        statuses.add(422)
    if operation.input is not None or operation.receives is not None:
        statuses |= {413, 415}
    if operation.method in UNSAFE:
        statuses.add(409)
    if operation.if_match:
        statuses |= {412, 428}
    return sorted(statuses)

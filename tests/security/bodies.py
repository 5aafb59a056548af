"""The smallest valid body of any operation, made from its own schema: a new operation needs no example."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from server.kit.endpoint import Operation
from tests.security.people import COUNTY

KNOWN: dict[str, Any] = {
    "place_code": COUNTY,
    "resource_type": "village_road",
    "quantity": {"value": "1", "unit": "km"},
    "declared": {"value": "1", "unit": "km"},
    "accepted": {"value": "1", "unit": "km"},
    "cost": {"amount_fen": 100},
    "window": {"from": "2019-06-01", "to": "2019-12-31"},
    "text_hash": "0" * 64,
    "due": "2019-12-01",
    "credit_code": "91350100M000100Y43",
    "key": "need.new.matrix",
}
"""Fields whose rule a schema cannot say."""
OF_FORMAT = {
    "date": "2019-10-01",
    "date-time": "2019-10-01T00:00:00Z",
    "uuid": "01900000-0000-7000-8000-000000000000",
}
OF_PATTERN = {"^[a-z][a-z0-9_]{1,39}$": "other_reason"}
ALSO = {"credit_code"}
"""Fields that a rule asks for, though the schema leaves them open."""


def body_of(operation: Operation, given: dict[str, Any]) -> dict[str, Any] | None:
    """A body that the operation's schema takes, with what is `given` in it; None for an operation without one."""
    if operation.input is None:
        return None
    known, smallest = _smallest(operation.input)
    body = smallest | {name: value for name, value in given.items() if name in known}
    operation.input.validate_python(body)
    return body


@cache
def _smallest(taken: TypeAdapter[Any]) -> tuple[frozenset[str], dict[str, Any]]:
    schema = taken.json_schema()
    models = schema.get("$defs", {})
    return frozenset(_followed(schema, models).get("properties", {})), _value(schema, models)


def _followed(schema: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    return models[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def _value(schema: dict[str, Any], models: dict[str, Any]) -> Any:
    schema = _followed(schema, models)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _value(schema[choice][0], models)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        needed = [*schema.get("required", []), *(ALSO & schema.get("properties", {}).keys())]
        return {name: KNOWN[name] if name in KNOWN else _value(schema["properties"][name], models) for name in needed}
    if schema.get("type") == "array":
        return [_value(schema["items"], models)] * schema.get("minItems", 0)
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> Any:
    if schema.get("type") in ("integer", "number"):
        return schema.get("minimum", 1)
    return False if schema.get("type") == "boolean" else _text(schema)


def _text(schema: dict[str, Any]) -> str:
    if schema.get("pattern") in OF_PATTERN:
        return OF_PATTERN[schema["pattern"]]
    return OF_FORMAT.get(schema.get("format", "")) or "x" * max(schema.get("minLength", 1), 1)

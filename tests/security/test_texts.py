"""Input: every text that the interface takes has a length, and says which field is wrong with it."""

from typing import Any

import httpx2
import orjson
import pytest

from server.kit.endpoint import Operation
from server.operations import all_operations
from tests.security.people import COUNTY
from tests.security.subjects import World

WITH_BODY = [operation for operation in all_operations() if operation.input is not None]
BOUNDED = {"maxLength", "pattern", "enum", "const", "format"}


def unbounded(schema: dict[str, Any], models: dict[str, Any], path: str = "") -> list[str]:
    """The texts of a schema that nothing limits; what a draft's form holds is limited as a whole."""
    if "$ref" in schema:
        return unbounded(models[schema["$ref"].rsplit("/", 1)[1]], models, path)
    if any(each.get("type") == "number" for each in schema.get("anyOf", [])):
        return []  # a figure, which its range limits
    if schema.get("type") == "string" and not BOUNDED & schema.keys():
        return [path]
    inner = list(schema.get("properties", {}).items())
    inner += [("[]", schema["items"])] if "items" in schema else []
    inner += [("", each) for choice in ("anyOf", "oneOf", "allOf") for each in schema.get(choice, [])]
    return [found for name, each in inner for found in unbounded(each, models, f"{path}.{name}".strip("."))]


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.name)
def test_every_text_has_its_length(operation: Operation):
    assert operation.input is not None
    schema = operation.input.json_schema()
    assert unbounded(schema, schema.get("$defs", {})) == []


NEED = {
    "place_code": COUNTY,
    "resource_type": "village_road",
    "title": "路",
    "window": {"from": "2019-06-01", "to": "2019-12-31"},
}
WRONG = {
    "a NUL": "村\x00路",
    "a bidirectional control": "村\u202e路",
    "an isolate": "村\u2066路",
    "a bell": "村\x07路",
    "too long": "路" * 201,
}


async def post(client: httpx2.AsyncClient, body: bytes) -> httpx2.Response:
    return await client.post("/needs", content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("what", WRONG)
async def test_what_nobody_can_read_is_refused_by_name(world: World, what: str):
    client = world.people["editor of the county"].client
    reply = await post(client, orjson.dumps(NEED | {"title": WRONG[what]}))
    assert reply.status_code == 422, reply.text
    assert [error["field"] for error in reply.json()["errors"]] == ["title"]


async def test_half_a_character_is_refused(world: World):
    body = orjson.dumps(NEED | {"title": "HALF"}).replace(b"HALF", b"\\ud800")
    assert (await post(world.people["editor of the county"].client, body)).status_code == 422


async def test_another_encoding_is_refused(world: World):
    client = world.people["editor of the county"].client
    reply = await post(client, '{"title": "村路"}'.encode("gbk"))
    assert reply.status_code == 422
    assert "JSON" in reply.json()["errors"][0]["text"]

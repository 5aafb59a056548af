"""Reading requests: language, bodies, query fields, and what is wrong with a field."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request

from server.kit.errors import TooLarge, UnsupportedMedia
from server.kit.request import TEXTS, invalid, language_of, read_body, read_query
from server.kit.shapes import Clean, Input, Window


def request(query: str = "", headers: dict[str, str] | None = None, body: bytes = b"") -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": query.encode(), "headers": raw}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.3, zh;q=0.7", "zh-CN"),
        ("fr, de;q=0.5", "zh-CN"),
        ("fr, en;q=0.5", "en"),
        ("en;q=nonsense", "zh-CN"),
    ],
)
def test_the_language_is_chinese_unless_english_is_preferred(accepted: str, language: str) -> None:
    assert language_of(request(headers={"Accept-Language": accepted})) == language


async def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        await read_body(request(headers={"Content-Type": "text/plain"}, body=b"{}"))
    with pytest.raises(UnsupportedMedia):
        await read_body(request(body=b"{}"))
    assert await read_body(request(headers={"Content-Type": "application/json; charset=utf-8"}, body=b"{}")) == b"{}"


async def test_a_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge) as error:
        await read_body(request(headers={"Content-Type": "application/json"}, body=b"x" * 11), limit=10)
    assert error.value.facts == {"limit": 10}


class Filters(BaseModel):
    status: list[Literal["open", "closed"]] | None = None
    province: str | None = None


def test_a_field_that_may_be_a_list_takes_repeated_names() -> None:
    found = read_query(request("status=open&status=closed&province=61&province=62"), Filters)
    assert found == Filters(status=["open", "closed"], province="62")


class Everything(Input):
    title: Annotated[str, Clean(4, 1)]
    count: Annotated[int, Field(ge=1, le=3)]
    day: date
    id: UUID
    kind: Literal["a", "b"]
    value: Annotated[Decimal, Field(gt=0, decimal_places=1)]
    tags: Annotated[list[str], Field(min_length=1, max_length=2)]
    window: Window


def errors_of(body: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(ValidationError) as error:
        Everything.model_validate_json(body)
    problem = invalid(error.value)
    zh, en = problem.body("zh-CN")["errors"], problem.body("en")["errors"]
    return {each["field"]: (each["text"], other["text"]) for each, other in zip(zh, en, strict=True)}


def test_each_wrong_field_is_named_and_explained_in_both_languages() -> None:
    found = errors_of(
        '{"title": "太长的标题", "count": 4, "day": "3.6.2019", "id": "7", "kind": "c", "value": "1.25",'
        ' "tags": [], "window": {"from": "2019-06-03", "to": "2019-06-02"}, "more": 1}'
    )
    assert found["title"] == ("最多 4 个字", "may have at most 4 characters")
    assert found["count"] == ("不能大于 3", "must be at most 3")
    assert found["day"][0] == "日期格式为 2019-06-03"
    assert found["id"] == ("编号无效", "is not a valid id")
    assert found["kind"] == ("须为：'a' or 'b'", "must be one of: 'a' or 'b'")
    assert found["value"] == ("最多 1 位小数", "may have at most 1 decimals")
    assert found["tags"] == ("至少 1 项", "needs at least 1 items")
    assert found["window"] == ("结束日期不能早于开始日期", "the last day cannot be before the first")
    assert found["more"] == ("没有这个字段", "there is no such field")


def test_what_is_missing_is_required_and_broken_json_is_said() -> None:
    assert errors_of("{}")["title"] == ("必填", "is required")
    assert errors_of("{")["body"] == ("不是有效的 JSON", "is not valid JSON")
    assert errors_of('"text"')["body"] == ("须为对象", "must be an object")


def test_every_explanation_stands_in_both_languages() -> None:
    assert all(text.zh and text.en for text in TEXTS.values())

"""Reading requests: language, bodies with a limit, query fields, and validation errors in the caller's language."""

import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from server.kit.errors import FieldError, Invalid, Problem, Text, TooLarge, UnsupportedMedia

MAX_BODY = 1 << 20

# What pydantic found, as people say it; `{name}` is filled from the error's context.
TEXTS: dict[str, Text] = {
    "missing": Text("必填", "is required"),
    "extra_forbidden": Text("没有这个字段", "there is no such field"),
    "string_too_short": Text("至少 {min_length} 个字", "needs at least {min_length} characters"),
    "string_too_long": Text("最多 {max_length} 个字", "may have at most {max_length} characters"),
    "string_type": Text("须为文字", "must be text"),
    "string_pattern_mismatch": Text("格式不对", "does not have the right form"),
    "greater_than": Text("须大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": Text("不能小于 {ge}", "must be at least {ge}"),
    "less_than": Text("须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": Text("不能大于 {le}", "must be at most {le}"),
    "int_type": Text("须为整数", "must be a whole number"),
    "int_parsing": Text("须为整数", "must be a whole number"),
    "int_from_float": Text("须为整数", "must be a whole number"),
    "decimal_parsing": Text("须为数字，例如 12.5", "must be a number such as 12.5"),
    "decimal_type": Text("须为数字，例如 12.5", "must be a number such as 12.5"),
    "decimal_max_places": Text("最多 {decimal_places} 位小数", "may have at most {decimal_places} decimals"),
    "bool_parsing": Text("须为 true 或 false", "must be true or false"),
    "date_from_datetime_parsing": Text("日期格式为 2019-06-03", "must be a date such as 2019-06-03"),
    "date_parsing": Text("日期格式为 2019-06-03", "must be a date such as 2019-06-03"),
    "date_type": Text("日期格式为 2019-06-03", "must be a date such as 2019-06-03"),
    "uuid_parsing": Text("编号无效", "is not a valid id"),
    "uuid_type": Text("编号无效", "is not a valid id"),
    "enum": Text("须为：{expected}", "must be one of: {expected}"),
    "literal_error": Text("须为：{expected}", "must be one of: {expected}"),
    "list_type": Text("须为列表", "must be a list"),
    "too_long": Text("最多 {max_length} 项", "may have at most {max_length} items"),
    "too_short": Text("至少 {min_length} 项", "needs at least {min_length} items"),
    "json_invalid": Text("不是有效的 JSON", "is not valid JSON"),
    "model_type": Text("须为对象", "must be an object"),
    "model_attributes_type": Text("须为对象", "must be an object"),
}
OTHER = Text("填写有误", "is not valid")


def language_of(request: Request) -> str:
    """zh-CN unless the caller prefers English."""
    accepted = request.headers.get("Accept-Language", "")
    best, weight = "zh-CN", -1.0
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        language = "zh-CN" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        try:
            given = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language and given > weight:
            best, weight = language, given
    return best


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The body of a JSON request; raises UnsupportedMedia, TooLarge."""
    kind = request.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise UnsupportedMedia(headers={"Accept": "application/json"})
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise TooLarge(limit=limit)
    return bytes(data)


def read_query(request: Request, model: type[BaseModel]) -> BaseModel:
    """The query fields as `model`; a field that may be a list takes repeated names."""
    raw: dict[str, Any] = {}
    lists = _lists(model)
    for name, value in request.query_params.multi_items():
        if name in lists:
            raw.setdefault(name, []).append(value)
        else:
            raw[name] = value
    return model.model_validate(raw)


@cache
def _lists(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, known in model.model_fields.items() if takes_list(known.annotation))


def takes_list(annotation: Any) -> bool:
    """Whether a query field may be repeated."""
    if typing.get_origin(annotation) in (list, set, tuple, frozenset):
        return True
    return any(takes_list(inner) for inner in typing.get_args(annotation) if inner is not type(None))


def invalid(error: ValidationError) -> Invalid:
    """A 422 that says for each field what is wrong, in both languages."""
    return Invalid(errors=_fields(error))


def _fields(error: ValidationError) -> Sequence[FieldError]:
    found: dict[str, FieldError] = {}
    for each in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in each["loc"] if not _is_branch(part)) or "body"
        template = TEXTS.get(each["type"])
        if each["type"] == "value_error" and isinstance(each.get("ctx", {}).get("error"), TextError):
            template = each["ctx"]["error"].text  # pyright: ignore[reportTypedDictNotRequiredAccess]
        template = template or OTHER
        facts = {name: str(value) for name, value in each.get("ctx", {}).items() if name != "error"}
        found.setdefault(
            path, FieldError(path, each["type"], Text(template.zh.format(**facts), template.en.format(**facts)))
        )
    return list(found.values())


def _is_branch(part: int | str) -> bool:
    """Whether a part of an error's path is no field but the class by which one of several kinds was read."""
    return isinstance(part, str) and part[:1].isupper()


class TextError(ValueError):
    """Raised by a schema's validator: what is wrong, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def problem_response(problem: Problem, language: str) -> Response:
    """A problem as application/problem+json, in the caller's language."""
    content = orjson.dumps(problem.body(language), default=str)
    return Response(content, problem.status, problem.headers, media_type="application/problem+json")

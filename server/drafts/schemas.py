"""Drafts as the interface takes and shows them."""

import re
from datetime import datetime
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, Field

from server.drafts.rules import KEY, LARGEST
from server.kit.paging import ListQuery
from server.kit.request import TextError
from server.kit.shapes import Clean, Input

NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The escaped NUL, which PostgreSQL cannot store, and not a typed backslash before `u0000`."""


def _storable(payload: dict[str, Any]) -> dict[str, Any]:
    try:
        written = orjson.dumps(payload)
    except TypeError:
        raise TextError("含有过大的数字", "holds a number that is too large") from None
    if len(written) > LARGEST:
        raise TextError(f"草稿不能超过 {LARGEST} 字节", f"a draft may have at most {LARGEST} bytes")
    if NUL.search(written):
        raise TextError("含有不可见的控制字符", "contains invisible control characters")
    return payload


Payload = Annotated[
    dict[str, Any], AfterValidator(_storable), Field(description="the form as it stands; its own shape")
]
Key = Annotated[str, Field(pattern=KEY, description="the kind of record and which form")]


class DraftWrite(Input):
    """A form as it stands on this device."""

    title: Annotated[str, Clean(200), Field(description="by which a person finds it again")] = ""
    payload: Payload
    record_version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="of the record that it changes")] = None
    revision: Annotated[
        int, Field(ge=0, le=2**31 - 2, description="the revision that this device last had; 0 where it had none")
    ] = 0


class DraftRow(BaseModel):
    """A draft in the list."""

    key: Key
    title: str
    record_version: int | None
    revision: int
    changed_at: datetime


class DraftRead(DraftRow):
    """A draft with its form."""

    payload: dict[str, Any]


class DraftQuery(ListQuery):
    """Filter of one's own drafts."""

    prefix: Annotated[str | None, Field(max_length=60, description="beginning of the key, such as `need.new.`")] = None

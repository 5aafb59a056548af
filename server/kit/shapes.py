"""Shapes that records of many domains share: names in both languages, windows of dates, text that is clean."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import core_schema

from server.kit.errors import FieldError, fault
from server.kit.request import TextError

# Bidirectional controls reorder what a reader sees; NUL cannot be stored (decision 21 of docs/reliability.md).
_REFUSED = {chr(0), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def _clean(value: str) -> str:
    if any(character in _REFUSED or (ord(character) < 32 and character not in "\n\t\r") for character in value):
        raise TextError(
            "含有不可见的控制字符，请删除后重新输入",
            "contains invisible control characters: type it again without them",
        )
    return value


@dataclass(frozen=True)
class Clean:
    """What a text field takes: trimmed, its length limited, no control characters: `Annotated[str, Clean(200, 1)]`.

    Of `str | None` nothing stays nothing.
    """

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        limits = core_schema.str_schema(strip_whitespace=True, min_length=self.min_length, max_length=self.max_length)
        cleaned = core_schema.no_info_after_validator_function(_clean, limits)
        return core_schema.nullable_schema(cleaned) if type(None) in get_args(source) else cleaned


def text(max_length: int, min_length: int = 0) -> Any:
    """The annotated type of a text field, where a type checker need not read it (see Clean)."""
    return Annotated[str, Clean(max_length, min_length)]


class Input(BaseModel):
    """Base of every input schema: unknown fields are refused, so that nothing typed is silently lost."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)


class Name(BaseModel):
    """A name in Chinese and in English (or pinyin)."""

    zh: str
    en: str

    @staticmethod
    def shown(zh: str, en: str) -> dict[str, str]:
        """The form of the reply, for a list's rows."""
        return {"zh": zh, "en": en}


class Window(BaseModel):
    """From the first to the last day, both included."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    from_: Annotated[date, Field(alias="from", description="first day")]
    to: Annotated[date, Field(description="last day")]

    @staticmethod
    def shown(first: date, last: date) -> dict[str, date]:
        """The form of the reply, for a list's rows."""
        return {"from": first, "to": last}

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.to < self.from_:
            raise TextError("结束日期不能早于开始日期", "the last day cannot be before the first")
        return self


Title = Annotated[str, Clean(200, 1)]
Description = Annotated[str, Clean(10_000), Field(description="plain text")]


def check_not_over(last_day: date, today: date) -> list[FieldError]:
    """A window whose last day is past can be neither asked for nor offered."""
    if last_day >= today:
        return []
    zh, en = f"截止日期 {last_day} 已过（今天是 {today}）", f"the last day, {last_day}, is over (today is {today})"
    return [fault("window.to", "past", zh, en)]


class Remark(Input):
    """A reason or a remark beside a verb."""

    remark: Annotated[str, Clean(2000), Field(description="shown to both sides")] = ""


class Reason(Input):
    """A reason that the verb cannot do without."""

    remark: Annotated[str, Clean(2000, 1), Field(description="why; shown to both sides")]


@dataclass(frozen=True)
class OwnRecords:
    """Some of a participant's records: those with these ids, and those with this title if there is one."""

    ids: frozenset[UUID]
    title: str | None = None

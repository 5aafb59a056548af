"""Resource types as the interface shows them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from server.catalogue.rules import Bound, Head, Reach
from server.kit.shapes import Clean, Name

TypeCode = Annotated[str, Clean(40, 1), Field(description="code of a resource type")]
Skills = Annotated[list[Annotated[str, Clean(40, 1)]], Field(max_length=20, description="only for talent types")]


class TypeRef(BaseModel):
    """A resource type inside another record."""

    code: str
    head: Head
    name: Name
    unit: Annotated[str, Field(description="canonical unit; `fen` for money")]
    decimals: Annotated[int, Field(ge=0, le=3, description="decimals of the canonical unit")]
    is_money: Annotated[bool, Field(description="quantities are `{amount_fen}` instead of `{value, unit}`")]
    bound: Annotated[Bound, Field(description="cap: never beyond; floor: a target that may be passed")]
    reach: Annotated[Reach, Field(description="pairing: inside the pairing only; open: may be widened")]

    COLUMNS: ClassVar[str] = (
        "t.code AS type_code, t.head, t.name_zh AS type_zh, t.name_en AS type_en, t.unit, t.decimals, t.is_money,"
        " t.bound, t.reach"
    )
    """The columns that `of` reads, of the table `resource_type t`."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "TypeRef":
        """From a row with COLUMNS."""
        return cls(**cls.shown(row))

    @staticmethod
    def shown(row: Mapping[str, Any]) -> dict[str, Any]:
        """The form of the reply, for a list's rows, from a row with COLUMNS."""
        return {
            "code": row["type_code"],
            "head": row["head"],
            "name": Name.shown(row["type_zh"], row["type_en"]),
            "unit": row["unit"],
            "decimals": row["decimals"],
            "is_money": row["is_money"],
            "bound": row["bound"],
            "reach": row["reach"],
        }


class EvidenceKind(Name):
    """A kind of evidence that a delivery of the type shows."""

    code: str
    needed: Annotated[bool, Field(description="acceptance needs at least one file of this kind")]


class ResourceTypeRead(TypeRef):
    """A resource type with all that a form needs."""

    accepted_units: Annotated[
        dict[str, str], Field(description="other units that may be declared, each with its factor to `unit`")
    ]
    checklist: Annotated[list[Name], Field(description="what an acceptance checks, in order")]
    evidence: Annotated[list[EvidenceKind], Field(description="what a delivery shows")]

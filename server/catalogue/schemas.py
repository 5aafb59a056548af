"""Resource types as the interface shows them."""

from typing import Annotated

from pydantic import BaseModel, Field

from server.catalogue.rules import Bound, Head, Reach
from server.kit.shapes import Name


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


class ResourceTypeRead(TypeRef):
    """A resource type with all that a form needs."""

    accepted_units: Annotated[
        dict[str, str], Field(description="other units that may be declared, each with its factor to `unit`")
    ]
    checklist: Annotated[list[Name], Field(description="what an acceptance checks, in order")]
    evidence: Annotated[list[Name], Field(description="what a delivery shows")]

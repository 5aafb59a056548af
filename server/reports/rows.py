"""What the reports share: references from rows, and the joins that give them their names."""

from typing import Any

from server.catalogue.schemas import TypeRef
from server.kit.shapes import Name
from server.places.schemas import CodeName, PlaceRef

TYPE = """
    t.code AS type_code, t.head AS type_head, t.name_zh AS type_zh, t.name_en AS type_en, t.unit, t.decimals,
    t.is_money, t.bound, t.reach"""
PLACE = """
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""


def place_joins(code: str) -> str:
    """The joins for PLACE, from the SQL of a county's code."""
    return f"""
    LEFT JOIN place ON place.code = {code}
    LEFT JOIN place province ON province.code = left({code}, 2) || '0000' AND province.code <> {code}"""


def type_of(row: dict[str, Any]) -> TypeRef:
    """The resource type of a row with TYPE."""
    same = {name: row[name] for name in ("unit", "decimals", "is_money", "bound", "reach")}
    return TypeRef(code=row["type_code"], head=row["type_head"], name=name_of(row, "type"), **same)


def place_of(row: dict[str, Any]) -> PlaceRef | None:
    """The place of a row with PLACE."""
    if row["place_code"] is None:
        return None
    above = row["province_code"]
    province = CodeName(code=above, name=name_of(row, "province")) if above else None
    return PlaceRef(code=row["place_code"], name=name_of(row, "place"), province=province)


def name_of(row: dict[str, Any], prefix: str) -> Name:
    """A name in both languages from the columns `<prefix>_zh` and `<prefix>_en`."""
    return Name(zh=row[f"{prefix}_zh"] or "", en=row[f"{prefix}_en"] or "")

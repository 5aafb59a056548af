"""What the reports share: references from rows, and the joins that give them their names."""

from typing import Any

from server.kit.shapes import Name
from server.places.schemas import PlaceRef

PLACE = """
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""


def place_joins(code: str) -> str:
    """The joins for PLACE, from the SQL of a county's code."""
    return f"""
    LEFT JOIN place ON place.code = {code}
    LEFT JOIN place province ON province.code = left({code}, 2) || '0000' AND province.code <> {code}"""


def place_of(row: dict[str, Any]) -> PlaceRef | None:
    """The place of a row with PLACE."""
    return None if row["place_code"] is None else PlaceRef.of(row)


def name_of(row: dict[str, Any], prefix: str) -> Name:
    """A name in both languages from the columns `<prefix>_zh` and `<prefix>_en`."""
    return Name(zh=row[f"{prefix}_zh"] or "", en=row[f"{prefix}_en"] or "")

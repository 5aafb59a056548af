"""A page of rows that no model checked: written as pydantic writes it, or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from asyncpg.pgproto.pgproto import UUID as DatabaseId
from pydantic import BaseModel

from server.kit.paging import Listed, Page
from server.kit.quantity import Amount, shown
from server.kit.shapes import Name, Window


class Row(BaseModel):
    id: UUID
    name: Name
    at: datetime | None
    exact: datetime
    window: Window
    money: Amount
    length: Amount


def made(**other: object) -> dict[str, object]:
    return {
        "id": DatabaseId("01a20ed3-3c0b-7679-bdee-36eca6907f27"),
        "name": Name.shown("沥青“路面”", "a\tb"),
        "at": None,
        "exact": datetime(2019, 6, 3, 8, 0, 0, 50, tzinfo=UTC),
        "window": Window.shown(date(2019, 6, 3), date(2020, 1, 1)),
        "money": shown(Decimal("1250000.000"), "fen"),
        "length": shown(Decimal("12.500"), "km"),
    } | other


@pytest.mark.parametrize(
    "exact", [datetime(2019, 6, 3, tzinfo=UTC), datetime(2019, 6, 3, 8, 0, 0, 500_000, tzinfo=UTC)]
)
def test_rows_are_written_as_their_schema_writes_them(exact: datetime):
    rows = [made(), made(exact=exact)]
    written = Page[Row].model_validate({"items": rows, "next": "abc", "total": 2}).model_dump_json(by_alias=True)
    assert Listed[Row](rows, "abc", 2).json().decode() == written


def test_a_row_with_a_value_that_is_not_in_the_form_of_the_reply_is_not_written():
    with pytest.raises(TypeError):
        Listed[Row]([made(length=Decimal("12.5"))]).json()

"""The catalogue's doors: a type by its code, amounts in canonical units."""

from decimal import Decimal
from typing import Any

import pytest

from server.catalogue import service
from server.catalogue.models import ResourceType
from server.kit.errors import Invalid
from server.kit.quantity import Money, Quantity
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("application")


async def kind(code: str) -> ResourceType:
    return await within(lambda uow: service.get_type(uow, code))


def fault(given: Any, of: ResourceType) -> str:
    with pytest.raises(Invalid) as refused:
        service.canonical(of, given, "min_part")
    assert refused.value.errors[0].field == "min_part"
    return refused.value.errors[0].code


async def test_an_unknown_type_names_the_field():
    with pytest.raises(Invalid) as refused:
        await kind("unicorns")
    assert refused.value.errors[0].field == "resource_type"


async def test_metres_and_li_become_kilometres():
    road = await kind("village_road")
    assert service.canonical(road, Quantity(value=Decimal("1250"), unit="m")).value == Decimal("1.25")
    declared = service.canonical(road, Quantity(value=Decimal("3"), unit="li"))
    assert (declared.value, declared.declared_value, declared.declared_unit) == (Decimal("1.5"), Decimal(3), "li")


async def test_a_unit_or_a_fineness_that_the_type_does_not_have_is_refused():
    teacher, road = await kind("teacher"), await kind("village_road")
    assert fault(Quantity(value=Decimal("1.5"), unit="person"), teacher) == "decimals"
    assert fault(Quantity(value=Decimal("1"), unit="km"), teacher) == "unit"
    assert fault(Quantity(value=Decimal("0"), unit="km"), road) == "positive"


async def test_a_funds_type_takes_money_only():
    donation = await kind("social_donation")
    assert service.canonical(donation, Money(amount_fen=1250000)).value == Decimal(1250000)
    assert fault(Quantity(value=Decimal(1), unit="yuan"), donation) == "money"
    assert fault(Money(amount_fen=1), await kind("teacher")) == "quantity"

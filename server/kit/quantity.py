"""Quantities: exact decimals in a canonical unit; money is integer fen. Never a float.

One column holds both: NUMERIC in the type's canonical unit, which for a funds type is `fen`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainSerializer, StringConstraints, Tag

from server.kit.errors import Invalid, Text, invalid_field

FEN = "fen"
LARGEST = Decimal(10) ** 15


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


DecimalText = Annotated[Decimal, PlainSerializer(plain, return_type=str)]


class Quantity(BaseModel):
    """An amount in a unit."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"value": "12.5", "unit": "km"}]})

    value: Annotated[
        DecimalText, Field(ge=0, lt=LARGEST, decimal_places=3, description="decimal as text, never a float")
    ]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class Money(BaseModel):
    """An amount of money in fen (0.01 CNY)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"amount_fen": 1250000}]})

    amount_fen: Annotated[int, Field(ge=0, lt=10**15)]


def _which(given: object) -> str:
    """By which of the two an input is read, so that an error names the field of that one alone."""
    is_money = isinstance(given, Money) or (isinstance(given, Mapping) and "amount_fen" in given)
    return "Money" if is_money else "Quantity"


Amount = Annotated[
    Annotated[Money, Tag("Money")] | Annotated[Quantity, Tag("Quantity")],
    Discriminator(_which),
]


def amount(value: Decimal, unit: str) -> Amount:
    """A stored value as the interface shows it: money for a funds type, else a quantity."""
    return Money(amount_fen=int(value)) if unit == FEN else Quantity(value=value, unit=unit)


def shown(value: Decimal, unit: str) -> dict[str, Any]:
    """The same in the form of the reply, for a list's rows."""
    return {"amount_fen": int(value)} if unit == FEN else {"value": plain(value), "unit": unit}


class Declared(BaseModel):
    """An amount as somebody wrote it, beside its value in the canonical unit."""

    value: Decimal
    declared_value: Decimal
    declared_unit: str


def canonical(
    given: Amount, unit: str, decimals: int, accepted: Mapping[str, str], *, field: str = "quantity"
) -> Declared:
    """`given` in the canonical `unit`; `accepted` maps other units to their factor.

    Raises Invalid for a unit that the type does not take, for more decimals than it has, for nothing at all and for
    more than anybody could mean.
    """
    if unit == FEN:
        if not isinstance(given, Money):
            raise invalid_field(
                field, "money", "资金类型请填金额（amount_fen，单位分）", "a funds type takes amount_fen only"
            )
        declared, name, factor = Decimal(given.amount_fen), FEN, Decimal(1)
    else:
        if isinstance(given, Money):
            raise invalid_field(field, "quantity", f"请填数量和单位（{unit}）", f"give a value and a unit ({unit})")
        declared, name, factor = given.value, given.unit, _factor(given.unit, unit, accepted, field)
    value = declared * factor
    if value <= 0:
        raise invalid_field(field, "positive", "数量必须大于 0", "the quantity must be more than 0")
    if value >= LARGEST:
        raise invalid_field(field, "too_large", "数量过大", "the quantity is too large")
    if value != value.quantize(Decimal(1).scaleb(-decimals)):
        raise _too_fine(field, unit, decimals)
    return Declared(value=value, declared_value=declared, declared_unit=name)


def _factor(given: str, unit: str, accepted: Mapping[str, str], field: str) -> Decimal:
    if given == unit:
        return Decimal(1)
    if given in accepted:
        return Decimal(accepted[given])
    takes = ", ".join([unit, *accepted])
    raise invalid_field(
        field, "unit", f"不支持单位“{given}”，可用：{takes}", f"unit “{given}” is not taken here; use {takes}"
    )


def _too_fine(field: str, unit: str, decimals: int) -> Invalid:
    whole = Text(f"以{unit}计须为整数", f"must be a whole number of {unit}")
    fine = Text(f"以{unit}计最多 {decimals} 位小数", f"at most {decimals} decimals of {unit}")
    text = whole if decimals == 0 else fine
    return invalid_field(field, "decimals", text.zh, text.en)


UNIT_WORDS: dict[str, Text] = {
    "bed": Text("张", "beds"),
    "clinic": Text("所", "clinics"),
    "counter": Text("个", "counters"),
    "greenhouse": Text("座", "greenhouses"),
    "head": Text("头", "head"),
    "hectare": Text("公顷", "ha"),
    "hive": Text("箱", "hives"),
    "household": Text("户", "households"),
    "km": Text("公里", "km"),
    "kw": Text("千瓦", "kW"),
    "lamp": Text("盏", "lamps"),
    "li": Text("里", "li"),
    "m": Text("米", "m"),
    "m2": Text("平方米", "m²"),
    "machine": Text("台", "machines"),
    "mu": Text("亩", "mu"),
    "mw": Text("兆瓦", "MW"),
    "person": Text("人", "people"),
    "person_time": Text("人次", "person-times"),
    "room": Text("间", "rooms"),
    "seedling": Text("株", "seedlings"),
    "session": Text("场", "sessions"),
    "set": Text("套", "sets"),
    "ten_thousand": Text("万", "× 10,000"),
    "vehicle": Text("辆", "vehicles"),
    "volume": Text("册", "volumes"),
    "workshop": Text("个", "workshops"),
}
"""Units as people say them; a unit that is not here is said by its code."""

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10_000


def in_words(value: Decimal, unit: str) -> Text:
    """An amount as a sentence says it, never rounded: texts are signed over it, and errors turn on it.

    `12.5 公里`; whole yuan from 10,000 on as `125 万元`, other money as `9,999 元` or `1,250,000.50 元`.
    """
    if unit == FEN:
        yuan = value / FEN_PER_YUAN
        if yuan != yuan.to_integral_value():
            return Text(f"{yuan:,.2f} 元", f"CNY {yuan:,.2f}")
        wan = f"{plain(yuan / YUAN_PER_WAN)} 万元"
        return Text(wan if yuan >= YUAN_PER_WAN else f"{yuan:,.0f} 元", f"CNY {yuan:,.0f}")
    words = UNIT_WORDS.get(unit, Text(unit, unit))
    return Text(f"{plain(value)} {words.zh}", f"{plain(value)} {words.en}")

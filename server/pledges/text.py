"""The text that both sides sign, in both languages, made from the facts of the agreed proposal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.kit.dates import in_words as day_in_words
from server.kit.errors import Text
from server.kit.quantity import in_words
from server.kit.shapes import Name

ZH = """结对帮扶协议事项（第 {revision} 版）

帮扶方：{giver}
受援方：{county}（{place}）

一、事项。帮扶方以资源“{offer}”支持受援方的需求“{need}”，类型：{kind}。
二、数量。共计 {quantity}。
三、期限。自 {first} 至 {last}。
四、分期。
{parts}
五、约定。{terms}
六、落实与验收。帮扶方按期落实；是否收到、数量和质量以受援方验收为准；短少或未予验收的部分，帮扶方仍应落实。
七、生效。本文本由双方有签字权的人员分别签署后生效。平台不经手资金。
"""
EN = """Pairing assistance: agreed matter (version {revision})

Giver: {giver}
Recipient: {county} ({place})

1. Matter. With the offer “{offer}” the giver meets the recipient's need “{need}”; type: {kind}.
2. Quantity. {quantity} in all.
3. Time. From {first} to {last}.
4. Parts.
{parts}
5. Terms. {terms}
6. Delivery and acceptance. The giver delivers in time. What has come, how much and how good, is what the recipient accepts;
   what came short or was not accepted remains due.
7. Effect. This text takes effect once a signatory of each side has signed it. No money passes through the platform.
"""

NO_TERMS = Text("无其他约定。", "None.")


@dataclass(frozen=True)
class Facts:
    """What the text says."""

    giver: Name
    county: Name
    place: Name
    offer: str
    need: str
    kind: Name
    quantity: Decimal
    unit: str
    first: date
    last: date
    terms: str
    parts: Sequence[tuple[date, Decimal]]
    revision: int


def write(facts: Facts) -> Text:
    """The text in both languages; titles and terms stay as the two sides wrote them."""
    return Text(
        ZH.format(**_said(facts, "zh-CN"), parts=_parts(facts, "zh-CN")),
        EN.format(**_said(facts, "en"), parts=_parts(facts, "en")),
    )


def _said(facts: Facts, language: str) -> dict[str, str | int]:
    names = {"giver": facts.giver, "county": facts.county, "place": facts.place, "kind": facts.kind}
    return {
        **{field: (name.en or name.zh) if language == "en" else name.zh for field, name in names.items()},
        "offer": facts.offer,
        "need": facts.need,
        "quantity": in_words(facts.quantity, facts.unit).say(language),
        "first": day_in_words(facts.first).say(language),
        "last": day_in_words(facts.last).say(language),
        "terms": facts.terms.strip() or NO_TERMS.say(language),
        "revision": facts.revision,
    }


def _parts(facts: Facts, language: str) -> str:
    until = Text("{number}. {due}前：{quantity}", "{number}. By {due}: {quantity}")
    lines = [
        until.say(language, number=number, due=day_in_words(due), quantity=in_words(quantity, facts.unit))
        for number, (due, quantity) in enumerate(facts.parts, 1)
    ]
    return "\n".join(f"   {line}" for line in lines)

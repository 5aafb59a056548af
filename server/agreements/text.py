"""The text of a yearly agreement in both languages, made from its facts; both sides sign it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.agreements.rules import REGISTERS, Target, Terms
from server.catalogue.rules import HEAD_NAMES
from server.kit.dates import in_words as day
from server.kit.errors import Text
from server.kit.quantity import in_words
from server.kit.shapes import Name

ZH = """{year} 年度协作协议（第 {revision} 版）

帮扶方：{giver}
受援方：{county}（{place}）

一、期限。自 {first} 至 {last}。
二、年度任务。
{targets}
三、约定。{terms}
四、落实与核算。各项任务的进度以平台台账为准：资金按下达、拨付、到账、支出分别记载，其他按受援方验收记载；台账不记载的任务由双方会商确认。
五、变更。本协议的变更须由双方有签字权的人员签署新的版本。
六、生效。本文本由双方有签字权的人员分别签署后生效。平台不经手资金。
"""
EN = """Collaboration agreement of {year} (version {revision})

Giver: {giver}
Recipient: {county} ({place})

1. Time. From {first} to {last}.
2. Targets.
{targets}
3. Terms. {terms}
4. Progress. How far each target is, the books say: money as it is allocated, paid out, received and spent; all else \
as the recipient accepts it. What the books do not hold, both sides settle when they meet.
5. Changes. A change is a new version that a signatory of each side has signed.
6. Effect. This text takes effect once a signatory of each side has signed it. No money passes through the platform.
"""
NO_TERMS = Text("无其他约定。", "None.")
TARGET = Text("   （{number}）{head}——{title}：{quantity}", "   ({number}) {head}: {title}, {quantity}")


@dataclass(frozen=True)
class Facts:
    """What the text says; `types` are the names of the resource types among the targets."""

    year: int
    giver: Name
    county: Name
    place: Name
    types: dict[str, Name]
    said: Terms
    revision: int


def write(facts: Facts) -> Text:
    """The text in both languages; titles and terms stay as the two sides wrote them."""
    return Text(ZH.format(**_said(facts, "zh-CN")), EN.format(**_said(facts, "en")))


def _said(facts: Facts, language: str) -> dict[str, str | int]:
    names = {"giver": facts.giver, "county": facts.county, "place": facts.place}
    return {
        **{field: _name(name, language) for field, name in names.items()},
        "year": facts.year,
        "first": day(facts.said.first).say(language),
        "last": day(facts.said.last).say(language),
        "targets": _targets(facts.said.targets, facts.types, language),
        "terms": facts.said.terms.strip() or NO_TERMS.say(language),
        "revision": facts.revision,
    }


def _name(name: Name, language: str) -> str:
    return (name.en or name.zh) if language == "en" else name.zh


def _targets(targets: Sequence[Target], types: dict[str, Name], language: str) -> str:
    def title(target: Target) -> str:
        named = _name(types[target.resource_type], language) if target.resource_type else ""
        if target.counted_by:
            named = REGISTERS[target.counted_by][0].say(language)
        return " · ".join(part for part in (named, target.title) if part)

    lines = [
        TARGET.say(
            language,
            number=number,
            head=HEAD_NAMES[target.head],
            title=title(target),
            quantity=in_words(target.value, target.unit),
        )
        for number, target in enumerate(targets, 1)
    ]
    return "\n".join(lines)

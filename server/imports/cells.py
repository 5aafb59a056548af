"""What offices write into cells, read as the books need it. Pure.

What has one meaning is taken (`1.2万元`, `2026年3月1日`, `１２`, `5公里`); what has to be guessed is refused with a suggestion
(`五十万`, `约50`, `2019年3月`), which a person accepts or does not.
"""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from server.kit.errors import Text
from server.kit.quantity import FEN, UNIT_WORDS, plain


class Unread(Exception):
    """A cell that cannot be taken as it is: why, and what it probably means."""

    def __init__(self, code: str, text: Text, suggestion: str | None = None) -> None:
        super().__init__(code)
        self.code, self.text, self.suggestion = code, text, suggestion


@dataclass(frozen=True)
class Figure:
    """A number with the unit that was written beside it ('' without one)."""

    value: Decimal
    unit: str = ""


DIGITS = {"零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5}
DIGITS |= {"伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
NUMERALS = "".join((*DIGITS, *TENS, *MYRIADS))

MONEY: dict[str, Decimal] = {
    "分": Decimal(1),
    "fen": Decimal(1),
    "元": Decimal(100),
    "人民币元": Decimal(100),
    "yuan": Decimal(100),
    "cny": Decimal(100),
    "rmb": Decimal(100),
    "千元": Decimal(100_000),
    "万元": Decimal(1_000_000),
    "万": Decimal(1_000_000),
    "百万元": Decimal(100_000_000),
    "亿元": Decimal(10_000_000_000),
    "亿": Decimal(10_000_000_000),
}
"""Fen in a unit of money."""

OTHER_UNITS = {"千米": "km", "里": "li", "m²": "m2", "㎡": "m2", "平米": "m2", "平方": "m2", "kw": "kw", "mw": "mw"}
OTHER_UNITS |= {
    "人次数": "person_time",
    "名": "person",
    "个人": "person",
    "ha": "hectare",
    "间房": "room",
    "棵": "seedling",
}

NUMBER = re.compile(r"[+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+]?\.\d+")
SPREAD = re.compile(r"(?:约|大约|近|左右|多|余|以上|以内|-|~|至|到|—)")
EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "none", "null", "待定", "暂无"})


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing: offices write a dash, a slash or 无 for it."""
    return normal(cell).lower() in EMPTY


def normal(cell: str) -> str:
    """A cell with half-width digits and signs, without blanks around it."""
    return unicodedata.normalize("NFKC", cell).replace("\u00a0", " ").strip()


def numeral(words: str) -> Decimal | None:
    """A number in Chinese numerals (五十万, 三千二百), also behind digits (1.5万); None where it is none."""
    total = section = digit = Decimal(0)
    seen = False
    for sign in words:
        if sign in DIGITS:
            digit = Decimal(DIGITS[sign])
        elif sign in TENS:
            section += (digit or Decimal(1)) * TENS[sign]
            digit = Decimal(0)
        elif sign in MYRIADS:
            if not section and not digit and not total:
                return None
            total = (
                (total + section + digit) * MYRIADS[sign]
                if sign in "亿億"
                else total + (section + digit) * MYRIADS[sign]
            )
            section = digit = Decimal(0)
        else:
            return None
        seen = True
    return total + section + digit if seen else None


def figure(cell: str) -> Figure:
    """A number and the unit behind it. Raises Unread, with a suggestion where a number can be made out."""
    text = normal(cell).replace("¥", "").replace("￥", "").strip()
    found = NUMBER.match(text)
    if found:
        rest = text[found.end() :].strip()
        value = Decimal(found.group().replace(",", ""))
        if not SPREAD.search(rest) and not any(sign.isdigit() for sign in rest.replace("m2", "")):
            return _scaled(value, rest)
    raise _unread(cell, text)


def figure_under(cell: str, unit: str) -> Figure:
    """A number below a header that names a unit: 五十万 below 万元 means 500000元, not 500000万元. Raises Unread."""
    try:
        return figure(cell)
    except Unread as unread:
        said = unread.suggestion or ""
        if unit.lower() in MONEY and said.isdigit() and any(sign in cell for sign in MYRIADS):
            raise _numbered(cell, f"{said}元") from None
        raise


def _scaled(value: Decimal, rest: str) -> Figure:
    """`1.2万元` keeps its unit of money, `3万人次` is 30,000 person-times."""
    if rest[:1] in ("万", "亿") and rest not in MONEY and len(rest) > 1:
        return Figure(value * MYRIADS[rest[0]], rest[1:].strip())
    return Figure(value, rest)


def _unread(cell: str, text: str) -> Unread:
    suggestion = _guess(text)
    if suggestion is None:
        zh, en = f"填的是“{shorten(cell)}”，不是数字", f"“{shorten(cell)}” is not a number"
        return Unread("number", Text(f"{zh}，请填写数字", f"{en}: write a number"))
    return _numbered(cell, suggestion)


def _numbered(cell: str, suggestion: str) -> Unread:
    zh = f"填的是“{shorten(cell)}”，请改为数字 {suggestion}"
    return Unread("number", Text(zh, f"it says “{shorten(cell)}”: write the number {suggestion}"), suggestion)


def _guess(text: str) -> str | None:
    bare = re.sub(r"[约大近左右多余以上内个\s]", "", text)
    words = re.match(f"[{NUMERALS}]+", bare)
    if words and (value := numeral(words.group())) is not None:
        rest = bare[words.end() :].removeprefix("整")
        return plain(value) + ("" if rest in ("", "元", "圆") else rest)
    if found := NUMBER.search(bare.replace(" ", "")):
        tail = re.match(r"[^\d.,~\-至到—]*", bare[found.end() :])
        figured = _scaled(Decimal(found.group().replace(",", "")), tail.group() if tail else "")
        return plain(figured.value) + figured.unit
    return None


def shorten(cell: str, most: int = 20) -> str:
    """What a cell says, short enough to be repeated in a sentence."""
    line = " ".join(cell.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def fen(found: Figure, unit: str) -> int:
    """An amount of money in fen; `unit` is the column's (万元) where the cell names none, and yuan without either.

    Raises Unread for another unit, and for parts of a fen.
    """
    said = (found.unit or unit or "元").lower().replace(" ", "")
    if said not in MONEY:
        zh, en = f"“{said}”不是金额单位，可用：元、万元、亿元", f"“{said}” is no unit of money: 元, 万元 or 亿元"
        raise Unread("unit", Text(zh, en), f"{plain(found.value)}元")
    value = found.value * MONEY[said]
    if value != value.to_integral_value():
        raise Unread("decimals", Text("金额不能有分以下的小数", "money has no parts of a fen"))
    return int(value)


def money(cell: str, unit: str) -> int:
    """An amount of money in fen, as `fen` reads it. Raises Unread."""
    return fen(figure_under(cell, unit), unit)


def unit_code(said: str, taken: Mapping[str, object]) -> str:
    """The code of a unit as people write it, among those that a type takes. Raises Unread with the type's own."""
    word = said.lower().replace(" ", "")
    known = {text.zh.lower(): code for code, text in UNIT_WORDS.items() if code in taken}
    known |= {text.en.lower().replace(" ", ""): code for code, text in UNIT_WORDS.items() if code in taken}
    known |= {other: code for other, code in OTHER_UNITS.items() if code in taken} | {code: code for code in taken}
    if word in known:
        return known[word]
    words = [UNIT_WORDS.get(code, Text(code, code)) for code in taken]
    zh = f"这一类资源的单位是{'、'.join(text.zh for text in words)}，不是“{shorten(said)}”"
    en = f"the type is counted in {', '.join(text.en for text in words)}, not in “{shorten(said)}”"
    raise Unread("unit", Text(zh, en))


def whole(cell: str) -> int:
    """A whole number, whatever counting word stands behind it (120户). Raises Unread."""
    found = figure(cell)
    if found.value != found.value.to_integral_value():
        zh = f"填的是“{shorten(cell)}”，须为整数"
        raise Unread("whole", Text(zh, f"“{shorten(cell)}” is not a whole number"), str(round(found.value)))
    return int(found.value)


YMD = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?\s*(?:底|末|初|中旬|上旬|下旬)?")
YEAR = re.compile(r"(\d{4})\s*年?(?:度|底|末|初)?")
SERIAL = re.compile(r"[34]\d{4}")
EXCEL_EPOCH = date(1899, 12, 30)


def day(cell: str, *, last: bool = False) -> date:
    """A date: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301.

    Raises Unread; a month or a year alone is suggested as its first day, or its `last`.
    """
    text = normal(cell)
    if found := YMD.fullmatch(text) or PLAIN_DAY.fullmatch(text):
        try:
            return date(*map(int, found.groups()[:3]))
        except ValueError:
            raise Unread("day", Text(f"没有“{shorten(cell)}”这一天", f"there is no day “{shorten(cell)}”")) from None
    meant = _likely_day(text, last=last)
    if meant is None:
        zh = f"填的是“{shorten(cell)}”，日期请写成 2019-06-03"
        raise Unread("day", Text(zh, f"“{shorten(cell)}” is not a date such as 2019-06-03"))
    zh = f"填的是“{shorten(cell)}”，请写明日期，例如 {meant}"
    raise Unread("day", Text(zh, f"“{shorten(cell)}” is not a whole date, such as {meant}"), meant.isoformat())


def _likely_day(text: str, *, last: bool) -> date | None:
    try:
        if found := MONTH.fullmatch(text):
            year, month = int(found.group(1)), int(found.group(2))
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        if found := YEAR.fullmatch(text):
            return date(int(found.group(1)), 12 if last else 1, 31 if last else 1)
        if SERIAL.fullmatch(text):
            return EXCEL_EPOCH + timedelta(days=int(text))
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def period(cell: str) -> tuple[str, str]:
    """The first and last day of a period as it is written in one cell (2019年3月1日至2019年12月31日), not read yet.

    Raises Unread where there are not two.
    """
    text = normal(cell)
    for mark in ("至", "到", "~", "—", "–", " - ", "--", " to "):
        before, found, after = text.partition(mark)
        if found and before.strip() and after.strip():
            return before.strip(), after.strip("— ").strip()
    halves = text.split("-")
    if len(halves) in (2, 4, 6):
        middle = len(halves) // 2
        return "-".join(halves[:middle]).strip(), "-".join(halves[middle:]).strip()
    zh = f"填的是“{shorten(cell)}”，起止时间请写成 2019-03-01至2019-12-31"
    raise Unread("period", Text(zh, f"“{shorten(cell)}” is no period such as 2019-03-01至2019-12-31"))


def words(cell: str) -> list[str]:
    """The parts of a cell that lists something: villages, skills, places."""
    return [part.strip() for part in re.split(r"[、，,;；\n/]+", unicodedata.normalize("NFKC", cell)) if part.strip()]


def amount_body(found: Figure, column_unit: str, unit: str, accepted: Mapping[str, str]) -> dict[str, object]:
    """An amount as the interface takes it, in the unit of the cell, else of the column, else the type's. Raises Unread."""
    if unit == FEN:
        return {"amount_fen": fen(found, column_unit)}
    said, value = found.unit or column_unit, found.value
    if found.unit in MYRIADS:
        value, said = value * MYRIADS[found.unit], column_unit
    if said[:1] in ("万", "千") and len(said) > 1 and not found.unit:
        value, said = value * {"万": 10_000, "千": 1_000}[said[0]], said[1:]
    code = unit_code(said, {unit: 1} | dict(accepted)) if said else unit
    try:
        return {"value": plain(value), "unit": code}
    except InvalidOperation:
        raise Unread("number", Text("数字过大", "the number is too large")) from None

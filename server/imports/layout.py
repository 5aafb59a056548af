"""Where a sheet's header stands and what each column means. Pure.

Offices put a title above, one or two rows of headers with merged cells, totals between and below the rows.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from server.imports.cells import MONEY
from server.kit.quantity import UNIT_WORDS

LOOKED_AT = 30
"""Rows from the top among which the header is sought."""

TOTALS = re.compile(
    r"^(合计|小计|总计|共计|总和|累计|本页合计|total|subtotal|sum)\b|^(合计|小计|总计|共计|累计)", re.IGNORECASE
)
UNIT = re.compile(r"[(（\[【]\s*(?:单位[:：])?\s*([^()（）\[\]【】]{1,8})\s*[)）\]】]")
BLANKS = re.compile(r"[\s\u3000:：*＊·、.。_\-—/（）()\[\]【】“”\"']+")


@dataclass(frozen=True)
class Column:
    """A column of the sheet: its position from 0, its header, the unit that the header names ('' without one)."""

    index: int
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Layout:
    """The header: the number of the first row below it (from 0), and the columns."""

    first: int
    columns: tuple[Column, ...]


def find(
    rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], words: Mapping[str, Sequence[str]]
) -> Layout | None:
    """The header that names the most fields; two rows only where they name more than one. None without any."""
    best: Layout | None = None
    best_score = 0
    for top in range(min(len(rows), LOOKED_AT)):
        for height in (1, 2):
            if top + height > len(rows):
                continue
            labels = _labels(rows, merged, top, height)
            score = len(guess(labels, words)) * 4 - height
            if score > best_score and len(guess(labels, words)) >= 2:
                best, best_score = Layout(top + height, labels), score
    return best


def plainest(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The first row with two filled cells or more as header, where no word is known; a person maps the columns."""
    for number, row in enumerate(rows[:LOOKED_AT]):
        if sum(bool(cell.strip()) for cell in row) >= 2 and number + 1 < len(rows):
            return Layout(number + 1, _labels(rows, (), number, 1))
    return None


def _labels(
    rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], top: int, height: int
) -> tuple[Column, ...]:
    lines = [_spread(rows, merged, number) for number in range(top, top + height)]
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    if height == 2:
        _carry(lines[0], lines[1])
    columns = []
    for index in range(width):
        parts = list(dict.fromkeys(" ".join(line[index].split()) for line in lines if line[index].strip()))
        if parts:
            label = " / ".join(parts)
            columns.append(Column(index, label[:120], _unit(label)))
    return tuple(columns)


def _spread(rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], number: int) -> list[str]:
    """A row in which a merged cell's text stands in every column (and row) that it covers."""
    line = list(rows[number])
    for first, left, last, right in merged:
        if first <= number <= last and first < len(rows) and left < len(rows[first]):
            line += [""] * (right + 1 - len(line))
            line[left : right + 1] = [rows[first][left]] * (right + 1 - left)
    return line


def _carry(upper: list[str], lower: list[str]) -> None:
    """A group's name reaches over the blank cells to its right, as in a CSV, which knows no merged cells."""
    for index in range(1, len(upper)):
        if not upper[index].strip() and lower[index].strip() and lower[index - 1].strip():
            upper[index] = upper[index - 1]


def _unit(label: str) -> str:
    for said in UNIT.findall(label):
        word = said.strip()
        if word.lower() in MONEY or any(word in (text.zh, text.en) for text in UNIT_WORDS.values()):
            return word
    return ""


@lru_cache(maxsize=4096)
def key(label: str) -> str:
    """A header as it is compared: without units, blanks and signs, in lower case."""
    bare = UNIT.sub("", unicodedata.normalize("NFKC", label))
    return BLANKS.sub("", bare).lower()


def guess(columns: Sequence[Column], words: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Which field each column is, by the words of its header: the whole header first, then its last part, then a part."""
    ranked: list[tuple[int, int, int, str]] = []
    for column in columns:
        whole, last = key(column.label), key(column.label.rsplit(" / ", 1)[-1])
        for order, (field, known) in enumerate(words.items()):
            score = max((_score(whole, last, key(word)) for word in known), default=0)
            if score:
                ranked.append((-score, order, column.index, field))
    found: dict[int, str] = {}
    for _, _, index, field in sorted(ranked):
        if index not in found and field not in found.values():
            found[index] = field
    return found


def _score(whole: str, last: str, word: str) -> int:
    if whole == word:
        return 100 + len(word)
    if last == word:
        return 80 + len(word)
    if len(word) > 2 and word in whole:
        return 40 + len(word)
    return 20 + len(word) if len(word) == 2 and word.isalpha() and not word.isascii() and whole.endswith(word) else 0


def is_total(row: Sequence[str]) -> bool:
    """Whether a row adds up others: its first filled cells say 合计."""
    filled = [cell.strip() for cell in row if cell.strip()][:2]
    return any(TOTALS.search(re.sub(r"\s+", "", cell)) for cell in filled)

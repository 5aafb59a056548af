"""Reading tables: CSV files whose every wrong row is named by file, line and column, all of them at once.

Pure but for reading the files. A table is described by its columns; what a value must look like is said in one
sentence, which the message repeats.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

LONGEST_SHOWN = 60


class WrongValue(Exception):
    """A value is not what its column takes; the message says what it takes."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a table (line 0: in the folder as a whole)."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= LONGEST_SHOWN else self.value[:LONGEST_SHOWN] + "…"
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        found = f"“{shown}” is wrong" if shown else "nothing there"
        return f"{self.file}{line}{column}: {found}, expected {self.expected}"


class BadTables(Exception):
    """Tables have wrong rows: all of them are named, and nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Column:
    """A column: how its text is read, and whether it may be empty (then it is None)."""

    name: str
    read: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True)
class Row:
    """A row that was read, and where it stands."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass
class Table:
    """The rows of one file, and what is wrong with them."""

    file: str
    rows: list[Row] = field(default_factory=list)
    incomplete: list[Row] = field(default_factory=list)
    """Rows with a wrong value: the others, so that a row is not blamed for pointing to one that is wrong itself."""
    problems: list[Problem] = field(default_factory=list)

    def blame(self, row: Row, column: str, value: object, expected: str) -> None:
        """Note that a row does not fit with others."""
        self.problems.append(Problem(self.file, row.line, column, str(value), expected))

    def refuse_repeats(self, *columns: str) -> None:
        """Note each row whose key an earlier row has already."""
        seen: dict[tuple[Any, ...], int] = {}
        for row in self.rows:
            key = tuple(row[column] for column in columns)
            if key in seen:
                shown = " ".join(map(str, key))
                self.blame(row, ", ".join(columns), shown, f"another one: line {seen[key]} has it already")
            seen.setdefault(key, row.line)


def read_table(path: Path, columns: list[Column]) -> Table:
    """Read a CSV file (UTF-8, a header line, columns in any order)."""
    table = Table(path.name)
    content = _decode(path, table)
    if content is None:
        return table
    records = _records(content, table)
    header = next(records, None)
    if header is None:
        if not table.problems:
            table.problems.append(Problem(table.file, 1, "", "", "a header line"))
        return table
    names = [name.strip() for name in header[1]]
    if not _header_fits(table, names, columns):
        return table
    for line, cells in records:
        _read_row(table, line, names, cells, columns)
    return table


def _decode(path: Path, table: Table) -> str | None:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        table.problems.append(Problem(table.file, line, "", repr(raw[error.start : error.end]), "text in UTF-8"))
        return None


def _records(content: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which each starts; empty lines are passed over."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        table.problems.append(Problem(table.file, start, "", str(error), "well-formed CSV"))


def _header_fits(table: Table, names: list[str], columns: list[Column]) -> bool:
    missing = [column.name for column in columns if column.name not in names]
    table.problems += [Problem(table.file, 1, name, "", f"a column named {name}") for name in missing]
    repeated = {name for name in names if names.count(name) > 1}
    table.problems += [Problem(table.file, 1, name, name, "each column once") for name in sorted(repeated)]
    return not missing and not repeated


def _read_row(table: Table, line: int, names: list[str], cells: list[str], columns: list[Column]) -> None:
    if len(cells) != len(names):
        shown = f"{len(cells)} fields"
        table.problems.append(Problem(table.file, line, "", shown, f"{len(names)} fields, as in the header"))
        return
    given = dict(zip(names, cells, strict=True))
    values: dict[str, Any] = {}
    for column in columns:
        text = given[column.name].strip()
        try:
            values[column.name] = _read_cell(column, text)
        except WrongValue as wrong:
            table.problems.append(Problem(table.file, line, column.name, text, str(wrong)))
    (table.rows if len(values) == len(columns) else table.incomplete).append(Row(line, values))


def _read_cell(column: Column, text: str) -> Any:
    if "\x00" in text:
        raise WrongValue("text without NUL")
    if text:
        return column.read(text)
    if column.required:
        raise WrongValue("something: the column may not be empty")
    return None


# What columns take. Each of these makes or is a reader of non-empty text.


def words(longest: int) -> Callable[[str], str]:
    """Text of limited length."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise WrongValue(f"at most {longest} characters, not {len(text)}")
        return text

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """One word of a fixed set."""

    def read(text: str) -> str:
        if text not in choices:
            raise WrongValue("one of " + ", ".join(choices))
        return text

    return read


def matching(pattern: str, expected: str) -> Callable[[str], str]:
    """Text of a fixed form."""
    compiled = re.compile(pattern)

    def read(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise WrongValue(expected)
        return text

    return read


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number within limits."""
    expected = f"a whole number from {lowest} to {highest}"

    def read(text: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,18}", text) is None or not lowest <= int(text) <= highest:
            raise WrongValue(expected)
        return int(text)

    return read


def decimal(lowest: int, highest: int, decimals: int) -> Callable[[str], Decimal]:
    """A decimal number within limits, with so many decimals at most."""
    expected = f"a number from {lowest} to {highest} with at most {decimals} decimals"

    def read(text: str) -> Decimal:
        try:
            number = Decimal(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None
        except InvalidOperation:
            number = None
        if number is None or not lowest <= number <= highest or _decimals(number) > decimals:
            raise WrongValue(expected)
        return number

    return read


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def day(text: str) -> date:
    """A date, as 2019-06-03."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise WrongValue("a date, as 2019-06-03")


def yes_no(text: str) -> bool:
    """`yes` or `no`."""
    if text not in ("yes", "no"):
        raise WrongValue("yes or no")
    return text == "yes"


def listed(text: str) -> list[str]:
    """Texts separated by semicolons."""
    items = [item.strip() for item in text.split(";")]
    if not all(items):
        raise WrongValue("texts separated by semicolons, none of them empty")
    return items


def factors(text: str) -> dict[str, str]:
    """Units with their factors, as `m:0.001;li:0.5`."""
    result: dict[str, str] = {}
    for item in text.split(";"):
        if re.fullmatch(r"[a-z][a-z0-9_]{0,19}:[0-9]+(\.[0-9]+)?", item) is None:
            raise WrongValue("units with factors, as m:0.001;li:0.5")
        unit, factor = item.split(":")
        if Decimal(factor) == 0 or unit in result:
            raise WrongValue("each unit once, with a factor above zero")
        result[unit] = factor
    return result

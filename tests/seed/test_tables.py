"""Carried tables are complete, and wrong rows of any table are named by file, line and column."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from server.seed.reference import CARRIED, COLUMNS, read_folder
from server.seed.tables import BadTables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the carried tables, to be spoiled."""
    return Path(shutil.copytree(CARRIED, tmp_path / "tables"))


def change(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), encoding="utf-8")


def wrong(folder: Path) -> list[str]:
    with pytest.raises(BadTables) as caught:
        read_folder(folder)
    return [str(problem) for problem in caught.value.problems]


def test_every_table_is_carried_and_reads_without_a_problem():
    assert set(read_folder(CARRIED).tables) == set(COLUMNS)


def test_the_832_left_the_list_in_these_years():
    years = Counter(row["exit_year"] for row in read_folder(CARRIED).rows("poverty_status.csv"))
    assert years == {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}
    assert sum(years[year] for year in (2016, 2017, 2018)) == 436


def test_a_county_that_changed_its_code_has_both_with_dates():
    codes = {row["code"]: row for row in read_folder(CARRIED).rows("place_codes.csv") if row["place"] == "520281"}
    assert codes["520222"]["valid_to"] == codes["520281"]["valid_from"] == date(2017, 12, 31)


def test_every_county_of_the_832_but_lenghu_has_a_code_of_june_2019():
    reference = read_folder(CARRIED)
    at = date(2019, 6, 3)
    dated = {
        row["place"]
        for row in reference.rows("place_codes.csv")
        if row["valid_from"] <= at and (row["valid_to"] is None or at < row["valid_to"])
    }
    assert {row["place"] for row in reference.rows("poverty_status.csv")} - dated == {"632824"}


def test_no_link_of_a_mirror_is_shown_and_no_poorly_sourced_row_is_carried():
    records = read_folder(CARRIED).rows("published_records.csv")
    assert {record["grade"] for record in records} == {"A", "A-m", "B"}
    assert not [record for record in records if record["grade"] == "A-m" and record["show_link"]]
    assert all(record["source_url"] for record in records)


def test_the_catalogue_has_all_heads_bounds_and_reaches():
    types = read_folder(CARRIED).rows("resource_types.csv")
    assert len({row["head"] for row in types}) == 10
    assert {(row["bound"], row["reach"]) for row in types} == {
        (bound, reach) for bound in ("cap", "floor") for reach in ("pairing", "open")
    }
    assert {row["is_money"] for row in types} == {True, False}


def test_a_wrong_value_is_named_with_what_was_expected(folder: Path):
    change(folder / "places.csv", 5, ",province,", ",provinze,")
    (message, *_) = wrong(folder)
    assert message.startswith("places.csv, line 5, column level: “provinze” is wrong, expected one of province")


def test_all_wrong_rows_of_all_tables_are_listed_at_once(folder: Path):
    change(folder / "poverty_status.csv", 3, ",2018", ",2031")
    change(folder / "fiscal_revenue.csv", 2, "4027.16", "4,027.16")
    change(folder / "pairings.csv", 4, "2016-12-01", "2016-13-01")
    change(folder / "published_records.csv", 2, ",A,yes", ",C,yes")
    messages = wrong(folder)
    assert [message.split(":")[0] for message in messages] == [
        "poverty_status.csv, line 3, column exit_year",
        "fiscal_revenue.csv, line 2",
        "pairings.csv, line 4, column valid_from",
        "published_records.csv, line 2, column grade",
    ]


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "expected"),
    [
        ("poverty_status.csv", 7, "130425", "999999", "column place: “999999” is wrong, expected the code of a place"),
        ("poverty_status.csv", 3, "130126", "130125", "line 2 has it already"),
        ("places.csv", 40, "130000", "130100", "expected the code of a province"),
        ("places.csv", 2, ",116.4", ",216.4", "expected a number from -180 to 180"),
        ("places.csv", 2, "北京市", "", "expected something: the column may not be empty"),
        ("place_codes.csv", 3, "1980-12-31,", "1980-12-31,1970-01-01", "expected a date after valid_from"),
        ("resource_types.csv", 2, ",fen,", ",yuan,", "expected fen for money"),
        ("resource_types.csv", 2, ",floor,", ",ceiling,", "expected one of cap, floor"),
        ("pairings.csv", 2, "150000", "110000", "expected another place than the giver"),
        ("published_records.csv", 12, ",A-m,no", ",A-m,yes", "the address of a mirror is kept, not shown"),
    ],
)
def test_a_row_that_does_not_fit_is_named(folder: Path, file: str, line: int, old: str, new: str, expected: str):
    change(folder / file, line, old, new)
    messages = wrong(folder)
    assert any(message.startswith(f"{file}, line {line}") and expected in message for message in messages), messages


def test_a_code_may_not_belong_to_two_places_at_once(folder: Path):
    with (folder / "place_codes.csv").open("a", encoding="utf-8") as file:
        file.write("611025,520222,盘县,2015-12-31,\n")
    assert "a code that no other place has at that time" in wrong(folder)[0]


def test_lines_are_counted_as_an_editor_does(folder: Path):
    path = folder / "party_supervision.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    quoted = lines[1].replace(lines[1].split(",")[1], '"a name\non two lines"')
    path.write_text("".join([lines[0], "\r\n", quoted, lines[2].replace("no", "perhaps")]), encoding="utf-8")
    assert wrong(folder) == ["party_supervision.csv, line 5, column verified: “perhaps” is wrong, expected yes or no"]


def test_a_file_that_is_not_utf_8_is_named_by_its_line(folder: Path):
    path = folder / "party_supervision.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    (message,) = wrong(folder)
    assert message.startswith("party_supervision.csv, line 2") and message.endswith("expected text in UTF-8")


def test_a_missing_column_and_a_row_of_another_length_are_named(folder: Path):
    change(folder / "fiscal_revenue.csv", 1, ",year,", ",jahr,")
    change(folder / "pairings.csv", 3, ",yes", ",yes,yes")
    assert wrong(folder) == [
        "fiscal_revenue.csv, line 1, column year: nothing there, expected a column named year",
        "pairings.csv, line 3: “9 fields” is wrong, expected 8 fields, as in the header",
    ]


def test_a_table_with_a_byte_order_mark_reads(folder: Path):
    path = folder / "pairings.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_folder(folder).rows("pairings.csv")) == 49


def test_a_folder_with_one_table_reads_against_known_places(tmp_path: Path):
    shutil.copy(CARRIED / "pairings.csv", tmp_path)
    with pytest.raises(BadTables):
        read_folder(tmp_path)
    places = [row["code"] for row in read_folder(CARRIED).rows("places.csv")]
    assert len(read_folder(tmp_path, places).rows("pairings.csv")) == 49


def test_a_folder_without_tables_is_refused(tmp_path: Path):
    assert "expected a folder with at least one of places.csv" in wrong(tmp_path)[0]

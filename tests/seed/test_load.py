"""Loading into a real PostgreSQL, as the owner under forced row-level security."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from server.seed import load
from server.seed.reference import CARRIED
from server.seed.tables import BadTables
from tests.seed.conftest import Fresh

TABLES = ("place", "place_code", "poverty_status", "fiscal_revenue", "resource_type", "pairing", "published_record")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the carried tables, to be changed."""
    return Path(shutil.copytree(CARRIED, tmp_path / "tables"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


async def everything(database: Fresh) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [tuple(row) for row in await database.fetch(f"SELECT * FROM {table} ORDER BY 1")] for table in TABLES
    }


async def test_loading_again_changes_nothing(empty: Fresh):
    lines: list[str] = []
    first = await load.run(empty.owner_url, progress=lines.append)
    before = await everything(empty)
    second = await load.run(empty.owner_url)
    assert first.total.inserted == second.total.unchanged == sum(len(rows) for rows in before.values())
    assert second.total.inserted == second.total.changed == 0
    assert await everything(empty) == before
    assert lines[0] == "places.csv: 3222 new, 0 changed, 0 unchanged" and len(lines) == 8


async def test_at_the_demo_date_436_counties_are_out_and_396_in(loaded: Fresh):
    at = date(2019, 6, 3)
    years = [row["exit_year"] for row in await loaded.fetch("SELECT exit_year FROM poverty_status")]
    out = sum(year < at.year for year in years)
    assert (len(years), out, len(years) - out) == (832, 436, 396)


async def test_money_is_whole_fen(loaded: Fresh):
    beijing = (
        "SELECT amount_fen FROM fiscal_revenue JOIN place ON place.id = place_id WHERE code = '110000' AND year = 2014"
    )
    assert await loaded.value(beijing) == Decimal(402_716_000_000_00)
    bonds = "SELECT funds_fen FROM published_record WHERE title_zh = '地方政府债券项目'"
    assert await loaded.value(bonds) == Decimal(20_699_858_98)


async def test_pairs_of_both_policies_hold_one_after_the_other(loaded: Fresh):
    on = "SELECT count(*) FROM pairing WHERE kind = 'east_west' AND valid_from <= '{0}' AND (valid_to IS NULL OR valid_to > '{0}')"
    assert await loaded.value(on.format("2019-06-03")) == 32
    assert await loaded.value(on.format("2021-03-31")) == 32
    assert await loaded.value(on.format("2021-04-01")) == 17


async def test_a_mirror_s_address_is_kept_and_not_linked(loaded: Fresh):
    assert await loaded.value("SELECT count(*) FROM published_record WHERE grade = 'A-m' AND linkable") == 0
    assert await loaded.value("SELECT count(*) FROM published_record WHERE source_url = ''") == 0


async def test_one_wrong_row_and_nothing_is_loaded(empty: Fresh, folder: Path):
    edit(folder / "published_records.csv", ",works,", ",roads,")
    with pytest.raises(BadTables):
        await load.run(empty.owner_url, folder)
    assert not any((await everything(empty)).values())


async def test_a_changed_row_is_changed_in_place(empty: Fresh, folder: Path):
    await load.run(empty.owner_url)
    zhenan = "SELECT id FROM place WHERE code = '611025'"
    before = await empty.value(zhenan)
    edit(folder / "places.csv", "Zhen'an County", "Zhen'an Xian")
    edit(folder / "pairings.csv", "2021-04-01,yes", "2021-05-01,yes")
    report = await load.run(empty.owner_url, folder)
    assert report.tables["places.csv"] == (0, 1, 3221)
    assert report.total.changed == 2 and report.total.inserted == 0
    assert await empty.value(zhenan) == before
    assert await empty.value("SELECT version FROM pairing WHERE valid_to = '2021-05-01'") == 2


async def test_a_folder_of_other_people_s_tables_adds_to_what_is_there(empty: Fresh, tmp_path: Path):
    await load.run(empty.owner_url)
    header = "place,code,name_zh,valid_from,valid_to\n"
    (tmp_path / "place_codes.csv").write_text(header + "611025,612526,镇安县,1990-01-01,2001-12-31\n", encoding="utf-8")
    report = await load.run(empty.owner_url, tmp_path)
    assert report.total == (1, 0, 0)


async def test_the_command_says_what_is_wrong(empty: Fresh, folder: Path, capsys: pytest.CaptureFixture[str]):
    edit(folder / "places.csv", "北京市", "")
    assert await load.command(empty.owner_url, folder) == 1
    assert capsys.readouterr().err.splitlines() == [
        "places.csv, line 2, column name_zh: nothing there, expected something: the column may not be empty",
        "Nothing was loaded: 1 problem.",
    ]
    assert await load.command(empty.owner_url) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "all tables: 8150 new, 0 changed, 0 unchanged"

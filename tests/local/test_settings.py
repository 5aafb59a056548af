"""A setting that cannot be used is said in one line, by whichever process reads it, and nothing is started."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from server import cli
from server.settings import Settings, SettingsRefused, get_settings
from tests.local.running import OUR_VARIABLES

ROOT = Path(__file__).resolve().parents[2]
REFUSED = [
    ("PORT", "80000", "PORT=80000 cannot be used: give a whole number from 1 to 65535"),
    ("PORT", "abc", "PORT=abc cannot be used"),
    ("JIEDUI_CLOCK", "yesterday", "JIEDUI_CLOCK=yesterday cannot be used: give a day from 2000-01-01 to 2099-12-31"),
    ("JIEDUI_CLOCK", "2019", "JIEDUI_CLOCK=2019 cannot be used"),
    ("JIEDUI_CLOCK", "0001-01-01", "JIEDUI_CLOCK=0001-01-01 cannot be used"),
    ("JIEDUI_DEMO", "perhaps", "JIEDUI_DEMO=perhaps cannot be used: give 1 (yes) or 0 (no)"),
    (
        "JIEDUI_ORIGIN",
        "jiedui.example.cn",
        "JIEDUI_ORIGIN=jiedui.example.cn cannot be used: give scheme, host and port",
    ),
    ("JIEDUI_ORIGIN", "https://jiedui.example.cn/app", "cannot be used"),
    ("JIEDUI_ORIGIN", "https://jiedui.example.cn:port", "cannot be used"),
    ("REDIS_URL", "127.0.0.1:6379", "REDIS_URL cannot be used: give an address as redis://"),
    ("JIEDUI_POOL_SIZE", "0", "JIEDUI_POOL_SIZE=0 cannot be used"),
]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*OUR_VARIABLES, *(name for name, _, _ in REFUSED)):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_what_is_wrong_and_what_to_do_is_one_line(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        get_settings.__wrapped__()
    line = str(refused.value.code)
    assert said in line and "\n" not in line


def test_an_address_is_not_repeated_because_it_holds_a_password(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgres://jiedui_app:secret@host")
    with pytest.raises(SettingsRefused) as refused:
        get_settings.__wrapped__()
    assert "DATABASE_URL cannot be used: give the address of role app" in str(refused.value.code)
    assert "secret" not in str(refused.value.code)


def test_several_that_are_wrong_are_all_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORT", "0")
    environment.setenv("JIEDUI_DEMO", "perhaps")
    with pytest.raises(SettingsRefused, match=r"PORT=0 .*; JIEDUI_DEMO=perhaps"):
        get_settings.__wrapped__()


def test_what_is_empty_is_not_set_and_an_origin_may_end_with_a_slash(environment: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "JIEDUI_CLOCK", "DATABASE_URL", "JIEDUI_DEMO"):
        environment.setenv(name, "")
    environment.setenv("JIEDUI_ORIGIN", "https://jiedui.example.cn/")
    read: Settings = get_settings.__wrapped__()
    assert (read.port, read.clock, read.database_url, read.demo) == (8000, None, "", False)
    assert read.public_origin == "https://jiedui.example.cn"


def test_the_clock_is_a_day(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("JIEDUI_CLOCK", "2019-06-03")
    assert get_settings.__wrapped__().clock == date(2019, 6, 3)


@pytest.mark.parametrize(
    "command", [["server.cli", "up"], ["workers.main"], ["uvicorn", "--factory", "server.app:create_app"]], ids=" ".join
)
def test_every_process_ends_with_that_line_and_code_1(command: list[str], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES}
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**kept, "PORT": "80000", "JIEDUI_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "jiedui: PORT=80000 cannot be used: give a whole number from 1 to 65535, such as 8000."
    ]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("verb", ["migrate", "load", "scenario", "verify", "dock"])
def test_a_database_that_is_not_given_or_does_not_answer_is_said_in_one_line(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    name = "DATABASE_URL" if verb == "dock" else "DATABASE_OWNER_URL"
    for address, said in (("", f"{name} is not set"), ("postgres://u:p@127.0.0.1:1/x", f"cannot connect with {name}")):
        environment.setenv(name, address)
        environment.setattr(cli, "get_settings", get_settings.__wrapped__)
        assert cli.main([verb]) == 1
        line = capsys.readouterr().err
        assert said in line and len(line.splitlines()) == 1

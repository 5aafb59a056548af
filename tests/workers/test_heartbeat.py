"""A worker's sign of life: there while it works, old or gone when it does not."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from server.settings import get_settings
from workers import heartbeat


def test_only_a_fresh_sign_is_life(tmp_path: Path) -> None:
    sign = tmp_path / "worker"
    assert heartbeat.fault(None, time.time()) is not None
    assert heartbeat.fault(sign, time.time()) is not None
    sign.touch()
    now = sign.stat().st_mtime
    assert heartbeat.fault(sign, now + heartbeat.LATE) is None
    assert heartbeat.fault(sign, now + heartbeat.LATE + 1) == "the worker has been silent for 31 s"


async def test_it_is_given_only_while_every_task_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    sign, go_on = tmp_path / "worker", asyncio.Event()

    async def work() -> None:
        await go_on.wait()

    task = asyncio.create_task(work())
    beating = asyncio.create_task(heartbeat.beat(sign, (task,)))
    await asyncio.sleep(0.05)
    assert sign.exists() and not beating.done()
    go_on.set()
    await asyncio.wait_for(beating, 5)


def test_the_check_says_in_one_line_why_a_worker_is_not_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sign = tmp_path / "worker"
    monkeypatch.setenv("JIEDUI_HEARTBEAT", str(sign))
    monkeypatch.setattr(heartbeat, "get_settings", get_settings.__wrapped__)
    assert heartbeat.main() == 1
    assert capsys.readouterr().err == f"jiedui: the worker has given no sign of life in {sign}.\n"
    sign.touch()
    assert heartbeat.main() == 0
    old = time.time() - 120
    os.utime(sign, (old, old))
    assert heartbeat.main() == 1

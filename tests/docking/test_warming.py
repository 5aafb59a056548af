"""Compiled ahead of time: a first run finds every inner loop ready."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from server.docking import warming

COMPILED = """
import importlib, pkgutil
import server.docking.engine as engine
from bench.instances import instance
from server.docking import warming
from server.docking.engine.run import dock

warming.dock(warming.specimen())
names = [f"{engine.__name__}.{module.name}" for module in pkgutil.iter_modules(engine.__path__)]
loops = {id(one): one for name in names for one in vars(importlib.import_module(name)).values() if hasattr(one, "stats")}
before = {one.py_func.__qualname__: len(one.signatures) for one in loops.values()}
dock(instance(300))
after = {one.py_func.__qualname__: len(one.signatures) for one in loops.values()}
assert sum(map(bool, before.values())) > 8, before
assert before == after, {name: n for name, n in after.items() if before[name] != n}
"""


def test_a_run_needs_no_loop_that_was_not_compiled_ahead() -> None:
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_is_done_once_for_these_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    warming.warm()
    assert warming.is_warm()
    monkeypatch.setattr(warming, "dock", None)  # a second time nothing is computed
    warming.warm()
    monkeypatch.setattr(warming.platform, "python_version", lambda: "9.9")
    assert not warming.is_warm(), "another Python compiles for itself"


def test_where_nothing_can_be_kept_nothing_is_compiled_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "run_pivots", SimpleNamespace(stats=SimpleNamespace(cache_path=None)))
    monkeypatch.setattr(warming, "dock", None)
    warming.warm()
    assert warming.is_warm()


async def test_a_worker_has_it_done_by_a_process_of_its_own_only_where_it_is_not(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warming, "MODULE", "this")  # a module of the standard library that prints when it is run
    warming.warm()
    await warming.warm_beside()
    assert capfd.readouterr().out == ""
    monkeypatch.setattr(warming, "is_warm", lambda: False)
    await warming.warm_beside()
    assert "explicit is better" in capfd.readouterr().out.lower()

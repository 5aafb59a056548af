"""Where the book stands between processes: one folder a version, read through memory maps.

A worker writes a version into a folder of its own and then moves the link `current` onto it, in one step; whoever reads the old
one goes on reading it, even after its files are removed. Arrays that did not change are links to the last version's files.
The file `alive` says when the worker last looked for changes: a book that nobody keeps is not to be trusted.
"""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from server.docking.book import Book, GiverRows, Names, NeedRows, OfferRows
from server.docking.engine.market import Ground
from server.docking.engine.problem import Commodities, Counties, Givers, Relation, Settings, Weights

LAYOUT = 1
"""Number of the layout of the files; another one is not read but made anew."""

KEPT = 2
"""Versions kept: the current one and the one before it, which a reader may just be opening."""

TRUSTED_SECONDS = 120.0
FOLDER = "book"
CURRENT, ALIVE, FACTS = "current", "alive", "facts.json"

Kinds = dict[str, type]
PARTS: dict[type, Kinds] = {
    Book: {
        "names": Names,
        "commodities": Commodities,
        "counties": Counties,
        "needs": NeedRows,
        "offers": OfferRows,
        "givers": GiverRows,
        "settings": Settings,
    },
    OfferRows: {"listed": Relation},
    GiverRows: {
        "givers": Givers,
        "ground": Ground,
        "own_of_county": Relation,
        "home_of_county": Relation,
        "past_of_county": Relation,
    },
    Givers: {"own_pairs": Relation, "home_pairs": Relation, "past": Relation},
}
"""The fields that are tables of their own; every other one is an array, or a fact."""

FACTS_OF: tuple[type, ...] = (Names, Settings)


@dataclass(frozen=True)
class Version:
    """A book, and up to which event of the stream it knows what happened."""

    book: Book
    seq: int
    made_at: float  # seconds from 1970-01-01, real time


class Shelf:
    """The versions in one folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = 0  # number of the stream up to which nothing concerned the book, though no version says so
        self._open: tuple[str, Version] | None = None
        self._opening = threading.Lock()

    def current(self) -> Version | None:
        """The version that stands, whoever wrote it; None where there is none that can be read."""
        name = self._name()
        if name is None:
            return None
        with self._opening:
            if self._open is None or self._open[0] != name:
                version = _load(self.folder / name)
                if version is None:
                    return None
                self._open = (name, version)
            return self._open[1]

    def trusted(self) -> Version | None:
        """The version that stands, if a worker keeps it."""
        try:
            looked = (self.folder / ALIVE).stat().st_mtime
        except OSError:
            return None
        return self.current() if time.time() - looked < TRUSTED_SECONDS else None

    def put(self, book: Book, seq: int) -> Version:
        """Make a book the version that stands."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        last = self._name()
        before = self._open[1] if self._open and self._open[0] == last else None
        version = Version(book, seq, time.time())
        name = f"v{time.time_ns()}"
        _save(self.folder / name, version, self.folder / last if last else None, before)
        link = self.folder / f"{CURRENT}.{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self.folder / CURRENT)
        self._open = (name, version)
        self._clear(name)
        return version

    def touch(self) -> None:
        """Say that somebody keeps the book."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / ALIVE).touch()

    def _name(self) -> str | None:
        try:
            return os.readlink(self.folder / CURRENT)
        except OSError:
            return None

    def _clear(self, name: str) -> None:
        versions = sorted(each.name for each in self.folder.glob("v*") if each.name <= name)
        for old in versions[:-KEPT]:
            shutil.rmtree(self.folder / old, ignore_errors=True)


_shelves: dict[Path, Shelf] = {}


def shelf_in(data: Path) -> Shelf:
    """The shelf of a data folder, the same one throughout a process."""
    return _shelves.setdefault(data, Shelf(data / FOLDER))


def _leaves(part: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every array of a book under its path, as `needs.open`."""
    for each in fields(part):
        value = getattr(part, each.name)
        if isinstance(value, FACTS_OF):
            continue
        if is_dataclass(value):
            yield from _leaves(value, f"{prefix}{each.name}.")
        elif isinstance(value, np.ndarray):
            yield f"{prefix}{each.name}", value


def _save(folder: Path, version: Version, last: Path | None, before: Version | None) -> None:
    folder.mkdir()
    old = dict(_leaves(before.book)) if before else {}
    for name, array in _leaves(version.book):
        target = folder / f"{name}.npy"
        if last is not None and (array is old.get(name) or _same(array, old.get(name))):
            with contextlib.suppress(OSError):
                os.link(last / f"{name}.npy", target)
                continue
        np.save(target, array)
    book = version.book
    facts = {
        "layout": LAYOUT,
        "seq": version.seq,
        "made_at": version.made_at,
        "own_pair_days": book.own_pair_days,
        "names": asdict(book.names),
        "settings": asdict(book.settings),
    }
    (folder / FACTS).write_bytes(orjson.dumps(facts))


def _same(one: Any, other: Any) -> bool:
    return (
        other is not None and one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    )


def _load(folder: Path) -> Version | None:
    try:
        facts = orjson.loads((folder / FACTS).read_bytes())
        if facts["layout"] != LAYOUT:
            return None
        settings = facts["settings"] | {"weights": Weights(**facts["settings"]["weights"])}
        given = {
            "names": Names(**facts["names"]),
            "settings": Settings(**settings),
            "own_pair_days": facts["own_pair_days"],
        }
        return Version(_part(folder, Book, "", given), facts["seq"], facts["made_at"])
    except (OSError, KeyError, TypeError, ValueError):
        return None  # half removed, or of another version of Jiedui: it is made anew


def _part(folder: Path, kind: type, prefix: str, given: dict[str, Any]) -> Any:
    inner = PARTS.get(kind, {})
    values: dict[str, Any] = {}
    for each in fields(kind):
        path = f"{prefix}{each.name}"
        if each.name in given and not prefix:
            values[each.name] = given[each.name]
        elif each.name in inner:
            values[each.name] = _part(folder, inner[each.name], f"{path}.", given)
        else:
            values[each.name] = np.asarray(np.load(folder / f"{path}.npy", mmap_mode="r"))
    return kind(**values)

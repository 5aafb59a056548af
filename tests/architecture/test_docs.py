"""The documents: every link and path in them leads somewhere, and they name each dependency, setting and lifecycle."""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest

from server.kit.lifecycle import Lifecycle
from server.settings import Settings
from tests.local.lifecycle_page import PAGE, RECORDS, page

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`((?:server|workers|tests|frontend|docs|compose|requirements|bench)/[\w./*-]+)`")
CREATED = ("frontend/dist", "compose/secrets")
"""Made by commands, so they may be absent."""
NOT_OURS = {"node_modules", "dist"}


def documents() -> list[Path]:
    """Every Markdown file of the project; hidden folders and those of installed packages are not ours."""
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NOT_OURS)
        found += [Path(folder, name) for name in sorted(files) if name.endswith(".md")]
    return found


DOCUMENTS = documents()


def anchors(text: str) -> set[str]:
    """What a link may point to in a document: its headings, as they are shown on the web."""
    headings = (heading.replace("`", "") for heading in HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> Iterator[str]:
    """The links of a document that lead nowhere."""
    for target in LINK.findall(FENCE.sub("", path.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        led = (path.parent / file).resolve() if file else path
        if not led.exists() or (anchor and anchor not in anchors(led.read_text())):
            yield target


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=names)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert list(broken_links(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=names)
def test_every_path_that_is_named_is_there(path: Path) -> None:
    named = [name.rstrip("/.") for name in NAMED.findall(path.read_text())]
    missing = [name for name in named if not name.startswith(CREATED) and not any(ROOT.glob(name))]
    assert missing == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n[a](#one-thing) [b](#another) [c](gone.md) [d](page.md#one-thing) [e](https://jiedui.cn)\n"
    )
    assert list(broken_links(page)) == ["#another", "gone.md"]


def test_every_document_is_listed() -> None:
    """docs/README.md leads to each document below docs/."""
    index = ROOT / "docs" / "README.md"
    led = {(index.parent / target.partition("#")[0]).resolve() for target in LINK.findall(index.read_text())}
    below = {path for path in DOCUMENTS if ROOT / "docs" in path.parents and path != index}
    assert sorted(map(names, below - led)) == []


def test_every_dependency_says_what_it_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    client = json.loads((ROOT / "frontend" / "package.json").read_text())
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    dependencies = {re.split(r"[\[<>=; ]", each)[0] for each in wanted}
    dependencies |= set(client["dependencies"]) | set(client["devDependencies"])
    (decision,) = (ROOT / "docs" / "decisions").glob("*-dependencies.md")
    said = set(re.findall(r"^\| `([^`]+)` \|", decision.read_text(), re.MULTILINE))
    assert said == dependencies


def test_every_setting_stands_with_its_default() -> None:
    page = (ROOT / "docs" / "operations" / "settings.md").read_text()
    said = dict(re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|", page, re.MULTILINE))
    assert {name: said.get(name) for name in _defaults()} == _defaults()


def _defaults() -> dict[str, str]:
    """Each setting and its default as the page says it: nothing is a dash, yes and no are 1 and 0."""
    found = {}
    for field in Settings.model_fields.values():
        default = int(field.default) if isinstance(field.default, bool) else field.default
        found[str(field.alias)] = "—" if default in (None, "") else f"`{default}`"
    return found


def test_the_first_change_of_a_newcomer_has_its_places_and_is_not_there_yet() -> None:
    """CONTRIBUTING.md says where its lines go; whoever moves those places mends the example too."""
    places = {
        "tests/offers/test_endpoints.py": r"^async def giver\(",
        "server/offers/schemas.py": r"^class OfferQuery\(ListQuery\):(\n(    .*)?)+\n    deadline: .*\n\n\n",
        "server/offers/repository.py": r"^def matching\((.*\n)+?    return where\n",
    }
    page = (ROOT / "CONTRIBUTING.md").read_text()
    for name, place in places.items():
        text = (ROOT / name).read_text()
        assert f"`{name}`" in page
        assert re.search(place, text, re.MULTILINE), name
        assert "starts_by" not in text


def test_every_lifecycle_has_a_section_and_the_page_is_up_to_date() -> None:
    modules = [import_module(f"server.{path.parent.name}.rules") for path in (ROOT / "server").glob("*/rules.py")]
    tables = {
        id(value): value.kind for module in modules for value in vars(module).values() if isinstance(value, Lifecycle)
    }
    assert set(tables.values()) == {record.lifecycle.kind for record in RECORDS}
    assert PAGE.read_bytes() == page(), "renew with `make generated`"


def test_decisions_are_numbered_without_a_gap_and_short() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in files]
    assert numbers == list(range(1, len(files) + 1))
    long = [
        path.name
        for path in files
        if not path.name.endswith("dependencies.md") and len(path.read_text().splitlines()) > 40
    ]
    assert long == []

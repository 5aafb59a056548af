"""Floors and doors: who may import whom, how long a file may be, what stands in a domain's folder."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server"
DOMAINS = sorted(path.parent.name for path in SERVER.glob("*/rules.py"))
STANDARD = {
    "__init__.py", "rules.py", "models.py", "repository.py", "schemas.py", "service.py", "policy.py", "events.py",
    "endpoints.py",
}  # fmt: skip
DOORS_CLOSED = {"repository", "endpoints", "events"}
MOST_LINES = 400
QUERIES = {"filter", "get", "get_or_none", "create", "all", "exclude", "bulk_create", "first", "exists"}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def imported(tree: ast.Module) -> Iterator[tuple[str, str, list[str]]]:
    """Domain, module and names of every import from a domain."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module or not node.module.startswith("server."):
            continue
        parts, names = node.module.split("."), [alias.name for alias in node.names]
        if parts[1] in DOMAINS:
            yield from ((parts[1], parts[2], names),) if len(parts) > 2 else ((parts[1], name, []) for name in names)


def test_the_import_contracts_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_is_entered_through_its_doors(domain: str) -> None:
    """Never through its repository; its models are named as types, and only the domain itself queries them."""
    for path in sources(f"server/{domain}"):
        tree, foreign = ast.parse(path.read_text()), set()
        for other, module, names in imported(tree):
            if other == domain:
                continue
            assert module not in DOORS_CLOSED, f"{path} imports {other}.{module}"
            foreign |= set(names) if module == "models" else set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in foreign:
                assert node.attr not in QUERIES, (
                    f"{path}:{node.lineno} queries {node.value.id}, which belongs to another"
                )


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_says_what_its_noun_means_and_keeps_nothing_in_its_door(domain: str) -> None:
    tree = ast.parse((SERVER / domain / "__init__.py").read_text())
    assert ast.get_docstring(tree), f"server/{domain}/__init__.py says nothing"
    assert len(tree.body) == 1, "no re-exports"


@pytest.mark.parametrize("domain", DOMAINS)
def test_files_of_a_domain_have_the_usual_names_or_say_what_they_are(domain: str) -> None:
    for path in (SERVER / domain).glob("*.py"):
        if path.name not in STANDARD:
            assert ast.get_docstring(ast.parse(path.read_text())), f"{path} says nothing"
    names = {path.name for path in (SERVER / domain).glob("*.py")}
    assert "utils.py" not in names
    if "endpoints.py" in names:
        assert "policy.py" in names


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources("server", "workers", "tests")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES and "tests" not in path.parts
    }
    assert long == {}


def test_no_function_imports_to_dodge_a_circle() -> None:
    for path in sources("server", "workers"):
        for outer in ast.walk(ast.parse(path.read_text())):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = [node for node in ast.walk(outer) if isinstance(node, ast.Import | ast.ImportFrom)]
                assert not inside, f"{path}:{inside[0].lineno}"

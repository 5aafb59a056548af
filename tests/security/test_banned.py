"""T15: patterns that have no place in the code, beyond what ruff's S rules refuse in `make check`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BANNED = {
    "a shell": ("*.py", re.compile(r"shell=True|os\.system\(|os\.popen\(")),
    "code from data": ("*.py", re.compile(r"(?<![\w.])(?:eval|exec|compile)\(|pickle|marshal\.loads|yaml\.load\(")),
    "a query from a string of today": ("*.py", re.compile(r"(?:fetch|execute)\w*\([^)\n]*%\s*\(|\.raw\(")),
    "certificates unchecked": ("*.py", re.compile(r"verify=False|CERT_NONE|check_hostname\s*=\s*False")),
    "guessable chance": ("*.py", re.compile(r"^import random$|^from random import", re.MULTILINE)),
    "a weak hash": ("*.py", re.compile(r"hashlib\.(?:md5|sha1)\(")),
    "HTML from data": ("*.svelte", re.compile(r"\{@html|innerHTML|insertAdjacentHTML|document\.write")),
    "code from text in the client": ("*.ts", re.compile(r"\beval\(|new Function\(|innerHTML|postMessage\(")),
}

ALLOWED = {
    "guessable chance": ("server/seed/",),  # the scenario is the same for the same seed, and keeps no secret
    "code from data": ("server/docking/engine/",),  # numba compiles; see found() for what is looked at
}


def found(pattern: re.Pattern[str], files: list[Path], allowed: tuple[str, ...] = ()) -> list[str]:
    """Files in which a pattern stands, by their path in the repository."""
    names = {path: path.relative_to(ROOT).as_posix() for path in files}
    return [names[path] for path in files if not names[path].startswith(allowed) and pattern.search(path.read_text())]


@pytest.mark.parametrize("what", BANNED)
def test_it_stands_nowhere(what: str):
    glob, pattern = BANNED[what]
    folders = ("server", "workers") if glob == "*.py" else ("frontend/src",)
    files = [
        path for folder in folders for path in (ROOT / folder).rglob(glob) if "/migrations/" not in path.as_posix()
    ]
    assert len(files) > 20
    assert found(pattern, files, ALLOWED.get(what, ())) == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a shell", "subprocess.run(line, shell=True)"),
        ("code from data", "eval(text)"),
        ("code from data", "import pickle"),
        ("a query from a string of today", 'uow.fetch("SELECT %s" % (name,))'),
        ("certificates unchecked", "Client(verify=False)"),
        ("guessable chance", "import random"),
        ("a weak hash", "hashlib.md5(b'')"),
        ("HTML from data", "{@html text}"),
        ("code from text in the client", "new Function('x')"),
    ],
)
def test_control_the_look_finds_it(what: str, line: str):
    assert BANNED[what][1].search(line)


def test_every_ignored_security_rule_says_why():
    bare = re.compile(r"# noqa: (?:\w+, )*S\d+(?!.*  # )")
    ours = [path for folder in ("server", "workers") for path in (ROOT / folder).rglob("*.py")]
    assert found(bare, ours) == []

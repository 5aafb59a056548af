"""Fetch Chromium 92, the oldest that can be had, for the journey on it: from the npm package chrome-aws-lambda.

The package was made for machines without a desktop, so it brings the libraries that it needs.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from server.local.messages import StartProblem, exit_with, step
from server.local.node import npm, path_with

PACKAGE = "chrome-aws-lambda@10.1.0"
SHA_512 = (
    "3594157fe27892a1b8b158519b758d98e7f36343ad4d29be4bcae0efba7078f6"
    "bd442607ce19f346cf18bcd23a2fdb402c85ba46999e7d688f511b77bd445773"
)
FOLDER = Path(__file__).parents[2] / "build" / "chromium-92"
PROGRAM = FOLDER / "chromium"
PARTS = ("chromium", "aws.tar", "swiftshader.tar")

UNPACK = """
const { brotliDecompressSync } = require('node:zlib'), fs = require('node:fs')
for (const file of process.argv.slice(1))
  fs.writeFileSync(file.replace('.br', ''), brotliDecompressSync(fs.readFileSync(file)), { mode: 0o755 })
"""


def main() -> int:
    """Fetch it where it is missing; the exit code."""
    try:
        if not PROGRAM.exists():
            with step("Chromium 92 for the journey on an old browser"):
                fetch()
    except StartProblem as problem:
        return exit_with(problem)
    return 0


def fetch() -> None:
    """Put the browser and its libraries into `build/chromium-92`.

    :raises StartProblem: npm cannot fetch the package, or it is not the one that it was.
    """
    FOLDER.parent.mkdir(exist_ok=True)
    program = npm()
    environment = {**os.environ, **path_with(program)}
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        folder = Path(name)
        _run([str(program), "pack", "--silent", PACKAGE], folder, environment)
        [package] = folder.glob("*.tgz")
        if hashlib.sha512(package.read_bytes()).hexdigest() != SHA_512:
            raise StartProblem(f"{PACKAGE} from npm is not the package that the tests know.")
        with tarfile.open(package) as archive:
            for part in PARTS:
                found = archive.extractfile(f"package/bin/{part}.br")
                assert found
                (folder / f"{part}.br").write_bytes(found.read())
        _run(["node", "-e", UNPACK, *(f"{part}.br" for part in PARTS)], folder, environment)
        for part, place in (("aws.tar", folder), ("swiftshader.tar", folder / "swiftshader")):
            with tarfile.open(folder / part) as archive:
                archive.extractall(place, filter="data")
        for file in (package, *folder.glob("*.br"), *folder.glob("*.tar")):
            file.unlink()
        folder.rename(FOLDER)
        folder.mkdir()  # for the temporary folder's end


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StartProblem(f"{PACKAGE} for the browser tests cannot be fetched from npm ({said})")


if __name__ == "__main__":
    sys.exit(main())

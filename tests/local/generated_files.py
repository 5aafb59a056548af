"""Compare the generated files with what the application generates now; `--write` renews them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from server.health import openapi_bytes
from server.local import node
from server.local.messages import StartProblem, exit_with, say
from tests.local import lifecycle_page, policy_page

API = node.FRONTEND / "src" / "api"


def main(arguments: list[str]) -> int:
    """The exit code: 1 where a file is stale and is not to be written."""
    try:
        generated = generate()
    except StartProblem as problem:
        return exit_with(problem)
    stale = [path for path, content in generated.items() if not path.exists() or path.read_bytes() != content]
    names = ", ".join(str(path.relative_to(node.FRONTEND.parent)) for path in stale)
    if "--write" in arguments:
        for path in stale:
            path.write_bytes(generated[path])
        say(f"written: {names or 'nothing, all were up to date'}")
        return 0
    if stale:
        return exit_with(StartProblem(f"stale: {names}; renew with `make generated` and commit."))
    say("Generated files are up to date.")
    return 0


def generate() -> dict[Path, bytes]:
    """Each generated file and what it should hold: the interface's description, its types for the client, lifecycles, policies."""
    described = openapi_bytes()
    with tempfile.TemporaryDirectory() as folder:
        source, types = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        source.write_bytes(described)
        tool = node.FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
        environment = {**os.environ, **node.path_with(node.npm())}
        subprocess.run([tool, source, "-o", types], env=environment, check=True, capture_output=True)
        return {
            API / "openapi.json": described,
            API / "schema.d.ts": types.read_bytes(),
            lifecycle_page.PAGE: lifecycle_page.page(),
            policy_page.PAGE: policy_page.page(),
        }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

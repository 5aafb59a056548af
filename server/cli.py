"""The `jiedui` command: thin, every verb a call into a room of the house."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from server.docking.engine import dimacs
from server.health import openapi_bytes
from server.local import supervisor
from server.migrate import migrate
from server.seed import load, scenario
from server.settings import Settings, get_settings
from server.verify import run as verify


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; gives the exit code."""
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jiedui", description="Jiedui 结对: docking needs and offers")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, help_text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(run=run)
        return added

    verb("up", "start everything: servers, web and worker", lambda _: supervisor.up(get_settings()))
    verb("migrate", "bring the database to the present schema", lambda _: _owner(_migrate))
    loading = verb("load", "load the reference tables; again changes nothing", _load)
    loading.add_argument("--tables", type=Path, help="a folder of tables other than the carried ones")
    making = verb("scenario", "make a synthetic scenario over the real counties and pairs", _scenario)
    making.add_argument("--scale", type=int, default=1500, help="number of needs, and of offers (default 1500)")
    making.add_argument("--seed", type=int, default=2019, help="the same seed makes the same scenario (default 2019)")
    verb(
        "verify",
        "re-sum the books, check chains and invariants; exit 1 when anything is wrong",
        lambda _: _owner(verify),
    )
    engine = verb("engine", "solve a DIMACS min-cost-flow file", lambda options: dimacs.main(options.file))
    engine.add_argument("file", type=Path)
    verb("openapi", "print the interface's OpenAPI document", _openapi)
    return parser


def _owner(work: Callable[[Settings], Coroutine[Any, Any, int]]) -> int:
    settings = get_settings()
    if not settings.database_owner_url:
        print("DATABASE_OWNER_URL is not set: give the address of the owner role, or use `jiedui up`.", file=sys.stderr)
        return 2
    return asyncio.run(work(settings))


async def _migrate(settings: Settings) -> int:
    await migrate(settings.database_owner_url)
    return 0


def _load(options: argparse.Namespace) -> int:
    return _owner(lambda settings: load.run(settings.database_owner_url, options.tables))


def _scenario(options: argparse.Namespace) -> int:
    return _owner(lambda settings: scenario.run(settings.database_owner_url, scale=options.scale, seed=options.seed))


def _openapi(options: argparse.Namespace) -> int:
    sys.stdout.buffer.write(openapi_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())

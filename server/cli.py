"""The `jiedui` command: thin, every verb a call into a room of the house."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from server import wiring
from server.accounts import service as accounts
from server.accounts.actor import SYSTEM
from server.docking import running
from server.docking.engine import dimacs
from server.files import storage
from server.health import openapi_bytes
from server.kit import uow as units
from server.kit.errors import Problem
from server.kit.startup_checks import UnsafeServer
from server.kit.uow import UnitOfWork
from server.local import addresses, backup, outside, supervisor
from server.local.messages import StartProblem, exit_with, say
from server.migrate import migrate
from server.seed import load, scenario
from server.settings import Settings, get_settings
from server.verify import verify

Work = Callable[[Settings], Coroutine[Any, Any, int]]
"""What a verb does with the settings; gives the exit code."""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; gives the exit code. What prevents it from starting is said in one line."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except StartProblem as problem:
        return exit_with(problem)
    except KeyboardInterrupt:
        return 130


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
    verb("dock", "do a docking run over everything open, now and here", lambda _: _app(_dock))
    user = verb("user", "make a user, or set a user's password (read from standard input)", _user)
    user.add_argument("identifier")
    user.add_argument("--name", help="make the user, with this name")
    verb(
        "verify",
        "re-sum the books, check chains and invariants; exit 1 when anything is wrong",
        lambda _: _owner(_verify),
    )
    backing_up = verb("backup", "write everything into one new file; web and worker go on", _backup)
    backing_up.add_argument("file", type=Path)
    restoring = verb(
        "restore", "bring a backup into a new data folder, or into the empty database of DATABASE_OWNER_URL", _restore
    )
    restoring.add_argument("file", type=Path)
    engine = verb("engine", "solve a DIMACS min-cost-flow file", lambda options: dimacs.main(options.file))
    engine.add_argument("file", type=Path)
    verb("openapi", "print the interface's OpenAPI document", _openapi)
    return parser


def _owner(work: Work) -> int:
    settings = addresses.completed(get_settings())
    return asyncio.run(_reaching("DATABASE_OWNER_URL", settings.database_owner_url, settings, work))


def _app(work: Work) -> int:
    settings = addresses.completed(get_settings())
    try:
        return asyncio.run(_reaching("DATABASE_URL", settings.database_url, settings, work))
    except UnsafeServer as unsafe:
        raise StartProblem(f"DATABASE_URL: {unsafe}.") from None


async def _reaching(name: str, address: str, settings: Settings, work: Work) -> int:
    """Do the work if the database answers; raises StartProblem if it does not."""
    connection = await outside.reach(name, address)
    await connection.close()
    return await work(settings)


async def _migrate(settings: Settings) -> int:
    await migrate(settings.database_owner_url)
    return 0


async def _dock(settings: Settings) -> int:
    """Everything that a coordinator's run does, in this process; prints what it found."""
    wiring.wire()
    async with wiring.database(settings, name="jiedui-dock", time_limits=False):
        connection = await outside.reach("DATABASE_URL", settings.database_url)
        try:
            done = await running.do_here(connection)
        except Problem as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            await connection.close()
    print(f"{done.status}: {done.totals or done.error}")
    for stage in done.stages:
        print(f"  {stage['name']:<12}{stage['seconds']:8.2f} s")
    return 0 if done.status == "done" else 1


def _user(options: argparse.Namespace) -> int:
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return _app(lambda settings: _set_user(settings, options.identifier, options.name, password))


async def _set_user(settings: Settings, identifier: str, name: str | None, password: str) -> int:
    wiring.wire()

    async def work(uow: UnitOfWork) -> None:
        if name:
            await accounts.create_user(uow, identifier=identifier, name=name, password=password)
        else:
            await accounts.set_password(uow, identifier, password)

    async with wiring.database(settings, name="jiedui-user", time_limits=True):
        try:
            await units.run(work, SYSTEM)
        except Problem as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


async def _verify(settings: Settings) -> int:
    findings = await verify(settings.database_owner_url)
    print(*findings, sep="\n", end="\n" if findings else "")
    print(f"{len(findings)} findings" if findings else "the books are sound")
    return 1 if findings else 0


def _backup(options: argparse.Namespace) -> int:
    async def work(settings: Settings) -> int:
        await backup.back_up(settings.database_owner_url, storage.folder(settings.data), options.file, _say_table)
        print(f"{options.file}: {options.file.stat().st_size / 1_000_000:.1f} MB")
        return 0

    return _owner(work)


def _restore(options: argparse.Namespace) -> int:
    async def work(settings: Settings) -> int:
        await backup.restore(settings.database_owner_url, storage.folder(settings.data), options.file, _say_table)
        return await _verify(settings)

    settings = get_settings()
    if settings.database_owner_url:
        return _owner(work)
    with backup.new_database(settings.data) as owner_url:
        return asyncio.run(work(settings.model_copy(update={"database_owner_url": owner_url})))


def _say_table(done: int, of: int, table: str) -> None:
    say(f"  {done + 1}/{of} {table}")


def _load(options: argparse.Namespace) -> int:
    return _owner(lambda settings: load.command(settings.database_owner_url, options.tables))


def _scenario(options: argparse.Namespace) -> int:
    return _owner(lambda settings: scenario.command(settings.database_owner_url, options.scale, options.seed))


def _openapi(options: argparse.Namespace) -> int:
    sys.stdout.buffer.write(openapi_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())

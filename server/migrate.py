"""Bring a database to the schema of this version, and write the migration that a changed model needs.

python -m server.migrate new add_campaigns      writes server/migrations/000N_add_campaigns.py
"""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.operations import (
    AlterModelOptions,
    CreateModel,
)
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.migrations.writer import MigrationWriter
from tortoise.transactions import in_transaction

from server.kit.db import MIGRATIONS, tortoise_config
from server.kit.migrations import FrugalExecutor
from server.kit.uow import sql_state

LOCK = 727_001
"""Key of the advisory lock that one migrating process holds at a time."""

LOCK_WAIT = "500ms"
"""How long a migration waits for a table that somebody uses: who comes after it waits behind it, and a web request no
longer than 3 s. Less than PostgreSQL takes to look for deadlocks (1 s), so that none is blamed on a client."""

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 300.0
GAVE_WAY = {"55P03", "40P01"}  # the lock time-out above, a deadlock

Progress = Callable[[str], None]


async def migrate(owner_url: str, progress: Progress | None = None, *, to: str = "__latest__") -> list[str]:
    """Apply what is missing, as the owner role, and return the names of the applied migrations.

    All of it is one transaction under an advisory lock: a second process waits and then finds nothing to do, and a
    process that is killed leaves nothing half-applied (Tortoise by itself records a migration after its commit).
    Where a table is in use it gives way, lets go of everything, and begins anew after a second: clients of a running
    server are never kept waiting for long. Raises PostgreSQL's time-out when no moment was found in five minutes.
    `progress` is told each migration's name before it runs; `to` names the last one that is wanted.
    """
    config = tortoise_config(owner_url, pool_max=2, name="jiedui migrate")
    until = time.monotonic() + PATIENCE_SECONDS
    async with TortoiseContext() as context:
        await context.init(config=config)
        while True:
            try:
                return await _apply(config, progress, to)
            except Exception as error:
                if sql_state(error) not in GAVE_WAY or time.monotonic() > until:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)


async def _apply(config: dict[str, Any], progress: Progress | None, to: str) -> list[str]:
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_start":
            applied.append(name)
            if progress:
                progress(name)

    async with in_transaction("default") as transaction:
        await transaction.execute_query("SELECT pg_advisory_xact_lock($1)", [LOCK])
        await transaction.execute_query(
            "SELECT set_config('client_min_messages', 'warning', true), set_config('lock_timeout', $1, true)",
            [LOCK_WAIT],
        )
        executor = FrugalExecutor(transaction, config["apps"])
        # Before the executor looks for it: a failed look would end this transaction.
        await executor.recorder.ensure_schema(AsyncpgSchemaEditor(transaction, atomic=False))
        await executor.migrate([MigrationTarget("models", to)], progress=note)
    return applied


async def pending(owner_url: str) -> list[str]:
    """Name the migrations that a database still lacks."""
    config = tortoise_config(owner_url, pool_max=1, name="jiedui migrate")
    async with TortoiseContext() as context:
        await context.init(config=config)
        executor = MigrationExecutor(get_connection("default"), config["apps"])
        return [step.migration.name for step in await executor.plan()]


async def new_migration(name: str) -> list[Path]:
    """Write the migration from the last one to the models as they are now; no database is needed.

    A new table is made by `CreateTable`, because Tortoise's `CreateModel` loses its constraints.
    """
    config = tortoise_config("postgres://nobody@localhost/none")
    async with TortoiseContext() as context:
        await context.init(config=config)
        if context.apps is None:
            raise RuntimeError("Tortoise did not read the models")
        found = await MigrationAutodetector(context.apps, config["apps"]).changes()
    return [path for writer in found if (path := _write(writer, name))]


def _write(found: MigrationWriter, name: str) -> Path | None:
    number = found.name.split("_", 1)[0]
    # Options (docstrings are among them) change nothing in a database.
    operations = [each for each in found.operations if not isinstance(each, AlterModelOptions)]
    if not operations:
        return None
    for operation in operations:
        if isinstance(operation, CreateModel) and operation.options:
            operation.options.pop("table_description", None)
    writer = MigrationWriter(
        f"{number}_{name}",
        found.app_label,
        operations,
        dependencies=found.dependencies,
        initial=found.initial,
        migrations_module=MIGRATIONS,
    )
    text = writer.as_string().replace("ops.CreateModel(", "CreateTable(")
    if "CreateTable(" in text:
        text = f"from server.kit.migrations import CreateTable\n{text}"
    path = writer.path()
    path.write_text(text, encoding="utf-8")
    return path


def main(arguments: list[str]) -> int:
    """Run `new NAME` and print what was written."""
    if len(arguments) != 2 or arguments[0] != "new":
        sys.stderr.write("usage: python -m server.migrate new NAME\n")
        return 2
    for path in asyncio.run(new_migration(arguments[1])):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

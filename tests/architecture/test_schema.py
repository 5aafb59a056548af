"""The migrated schema is what the models declare, down to each CHECK; each control shows that a difference is found."""

from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.operations import AlterModelOptions
from tortoise.models import Model

from server.kit.db import MODEL_MODULES, tortoise_config
from server.migrate import migrate, pending
from server.needs.models import Need
from server.proposals.models import Proposal
from tests.architecture.conftest import Walled
from tests.architecture.schema_differences import differences

# Facts that others published: everybody may read them, nobody writes them through the application.
REFERENCE = {
    "place",
    "place_code",
    "poverty_status",
    "fiscal_revenue",
    "published_record",
    "resource_type",
    "setting",
    "tortoise_migrations",
}

APPEND_ONLY = (
    "event",
    "ledger_entry",
    "stream_entry",
    "proposal_turn",
    "pledge_signature",
    "delivery_stage",
    "task_entry",
)

WITH_LIFECYCLE = (
    "needs",
    "offers",
    "proposals",
    "intents",
    "pledges",
    "deliveries",
    "pairings",
    "participants",
    "imports",
    "projects",
    "campaigns",
    "agreements",
    "meetings",
    "secondments",
    "tasks",
)


@pytest.fixture(scope="session")
async def models(walled: Walled) -> list[type[Model]]:
    async with TortoiseContext() as context:
        await context.init(config=tortoise_config(walled.owner_url))
        assert context.apps is not None
        return sorted(context.apps["models"].values(), key=lambda model: model._meta.db_table)


async def test_every_table_is_what_its_model_declares(owner: asyncpg.Connection, models: list[type[Model]]):
    found = [line for model in models for line in await differences(owner, model)]
    assert found == []


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE need DROP CONSTRAINT ck_need_status",
        "ALTER TABLE need DROP CONSTRAINT ck_need_priority, ADD CONSTRAINT ck_need_priority CHECK (priority > 0)",
        "ALTER TABLE need DROP CONSTRAINT need_participant_id_fkey",
        "ALTER TABLE need ALTER COLUMN quantity TYPE numeric(20,2)",
        "ALTER TABLE need ALTER COLUMN title DROP NOT NULL",
        "ALTER TABLE need ALTER COLUMN version DROP DEFAULT",
        "ALTER TABLE need ADD COLUMN forgotten text",
        "ALTER TABLE need ADD UNIQUE (title)",
        "CREATE INDEX unknown ON need (title)",
    ],
)
async def test_a_difference_is_found(owner: asyncpg.Connection, models: list[type[Model]], damage: str):
    await owner.execute(damage)
    assert await differences(owner, Need)


async def test_a_lost_partial_unique_index_is_found(owner: asyncpg.Connection, models: list[type[Model]]):
    await owner.execute("DROP INDEX uq_proposal_need_id_offer_id")
    assert await differences(owner, Proposal)


async def test_no_model_waits_for_a_migration(walled: Walled):
    config = tortoise_config(walled.owner_url)
    async with TortoiseContext() as context:
        await context.init(config=config)
        assert context.apps is not None
        found = await MigrationAutodetector(context.apps, config["apps"]).changes()
    operations = [each for writer in found for each in writer.operations]
    assert [each.describe() for each in operations if not isinstance(each, AlterModelOptions)] == []


async def test_migrating_again_changes_nothing(walled: Walled):
    assert await pending(walled.owner_url) == []
    assert await migrate(walled.owner_url) == []


@pytest.mark.parametrize("domain", WITH_LIFECYCLE)
async def test_the_check_on_status_allows_what_the_lifecycle_names(models: list[type[Model]], domain: str):
    lifecycle = import_module(f"server.{domain}.rules").LIFECYCLE
    table = {"deliveries": "delivery", "imports": "sheet_import"}.get(domain, domain.removesuffix("s"))
    (model,) = [model for model in models if model._meta.db_table == table]
    (check,) = [
        each.check
        for each in model._meta.constraints
        if isinstance(each, CheckConstraint) and each.name == f"ck_{table}_status"
    ]
    assert set(check.split("'")[1::2]) == set(lifecycle.statuses)


def test_every_module_with_models_is_listed():
    present = {f"server.{path.parent.name}.models" for path in Path("server").glob("*/models.py")}
    assert present == set(MODEL_MODULES)


UNWALLED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL($1)
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
      SELECT FROM pg_policies p
      WHERE p.tablename = c.relname AND p.roles = '{jiedui_owner}' AND p.cmd = 'ALL' AND p.qual = 'true'))
"""

GRANTED_WITHOUT_POLICY = """
SELECT g.table_name, g.privilege_type FROM information_schema.role_table_grants g
WHERE g.grantee = 'jiedui_app' AND g.table_schema = 'public' AND g.table_name <> ALL($1)
  AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = g.table_name AND p.roles = '{jiedui_app}'
                  AND p.cmd = g.privilege_type)
"""


async def test_every_tenant_table_forces_row_level_security(owner: asyncpg.Connection):
    assert await owner.fetch(UNWALLED, list(REFERENCE)) == []
    assert await owner.fetch(GRANTED_WITHOUT_POLICY, list(REFERENCE)) == []


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE pledge NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE pledge DISABLE ROW LEVEL SECURITY",
        "DROP POLICY owner_all ON pledge",
        "CREATE TABLE forgotten (id int)",
    ],
)
async def test_a_table_without_its_wall_is_found(owner: asyncpg.Connection, damage: str):
    await owner.execute(damage)
    assert len(await owner.fetch(UNWALLED, list(REFERENCE))) == 1


async def test_a_grant_without_a_policy_is_found(owner: asyncpg.Connection):
    await owner.execute("GRANT DELETE ON pledge TO jiedui_app")
    assert [tuple(row) for row in await owner.fetch(GRANTED_WITHOUT_POLICY, list(REFERENCE))] == [("pledge", "DELETE")]


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_what_is_append_only_cannot_be_changed_by_the_application(walled: Walled, table: str):
    app = await asyncpg.connect(walled.app_url)
    try:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement.replace("id = id", "seq = seq") if table == "stream_entry" else statement)
    finally:
        await app.close()


async def test_the_public_role_reads_no_table(owner: asyncpg.Connection):
    granted = await owner.fetch(
        "SELECT table_name FROM information_schema.role_table_grants WHERE grantee IN ('jiedui_public', 'PUBLIC')"
        " AND table_schema = 'public'"
    )
    assert granted == []


async def test_the_application_is_no_owner_and_passes_no_wall(walled: Walled):
    app = await asyncpg.connect(walled.app_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("ALTER TABLE pledge DISABLE ROW LEVEL SECURITY")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("SET ROLE jiedui_owner")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("CREATE TABLE own (id int)")
    finally:
        await app.close()

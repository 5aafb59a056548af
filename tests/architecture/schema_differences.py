"""What differs between the models and a migrated database, as lines that a developer can act on."""

import re
from typing import Any

import asyncpg
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

TYPES = {
    "VARCHAR": "character varying",
    "DECIMAL": "numeric",
    "INT": "integer",
    "BOOL": "boolean",
    "TIMESTAMPTZ": "timestamp with time zone",
}

COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       pg_get_expr(d.adbin, d.adrelid) AS default
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""

CHECKS = """
SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
WHERE conrelid = $1::text::regclass AND contype = 'c'
"""

FOREIGN_KEYS = """
SELECT a.attname AS name, c.confrelid::regclass::text AS target, c.confdeltype::text AS on_delete
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.conrelid = $1::text::regclass AND c.contype = 'f'
"""

INDEXES = """
SELECT i.indisunique AS is_unique, i.indisprimary AS is_primary, pg_get_expr(i.indpred, i.indrelid) AS condition,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, false)
             FROM generate_series(1, i.indnkeyatts) AS n) AS columns
FROM pg_index i WHERE i.indrelid = $1::text::regclass
"""


async def differences(connection: asyncpg.Connection, model: type[Model]) -> list[str]:
    """Name everything in which a model and its table differ; needs a transaction as owner."""
    table = model._meta.db_table
    found = [
        *_compare(_declared_columns(model), await _columns(connection, table)),
        *_compare(await _declared_checks(connection, model), await _checks(connection, table)),
        *_compare(_declared_foreign_keys(model), await _foreign_keys(connection, table)),
        *_compare(await _declared_indexes(connection, model), await _indexes(connection, table)),
    ]
    return [f"{table}: {line}" for line in found]


def _compare(declared: dict[Any, Any], present: dict[Any, Any]) -> list[str]:
    names = sorted(declared.keys() | present.keys(), key=str)
    return [
        f"{name}: declared {declared.get(name)}, in the database {present.get(name)}"
        for name in names
        if declared.get(name) != present.get(name)
    ]


def _declared_columns(model: type[Model]) -> dict[str, tuple[str, bool, str | None]]:
    found = {}
    for name, column in model._meta.fields_db_projection.items():
        field = model._meta.fields_map[name]
        kind, _, rest = str(field.get_for_dialect("postgres", "SQL_TYPE")).partition("(")
        type_name = TYPES.get(kind, kind.lower()) + (f"({rest}" if rest else "")
        default = field.db_default.get_sql() if field.has_db_default() else None
        found[column] = (type_name, not field.null, default)
    return found


async def _columns(connection: asyncpg.Connection, table: str) -> dict[str, tuple[str, bool, str | None]]:
    return {
        row["name"]: (row["type"], row["required"], _plain(row["default"]))
        for row in await connection.fetch(COLUMNS, table)
    }


def _plain(default: str | None) -> str | None:
    """A default as it was written: without the cast that PostgreSQL adds."""
    if default is None:
        return None
    return re.sub(r"::[a-z ]+(\[\])?$", "", default).replace("'\\x'", "''")


async def _declared_checks(connection: asyncpg.Connection, model: type[Model]) -> dict[str, str]:
    """Let PostgreSQL write the declared conditions in its own words, on a table like the real one."""
    checks = [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    await connection.execute(f'CREATE TEMP TABLE probe (LIKE "{model._meta.db_table}")')
    try:
        for check in checks:
            await connection.execute(f'ALTER TABLE probe ADD CONSTRAINT "{check.name}" CHECK ({check.check})')
        return await _checks(connection, "probe")
    finally:
        await connection.execute("DROP TABLE probe")


async def _checks(connection: asyncpg.Connection, table: str) -> dict[str, str]:
    return {row["name"]: row["definition"] for row in await connection.fetch(CHECKS, table)}


def _declared_foreign_keys(model: type[Model]) -> dict[str, tuple[str, str]]:
    found = {}
    for name in model._meta.fk_fields | model._meta.o2o_fields:
        field = model._meta.fields_map[name]
        if isinstance(field, ForeignKeyFieldInstance):
            # PostgreSQL's letter for RESTRICT is r, for NO ACTION a: the word's first letter otherwise.
            found[f"{name}_id"] = (field.related_model._meta.db_table, str(field.on_delete.value)[0].lower())
    return found


async def _foreign_keys(connection: asyncpg.Connection, table: str) -> dict[str, tuple[str, str]]:
    return {row["name"]: (row["target"], row["on_delete"]) for row in await connection.fetch(FOREIGN_KEYS, table)}


IndexKey = tuple[bool, tuple[str, ...], str | None]


async def _declared_indexes(connection: asyncpg.Connection, model: type[Model]) -> dict[IndexKey, str]:
    columns = model._meta.fields_db_projection
    found: dict[IndexKey, str] = {}
    for name, column in columns.items():
        field = model._meta.fields_map[name]
        if field.pk or field.unique:
            found[True, (column,), None] = "index"
        elif field.index:
            found[False, (column,), None] = "index"
    for index in model._meta.indexes:
        names = index.field_names if isinstance(index, Index) else index
        some = index.extra.removeprefix(" WHERE ") if isinstance(index, PartialIndex) else ""
        condition = await _in_database_words(connection, model, some) if some else None
        found[False, tuple(columns[name] for name in names), condition] = "index"
    for each in model._meta.constraints:
        if isinstance(each, UniqueConstraint):
            condition = each.condition and await _in_database_words(connection, model, each.condition)
            found[True, tuple(columns[name] for name in each.fields), condition] = "index"
    return found


async def _in_database_words(connection: asyncpg.Connection, model: type[Model], condition: str) -> str:
    await connection.execute(f'CREATE TEMP TABLE probe (LIKE "{model._meta.db_table}")')
    try:
        await connection.execute(f"CREATE INDEX probed ON probe ((true)) WHERE {condition}")
        return await connection.fetchval(
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'probed'::regclass"
        )
    finally:
        await connection.execute("DROP TABLE probe")


async def _indexes(connection: asyncpg.Connection, table: str) -> dict[IndexKey, str]:
    """Indexes over columns; those over expressions (the search) belong to their migration alone."""
    return {
        (row["is_unique"], tuple(name.strip('"') for name in row["columns"]), row["condition"]): "index"
        for row in await connection.fetch(INDEXES, table)
        if not any("(" in name for name in row["columns"])
    }

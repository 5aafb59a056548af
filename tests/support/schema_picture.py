"""A database's schema as a set of lines, each in PostgreSQL's own words: two are the same if their lines are.

Everything that migrations make: columns, constraints, indexes, walls, grants, functions, triggers, views, extensions.
"""

import re

import asyncpg

RELATION = "c.relnamespace = 'public'::regnamespace"

LINES = f"""
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || ' ' || a.attgenerated::text || a.attidentity::text || coalesce(' ' || co.collname, '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE {RELATION} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'relation ' || c.relname || ' ' || c.relkind::text || ' owner ' || pg_get_userbyid(c.relowner)
    || ' walled ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity
FROM pg_class c WHERE {RELATION} AND c.relkind <> 'i'
UNION ALL
SELECT 'grant on ' || c.relname || ' ' || g::text FROM pg_class c, unnest(c.relacl) AS g WHERE {RELATION}
UNION ALL
SELECT 'grant on ' || c.relname || '.' || a.attname || ' ' || g::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, unnest(a.attacl) AS g WHERE {RELATION}
UNION ALL
SELECT 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ' valid ' || k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {RELATION}
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' valid ' || i.indisvalid
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE {RELATION}
UNION ALL
SELECT 'policy ' || tablename || ' ' || policyname || ' ' || permissive || ' ' || cmd || ' ' || roles::text
    || coalesce(' using ' || qual, '') || coalesce(' check ' || with_check, '')
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) || ' owner ' || pg_get_userbyid(p.proowner)
    || ' grants ' || coalesce((SELECT string_agg(g::text, ' ' ORDER BY g::text) FROM unnest(p.proacl) AS g), '')
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE {RELATION} AND NOT t.tgisinternal
UNION ALL
SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
UNION ALL
SELECT 'extension ' || extname || ' ' || extversion FROM pg_extension"""  # no input in it


async def picture(connection: asyncpg.Connection) -> set[str]:
    """The schema `public` of a database."""
    return {row[0] for row in await connection.fetch(LINES)}


def as_reread(lines: set[str]) -> set[str]:
    """The lines without casts of words and brackets, which PostgreSQL places otherwise when it reads its own dump."""
    return {re.sub(r"::(character varying|text)(\[\])?|[()]", "", line) for line in lines}

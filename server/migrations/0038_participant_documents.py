"""What an application shows by document, and how the names sound of those that are registered already."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from server.participants.names import name_key
from tortoise.indexes import Index


async def hear(_: Any, schema_editor: Any) -> None:
    """Fill in how the names sound."""
    client = schema_editor.client
    rows = await client.execute_query_dict("SELECT id, name_zh FROM participant WHERE name_key = ''")
    await client.execute_query(
        "UPDATE participant SET name_key = heard.key FROM unnest($1::uuid[], $2::text[]) AS heard(id, key)"
        " WHERE participant.id = heard.id",
        [[row["id"] for row in rows], [name_key(row["name_zh"]) for row in rows]],
    )


class Migration(migrations.Migration):
    dependencies = [('models', '0037_asked_departments')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Participant',
            name='documents',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Participant',
            name='name_key',
            field=fields.CharField(default='', db_default=SqlDefault("''"), max_length=600),
        ),
        ops.AddIndex(
            model_name='Participant',
            index=Index(fields=['name_key']),
        ),
        ops.RunPython(hear),
    ]

"""Versions of the docking settings, and what a run leaves beside its suggestions: read by overseers, kept for good."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

OVERSIGHT = "(SELECT jiedui_is_system()) OR (SELECT jiedui_oversight())::text[] <> '{}'"
SYSTEM = "(SELECT jiedui_is_system())"


def wall(table: str, add: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({OVERSIGHT});
GRANT SELECT ON {table} TO jiedui_app;
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({add});
GRANT INSERT ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0002_row_level_security')]

    initial = False

    operations = [
        CreateTable(
            name='DockingResult',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('run', fields.OneToOneField('models.DockingRun', source_field='run_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('needs', fields.BinaryField()),
                ('offers', fields.BinaryField()),
                ('counties', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'docking_result', 'app': 'models', 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='DockingSettings',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField()),
                ('chosen', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('set_by', fields.UUIDField(null=True)),
                ('set_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'docking_settings', 'app': 'models', 'constraints': [UniqueConstraint(fields=('version',), name='uq_docking_settings_version'), CheckConstraint(check='version > 0', name='ck_docking_settings_version')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(wall("docking_result", SYSTEM)),
        ops.RunSQL(wall("docking_settings", OVERSIGHT)),
    ]

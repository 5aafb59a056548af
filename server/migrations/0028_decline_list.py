"""Versions of the coded reasons to decline: read by everybody who is signed in, added by overseers, kept for good."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

WALL = """
ALTER TABLE decline_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE decline_list FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON decline_list TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON decline_list FOR SELECT TO jiedui_app USING ((SELECT jiedui_signed_in()));
CREATE POLICY app_add ON decline_list FOR INSERT TO jiedui_app
    WITH CHECK ((SELECT jiedui_is_system()) OR (SELECT jiedui_oversight())::text[] <> '{}');
GRANT SELECT, INSERT ON decline_list TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0027_exported_reports')]

    initial = False

    operations = [
        CreateTable(
            name='DeclineList',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField()),
                ('reasons', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('set_by', fields.UUIDField(null=True)),
                ('set_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'decline_list', 'app': 'models', 'constraints': [UniqueConstraint(fields=('version',), name='uq_decline_list_version'), CheckConstraint(check='version > 0', name='ck_decline_list_version')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]

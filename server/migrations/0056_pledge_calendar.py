"""Versions of the calendar of urging and checks: read by everybody who is signed in, added by overseers; a pledge keeps its own."""

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
ALTER TABLE pledge_calendar ENABLE ROW LEVEL SECURITY;
ALTER TABLE pledge_calendar FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON pledge_calendar TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON pledge_calendar FOR SELECT TO jiedui_app USING ((SELECT jiedui_signed_in()));
CREATE POLICY app_add ON pledge_calendar FOR INSERT TO jiedui_app
    WITH CHECK ((SELECT jiedui_is_system()) OR (SELECT jiedui_oversight())::text[] <> '{}');
GRANT SELECT, INSERT ON pledge_calendar TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0055_unit_tasks")]

    initial = False

    operations = [
        CreateTable(
            name='PledgeCalendar',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField()),
                ('chosen', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('set_by', fields.UUIDField(null=True)),
                ('set_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pledge_calendar', 'app': 'models', 'constraints': [UniqueConstraint(fields=('version',), name='uq_pledge_calendar_version'), CheckConstraint(check='version > 0', name='ck_pledge_calendar_version')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='Pledge',
            name='calendar_version',
            field=fields.IntField(default=0, db_default=SqlDefault('0')),
        ),
        ops.RunSQL(WALL),
    ]

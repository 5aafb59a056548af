"""Exported files: each for the person who asked for it and nobody else."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

OWN = "(SELECT jiedui_is_system()) OR created_by::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE export ENABLE ROW LEVEL SECURITY;
ALTER TABLE export FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON export TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON export FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON export FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON export FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY app_remove ON export FOR DELETE TO jiedui_app USING ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON export TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0019_parts_and_value')]

    initial = False

    operations = [
        CreateTable(
            name='Export',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('created_by', fields.UUIDField(db_index=True)),
                ('list_name', fields.CharField(max_length=40)),
                ('format', fields.CharField(max_length=40)),
                ('language', fields.CharField(max_length=40)),
                ('query', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('job_id', fields.UUIDField(null=True)),
                ('rows', fields.IntField(null=True)),
                ('file_name', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('content', fields.BinaryField(null=True)),
                ('made_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'export', 'app': 'models', 'constraints': [CheckConstraint(check='"list_name" IN (\'needs\', \'offers\', \'proposals\', \'pledges\', \'deliveries\', \'coverage\', \'ledger\')', name='ck_export_list_name'), CheckConstraint(check='"format" IN (\'xlsx\', \'print\')', name='ck_export_format'), CheckConstraint(check='"language" IN (\'zh-CN\', \'en\')', name='ck_export_language'), CheckConstraint(check='(content IS NULL) = (made_at IS NULL)', name='ck_export_made')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]

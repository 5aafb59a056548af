"""Workbooks that participants bring, and their rows: for their own members alone; nothing else reads them."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

OWN = "(SELECT jiedui_is_system()) OR participant_id = ANY ((SELECT jiedui_participants())::uuid[])"


def wall(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY app_remove ON {table} FOR DELETE TO jiedui_app USING ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0015_names_of_a_units_people')]

    initial = False

    operations = [
        CreateTable(
            name='SheetImport',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('kind', fields.CharField(max_length=40)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_by', fields.UUIDField()),
                ('file_name', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('sheet_name', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('other_sheets', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('hidden_sheets', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('header_hash', fields.CharField(max_length=64)),
                ('columns', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('mapping', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('constants', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('complete', fields.BooleanField(default=False, db_default=SqlDefault('false'))),
                ('passed_over', fields.IntField(default=0, db_default=SqlDefault('0'))),
                ('status', fields.CharField(max_length=40)),
                ('job_id', fields.UUIDField(null=True)),
            ],
            options={'table': 'sheet_import', 'app': 'models', 'constraints': [CheckConstraint(check='"kind" IN (\'needs\', \'offers\')', name='ck_sheet_import_kind'), CheckConstraint(check='"status" IN (\'uploaded\', \'checking\', \'checked\', \'writing\', \'written\')', name='ck_sheet_import_status'), CheckConstraint(check='passed_over >= 0', name='ck_sheet_import_passed_over')], 'indexes': [Index(fields=['participant_id', 'kind', 'header_hash'])], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='SheetRow',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('sheet', fields.ForeignKeyField('models.SheetImport', source_field='sheet_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('participant_id', fields.UUIDField()),
                ('number', fields.IntField()),
                ('cells', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('edits', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('status', fields.CharField(max_length=40)),
                ('faults', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('differences', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('take', fields.CharField(null=True, max_length=40)),
                ('record_id', fields.UUIDField(null=True)),
                ('outcome', fields.CharField(null=True, max_length=40)),
                ('reference', fields.CharField(default='', db_default=SqlDefault("''"), max_length=80)),
            ],
            options={'table': 'sheet_row', 'app': 'models', 'constraints': [UniqueConstraint(fields=('sheet_id', 'number'), name='uq_sheet_row_sheet_id_number'), CheckConstraint(check='"status" IN (\'waiting\', \'bad\', \'new\', \'changed\', \'same\', \'written\')', name='ck_sheet_row_status'), CheckConstraint(check='"take" IN (\'sheet\', \'books\')', name='ck_sheet_row_take'), CheckConstraint(check='"outcome" IN (\'created\', \'updated\')', name='ck_sheet_row_outcome'), CheckConstraint(check='number > 0', name='ck_sheet_row_number')], 'indexes': [Index(fields=['sheet_id', 'status', 'number']), Index(fields=['sheet_id', 'reference'])], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.RunSQL(wall("sheet_import")),
        ops.RunSQL(wall("sheet_row")),
    ]

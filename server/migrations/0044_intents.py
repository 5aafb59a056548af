"""Intents: what a giver means to give; seen by both sides and those above, in no account and in no sum."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
SIDES = f"""(SELECT jiedui_is_system()) OR COALESCE(county_id = ANY ({PARTICIPANTS}), false)
    OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false)
    OR COALESCE(county_code, '') LIKE ANY ((SELECT jiedui_oversight())::text[])"""
WALL = f"""
ALTER TABLE intent ENABLE ROW LEVEL SECURITY;
ALTER TABLE intent FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON intent TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON intent FOR SELECT TO jiedui_app USING ({SIDES});
CREATE POLICY app_add ON intent FOR INSERT TO jiedui_app WITH CHECK ({SIDES});
CREATE POLICY app_change ON intent FOR UPDATE TO jiedui_app USING ({SIDES}) WITH CHECK ({SIDES});
GRANT SELECT, INSERT, UPDATE ON intent TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0043_risk_flags')]

    initial = False

    operations = [
        CreateTable(
            name='Intent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('need', fields.ForeignKeyField('models.Need', source_field='need_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('quantity', fields.DecimalField(max_digits=20, decimal_places=3)),
                ('by_day', fields.DateField()),
                ('words', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('status', fields.CharField(max_length=40)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'intent', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'stated\', \'withdrawn\', \'taken_up\', \'lapsed\')', name='ck_intent_status'), UniqueConstraint(fields=('need_id', 'giver_id'), name='uq_intent_need_id_giver_id', condition="status = 'stated'"), CheckConstraint(check='quantity > 0', name='ck_intent_quantity')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        ops.RunSQL(WALL),
    ]

"""Terms of seconded cadres and professionals, with their wall: both sides, and those above read."""

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
from tortoise.migrations.constraints import CheckConstraint

SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SIDES = f"{SYSTEM} OR county_id = ANY ({PARTICIPANTS}) OR giver_id = ANY ({PARTICIPANTS})"


def wall(table: str, read: str, ours: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({read});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({ours});
CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({ours}) WITH CHECK ({ours});
GRANT SELECT, INSERT, UPDATE ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0052_who_answered_proposals")]

    initial = False

    operations = [
        CreateTable(
            name='Secondment',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('direction', fields.CharField(max_length=40)),
                ('kind', fields.CharField(max_length=40)),
                ('field_of_work', fields.CharField(default='', db_default=SqlDefault("''"), max_length=100)),
                ('sealed', fields.BinaryField(null=True)),
                ('key_id', fields.CharField(null=True, max_length=40)),
                ('post', fields.CharField(default='', db_default=SqlDefault("''"), max_length=100)),
                ('sending_office', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('receiving_office', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('term_from', fields.DateField()),
                ('term_to', fields.DateField()),
                ('began_on', fields.DateField(null=True)),
                ('ended_on', fields.DateField(null=True)),
                ('status', fields.CharField(max_length=40)),
                ('reviews', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'secondment', 'app': 'models', 'constraints': [CheckConstraint(check='"direction" IN (\'to_county\', \'to_giver\')', name='ck_secondment_direction'), CheckConstraint(check='"kind" IN (\'cadre\', \'professional\')', name='ck_secondment_kind'), CheckConstraint(check='"status" IN (\'selected\', \'appointed\', \'on_post\', \'ended\', \'withdrawn\')', name='ck_secondment_status'), CheckConstraint(check='term_from <= term_to', name='ck_secondment_term'), CheckConstraint(check='(sealed IS NULL) = (key_id IS NULL)', name='ck_secondment_name'), CheckConstraint(check="status NOT IN ('on_post', 'ended') OR began_on IS NOT NULL", name='ck_secondment_began'), CheckConstraint(check="(status = 'ended') = (ended_on IS NOT NULL)", name='ck_secondment_ended'), CheckConstraint(check='ended_on >= began_on', name='ck_secondment_order')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        ops.RunSQL(wall("secondment", f"{SIDES} OR county_code LIKE ANY ({OVERSIGHT})", SIDES)),
    ]

"""Yearly agreements of pairings, the versions of their text and the signatures under them, with their walls."""

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

SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SIDES = f"{SYSTEM} OR county_id = ANY ({PARTICIPANTS}) OR giver_id = ANY ({PARTICIPANTS})"
VISIBLE = "EXISTS (SELECT FROM agreement AS parent WHERE parent.id = agreement_id)"
OURS = f"EXISTS (SELECT FROM agreement AS parent WHERE parent.id = agreement_id AND ({SIDES}))"
SIGNED = f"({OURS}) AND ({SYSTEM} OR user_id::text = (SELECT jiedui_actor()))"


def wall(table: str, read: str, add: str, change: str | None) -> str:
    grants = "SELECT, INSERT, UPDATE" if change else "SELECT, INSERT"
    changing = f"CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({change}) WITH CHECK ({change});"
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({read});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({add});
{changing if change else ""}
GRANT {grants} ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0041_forgetting_people')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Export',
            name='ck_export_list_name',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Export',
            constraint=CheckConstraint(check='"list_name" IN (\'needs\', \'offers\', \'proposals\', \'pledges\', \'deliveries\', \'coverage\', \'overdue\', \'ledger\', \'ledger_sums\', \'ledger_pledges\', \'projects\', \'integration\', \'targets\', \'money\', \'project_form\', \'monthly_progress\')', name='ck_export_list_name'),
        ),
        CreateTable(
            name='Agreement',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('year', fields.IntField()),
                ('status', fields.CharField(max_length=40)),
                ('revision', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('effective_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'agreement', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'draft\', \'awaiting_signature\', \'effective\', \'withdrawn\')', name='ck_agreement_status'), UniqueConstraint(fields=('pairing_id', 'county_id', 'year'), name='uq_agreement_pairing_id_county_id_year', condition="status <> 'withdrawn'"), CheckConstraint(check='year BETWEEN 2000 AND 2100', name='ck_agreement_year'), CheckConstraint(check='revision > 0', name='ck_agreement_revision'), CheckConstraint(check="status <> 'effective' OR effective_at IS NOT NULL", name='ck_agreement_effective')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='AgreementSignature',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('agreement', fields.ForeignKeyField('models.Agreement', source_field='agreement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('revision', fields.IntField()),
                ('side', fields.CharField(max_length=40)),
                ('user_id', fields.UUIDField()),
                ('text_hash', fields.CharField(max_length=64)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'agreement_signature', 'app': 'models', 'constraints': [UniqueConstraint(fields=('agreement_id', 'revision', 'side'), name='uq_agreement_signature_agreement_id_revision_side'), CheckConstraint(check='"side" IN (\'county\', \'giver\')', name='ck_agreement_signature_side')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        CreateTable(
            name='AgreementVersion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('agreement', fields.ForeignKeyField('models.Agreement', source_field='agreement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('revision', fields.IntField()),
                ('status', fields.CharField(max_length=40)),
                ('window_from', fields.DateField()),
                ('window_to', fields.DateField()),
                ('targets', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('terms', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('text_zh', fields.TextField(unique=False)),
                ('text_en', fields.TextField(unique=False)),
                ('text_hash', fields.CharField(max_length=64)),
                ('note', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('by_side', fields.CharField(null=True, max_length=40)),
                ('user_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'agreement_version', 'app': 'models', 'constraints': [UniqueConstraint(fields=('agreement_id', 'revision'), name='uq_agreement_version_agreement_id_revision'), UniqueConstraint(fields=('agreement_id',), name='uq_agreement_version_agreement_id', condition="status = 'proposed'"), CheckConstraint(check='"status" IN (\'standing\', \'proposed\', \'replaced\', \'declined\')', name='ck_agreement_version_status'), CheckConstraint(check='"by_side" IN (\'county\', \'giver\')', name='ck_agreement_version_by_side'), CheckConstraint(check='window_from <= window_to', name='ck_agreement_version_window')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.RunSQL(
            wall("agreement", f"{SIDES} OR county_code LIKE ANY ({OVERSIGHT})", SIDES, SIDES)
            + wall("agreement_version", VISIBLE, OURS, OURS)
            + wall("agreement_signature", VISIBLE, SIGNED, None)
        ),
    ]

"""Year-end material of pairings with its wall: a draft is its own side's until the other side was asked once."""

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
OWN = f"{SYSTEM} OR CASE side WHEN 'county' THEN county_id ELSE giver_id END = ANY ({PARTICIPANTS})"
SIDES = f"county_id = ANY ({PARTICIPANTS}) OR giver_id = ANY ({PARTICIPANTS})"
ASKED = f"asked_at IS NOT NULL AND ({SIDES})"
WALL = f"""
ALTER TABLE year_summary ENABLE ROW LEVEL SECURITY;
ALTER TABLE year_summary FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON year_summary TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON year_summary FOR SELECT TO jiedui_app
    USING ({OWN} OR ({ASKED}) OR (asked_at IS NOT NULL AND county_code LIKE ANY ({OVERSIGHT})));
CREATE POLICY app_add ON year_summary FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON year_summary FOR UPDATE TO jiedui_app
    USING ({OWN} OR ({ASKED})) WITH CHECK ({OWN} OR ({ASKED}));
GRANT SELECT, INSERT, UPDATE ON year_summary TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0057_unattached_uploads")]

    initial = False

    operations = [
        CreateTable(
            name='YearSummary',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('year', fields.IntField()),
                ('side', fields.CharField(max_length=40)),
                ('status', fields.CharField(max_length=40)),
                ('revision', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('body', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('figures', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
                ('written_by', fields.UUIDField()),
                ('asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('opinion', fields.CharField(null=True, max_length=40)),
                ('opinion_text', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('opinion_by', fields.UUIDField(null=True)),
                ('opinion_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('history', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'year_summary', 'app': 'models', 'constraints': [UniqueConstraint(fields=('pairing_id', 'county_id', 'giver_id', 'year', 'side'), name='uq_year_summary_pairing_id_county_id_giver_id_year_side'), CheckConstraint(check='"side" IN (\'county\', \'giver\')', name='ck_year_summary_side'), CheckConstraint(check='"status" IN (\'draft\', \'consulted\', \'answered\')', name='ck_year_summary_status'), CheckConstraint(check='"opinion" IN (\'agree\', \'remarks\')', name='ck_year_summary_opinion'), CheckConstraint(check='year BETWEEN 2000 AND 2100', name='ck_year_summary_year'), CheckConstraint(check="status = 'draft' OR asked_at IS NOT NULL", name='ck_year_summary_asked'), CheckConstraint(check="(status = 'answered') = (opinion IS NOT NULL)", name='ck_year_summary_answered')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        ops.RemoveConstraint(
            model_name='Export',
            name='ck_export_list_name',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Export',
            constraint=CheckConstraint(check='"list_name" IN (\'needs\', \'offers\', \'proposals\', \'pledges\', \'deliveries\', \'coverage\', \'overdue\', \'ledger\', \'ledger_sums\', \'ledger_pledges\', \'projects\', \'integration\', \'targets\', \'money\', \'project_form\', \'monthly_progress\', \'year_report\', \'agreement_form\', \'meetings\', \'pairing_health\')', name='ck_export_list_name'),
        ),
        ops.RunSQL(WALL),
    ]

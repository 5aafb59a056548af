"""The county's project library and the sources of funds of each project, with their walls."""

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
from tortoise.migrations.constraints import CheckConstraint

SIGNED_IN = "(SELECT jiedui_signed_in())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SYSTEM = "(SELECT jiedui_is_system())"
OWN = f"{SYSTEM} OR COALESCE(participant_id = ANY ({PARTICIPANTS}), false)"
COUNTIES = (
    f"{OWN} OR partner_ids && {PARTICIPANTS}"
    f" OR EXISTS (SELECT FROM unnest(county_codes) AS code WHERE code LIKE ANY ({OVERSIGHT}))"
)
VISIBLE = "EXISTS (SELECT FROM project AS parent WHERE parent.id = project_id)"
WRITTEN = f"EXISTS (SELECT FROM project AS parent WHERE parent.id = project_id AND ({OWN}))"
WALL = f"""
ALTER TABLE project ENABLE ROW LEVEL SECURITY;
ALTER TABLE project FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON project TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON project FOR SELECT TO jiedui_app
    USING (({SIGNED_IN} AND notice_from IS NOT NULL) OR {COUNTIES});
CREATE POLICY app_add ON project FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON project FOR UPDATE TO jiedui_app USING ({COUNTIES}) WITH CHECK ({COUNTIES});
GRANT SELECT, INSERT, UPDATE ON project TO jiedui_app;
ALTER TABLE project_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE project_source FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON project_source TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON project_source FOR SELECT TO jiedui_app USING ({VISIBLE});
CREATE POLICY app_add ON project_source FOR INSERT TO jiedui_app WITH CHECK ({WRITTEN});
CREATE POLICY app_remove ON project_source FOR DELETE TO jiedui_app USING ({WRITTEN});
GRANT SELECT, INSERT, DELETE ON project_source TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0024_notices')]

    initial = False

    operations = [
        CreateTable(
            name='Project',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('place', fields.ForeignKeyField('models.Place', source_field='place_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('county_codes', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('partner_ids', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='UUID')),
                ('agreed_ids', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='UUID')),
                ('title', fields.CharField(max_length=200)),
                ('head', fields.CharField(max_length=40)),
                ('nature', fields.CharField(max_length=40)),
                ('villages', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('window_from', fields.DateField()),
                ('window_to', fields.DateField()),
                ('responsible_unit', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('responsible_post', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('description', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('tasks', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('cost_fen', fields.BigIntField()),
                ('subsidy_standard', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('households', fields.IntField(null=True)),
                ('persons', fields.IntField(null=True)),
                ('performance_target', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('participation', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('status', fields.CharField(db_index=True, max_length=40)),
                ('plan_year', fields.IntField(null=True)),
                ('notice_from', fields.DateField(null=True)),
                ('notice_to', fields.DateField(null=True)),
                ('notice_at', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('entered_on', fields.DateField(null=True)),
                ('started_on', fields.DateField(null=True)),
                ('completed_on', fields.DateField(null=True)),
                ('handed_over_on', fields.DateField(null=True)),
                ('handed_to', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'project', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'proposal\', \'notice\', \'review\', \'returned\', \'rejected\', \'library\', \'planned\', \'implementing\', \'completed\', \'handed_over\', \'left\')', name='ck_project_status'), CheckConstraint(check='"head" IN (\'funds\', \'industry\', \'labour\', \'talent\', \'training\', \'goods\', \'works\', \'consumption\', \'education\', \'health\')', name='ck_project_head'), CheckConstraint(check='"nature" IN (\'new\', \'continued\', \'rebuilt\')', name='ck_project_nature'), CheckConstraint(check='window_from <= window_to', name='ck_project_window'), CheckConstraint(check='cost_fen > 0', name='ck_project_cost'), CheckConstraint(check='households >= 0 AND persons >= 0', name='ck_project_beneficiaries'), CheckConstraint(check='notice_to - notice_from >= 9', name='ck_project_notice'), CheckConstraint(check="status IN ('proposal', 'returned', 'left') OR notice_to IS NOT NULL", name='ck_project_noticed'), CheckConstraint(check="status NOT IN ('library', 'planned', 'implementing', 'completed', 'handed_over') OR length(trim(performance_target)) > 0", name='ck_project_target'), CheckConstraint(check="status NOT IN ('planned', 'implementing') OR plan_year IS NOT NULL", name='ck_project_planned')], 'indexes': [Index(fields=['created_at', 'id']), Index(fields=['plan_year', 'county_code'])], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='ProjectSource',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('project', fields.ForeignKeyField('models.Project', source_field='project_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=40)),
                ('name', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('amount_fen', fields.BigIntField()),
            ],
            options={'table': 'project_source', 'app': 'models', 'constraints': [CheckConstraint(check='"kind" IN (\'central\', \'provincial\', \'prefecture\', \'county\', \'east_west\', \'designated\', \'social\', \'own\', \'loan\', \'other\')', name='ck_project_source_kind'), CheckConstraint(check='amount_fen > 0', name='ck_project_source_amount')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]

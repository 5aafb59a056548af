"""Campaigns, their aims, who joined and which pledges belong to them, with their walls."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

READS = "(SELECT jiedui_reads_field())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SYSTEM = "(SELECT jiedui_is_system())"
RUNS = f"{SYSTEM} OR organiser_id = ANY ({PARTICIPANTS}) OR county_code LIKE ANY ({OVERSIGHT})"
PARTIES = f"{RUNS} OR host_id = ANY ({PARTICIPANTS})"
READERS = f"{PARTIES} OR COALESCE(charity_id = ANY ({PARTICIPANTS}), false)"
VISIBLE = "EXISTS (SELECT FROM campaign AS parent WHERE parent.id = campaign_id)"
RUN = f"EXISTS (SELECT FROM campaign AS parent WHERE parent.id = campaign_id AND ({RUNS}))"
WALL = f"""
ALTER TABLE campaign ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON campaign TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON campaign FOR SELECT TO jiedui_app USING (({READS} AND opened_on IS NOT NULL) OR {READERS});
CREATE POLICY app_add ON campaign FOR INSERT TO jiedui_app WITH CHECK ({RUNS});
CREATE POLICY app_change ON campaign FOR UPDATE TO jiedui_app USING ({PARTIES}) WITH CHECK ({PARTIES});
GRANT SELECT, INSERT, UPDATE ON campaign TO jiedui_app;
ALTER TABLE campaign_aim ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign_aim FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON campaign_aim TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON campaign_aim FOR SELECT TO jiedui_app USING ({VISIBLE});
CREATE POLICY app_add ON campaign_aim FOR INSERT TO jiedui_app WITH CHECK ({RUN});
CREATE POLICY app_remove ON campaign_aim FOR DELETE TO jiedui_app USING ({RUN});
GRANT SELECT, INSERT, DELETE ON campaign_aim TO jiedui_app;
ALTER TABLE campaign_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON campaign_entry TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON campaign_entry FOR SELECT TO jiedui_app USING ({VISIBLE});
CREATE POLICY app_add ON campaign_entry FOR INSERT TO jiedui_app
    WITH CHECK (({SYSTEM} OR participant_id = ANY ({PARTICIPANTS})) AND {VISIBLE});
GRANT SELECT, INSERT ON campaign_entry TO jiedui_app;
ALTER TABLE campaign_pledge ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign_pledge FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON campaign_pledge TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON campaign_pledge FOR SELECT TO jiedui_app
    USING ({SYSTEM} OR giver_id = ANY ({PARTICIPANTS})
        OR EXISTS (SELECT FROM campaign AS parent WHERE parent.id = campaign_id AND ({READERS})));
CREATE POLICY app_add ON campaign_pledge FOR INSERT TO jiedui_app
    WITH CHECK (({SYSTEM} OR giver_id = ANY ({PARTICIPANTS})) AND {VISIBLE});
GRANT SELECT, INSERT ON campaign_pledge TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0039_more_kinds_of_sheets')]

    initial = False

    operations = [
        CreateTable(
            name='Campaign',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('organiser', fields.ForeignKeyField('models.Participant', source_field='organiser_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('host', fields.ForeignKeyField('models.Participant', source_field='host_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('charity', fields.ForeignKeyField('models.Participant', source_field='charity_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('title', fields.CharField(max_length=200)),
                ('description', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('conditions', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('villages', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('window_from', fields.DateField()),
                ('window_to', fields.DateField()),
                ('status', fields.CharField(db_index=True, max_length=40)),
                ('consented_on', fields.DateField(null=True)),
                ('consented_by', fields.UUIDField(null=True)),
                ('opened_on', fields.DateField(null=True)),
                ('closed_on', fields.DateField(null=True)),
                ('reported_on', fields.DateField(null=True)),
                ('report', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('thanks', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'campaign', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'draft\', \'consent_asked\', \'refused\', \'consented\', \'open\', \'closed\', \'reported\', \'withdrawn\')', name='ck_campaign_status'), CheckConstraint(check='window_from <= window_to', name='ck_campaign_window'), CheckConstraint(check='organiser_id <> host_id', name='ck_campaign_parties'), CheckConstraint(check="status NOT IN ('consented', 'open', 'closed', 'reported') OR (consented_on IS NOT NULL AND consented_by IS NOT NULL)", name='ck_campaign_consent'), CheckConstraint(check="status NOT IN ('open', 'closed', 'reported') OR opened_on IS NOT NULL", name='ck_campaign_opened'), CheckConstraint(check="status <> 'reported' OR length(trim(report)) > 0", name='ck_campaign_report')], 'indexes': [Index(fields=['created_at', 'id'])], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='CampaignAim',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('campaign', fields.ForeignKeyField('models.Campaign', source_field='campaign_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('resource_type', fields.ForeignKeyField('models.ResourceType', source_field='resource_type_id', db_constraint=True, to_field='code', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('quantity', fields.DecimalField(max_digits=20, decimal_places=3)),
            ],
            options={'table': 'campaign_aim', 'app': 'models', 'constraints': [UniqueConstraint(fields=('campaign_id', 'resource_type_id'), name='uq_campaign_aim_campaign_id_resource_type_id'), CheckConstraint(check='quantity > 0', name='ck_campaign_aim_quantity')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='CampaignEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('campaign', fields.ForeignKeyField('models.Campaign', source_field='campaign_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'campaign_entry', 'app': 'models', 'constraints': [UniqueConstraint(fields=('campaign_id', 'participant_id'), name='uq_campaign_entry_campaign_id_participant_id')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='CampaignPledge',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('campaign', fields.ForeignKeyField('models.Campaign', source_field='campaign_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('pledge', fields.OneToOneField('models.Pledge', source_field='pledge_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'campaign_pledge', 'app': 'models', 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]

"""Commitments that wait for a verification, seen by the county; what is late is urged, each step once."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

PLEDGE = "EXISTS (SELECT FROM pledge AS parent WHERE parent.id = pledge_id)"
WALL = f"""
ALTER TABLE pledge_urge ENABLE ROW LEVEL SECURITY;
ALTER TABLE pledge_urge FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON pledge_urge TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON pledge_urge FOR SELECT TO jiedui_app USING ({PLEDGE});
CREATE POLICY app_add ON pledge_urge FOR INSERT TO jiedui_app WITH CHECK ({PLEDGE});
GRANT SELECT, INSERT ON pledge_urge TO jiedui_app;
"""
# What an unverified giver has committed to a county is seen by the county and those above it: the giver, and its draft.
WHO_SEES = """(county_id = ANY ((SELECT jiedui_participants())::uuid[])
    OR county_code LIKE ANY ((SELECT jiedui_oversight())::text[]))"""
COMMITTED = f"""
CREATE FUNCTION jiedui_committed_offer(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM proposal WHERE offer_id = wanted AND awaits_verification AND {WHO_SEES})
$$;
CREATE FUNCTION jiedui_committed_giver(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM proposal WHERE giver_id = wanted AND awaits_verification AND {WHO_SEES})
$$;
REVOKE EXECUTE ON FUNCTION jiedui_committed_offer(uuid), jiedui_committed_giver(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_committed_offer(uuid), jiedui_committed_giver(uuid) TO jiedui_app;
DO $$
DECLARE wall record;
BEGIN
    FOR wall IN SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public'
        AND ((tablename = 'offer' AND policyname IN ('app_read', 'app_change'))
            OR (tablename = 'participant' AND policyname = 'app_read'))
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING ((%s) OR %s)', wall.policyname, wall.tablename, wall.qual,
            CASE wall.tablename WHEN 'offer' THEN '(status = ''draft'' AND jiedui_committed_offer(id))'
                ELSE '(kind <> ''armed_forces_unit'' AND jiedui_committed_giver(id))' END);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0016_sheet_imports')]

    initial = False

    operations = [
        CreateTable(
            name='PledgeUrge',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('pledge', fields.ForeignKeyField('models.Pledge', source_field='pledge_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('about', fields.CharField(max_length=40)),
                ('key', fields.CharField(max_length=40)),
                ('step', fields.IntField()),
                ('addressee', fields.CharField(max_length=40)),
                ('deadline', fields.DateField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('user_id', fields.UUIDField(null=True)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
            ],
            options={'table': 'pledge_urge', 'app': 'models', 'constraints': [UniqueConstraint(fields=('pledge_id', 'about', 'key', 'step'), name='uq_pledge_urge_pledge_id_about_key_step'), CheckConstraint(check='"about" IN (\'hand\', \'instalment\', \'signature\', \'decision\')', name='ck_pledge_urge_about'), CheckConstraint(check='"addressee" IN (\'giver\', \'county\', \'both\', \'coordinator\', \'leading_group_office\')', name='ck_pledge_urge_addressee'), CheckConstraint(check='step BETWEEN 0 AND 3', name='ck_pledge_urge_step')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.AddField(
            model_name='Proposal',
            name='awaits_verification',
            field=fields.BooleanField(default=False, db_default=SqlDefault('false')),
        ),
        ops.RunSQL(WALL),
        ops.RunSQL(COMMITTED),
    ]

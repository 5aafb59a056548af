"""The line department that a county asks before anything is pledged: it sees the proposal, and what stands around it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.indexes import Index

PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
ASKED = f"(department_id IS NOT NULL AND department_id = ANY ({PARTICIPANTS}))"
SIDES = f"""(SELECT jiedui_is_system()) OR COALESCE(county_id = ANY ({PARTICIPANTS}), false)
    OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false)
    OR COALESCE(county_code, '') LIKE ANY ((SELECT jiedui_oversight())::text[]) OR {ASKED}"""
# The giver that is not verified yet, its draft, and what is attached to the thread.
AROUND = f"""
CREATE OR REPLACE FUNCTION jiedui_committed_offer(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM proposal WHERE offer_id = wanted AND awaits_verification AND ({SIDES}))
$$;
CREATE OR REPLACE FUNCTION jiedui_committed_giver(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM proposal WHERE giver_id = wanted AND awaits_verification AND ({SIDES}))
$$;
ALTER POLICY app_read ON file USING ((SELECT jiedui_is_system())
    OR uploaded_by::text = (SELECT jiedui_actor())
    OR COALESCE(county_id = ANY ({PARTICIPANTS}), false) OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false)
    OR COALESCE(county_code LIKE ANY ((SELECT jiedui_oversight())::text[]), false)
    OR (record_kind = 'proposal' AND EXISTS (SELECT FROM proposal WHERE id = record_id AND {ASKED})));
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0036_committed_drafts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Need',
            name='department',
            field=fields.ForeignKeyField('models.Participant', source_field='department_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Proposal',
            name='department',
            field=fields.ForeignKeyField('models.Participant', source_field='department_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Proposal',
            name='endorsed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Proposal',
            name='endorsed_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddConstraint(
            model_name='Proposal',
            constraint=CheckConstraint(check='(endorsed_at IS NULL) = (endorsed_by IS NULL)', name='ck_proposal_endorsed'),
        ),
        ops.AddConstraint(
            model_name='Proposal',
            constraint=CheckConstraint(check='endorsed_at IS NULL OR department_id IS NOT NULL', name='ck_proposal_endorsed_by_department'),
        ),
        ops.AddConstraint(
            model_name='Proposal',
            constraint=CheckConstraint(check="status NOT IN ('agreed', 'pledged') OR department_id IS NULL OR endorsed_at IS NOT NULL", name='ck_proposal_department_asked'),
        ),
        ops.AddIndex(model_name='Proposal', index=Index(fields=["department_id"])),
        ops.RunSQL(f"ALTER POLICY app_read ON proposal USING ({SIDES})"),
        ops.RunSQL(f"ALTER POLICY app_change ON proposal USING ({SIDES}) WITH CHECK ({SIDES})"),
        ops.RunSQL(AROUND),
    ]

"""Forgetting a person: when it is due and when it was done, and what the platform may remove for it or when its time is over."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

# Events are never changed but here: of who was erased the words go by which they could be known.
FORGET = """
CREATE FUNCTION jiedui_forget_events(person uuid, former text, citizens uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE words CONSTANT text[] := ARRAY['identifier', 'name', 'name_zh', 'name_en', 'credit_code'];
BEGIN
    IF NOT jiedui_is_system() OR NOT EXISTS (SELECT FROM account_user u WHERE u.id = person AND u.erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'only of who was erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE event SET
        before = CASE WHEN jsonb_typeof(before) = 'object' THEN before - words ELSE before END,
        after = CASE WHEN jsonb_typeof(after) = 'object' THEN after - words ELSE after END
    WHERE (before ?| words OR after ?| words) AND (
        (subject_kind = 'user' AND subject_id = person)
        OR (subject_kind = 'participant' AND subject_id = ANY (citizens))
        OR (subject_kind = 'invitation' AND subject_id IN (
            SELECT i.id FROM invitation i WHERE i.accepted_by = person OR i.identifier = former))
        OR (subject_kind = 'api_key' AND subject_id IN (SELECT k.id FROM api_key k WHERE k.user_id = person)));
END
$$;
REVOKE EXECUTE ON FUNCTION jiedui_forget_events(uuid, text, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_forget_events(uuid, text, uuid[]) TO jiedui_app;
"""

REMOVED = ("api_key", "notice", "invitation", "job")
REMOVE = """
CREATE POLICY app_remove ON {table} FOR DELETE TO jiedui_app USING ((SELECT jiedui_is_system()));
GRANT DELETE ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0040_campaigns')]

    initial = False

    operations = [
        ops.AddField(
            model_name='User',
            name='erase_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='User',
            name='erased_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(FORGET),
        ops.RunSQL([REMOVE.format(table=table) for table in REMOVED]),
    ]

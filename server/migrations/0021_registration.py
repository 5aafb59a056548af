"""What a participant registers with, who sent it, what its verification found and until when that holds."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields

# Whether somebody may promise is asked of both sides, also by the one who may not see the other.
STATUSES = """
CREATE FUNCTION jiedui_participant_statuses(wanted uuid[]) RETURNS TABLE (id uuid, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.status FROM participant p WHERE p.id = ANY (wanted) AND jiedui_signed_in()
$$;
REVOKE EXECUTE ON FUNCTION jiedui_participant_statuses(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_participant_statuses(uuid[]) TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0020_exports')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Participant',
            name='checklist',
            field=ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT'),
        ),
        ops.AddField(
            model_name='Participant',
            name='details',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Participant',
            name='registered_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Participant',
            name='verify_again_by',
            field=fields.DateField(null=True),
        ),
        ops.RunSQL(STATUSES),
    ]

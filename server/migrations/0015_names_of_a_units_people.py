"""Who acts for an armed-forces unit is named by the unit's alias outside its own circle (decision 15)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

NAMES = """
CREATE OR REPLACE FUNCTION jiedui_user_names(wanted uuid[]) RETURNS TABLE (id uuid, name text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, COALESCE(masked.alias, u.name), COALESCE(masked.alias, u.name_en)
    FROM account_user u
    LEFT JOIN LATERAL (
        -- Roles that ended count too: somebody who has left the unit signed for it.
        SELECT COALESCE(p.alias, '') AS alias
        FROM role_grant g JOIN participant p ON p.id = g.participant_id
        WHERE g.user_id = u.id AND p.kind = 'armed_forces_unit'
            AND NOT (jiedui_is_system() OR jiedui_member(p.id) OR '%' = ANY (jiedui_oversight()))
        LIMIT 1) AS masked ON true
    WHERE u.id = ANY (wanted) AND jiedui_signed_in()
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0014_lists_of_what_is_left")]

    initial = False

    operations = [ops.RunSQL(NAMES)]

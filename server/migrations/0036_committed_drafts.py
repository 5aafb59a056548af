"""A county sees the draft with which an unverified giver committed to it, as since 0017: 0034 wrote these policies anew
without it.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

AGAIN = """
DO $$
DECLARE wall record;
BEGIN
    FOR wall IN SELECT policyname, qual FROM pg_policies WHERE schemaname = 'public' AND tablename = 'offer'
        AND policyname IN ('app_read', 'app_change') AND qual NOT LIKE '%jiedui_committed_offer%'
    LOOP
        EXECUTE format('ALTER POLICY %I ON offer USING ((%s) OR (status = ''draft'' AND jiedui_committed_offer(id)))',
            wall.policyname, wall.qual);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0035_openid")]

    initial = False

    operations = [ops.RunSQL(AGAIN)]

"""The platform may remove an upload that stands with no record."""

from tortoise import migrations
from tortoise.migrations import operations as ops

REMOVE = """
CREATE POLICY app_remove ON file FOR DELETE TO jiedui_app USING (record_id IS NULL AND (SELECT jiedui_is_system()));
GRANT DELETE ON file TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0056_pledge_calendar")]

    initial = False

    operations = [ops.RunSQL(REMOVE)]

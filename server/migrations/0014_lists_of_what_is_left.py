"""The platform keeps the lists of what runs left open true between runs: it changes and removes rows of them."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SYSTEM = "(SELECT jiedui_is_system())"
CHANGE = f"""
CREATE POLICY app_change ON unmet FOR UPDATE TO jiedui_app USING ({SYSTEM}) WITH CHECK ({SYSTEM});
CREATE POLICY app_remove ON unmet FOR DELETE TO jiedui_app USING ({SYSTEM});
GRANT UPDATE, DELETE ON unmet TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_amended_pledges")]

    initial = False

    operations = [ops.RunSQL(CHANGE)]

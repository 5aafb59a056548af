"""Who sees an entry of the ledger is found for the whole query, not entry by entry.

The same rows as since 0002: an entry is for the owners of both accounts and for who oversees one of them. One EXISTS for
each column can be hashed; with both columns in one of them a sum over 400,000 entries took 24 seconds.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

MINE = """EXISTS (SELECT FROM account AS moved
    WHERE moved.id = {0} AND moved.owner_id = ANY ((SELECT jiedui_participants())::uuid[]))"""
OVERSEEN = """EXISTS (SELECT FROM account AS moved JOIN participant AS owner ON owner.id = moved.owner_id
    LEFT JOIN place AS seat ON seat.id = owner.place_id
    WHERE moved.id = {0} AND COALESCE(seat.code, '') LIKE ANY ((SELECT jiedui_oversight())::text[]))"""
COLUMNS = ("account_id", "counter_account_id")
SEEN = " OR ".join(each.format(column) for each in (MINE, OVERSEEN) for column in COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("models", "0045_decline_versions")]

    initial = False

    operations = [
        ops.RunSQL(f"ALTER POLICY app_read ON ledger_entry USING ((SELECT jiedui_is_system()) OR {SEEN})"),
    ]

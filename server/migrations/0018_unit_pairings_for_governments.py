"""A pairing with an armed-forces unit is for the governments of its place: whoever registers a seat there is none."""

from tortoise import migrations
from tortoise.migrations import operations as ops

PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
READ = f"""
((SELECT jiedui_signed_in()) AND kind <> 'armed_forces') OR (SELECT jiedui_is_system())
OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false) OR jiedui_oversees_place(place_id)
OR (giver_place_id IS NOT NULL AND jiedui_oversees_place(giver_place_id))
OR EXISTS (SELECT FROM participant AS seated WHERE seated.place_id = pairing.place_id
    AND seated.kind IN ('western_government', 'line_department', 'coordinating_office')
    AND seated.status IN ('verified', 'suspended') AND COALESCE(seated.id = ANY ({PARTICIPANTS}), false))
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0017_waiting_and_urged")]

    initial = False

    operations = [
        ops.RunSQL(f"ALTER POLICY app_read ON pairing USING ({READ})"),
    ]

"""Which record a form made under its client's own reference, for good."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from server.kit.clock import real_now
from server.kit.migrations import CreateTable
from server.kit.schema import new_id

OWN = (
    "(SELECT jiedui_is_system()) OR owner_id::text = (SELECT jiedui_actor())"
    " OR COALESCE(owner_id = ANY ((SELECT jiedui_participants())::uuid[]), false)"
)
WALL = f"""
ALTER TABLE client_reference ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_reference FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON client_reference TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON client_reference FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON client_reference FOR INSERT TO jiedui_app WITH CHECK ({OWN});
GRANT SELECT, INSERT ON client_reference TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0007_sorted_lists")]

    initial = False

    operations = [
        CreateTable(
            name="ClientReference",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("owner_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=40)),
                ("client_ref", fields.CharField(max_length=80)),
                ("record_id", fields.UUIDField()),
                ("body_hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "client_reference",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("owner_id", "kind", "client_ref"),
                        name="uq_client_reference_owner_id_kind_client_ref",
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        ops.RunSQL(WALL),
    ]

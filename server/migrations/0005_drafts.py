"""Drafts of forms, each for the person who typed it and nobody else."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from server.kit.clock import real_now
from server.kit.migrations import CreateTable
from server.kit.schema import new_id

OWN = "(SELECT jiedui_is_system()) OR user_id::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON draft TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON draft FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON draft FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON draft FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY app_remove ON draft FOR DELETE TO jiedui_app USING ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0004_pledge_parties")]

    initial = False

    operations = [
        CreateTable(
            name="Draft",
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
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key", fields.CharField(max_length=120)),
                ("title", fields.CharField(default="", db_default=SqlDefault("''"), max_length=200)),
                ("payload", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("record_version", fields.IntField(null=True)),
                ("revision", fields.IntField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "draft",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("user_id", "key"), name="uq_draft_user_id_key"),
                    CheckConstraint(check="revision > 0", name="ck_draft_revision"),
                ],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        ops.RunSQL(WALL),
    ]

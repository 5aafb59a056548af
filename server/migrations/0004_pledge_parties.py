"""Who bears a pledge's cost and who brought it in are participants, so that each reader is told their own name."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


def participant(column: str, *, null: bool) -> fields.ForeignKeyRelation:
    return fields.ForeignKeyField(
        "models.Participant",
        source_field=column,
        null=null,
        db_constraint=True,
        to_field="id",
        related_name=False,
        on_delete=OnDelete.RESTRICT,
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0003_docking_settings")]

    initial = False

    operations = [
        ops.RemoveField(model_name="Pledge", name="mobilised_by"),
        ops.RemoveField(model_name="Pledge", name="paid_by"),
        ops.AddField(
            model_name="Pledge", name="mobilised_by", field=participant("mobilised_by_id", null=True)
        ),
        ops.AddField(model_name="Pledge", name="paid_by", field=participant("paid_by_id", null=True)),
        # Until now only the giver's name was ever written there.
        ops.RunSQL("UPDATE pledge SET paid_by_id = giver_id"),
        ops.AlterField(model_name="Pledge", name="paid_by", field=participant("paid_by_id", null=False)),
    ]

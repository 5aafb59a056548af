"""That somebody decided on a need alone stands with it: who changed it without having written it may have, too."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

ALONE = "UPDATE need SET decided_alone = true WHERE published_at IS NOT NULL AND reviewed_by = written_by"


class Migration(migrations.Migration):
    dependencies = [("models", "0058_year_summaries")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Need",
            name="decided_alone",
            field=fields.BooleanField(default=False, db_default=SqlDefault("false")),
        ),
        ops.RunSQL(ALONE),
    ]

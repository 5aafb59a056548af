"""Lists of needs and offers by an index, whichever column they are sorted by."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0006_stages_of_deliveries")]

    initial = False

    operations = [
        ops.AddIndex(model_name=model, index=Index(fields=[first, "id"]))
        for model, columns in (
            ("Need", ("published_at", "window_to", "priority", "title")),
            ("Offer", ("published_at", "window_to", "title")),
        )
        for first in columns
    ]

"""Stages of deliveries by kind: figures and checklists; what was sent, arrived or inspected gets its kind's name."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

# The names that each head had at this migration, for the steps that until now were called alike in all of them.
NAMES = """
UPDATE delivery_stage stage SET kind = named.new
FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN resource_type t ON t.code = p.resource_type_id
JOIN (VALUES
    ('funds', 'sent', 'paid_out'), ('funds', 'arrived', 'received'),
    ('talent', 'sent', 'assigned'), ('talent', 'arrived', 'on_post'), ('talent', 'inspected', 'appraised'),
    ('training', 'sent', 'opened'), ('training', 'arrived', 'attended'), ('training', 'inspected', 'passed'),
    ('labour', 'sent', 'found'), ('labour', 'arrived', 'placed'), ('labour', 'inspected', 'kept'),
    ('consumption', 'sent', 'ordered'), ('consumption', 'arrived', 'paid'),
    ('industry', 'sent', 'signed'), ('industry', 'arrived', 'invested'), ('industry', 'inspected', 'in_production')
) AS named (head, old, new) ON named.head = t.head
WHERE stage.delivery_id = d.id AND stage.kind = named.old AND t.code NOT IN ('job_fair', 'sales_counter')
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0005_drafts")]

    initial = False

    operations = [
        ops.AddField(
            model_name="DeliveryStage",
            name="checks",
            field=fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="DeliveryStage",
            name="figures",
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.RunSQL(NAMES),
    ]

"""What migrations need beyond Tortoise's own operations."""

from tortoise.migrations.operations import CreateModel
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class CreateTable(CreateModel):
    """Create a model's table together with its constraints, which Tortoise's own operation silently leaves out."""

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Create the table, then add each CHECK and UNIQUE of the model's Meta."""
        await super().database_forward(app_label, old_state, new_state, state_editor)
        if state_editor is None:
            return
        model = new_state.apps.get_model(f"{app_label}.{self.name}")
        for constraint in model._meta.constraints:
            await state_editor.add_constraint(model, constraint)

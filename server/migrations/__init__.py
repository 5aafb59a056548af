"""Database migrations, in order: tables as the models declare them, then who may see and change which row."""

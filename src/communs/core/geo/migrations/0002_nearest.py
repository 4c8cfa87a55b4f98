from typing import Any

from django.db import migrations

from communs.core.geo.backends import sqlite


def index(apps: Any, schema_editor: Any) -> None:
    """What SQLite asks for what is near; PostgreSQL has its own in 0003."""
    if schema_editor.connection.vendor != "postgresql":
        for statement in sqlite.CREATE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("geo", "0001_initial")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]

from typing import Any

from django.db import migrations

from communs.core.search.backends import postgresql, sqlite


def create(apps: Any, schema_editor: Any) -> None:
    ours = postgresql.CREATE if schema_editor.connection.vendor == "postgresql" else [sqlite.CREATE]
    for statement in ours:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    ours = postgresql.DROP if schema_editor.connection.vendor == "postgresql" else [sqlite.DROP]
    for statement in ours:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

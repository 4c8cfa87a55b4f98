from typing import Any

from django.db import migrations

from communs.core.geo.backends import postgresql, sqlite


def index(apps: Any, schema_editor: Any) -> None:
    """What each engine asks for what is near."""
    ours = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in ours.CREATE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("geo", "0001_initial")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]

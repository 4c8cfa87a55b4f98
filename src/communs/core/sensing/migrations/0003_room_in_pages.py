from typing import Any

from django.db import migrations


def leave_room(apps: Any, schema_editor: Any) -> None:
    """A state moves with every reading: with room in its page, PostgreSQL touches no index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE sensing_state SET (fillfactor = 40)")


def fill(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE sensing_state RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("sensing", "0002_descriptions")]

    operations = [migrations.RunPython(leave_room, fill)]
